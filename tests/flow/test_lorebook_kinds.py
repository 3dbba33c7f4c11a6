"""Lorebooks are looked through, written in, attached, tried and deleted in dialogues."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from tests.calling import request_for
from tests.conftest import Served
from tests.flow.dialogue import DONE, OPEN, Dialogue, starting
from tests.flow.test_views import HOSTILE, choice_fits, fits
from tests.personality.shelf import HARBOR, RICH, Owner, book, owner
from tzurot.formats.found import LoreEntry
from tzurot.personality.v1.lorebook_pb2 import LorebookEntry, LorePlace
from tzurot.personality.v1.personality_pb2 import PROMPT_ROLE_SYSTEM, PROMPT_ROLE_USER

TOWER = LoreEntry(("tower",), "The tower hums.", name="Tower")
FORMS, RULES = ("brings", "told", "when"), ("keyed", "called", "chosen", "said")
CHANGED = {
    "keyed": {
        "use_regex": "true", "case_sensitive": "true", "match_whole_words": "true",
        "scan_depth": "3",
    },
    "called": {
        "exclude_recursion": "true", "prevent_recursion": "true", "delay_until_recursion": "2",
    },
    "chosen": {
        "group_override": "true", "use_group_scoring": "true", "group_weight": "7",
        "priority": "-1.5", "ignore_budget": "true",
    },
    "said": {"role": "user", "outlet": "sights"},
}  # fmt: skip
SAID = {
    "use_regex": True, "case_sensitive": True, "match_whole_words": True, "scan_depth": 3,
    "exclude_recursion": True, "prevent_recursion": True, "delay_until_recursion": 2,
    "group_override": True, "use_group_scoring": True, "group_weight": 7, "priority": -1.5,
    "ignore_budget": True, "role": PROMPT_ROLE_USER, "outlet": "sights",
}  # fmt: skip
MANY = tuple(LoreEntry((f"key{n}",), f"Fact {n}.", name=f"Entry {n:02}") for n in range(12))


@pytest.fixture
async def ada(served: Served) -> Owner:
    """Somebody with books."""
    return await owner(served, "ada")


@pytest.fixture
async def eve(served: Served) -> Owner:
    """Somebody else."""
    return await owner(served, "eve")


async def browsing(who: Owner, **arguments: str) -> Dialogue:
    return await Dialogue.start(who.client, "lorebook browse", **arguments)


async def at_book(who: Owner, lorebook_id: str, **arguments: str) -> Dialogue:
    """A dialogue that shows a book of the list."""
    browse = await browsing(who, **arguments)
    await browse.answer("show", item=lorebook_id)
    return browse


async def at_entry(who: Owner, entry: LoreEntry) -> tuple[Dialogue, str]:
    """A dialogue that shows the only entry of a book; and the book."""
    (lorebook_id,) = await who.gets(book(entry))
    browse = await at_book(who, lorebook_id)
    await browse.answer("entry", item=browse.view.items[0].key)
    return browse, lorebook_id


def facts(browse: Dialogue) -> dict[str, str]:
    return {item.title: item.text for item in browse.view.items}


class TestLookingThrough:
    async def test_from_the_books_to_a_book_to_an_entry_and_back(self, ada: Owner) -> None:
        town, _ = await ada.gets(book(HARBOR, TOWER, name="Town"), book(name="Sea"))
        lilith = await ada.character(name="Lilith", slug=f"lil-{uuid4().hex[:8]}")
        await ada.call("AttachLorebook", town, lilith)
        browse = await browsing(ada)
        assert browse.view.title == "Your lorebooks"
        assert [item.title for item in browse.view.items] == ["Sea", "Town"]
        assert browse.item("Town").text.startswith("2 entries · used by Lilith (lil-")
        await browse.choose("Town")
        assert browse.view.title == "Town"
        assert [(it.title, it.text) for it in browse.view.items] == [
            ("Harbor", "harbor\nThe harbor is old."),
            ("Tower", "tower\nThe tower hums."),
        ]
        await browse.choose("Tower")
        assert (browse.view.title, browse.view.body) == ("Tower", "The tower hums.")
        assert facts(browse) == {
            "Keys": "tower",
            "Place": "Before the character's description",
            "Order": "0",
        }
        await browse.answer("back")
        assert browse.view.title == "Town"
        await browse.answer("back")
        assert browse.view.title == "Your lorebooks"

    async def test_all_that_an_entry_says_is_in_words(self, ada: Owner) -> None:
        browse, _ = await at_entry(ada, RICH)
        assert browse.view.body == RICH.content
        assert facts(browse) == {
            "Switched off": "It never comes up.",
            "Always told": "Whatever is said.",
            "Keys": "harbor, /tow+er/i",
            "Secondary keys": "night\nAll of them must come up.",
            "Keys are compared by": "patterns between slashes",
            "Place": "After the character's description",
            "Order": "2.5",
            "Priority in the budget": "-1",
            "Chance": "0.1 %",
        }

    async def test_entries_come_in_pages(self, ada: Owner) -> None:
        (lorebook_id,) = await ada.gets(book(*MANY))
        browse = await at_book(ada, lorebook_id)
        assert [it.title for it in browse.view.items] == [f"Entry {n:02}" for n in range(10)]
        await browse.answer("next")
        assert [it.title for it in browse.view.items] == ["Entry 10", "Entry 11"]
        await browse.answer("entry", item=browse.view.items[1].key)
        await browse.answer("back")
        assert [it.title for it in browse.view.items] == ["Entry 10", "Entry 11"]
        await browse.answer("previous")
        assert browse.view.items[0].title == "Entry 00"
        assert "previous" not in browse.actions

    async def test_books_come_in_pages(self, ada: Owner) -> None:
        await ada.gets(*(book(name=f"Book {n:02}") for n in range(12)))
        browse = await browsing(ada)
        await browse.answer("next")
        assert [it.title for it in browse.view.items] == ["Book 01", "Book 00"]

    async def test_a_character_s_books_are_shown_in_their_order_to_who_may_read_it(
        self, ada: Owner, eve: Owner
    ) -> None:
        lilith = await ada.character(visibility="VISIBILITY_PUBLIC")
        for it in await ada.gets(book(name="First"), book(name="Second")):
            await ada.call("AttachLorebook", it, lilith)
        hidden = starting("lorebook browse", character=str(lilith))
        assert (await eve.client.refused("StartFlow", hidden)).reason == "DEFINITION_HIDDEN"
        await ada.shares(str(lilith), eve, "viewer")
        browse = await browsing(eve, character=str(lilith))
        assert [it.title for it in browse.view.items] == ["First", "Second"]
        assert browse.actions == ["close"]
        await browse.choose("First")
        assert "You may read it, but not change it." in browse.view.body
        assert browse.actions == ["back", "close"]
        assert not browse.view.fields
        await browse.choose("Harbor")
        assert browse.actions == ["back", "close"]
        await ada.shares(str(lilith), eve, "blocked")
        assert (await browse.look()).body.startswith("That entry is gone")
        await browse.answer("back")
        assert browse.view.body.startswith("That lorebook is gone")
        await browse.answer("back")
        assert browse.flow.state == DONE

    async def test_nobody_sees_anybody_elses_books(self, ada: Owner, eve: Owner) -> None:
        (lorebook_id,) = await ada.gets(book())
        browse = await browsing(eve)
        assert (browse.view.body, list(browse.view.items)) == ("There is no lorebook here.", [])
        view = await browse.answer("show", item=lorebook_id)
        assert view.notice == "That is not in the list any more."


class TestWriting:
    async def test_a_book_is_begun_written_and_tried(self, ada: Owner) -> None:
        browse = await browsing(ada)
        await browse.answer("new", name="  ")
        assert browse.field("name").error == "This is needed."
        view = await browse.answer("new", name="Town", description="All of it.")
        assert view.body.startswith("The book is there.\n\nAll of it.")
        view = await browse.answer(
            "add", new_name="Tower", new_keys="tower\n/tow+ers/i\n\n", new_content="It hums."
        )
        assert (view.title, view.body) == ("Tower", "The entry is there.\n\nIt hums.")
        (entry,) = await ada.entries((await ada.lists())[0])
        assert (list(entry.keys), entry.content, entry.use_regex, entry.enabled) == (
            ["tower", "/tow+ers/i"],
            "It hums.",
            True,
            True,
        )
        (match,) = await ada.tests(entry.lorebook_id, "Those towwwers!")
        assert match.activated

    async def test_a_new_book_of_a_character_is_used_by_it(self, ada: Owner, eve: Owner) -> None:
        lilith = await ada.character()
        browse = await browsing(ada, character=str(lilith))
        await browse.answer("new", name="Town")
        assert [it.name for it in await ada.books_of(lilith)] == ["Town"]
        await ada.shares(str(lilith), eve, "viewer")
        assert (await browsing(eve, character=str(lilith))).actions == ["close"]

    async def test_each_form_of_an_entry_changes_what_it_asks(self, ada: Owner) -> None:
        browse, lorebook_id = await at_entry(ada, HARBOR)
        await browse.answer(
            "brings", keys="harbor\nport", secondary_keys="night", logic="not_any", constant="true"
        )
        assert browse.view.body.startswith("Saved.")
        await browse.answer(
            "told", content="Old.", name="Port", place="at_depth", depth="2", order="7.5"
        )
        await browse.answer(
            "when", probability="50", sticky="3", cooldown="4", delay="5", group="a, b"
        )
        (entry,) = await ada.entries(lorebook_id)
        assert (list(entry.keys), list(entry.secondary_keys), entry.logic, entry.constant) == (
            ["harbor", "port"],
            ["night"],
            3,
            True,
        )
        assert (entry.content, entry.name, entry.depth, entry.insertion_order) == (
            "Old.",
            "Port",
            2,
            7.5,
        )
        assert (entry.probability, entry.sticky, entry.cooldown, entry.delay, entry.group) == (
            50,
            3,
            4,
            5,
            "a, b",
        )
        assert facts(browse) == {
            "Always told": "Whatever is said.",
            "Keys": "harbor, port",
            "Secondary keys": "night\nNone of them may come up.",
            "Place": "Between the last messages, with 2 after it, as the system",
            "Order": "7.5",
            "Chance": "50 %",
            "Stays": "for 3 messages once it came up",
            "Rests": "for 4 messages after that",
            "Waits": "until the conversation has 5 messages",
            "One of a group": "a, b",
        }

    async def test_what_is_emptied_is_not_set_any_more(self, ada: Owner) -> None:
        browse, lorebook_id = await at_entry(ada, HARBOR)
        await browse.answer("when", probability="50", sticky="3")
        await browse.answer("when", probability="", sticky="")
        (entry,) = await ada.entries(lorebook_id)
        assert not entry.HasField("probability")
        assert not entry.HasField("sticky")

    async def test_a_form_that_is_sent_as_it_was_shown_changes_nothing(self, ada: Owner) -> None:
        browse, lorebook_id = await at_entry(ada, RICH)
        (before,) = await ada.entries(lorebook_id)
        for form in (*FORMS, "rules", *RULES):
            asked = next(it for it in browse.view.actions if it.key == form).asks
            shown = {key: list(browse.field(key).values) for key in asked}
            await browse.answer(form, **shown)
        (after,) = await ada.entries(lorebook_id)
        before.etag = after.etag
        assert after == before

    async def test_the_rules_of_an_entry_are_changed_and_told(self, ada: Owner) -> None:
        browse, lorebook_id = await at_entry(ada, HARBOR)
        await browse.answer("told", place="at_depth", depth="0")
        await browse.answer("rules")
        assert browse.view.title == "Rules of Harbor"
        for form, answers in CHANGED.items():
            await browse.answer(form, **answers)
            assert browse.view.body.startswith("Saved."), form
        (entry,) = await ada.entries(lorebook_id)
        assert {name: getattr(entry, name) for name in SAID} == SAID
        told = facts(browse)
        assert told["Place"] == "Between the last messages, with 0 after it, as the user"
        assert told["Keys are compared by"].endswith(
            "upper and lower case differ, whole words only"
        )
        assert told["Called up only"] == "by other entries, from round 2 on"
        await browse.answer("back")
        assert (browse.view.title, browse.view.body) == ("Harbor", "The harbor is old.")

    async def test_rules_are_taken_back_to_what_says_nothing(self, ada: Owner) -> None:
        browse, lorebook_id = await at_entry(ada, HARBOR)
        (before,) = await ada.entries(lorebook_id)
        await browse.answer("rules")
        for form, answers in CHANGED.items():
            shown = {key: list(browse.field(key).values) for key in answers}
            await browse.answer(form, **answers)
            await browse.answer(form, **shown)
        (after,) = await ada.entries(lorebook_id)
        before.etag, before.role = after.etag, PROMPT_ROLE_SYSTEM  # what it was, and now is said
        assert after == before

    async def test_an_outlet_is_chosen_and_named(self, ada: Owner) -> None:
        browse, lorebook_id = await at_entry(ada, HARBOR)
        await browse.answer("told", place="outlet")
        assert facts(browse)["Place"] == "Where a text asks for it by name: (no name)"
        await browse.answer("rules")
        await browse.answer("said", outlet="sights")
        (entry,) = await ada.entries(lorebook_id)
        assert (LorePlace.Name(entry.place), entry.outlet) == ("LORE_PLACE_OUTLET", "sights")

    async def test_patterns_that_are_switched_on_leave_secondary_keys_their_say(
        self, ada: Owner
    ) -> None:
        harbor = replace(HARBOR, secondary_keys=("night",), selective=True)
        browse, lorebook_id = await at_entry(ada, harbor)
        await browse.answer("rules")
        await browse.answer("keyed", use_regex="true")
        by_day, by_night = [
            (await ada.tests(lorebook_id, text))[0].activated
            for text in ("The harbor.", "The harbor at night.")
        ]
        assert (by_day, by_night) == (False, True)

    async def test_every_field_of_an_entry_is_asked_for(self, ada: Owner) -> None:
        browse, _ = await at_entry(ada, HARBOR)
        asked = {key for it in browse.view.actions for key in it.asks}
        await browse.answer("rules")
        asked |= {key for it in browse.view.actions for key in it.asks}
        given = {"id", "lorebook_id", "position", "etag"}  # by the server
        called = {"insertion_order": "order"}
        wanted = {field.name for field in LorebookEntry.DESCRIPTOR.fields} - given
        assert {called.get(name, name) for name in wanted} == asked

    async def test_what_is_not_followed_is_told_of_an_entry(self, ada: Owner) -> None:
        extensions: dict[str, object] = {"vectorized": True, "automation_id": "lamp"}
        odd = LoreEntry(("x",), "@@inject_at top\nHigh.", name="Odd", extensions=extensions)
        browse, lorebook_id = await at_entry(ada, odd)
        said = "@@inject_at top, search by meaning, automation id"
        assert facts(browse)["Not followed here"] == said
        test = await Dialogue.start(ada.client, "lorebook test", book=lorebook_id)
        await test.answer("test", text="y")
        assert test.view.items[0].text == f"No key came up; not followed: {said}."

    @pytest.mark.parametrize(
        ("form", "field", "value", "why"),
        [
            ("when", "probability", "101", "A whole number from 0 to 100 fits here."),
            ("when", "sticky", "-1", "A whole number from 0 to 1,000,000 fits here."),
            ("when", "delay", "1.5", "A whole number from 0 to 1,000,000 fits here."),
            ("told", "depth", "deep", "A whole number from 0 to 10,000 fits here."),
            ("told", "order", "nan", "A number fits here."),
            ("told", "place", "nowhere", "Choose from the list."),
            ("called", "delay_until_recursion", "101", "A whole number from 0 to 100 fits here."),
            ("chosen", "group_weight", "-1", "A whole number from 0 to 1,000,000 fits here."),
            ("chosen", "priority", "high", "A number fits here."),
            ("keyed", "scan_depth", "1001", "A whole number from 0 to 1,000 fits here."),
            ("said", "role", "tool", "Choose from the list."),
            ("brings", "keys", "\n".join(map(str, range(501))), "At most 500 keys fit"),
            ("brings", "secondary_keys", "x" * 1001, "A key has at most 1,000 characters."),
        ],
    )
    async def test_what_does_not_fit_is_told_at_its_field(
        self, form: str, field: str, value: str, why: str, ada: Owner
    ) -> None:
        browse, lorebook_id = await at_entry(ada, HARBOR)
        if form in RULES:
            await browse.answer("rules")
        await browse.answer(form, **{field: value})
        assert browse.field(field).error.startswith(why)
        assert "".join(browse.field(field).values) == value
        (entry,) = await ada.entries(lorebook_id)
        assert entry.etag == "1"

    async def test_a_change_of_somebody_else_s_is_seen_before_it_is_overwritten(
        self, ada: Owner
    ) -> None:
        browse, lorebook_id = await at_entry(ada, HARBOR)
        (entry,) = await ada.entries(lorebook_id)
        await ada.edits(entry.id, content="Sunken.")
        view = await browse.answer("told", content="Old.")
        assert view.notice.startswith("This was changed elsewhere")
        assert browse.field("content").error == "It now says: Sunken."
        await browse.answer("told", content="Old.")
        assert (await ada.entries(lorebook_id))[0].content == "Old."

    async def test_a_book_s_own_values_are_edited(self, ada: Owner) -> None:
        (lorebook_id,) = await ada.gets(book())
        browse = await at_book(ada, lorebook_id)
        await browse.answer("edit", token_budget="many")
        assert browse.field("token_budget").error.startswith("A whole number")
        view = await browse.answer(
            "edit", name="Town", token_budget="500", scan_depth="3", recursive_scanning="true"
        )
        assert view.title == "Town"
        assert "- Budget: 500 tokens\n- Looked up in the last 3 messages, also in each" in view.body
        shown = await ada.shown(lorebook_id)
        assert (shown.token_budget, shown.scan_depth, shown.recursive_scanning) == (500, 3, True)
        await browse.answer("edit", token_budget="", scan_depth="", recursive_scanning="default")
        shown = await ada.shown(lorebook_id)
        assert not shown.HasField("token_budget")
        assert not shown.HasField("recursive_scanning")

    async def test_an_answer_that_is_sent_twice_adds_one_entry(self, ada: Owner) -> None:
        (lorebook_id,) = await ada.gets(book())
        browse = await at_book(ada, lorebook_id)
        request = browse.submission("add", new_content="Twice?")
        await ada.client.call("SubmitFlow", request)
        assert (await ada.client.refused("SubmitFlow", request)).reason == "ETAG_MISMATCH"
        assert len(await ada.entries(lorebook_id)) == 2
        for _ in range(2):
            again = await at_book(ada, lorebook_id)
            await again.answer("add", new_content="Twice!")
        assert len(await ada.entries(lorebook_id)) == 4


class TestUsing:
    async def test_a_book_is_attached_and_detached(self, ada: Owner) -> None:
        orla = await ada.character(name="Orla")
        (lorebook_id,) = await ada.gets(book())
        browse = await at_book(ada, lorebook_id)
        assert "No character uses it." in browse.view.body
        assert "detach" not in browse.actions
        view = await browse.answer("attach", character=str(orla))
        assert view.body.startswith("Orla uses it now.")
        assert len(await ada.books_of(orla)) == 1
        view = await browse.answer("detach", user=str(orla))
        assert view.body.startswith("It is used no more.")
        assert await ada.books_of(orla) == []

    async def test_only_for_characters_that_one_may_change(self, ada: Owner, eve: Owner) -> None:
        foreign = await eve.character(visibility="VISIBILITY_PUBLIC")
        (lorebook_id,) = await ada.gets(book())
        browse = await at_book(ada, lorebook_id)
        await browse.answer("attach", character=str(foreign))
        assert "may change" in browse.field("character").error
        await browse.answer("attach", character=f"nobody-{uuid4().hex}")
        assert "There is no character" in browse.field("character").error
        assert await eve.books_of(foreign) == []

    async def test_an_editor_attaches_a_book_to_its_owner_s_characters_only(
        self, ada: Owner, eve: Owner
    ) -> None:
        lilith, own = await ada.character(), await eve.character()
        (lorebook_id,) = await ada.gets(book())
        await ada.call("AttachLorebook", lorebook_id, lilith)
        await ada.shares(str(lilith), eve, "editor")
        browse = await at_book(eve, lorebook_id, character=str(lilith))
        assert "ask" not in browse.actions
        await browse.answer("attach", character=str(own))
        assert browse.field("character").error.startswith("A book of somebody else's")
        assert browse.flow.state == OPEN


class TestDeleting:
    async def test_an_entry_goes_after_a_question(self, ada: Owner) -> None:
        browse, lorebook_id = await at_entry(ada, HARBOR)
        await browse.answer("ask")
        assert (browse.view.title, browse.actions) == (
            "Delete Harbor?",
            ["back", "delete", "close"],
        )
        await browse.answer("back")
        assert browse.view.title == "Harbor"
        await browse.answer("ask")
        view = await browse.answer("delete")
        assert view.body.startswith("Deleted.")
        assert len(await ada.entries(lorebook_id)) == 0

    async def test_a_book_goes_after_a_question(self, ada: Owner) -> None:
        slug = f"lilith-{uuid4().hex}"
        lilith = await ada.character(name="Lilith", slug=slug)
        (lorebook_id,) = await ada.gets(book())
        await ada.call("AttachLorebook", lorebook_id, lilith)
        browse = await at_book(ada, lorebook_id)
        await browse.answer("ask")
        assert "These characters go on without it: Lilith (" in browse.view.body
        view = await browse.answer("delete")
        assert view.body.startswith("Deleted.")
        assert await ada.lists() == []

    async def test_what_went_elsewhere_is_told(self, ada: Owner) -> None:
        browse, lorebook_id = await at_entry(ada, HARBOR)
        (entry,) = await ada.entries(lorebook_id)
        await ada.takes_out(entry.id)
        assert (await browse.look()).body.startswith("That entry is gone")
        await browse.answer("back")
        await ada.call("DeleteLorebook", lorebook_id)
        assert (await browse.look()).body.startswith("That lorebook is gone")
        await browse.answer("back")
        assert browse.view.body == "There is no lorebook here."


class TestTrying:
    async def test_each_entry_is_told_or_not_with_its_reason(self, ada: Owner) -> None:
        await ada.gets(book(TOWER, HARBOR, name="Town"))
        test = await Dialogue.start(ada.client, "lorebook test", book="town")
        assert (test.view.title, test.actions) == ("Test Town", ["test", "close"])
        await test.answer("test", text="Hello\nWhere is the harbor?")
        assert test.view.title == "Test of Town"
        assert test.view.body.startswith("Told: 1 of 2 entries.")
        assert [(it.title, it.text) for it in test.view.items] == [
            (
                "Told: Harbor, in Town",
                "Key `harbor` in the last message.\n"
                "Before the character's description: The harbor is old.",
            ),
            ("Not told: Tower, in Town", "No key came up."),
        ]
        await test.answer("test", text="Nothing of it.")
        assert test.view.body.startswith("Told: 0 of 2 entries.")
        assert test.flow.state == OPEN

    async def test_each_line_is_a_message_and_at_most_a_hundred_fit(self, ada: Owner) -> None:
        (lorebook_id,) = await ada.gets(book(HARBOR, scan_depth=2))
        test = await Dialogue.start(ada.client, "lorebook test", book=lorebook_id)
        await test.answer("test", text="The harbor!\nSo?\nAnd now?")
        assert test.view.body.startswith("Told: 0 of 1")
        await test.answer("test", text="The harbor!\nSo?")
        assert test.view.body.startswith("Told: 1 of 1")
        await test.answer("test", text="x\n" * 101)
        assert test.field("text").error == "At most 100 lines fit; these are 101."

    async def test_what_found_no_room_is_told_apart_and_verdicts_come_in_pages(
        self, ada: Owner
    ) -> None:
        (lorebook_id,) = await ada.gets(book(*MANY, HARBOR, token_budget=1))
        test = await Dialogue.start(ada.client, "lorebook test", book=lorebook_id)
        await test.answer("test", text="harbor")
        assert test.view.body.startswith("Told: 0 of 13 entries, 1 found no room.")
        assert test.view.items[0].title.startswith("No room: Harbor")
        await test.answer("next")
        assert len(test.view.items) == 3

    async def test_what_is_tested_can_be_chosen(self, ada: Owner) -> None:
        orla = await ada.character(name="Orla")
        town, _ = await ada.gets(book(name="Town"), book(TOWER, name="Sea"))
        await ada.call("AttachLorebook", town, orla)
        test = await Dialogue.start(ada.client, "lorebook test")
        await test.answer("character", character=f"nobody-{uuid4().hex}")
        assert "There is no character" in test.field("character").error
        await test.answer("character", character=str(orla))
        assert test.view.title == "Test Orla"
        await test.answer("test", text="The harbor and the tower")
        assert [it.title for it in test.view.items] == ["Told: Harbor, in Town"]
        other = await Dialogue.start(ada.client, "lorebook test")
        await other.choose("Sea")
        assert other.view.title == "Test Sea"

    async def test_books_that_one_may_not_read_are_not_tested(self, ada: Owner, eve: Owner) -> None:
        lilith = await ada.character(visibility="VISIBILITY_PUBLIC")
        (lorebook_id,) = await ada.gets(book())
        for reason, arguments in (
            ("DEFINITION_HIDDEN", {"character": str(lilith)}),
            ("LOREBOOK_NOT_FOUND", {"book": lorebook_id}),
            ("LOREBOOK_NOT_FOUND", {"book": "Town of nobody"}),
        ):
            request = starting("lorebook test", **arguments)
            assert (await eve.client.refused("StartFlow", request)).reason == reason
        await ada.shares(str(lilith), eve, "viewer")
        test = await Dialogue.start(eve.client, "lorebook test", character=str(lilith))
        await ada.shares(str(lilith), eve, "user")
        await test.answer("test", text="harbor")
        assert test.flow.state == DONE

    async def test_books_complete_by_any_part_of_their_names(self, ada: Owner) -> None:
        town, _ = await ada.gets(book(name="The Old Town"), book(name="Sea"))
        request = request_for(
            "CompleteFlowArgument", path="lorebook test", key="book", typed="town"
        )
        (choice,) = (await ada.client.call("CompleteFlowArgument", request)).choices
        assert (choice.value, choice.label) == (town, "The Old Town")


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_view_breaks_a_limit_whatever_books_say(text: str, ada: Owner) -> None:
    lilith = await ada.character(name=text)
    extensions: dict[str, Any] = {"group": text, "position": 7, "outlet_name": text}
    odd = LoreEntry((text, text * 3), text * 3, (text,), name=text, extensions=extensions)
    (lorebook_id,) = await ada.gets(book(odd, LoreEntry((), ""), name=text, description=text * 3))
    await ada.call("AttachLorebook", lorebook_id, lilith)
    browse = await browsing(ada, character=str(lilith))
    fits(browse.view)
    for action, key in (("show", lorebook_id), ("entry", "")):
        fits(await browse.answer(action, item=key or browse.view.items[0].key))
    fits(await browse.answer("ask"))
    await browse.answer("back")
    await browse.answer("back")
    fits(await browse.answer("ask"))
    test = await Dialogue.start(ada.client, "lorebook test", character=str(lilith))
    fits(test.view)
    fits(await test.answer("test", text=text if text.strip() else "x"))
    fits((await Dialogue.start(ada.client, "lorebook test")).view)
    typed = request_for("CompleteFlowArgument", path="lorebook test", key="book", typed="")
    for choice in (await ada.client.call("CompleteFlowArgument", typed)).choices:
        choice_fits(choice)


async def test_only_characters_that_one_sees_are_offered(ada: Owner, eve: Owner) -> None:
    name = f"Orla {uuid4().hex}"
    await ada.character(name=name)
    for path in ("lorebook browse", "lorebook test", "knowledge browse"):
        request = request_for("CompleteFlowArgument", path=path, key="character", typed=name)
        offered = [
            len((await who.client.call("CompleteFlowArgument", request)).choices)
            for who in (ada, eve)
        ]
        assert offered == [1, 0], path
