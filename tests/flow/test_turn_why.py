"""Why a character said something is told to who asked it, and no more than they may read."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.contract.residents import greeting_of, saying
from tests.fakes.provider import Refusal
from tests.flow.dialogue import DONE, Dialogue, change, delete, starting
from tests.flow.test_views import HOSTILE, choice_fits, fits
from tests.personality.asking import share
from tests.personality.shelf import Owner, owner
from tzurot import clock
from tzurot.flow.kinds import reasons
from tzurot.formats.found import Document, Lorebook, LoreEntry
from tzurot.memory.recall import Shown
from tzurot.memory.remembering import Kind, MemoryId
from tzurot.memory.sectors import Sector
from tzurot.memory.venues import Venue
from tzurot.personality.knowledge import learning
from tzurot.session.prompt.sections import Words

SECRET = "SECRETWORD"
LORE = (
    LoreEntry(("harbor",), f"The harbor is old. {SECRET}", name=f"Harbor {SECRET}"),
    LoreEntry(("tower",), f"The tower hums. {SECRET}", name=f"Tower {SECRET}"),
    LoreEntry(("harbor",), f"{SECRET} " * 6000, name=f"Flood {SECRET}"),
)
STORY = Document(
    f"In the harbor of Ys the bells ring at night. {SECRET}", title=f"The Bells {SECRET}"
)
WORDS = "When do the bells of the harbor ring?"


@dataclass(frozen=True, slots=True)
class Talk:
    """A character that knows much, and somebody else's turn with it."""

    ada: Owner
    eve: Owner
    character: Any
    turn_id: str


@pytest.fixture(scope="module")
def served(understanding: Served) -> Served:
    """What comes up, comes up by its meaning, too."""
    return understanding


@pytest.fixture
async def talk(served: Served) -> Talk:
    """Eve, who may talk with Ada's character and not read its definition, has asked it."""
    ada, eve = await owner(served, "ada"), await owner(served, "eve")
    character_id = await ada.character(
        name=f"Orla {uuid4().hex}", visibility="VISIBILITY_PUBLIC", description=f"Old. {SECRET}"
    )
    await ada.has_card_with(character_id, Lorebook(LORE, name=f"Town {SECRET}"))
    async with served.running.parts.database.transaction() as tx:
        await learning.take_in(tx, character_id, [STORY])
    request = request_for("GetPersonality", personality={"id": str(character_id)})
    character = (await ada.client.call("GetPersonality", request)).personality
    remembered = request_for(
        "CreateMemory", personality_id=character.id, text="The bells of the harbor ring for me."
    )
    await eve.client.call("CreateMemory", remembered)
    turn_id = await ask(eve.client, character.id)
    return Talk(ada, eve, character, turn_id)


async def ask(client: Client, character_id: str, words: str = WORDS) -> str:
    """Say something to a character; returns the turn's id."""
    told = await client.call("Chat", saying(words, character_id))
    return told[0].event.turn_id


async def why(client: Client, **arguments: str) -> Dialogue:
    return await Dialogue.start(client, "turn why", **arguments)


async def group(dialogue: Dialogue, title: str) -> dict[str, str]:
    """All lines of a group of reasons, and back again."""
    await dialogue.choose(title)
    lines = {item.title: item.text for item in dialogue.view.items}
    await dialogue.answer("back")
    return lines


async def test_who_may_read_the_definition_is_told_all_of_it(talk: Talk) -> None:
    await share(talk.ada.client, talk.character, talk.eve.client, "viewer")
    asked = await why(talk.eve.client)
    name, slug = talk.character.name, talk.character.slug
    assert asked.view.title == f"Why did {name} ({slug}) say that?"
    assert f"**You**: {WORDS}" in asked.view.body
    assert f"**{name}**: " in asked.view.body
    assert "Said by `scripted`, told " in asked.view.body
    assert asked.item("Lore").text == ("1 told, 1 came up and found no room, 1 did not come up")
    assert await group(asked, "Lore") == {
        f"Told: Harbor {SECRET}, in Town {SECRET}": (
            "Key `harbor` in the last message.\nBefore the character's description"
        ),
        f"No room: Flood {SECRET}, in Town {SECRET}": (
            "Key `harbor` in the last message; left out: lore's share of the prompt was full."
        ),
        f"Not told: Tower {SECRET}, in Town {SECRET}": "No key came up.",
    }
    assert asked.item("Documents").text == "1 told of 1"
    (passage,) = (await group(asked, "Documents")).items()
    assert passage[0] == f"Told: The Bells {SECRET}"
    assert passage[1].startswith("In the harbor of Ys the bells ring")
    assert "\n(score 0." in passage[1]
    cut = await group(asked, "Cut from the prompt")
    assert [title.startswith("Lore (") for title in cut] == [True]
    assert SECRET in str(cut)


async def test_a_hidden_definition_is_told_to_be_hidden_and_leaks_nowhere(talk: Talk) -> None:
    asked = await why(talk.eve.client)
    seen = [str(asked.view)]
    for title in ("Lore", "Documents", "Did not run"):
        item = asked.item(title)
        assert item.text == "Hidden: its owner does not show you what it is made of."
        assert item.key == ""
    for title in [item.title for item in asked.view.items if item.key]:
        await asked.choose(title)
        seen.append(str(asked.view))
        await asked.answer("back")
    assert len(seen) == 3  # memories, and what was cut
    assert "Hidden:" in seen[2]
    assert [SECRET in text for text in seen] == [False] * 3
    assert "The tower" not in "".join(seen)
    await asked.answer("turns")
    assert SECRET not in str(asked.view)


async def test_no_group_can_be_forced_open(talk: Talk) -> None:
    asked = await why(talk.eve.client)
    for key in ("lore", "passages", "not_run", "thoughts"):
        view = await asked.answer("group", item=key)
        assert view.notice == "That is not in the list any more."
        assert SECRET not in str(view)


async def test_who_loses_the_right_while_they_look_sees_it_hidden(talk: Talk) -> None:
    await share(talk.ada.client, talk.character, talk.eve.client, "viewer")
    asked = await why(talk.eve.client)
    await asked.choose("Lore")
    await share(talk.ada.client, talk.character, talk.eve.client, "user")
    await asked.look()
    assert "Hidden:" in asked.view.body
    assert SECRET not in str(asked.view)
    await share(talk.ada.client, talk.character, talk.eve.client, "blocked")
    await asked.answer("back")
    assert SECRET not in str(asked.view)
    assert asked.item("Lore").text.startswith("Hidden:")


async def test_it_hides_and_shows_what_the_trace_does(talk: Talk) -> None:
    """The rule is that of GetTurnTrace, section for section."""
    request = request_for("GetTurnTrace", turn_id=talk.turn_id)
    trace = (await talk.eve.client.call("GetTurnTrace", request)).trace
    hidden = {part.name for part in trace.sections if part.hidden}
    shown = {part.name for part in trace.sections if not part.hidden}
    assert hidden
    assert hidden <= reasons.DEFINITION
    assert not shown & reasons.DEFINITION


@pytest.mark.parametrize("name", [*sorted(reasons.DEFINITION), "message"])
def test_a_cut_part_of_the_definition_is_hidden(name: str) -> None:
    part = {
        "name": name, "text": SECRET, "tokens": 3, "cut": True, "memory_id": None,
        "with_answer": False, "passage_id": None, "rewritten": name == "message",
    }  # fmt: skip
    for sees in (True, False):
        words = Words({}, {}, sees_definition=sees)
        (cut,) = [it for it in reasons.groups({"sections": [part]}, words) if it.key == "cut"]
        assert (SECRET in cut.items[0].text) is sees


async def test_memories_are_told_with_what_spoke_for_them(talk: Talk) -> None:
    asked = await why(talk.eve.client, turn=talk.turn_id)
    assert asked.item("Memories").text == "1 told of 1"
    ((title, text),) = (await group(asked, "Memories")).items()
    assert title.startswith("Told: 20")
    assert text.startswith("The bells of the harbor ring for me.\n(score 0.")
    assert ': you said "bells", "harbor" and "ring"; ' in text


async def test_a_memory_is_opened_where_it_is_the_reason_and_corrected_there(talk: Talk) -> None:
    asked = await why(talk.eve.client, turn=talk.turn_id)
    await asked.choose("Memories")
    await asked.choose("Told: ")
    assert "The bells of the harbor ring for me." in asked.view.body
    await asked.answer("edit", text="The gulls of the harbor cry for me.")
    assert "The gulls of the harbor cry for me." in asked.view.body
    await asked.answer("back")
    (item,) = asked.view.items
    assert item.text.startswith("The gulls of the harbor cry for me.")
    await asked.answer("show", item=item.key)
    await asked.answer("ask")
    await asked.answer("forget")
    (item,) = asked.view.items
    assert (item.key, item.text.partition("\n")[0]) == ("", "(it is gone since)")


async def test_memories_that_were_considered_are_told_with_why_they_were_not_recalled(
    talk: Talk,
) -> None:
    eve = talk.eve.client
    none = request_for("SetPersonSetting", key="memory_threshold", value={"ratio": 1})
    await eve.call("SetPersonSetting", none)
    await ask(eve, talk.character.id)
    asked = await why(eve)
    assert asked.item("Memories").text == "Nothing."
    lines = await group(asked, "Considered, not told")
    (text,) = [it for it in lines.values() if it.startswith("The bells of the harbor ring for me.")]
    assert text.endswith(": its score is below what the setting memory_threshold demands)")


async def test_a_memory_that_was_forgotten_since_has_no_words(talk: Talk) -> None:
    request = request_for("ListMemories", personality_id=talk.character.id)
    for memory in (await talk.eve.client.call("ListMemories", request)).memories:
        await talk.eve.client.call("DeleteMemory", request_for("DeleteMemory", memory_id=memory.id))
    asked = await why(talk.eve.client)
    ((_, text),) = (await group(asked, "Memories")).items()
    assert text.startswith("(it is gone since)")


async def test_settings_tell_who_decided_them(talk: Talk) -> None:
    eve = talk.eve.client
    for value, whose in ((9, None), (3, {"id": talk.character.id})):
        decided = {"key": "memory_limit", "value": {"whole": value}, "personality": whose}
        await eve.call("SetPersonSetting", request_for("SetPersonSetting", **decided))
    await ask(eve, talk.character.id)
    asked = await why(eve)
    assert asked.item("Settings").text == "1 in all"
    assert await group(asked, "Settings") == {
        "memory_limit: 3": "Memories that are recalled at most.\n"
        "Decided by you, for this character.\nPassed over: you said 9."
    }


class TestWhichTurn:
    async def test_it_is_the_last_one_that_was_answered(self, served: Served, talk: Talk) -> None:
        eve = talk.eve.client
        served.provider.script(Refusal(401))
        failed = await ask(eve, talk.character.id, "And now?")
        served.provider.reset()
        asked = await why(eve)
        assert f"**You**: {WORDS}" in asked.view.body
        await asked.answer("turns")
        assert [item.text for item in asked.view.items] == ["And now?", WORDS]
        await asked.answer("choose", item=failed)
        assert "**You**: And now?" in asked.view.body
        assert "refuses the API key" in asked.view.body

    async def test_who_was_never_answered_is_told(self, mira: Client) -> None:
        asked = await why(mira)
        assert asked.view.body == "No character has answered you yet."

    async def test_turns_complete_by_what_was_said_and_by_whom(self, talk: Talk) -> None:
        for typed, found in (("BELLS of", 1), ("orla", 1), ("nothing of it", 0)):
            request = request_for("CompleteFlowArgument", path="turn why", key="turn", typed=typed)
            choices = (await talk.eve.client.call("CompleteFlowArgument", request)).choices
            assert len(choices) == found
            for choice in choices:
                assert (choice.value, choice.description) == (talk.turn_id, WORDS)

    @pytest.mark.parametrize("named", ["no-id", "0199e3a0-0000-7000-8000-00000000dead"])
    async def test_one_that_is_not_there_is_not_found(self, named: str, mira: Client) -> None:
        refusal = await mira.refused("StartFlow", starting("turn why", turn=named))
        assert refusal.reason == "TURN_NOT_FOUND"

    async def test_anybody_elses_is_not_found_not_even_by_the_owner(self, talk: Talk) -> None:
        request = starting("turn why", turn=talk.turn_id)
        refusal = await talk.ada.client.refused("StartFlow", request)
        assert refusal.reason == "TURN_NOT_FOUND"

    async def test_a_greeting_has_no_reasons(self, talk: Talk) -> None:
        await change(talk.ada.client, talk.character.id, greeting="Come in.")
        await talk.eve.client.call("Chat", greeting_of(talk.character.id))
        asked = await why(talk.eve.client)
        assert f"**{talk.character.name}**: Come in." in asked.view.body

    async def test_a_character_that_is_deleted_ends_it(self, talk: Talk) -> None:
        asked = await why(talk.eve.client)
        await delete(talk.ada.client, talk.character.id)
        await asked.look()
        assert asked.flow.state == DONE


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_view_breaks_a_limit_whatever_was_said(text: str, served: Served) -> None:
    ada = await owner(served, "ada")
    character_id = await ada.character(name=text)
    entries = (LoreEntry((), text, name=text, constant=True), LoreEntry((text,), text * 3))
    await ada.has_card_with(character_id, Lorebook(entries, name=text))
    async with served.running.parts.database.transaction() as tx:
        await learning.take_in(tx, character_id, [Document(f"bells {text}", title=text)])
    await ask(ada.client, str(character_id), f"bells {text}")
    asked = await why(ada.client)
    fits(asked.view)
    for item in [it for it in asked.view.items if it.key]:
        fits(await asked.answer("group", item=item.key))
        fits(await asked.answer("back"))
    fits(await asked.answer("turns"))
    typed = request_for("CompleteFlowArgument", path="turn why", key="turn", typed="")
    for choice in (await ada.client.call("CompleteFlowArgument", typed)).choices:
        choice_fits(choice)


def lines(document: dict[str, Any], key: str) -> dict[str, str]:
    """The lines of a group, for who sees all."""
    (found,) = [it for it in reasons.groups(document, Words({}, {})) if it.key == key]
    return {item.title: item.text for item in found.items}


@pytest.mark.parametrize(
    ("decided", "counts", "title", "text"),
    [
        ([[1, 4, False]], [1, 4, False], "memory_limit: 4", "Decided by the server."),
        (
            [[3, 2, True], [4, 9, False]],
            [3, 2, True],
            "memory_limit: 2",
            "Decided by the channel, for everybody there.\nPassed over: you said 9.",
        ),
    ],
)
def test_a_setting_tells_what_was_passed_over(
    decided: list[Any], counts: list[Any], title: str, text: str
) -> None:
    stored = {"key": "memory_limit", "counts": counts, "decided": decided}
    unknown = {"key": "of_another_release", "counts": [1, 1, False], "decided": [[1, 1, False]]}
    nobody = {"key": "persona", "counts": [0, True, False], "decided": []}
    told = lines({"settings": [stored, unknown, nobody]}, "settings")
    assert told == {title: f"Memories that are recalled at most.\n{text}"}


def test_what_somebody_else_said_is_told_with_their_name_and_leads_nowhere() -> None:
    own, other, now = clock.uuid7(), clock.uuid7(), clock.now()
    memories = {
        memory_id: Shown(
            MemoryId(memory_id), clock.uuid7(), clock.uuid7(), clock.uuid7(),
            Venue.PUBLIC_CHANNEL, "Bo", "Bees.", "Orla", "", now, now, Kind.EXCHANGE,
            Sector.SEMANTIC, (), 0.4, excerpt="Bees.",
        )
        for memory_id in (own, other)
    }  # fmt: skip
    words = Words(memories, {}, others={other: "Bo"})
    told = [{"memory_id": str(it), "final": 0.5, "cited": True} for it in (own, other)]
    passed = [{"memory_id": str(other), "final": 0.1, "why": "says_little"}]
    document = {"memories": told, "considered": passed}
    found = {it.key: it.items for it in reasons.groups(document, words)}
    items = [*found["memories"], *found["considered"]]
    assert [it.key for it in items] == [str(own), "", ""]
    assert [it.title.endswith(", Bo") for it in items] == [False, True, True]


def test_what_did_not_run_is_told_whole() -> None:
    long = f"script Fixer: {'x' * 100}"
    told = lines({"not_run": ["{{roll}}: no dice", long]}, "not_run")
    assert list(told.values()) == ["", long]
    assert next(iter(told)) == "{{roll}}: no dice"


def test_what_was_cut_from_the_reply_is_told_with_its_reason() -> None:
    told = lines({"cut_texts": [{"why": "mark", "text": "<|im_end|>"}]}, "cut_texts")
    assert told == {"A mark of a chat template.": "<|im_end|>"}


def test_thoughts_are_hidden_from_who_may_not_read_the_definition() -> None:
    document = {"reasoning": "She greets me."}
    seen, hidden = (
        next(it for it in reasons.groups(document, words) if it.key == "thoughts")
        for words in (Words({}, {}), Words({}, {}, sees_definition=False))
    )
    assert [it.text for it in seen.items] == ["She greets me."]
    assert (hidden.text.split(":")[0], hidden.items) == ("Hidden", ())


def test_a_trace_of_an_older_release_has_nothing_to_tell() -> None:
    told = [(it.text, it.items) for it in reasons.groups({}, Words({}, {}))]
    assert told == [*[("Nothing.", ())] * 8, ("Nothing that was kept.", ())]
