"""`memory browse`: what is remembered is found, read, corrected, kept and forgotten."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import grpc.aio
import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import DONE, Dialogue, change, create, delete, starting
from tests.flow.past import Past
from tzurot import clock
from tzurot.memory.venues import Venue
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PRIVATE, VISIBILITY_PUBLIC

FEEDING = "How to feed bees: first boil the sugar, then let it cool."
NOTHING = "Nothing is remembered here yet."


@pytest.fixture
async def past(served: Served, mira: Client) -> Past:
    """Mira's with a character that nobody else on the shared server calls so."""
    return Past(served, mira, await create(mira, name=f"Lilith {uuid4().hex[:8]}"))


async def browse(past: Past, **arguments: str) -> Dialogue:
    slug = past.personality.slug
    return await Dialogue.start(past.client, "memory browse", character=slug, **arguments)


async def opened(past: Past, memory_id: str) -> Dialogue:
    """The page of a memory."""
    dialogue = await browse(past)
    await dialogue.answer("show", item=memory_id)
    return dialogue


def texts(dialogue: Dialogue) -> list[str]:
    return [item.text for item in dialogue.view.items]


class TestAList:
    async def test_it_says_when_whose_and_what(self, past: Past) -> None:
        for words in ("I keep bees.", "My cat is called Kit."):
            await past.say(words)
        listed = await browse(past)
        name, slug = past.personality.name, past.personality.slug
        assert listed.view.title == f"What {name} remembers of you"
        assert listed.view.items[0].title.endswith(f" UTC, {name} ({slug})")
        assert texts(listed) == ["My cat is called Kit.", "I keep bees."]

    async def test_hundreds_are_gone_through_page_by_page(self, past: Past) -> None:
        for number in range(203):
            await past.say(f"Number {number}.")
        listed, seen = await browse(past), list[str]()
        while "next" in listed.actions:
            seen += texts(listed)
            await listed.answer("next")
        seen += texts(listed)
        assert seen == [f"Number {number}." for number in reversed(range(203))]
        await listed.answer("previous")
        assert texts(listed)[-1] == "Number 3."

    async def test_what_comes_in_meanwhile_moves_nothing(self, past: Past) -> None:
        for number in range(12):
            await past.say(f"Number {number}.")
        listed = await browse(past)
        await past.say("Something new.")
        await listed.answer("next")
        assert texts(listed) == ["Number 1.", "Number 0."]
        await listed.answer("refresh")
        assert texts(listed)[0] == "Something new."

    async def test_none_says_what_to_do(self, past: Past) -> None:
        listed = await browse(past)
        assert listed.view.body.startswith(NOTHING)
        assert "`memory add`" in listed.view.body
        narrowed = await browse(past, sector="emotional")
        assert narrowed.view.body == (
            "Only how somebody feels.\n\nNothing that is remembered fits."
            " *Filter* looks for something else."
        )
        await narrowed.answer("all")
        assert narrowed.view.body == listed.view.body
        assert "all" not in narrowed.actions

    async def test_nobody_sees_anybody_elses(self, past: Past, kael: Client) -> None:
        await change(past.client, past.personality.id, visibility=VISIBILITY_PUBLIC)
        foreign = await past.say("I keep bees.")
        listed = await Dialogue.start(kael, "memory browse", character=past.personality.slug)
        assert (texts(listed), listed.view.body.startswith(NOTHING)) == ([], True)
        shown = await listed.answer("show", item=foreign)
        assert shown.notice == "That is not in the list any more."

    async def test_a_character_that_is_gone_ends_it(self, past: Past) -> None:
        listed = await browse(past)
        await delete(past.client, past.personality.id)
        await listed.look()
        assert listed.flow.state == DONE


class TestFilters:
    @pytest.fixture
    async def full(self, past: Past) -> Past:
        long_ago = clock.now() - timedelta(days=400)
        await past.say("Yesterday we met at sea.", when=long_ago)
        await past.say("I feel sad and lonely.", where=Venue.PUBLIC_CHANNEL)
        await past.say("Bees dance.", where=Venue.PRIVATE_CHANNEL)
        await past.lock(await past.say(FEEDING))
        return past

    @pytest.mark.parametrize(
        ("chosen", "told", "found"),
        [
            ({"sectors": ["emotional"]}, "Only how somebody feels.", ["I feel sad and lonely."]),
            (
                {"sectors": ["semantic", "procedural"]},
                "Only what is so or how something is done.",
                [FEEDING, "Bees dance."],
            ),
            (
                {"venues": ["private_channel"]},
                "Only what was said in a private channel.",
                ["Bees dance."],
            ),
            (
                {"said": "older"},
                "Only what was said more than a year ago.",
                ["Yesterday we met at sea."],
            ),
            (
                {"said": "week", "venues": ["direct"]},
                "Only what was said in a direct message, in the last week.",
                [FEEDING],
            ),
            ({"locked": "locked"}, "Only what is locked.", [FEEDING]),
            (
                {"locked": "others", "said": "day"},
                "Only what was said in the last day; what is not locked.",
                ["Bees dance.", "I feel sad and lonely."],
            ),
        ],
    )
    async def test_a_form_narrows_the_list_and_the_list_says_how(
        self, full: Past, chosen: dict[str, Any], told: str, found: list[str]
    ) -> None:
        listed = await browse(full)
        view = await listed.answer("filter", **chosen)
        assert (view.body, texts(listed)) == (told, found)
        for key, values in chosen.items():
            wanted = [values] if isinstance(values, str) else values
            assert list(listed.field(key).values) == wanted

    async def test_a_command_can_narrow_it_from_the_beginning(self, full: Past) -> None:
        listed = await browse(full, sector="emotional", venue="public_channel", said="hour")
        assert texts(listed) == ["I feel sad and lonely."]

    async def test_it_holds_on_each_page_and_back_from_a_memory(self, past: Past) -> None:
        for number in range(12):
            await past.say(f"Yesterday we met: number {number}.")
            await past.say("Bees dance.")
        listed = await browse(past, sector="episodic")
        await listed.answer("next")
        await listed.answer("show", item=listed.view.items[0].key)
        await listed.answer("back")
        assert texts(listed) == [f"Yesterday we met: number {it}." for it in (1, 0)]

    async def test_the_characters_that_remember_can_be_chosen(self, past: Past) -> None:
        other = await create(past.client, name="Kit")
        await past.say("I keep bees.")
        await Past(past.served, past.client, other).say("I keep cats.")
        listed = await Dialogue.start(past.client, "memory browse")
        assert texts(listed) == ["I keep cats.", "I keep bees."]
        choices = {it.value: it.description for it in listed.field("character").choices}
        assert choices == {past.personality.id: "1 memory", other.id: "1 memory"}
        await listed.answer("filter", character=other.id)
        assert (listed.view.title, texts(listed)) == (
            f"What {await called(past.client, other)} remembers of you",
            ["I keep cats."],
        )

    async def test_one_that_is_hidden_from_them_by_now_still_can_be_chosen(
        self, past: Past, kael: Client
    ) -> None:
        name = f"Kit {uuid4().hex[:8]}"
        hidden = await create(kael, name=name, visibility=VISIBILITY_PUBLIC)
        theirs = Past(past.served, past.client, hidden)
        await theirs.say("I keep cats.")
        await change(kael, hidden.id, visibility=VISIBILITY_PRIVATE)
        listed = await Dialogue.start(past.client, "memory browse", character=hidden.slug)
        assert texts(listed) == ["I keep cats."]
        request = request_for(
            "CompleteFlowArgument", path="memory browse", key="character", typed=name.upper()
        )
        offered = (await past.client.call("CompleteFlowArgument", request)).choices
        assert [(it.value, it.description) for it in offered] == [(hidden.slug, "1 memory")]

    async def test_what_is_no_choice_is_refused(self, past: Past) -> None:
        listed = await browse(past)
        await listed.answer("filter", sectors=["gossip"])
        assert listed.field("sectors").error == "Choose from the list."
        refusal = await past.client.refused("StartFlow", starting("memory browse", sector="gossip"))
        assert refusal.fields == ("arguments.sector",)


class TestPersonas:
    async def test_who_has_one_is_not_asked_for_it(self, past: Past) -> None:
        listed = await browse(past)
        assert "whose" not in listed.actions
        assert "persona" not in [field.key for field in listed.view.fields]

    async def test_all_of_ones_own_are_reached_together_and_each(self, past: Past) -> None:
        luna = await past.new_persona("Luna")
        await past.say("I keep bees.")
        await past.say("I keep snakes.", persona=luna, name="Luna")
        listed = await browse(past)
        assert texts(listed) == ["Luna: I keep snakes.", "I keep bees."]
        snakes, bees = listed.view.items
        choices = {it.label: it.value for it in listed.field("persona").choices}
        await listed.answer("whose", persona=choices["Luna"])
        assert [item.key for item in listed.view.items] == [snakes.key]
        await listed.answer("show", item=snakes.key)
        assert "**Luna**: I keep snakes." in listed.view.body
        await listed.answer("back")
        await listed.answer("whose", persona=choices["Without a name (the usual one)"])
        assert [item.key for item in listed.view.items] == [bees.key]

    async def test_more_than_a_form_holds_can_be_named(self, past: Past) -> None:
        *_, last = [await past.new_persona(f"Member {number:02}") for number in range(30)]
        await past.say("I keep snakes.", persona=last)
        listed = await browse(past, persona="member 29")
        offered = [it.value for it in listed.field("persona").choices]
        assert (len(offered), offered[-1]) == (25, str(last))
        await listed.answer("whose")
        assert texts(listed) == ["I keep snakes."]

    async def test_one_can_be_named_in_the_command(self, past: Past) -> None:
        luna = await past.new_persona("Luna")
        called = "UPDATE personas SET display_name = 'Moon' WHERE id = :id"
        await past.execute(called, {"id": luna})
        await past.say("I keep bees.")
        await past.say("I keep snakes.", persona=luna)
        for named in ("luna", "MOON", str(luna)):
            assert texts(await browse(past, persona=named)) == ["I keep snakes."]
        unknown = starting("memory browse", persona="Sol")
        assert (await past.client.refused("StartFlow", unknown)).reason == "PERSONA_NOT_FOUND"

    async def test_nobody_elses_is_reached(self, past: Past, kael: Client) -> None:
        luna = await past.new_persona("Luna")
        await past.say("I keep snakes.", persona=luna)
        refusal = await kael.refused("StartFlow", starting("memory browse", persona=str(luna)))
        assert refusal.reason == "PERSONA_NOT_FOUND"


class TestAPage:
    async def test_it_tells_all_that_is_known(self, past: Past) -> None:
        said = await past.say("I keep bees.", "How many?", where=Venue.PUBLIC_CHANNEL, name="Mira")
        page = await opened(past, said)
        name, slug = past.personality.name, past.personality.slug
        assert page.view.title.endswith(f" UTC, {name} ({slug})")
        assert page.view.body == (
            f"**Mira**: I keep bees.\n\n**{name}**: How many?\n\n"
            f"Said to {name} ({slug}) in a public channel.\n"
            "Tells what is so; stands out somewhat; was never recalled."
        )
        assert page.actions == ["back", "edit", "lock", "ask", "close"]

    async def test_it_counts_how_often_it_came_up(self, past: Past) -> None:
        said = await past.say("I keep bees.")
        await past.execute(
            "INSERT INTO memory_recalls (memory_id, salience, recall_count, last_recall_time)"
            " VALUES (:id, 0.9, 3, '2026-03-01 12:00Z')",
            {"id": said},
        )
        page = await opened(past, said)
        assert "was recalled 3 times, last at 2026-03-01 12:00 UTC" in page.view.body

    async def test_what_it_was_gathered_from_and_is_linked_with_can_be_opened(
        self, past: Past
    ) -> None:
        bees, cat = await past.say("I keep bees."), await past.say("I have a cat.")
        gathered = await past.gather("You like animals.", bees, cat)
        await past.execute(
            "INSERT INTO waypoints (first_id, second_id, kind, weight, update_time) VALUES"
            " (least(CAST(:one AS uuid), :other), greatest(CAST(:one AS uuid), :other),"
            " 'recalled_together', 0.9, now())",
            {"one": bees, "other": cat},
        )
        page = await opened(past, gathered)
        assert f"({past.personality.slug}) gathered this from 2 memories" in page.view.body
        assert {it.title for it in page.view.items} == {"Gathered from"}
        assert {it.key for it in page.view.items} == {bees, cat}

        await page.answer("open", item=bees)
        link = page.item("Linked strongly: they came up together")
        assert link.key == cat
        assert link.text.endswith(" UTC: I have a cat.")
        await page.answer("open", item=cat)
        assert "I have a cat." in page.view.body
        for words in ("I keep bees.", "You like animals."):
            await page.answer("back")
            assert words in page.view.body
        await page.answer("back")
        assert page.view.title.startswith("What ")

    async def test_a_text_of_8000_characters_is_shown_and_edited_whole(self, past: Past) -> None:
        long = "bees " * 1600
        page = await opened(past, await past.say(long, "y" * 8000))
        assert long.strip() in page.view.body
        assert page.field("text").values == [long]
        await page.answer("edit", text="c" * 8000)
        assert "c" * 8000 in page.view.body
        await page.answer("edit", text="c" * 8001)
        assert page.field("text").error == "At most 8,000 characters fit; these are 8,001."


class TestDeciding:
    async def test_other_words_are_told_and_remembered(self, past: Past) -> None:
        said = await past.say("I keep bees.")
        gathered = await past.gather("You like bees.", said, await past.say("Bees dance."))
        page = await opened(past, said)
        view = await page.answer("edit", text="I keep wasps.")
        assert view.body.startswith("It says this from now on.")
        assert "**You**: I keep wasps." in view.body
        assert "You gave it these words " in view.body
        assert await past.texts() == {"I keep wasps.", "Bees dance."}
        assert gathered not in [it.id for it in await past.memories()]

    async def test_what_only_the_character_said_gets_other_words(self, past: Past) -> None:
        page = await opened(past, await past.say("", "I own a boat."))
        assert page.field("text").values == ["I own a boat."]
        await page.answer("edit", text="I own a ship.")
        assert f"**{past.personality.name}**: I own a ship." in page.view.body

    async def test_nothing_is_no_words(self, past: Past) -> None:
        page = await opened(past, await past.say("I keep bees."))
        await page.answer("edit", text="  \n ")
        assert page.field("text").error == "This is needed."
        assert await past.texts() == {"I keep bees."}

    async def test_words_that_were_changed_elsewhere_are_not_overwritten(self, past: Past) -> None:
        said = await past.say("I keep bees.")
        page = await opened(past, said)
        shown = page.submission("edit", text="I keep wasps.")
        request = request_for("UpdateMemory", memory_id=said, text="I keep ants.")
        await past.client.call("UpdateMemory", request)
        page.flow = (await past.client.call("SubmitFlow", shown)).flow
        assert page.view.notice.startswith("This was changed elsewhere")
        assert page.field("text").error == "It now says: I keep ants."
        assert await past.texts() == {"I keep ants."}
        await page.answer("edit")
        assert await past.texts() == {"I keep wasps."}

    async def test_a_lock_is_set_shown_and_taken_off(self, past: Past) -> None:
        said = await past.say("I keep bees.")
        page = await opened(past, said)
        await page.answer("lock")
        assert "Locked: it does not fade" in page.view.body
        await page.answer("ask")
        assert "You have locked it." in page.view.body
        await page.answer("back")
        assert (await past.memory(said)).locked
        await page.answer("back")
        assert page.view.items[0].title.endswith(", locked")
        await page.answer("show", item=said)
        await page.answer("unlock")
        assert "Locked" not in page.view.body
        assert not (await past.memory(said)).locked

    async def test_it_is_forgotten_after_one_question(self, past: Past) -> None:
        await past.say("My cat is called Kit.")
        page = await opened(past, await past.say("I keep bees."))
        await page.answer("ask")
        assert (page.view.title, page.actions) == ("Forget this?", ["back", "forget", "close"])
        assert page.view.body.startswith("This cannot be undone.")
        await page.answer("back")
        await page.answer("ask")
        view = await page.answer("forget")
        assert view.body == "Forgotten."
        assert texts(page) == ["My cat is called Kit."]
        assert await past.texts() == {"My cat is called Kit."}

    async def test_a_double_click_forgets_once(self, past: Past) -> None:
        await past.say("I keep bees.")
        page = await opened(past, await past.say("My cat is called Kit."))
        await page.answer("ask")
        request = page.submission("forget")
        answers = await asyncio.gather(
            *(past.client.call("SubmitFlow", request) for _ in range(4)), return_exceptions=True
        )
        assert sum(isinstance(it, grpc.aio.AioRpcError) for it in answers) == 3
        assert await past.texts() == {"I keep bees."}

    @pytest.mark.parametrize("step", ["page", "question"])
    async def test_what_was_forgotten_elsewhere_is_told(self, past: Past, step: str) -> None:
        said = await past.say("I keep bees.")
        page = await opened(past, said)
        if step == "question":
            await page.answer("ask")
        shown = page.submission("forget" if step == "question" else "lock")
        await past.client.call("DeleteMemory", request_for("DeleteMemory", memory_id=said))
        await page.look()
        assert (page.view.body, page.actions) == (
            "That was forgotten already.",
            ["home", "close"],
        )
        refusal = await past.client.refused("SubmitFlow", shown)
        assert refusal.reason == "FLOW_ACTION_UNKNOWN"
        view = await page.answer("home")
        assert view.body.startswith(NOTHING)


async def called(client: Client, personality: Any) -> str:
    """As a text names it: others on the shared server may bear its name."""
    listed = await Dialogue.start(client, "memory browse", character=personality.slug)
    return listed.view.title.removeprefix("What ").removesuffix(" remembers of you")
