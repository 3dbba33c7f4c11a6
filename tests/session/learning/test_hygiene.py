"""Nothing of what a turn is made of becomes a fact about a person: only what they said does."""

import json
from collections.abc import Iterator, Sequence
from itertools import product

from tests.fakes.provider import Call, Reply, Request
from tests.session.bringing import learns, takes_up
from tests.session.learning.classroom import Class, fact
from tests.session.stage import Stage
from tzurot.formats.found import Document, Lorebook, LoreEntry
from tzurot_client.gen.tzurot.memory.v1 import CreateMemoryRequest

TURNS = 100
# What the person says of themselves, in one of ten turns.
COLLECTED = (
    "stamps", "coins", "shells", "buttons", "maps", "teapots", "fossils", "postcards", "keys",
    "lanterns",
)  # fmt: skip
SOURCES = ("card", "prompt", "lore", "document", "skill", "memory", "reply")

# What a person says around it. Several name a canary without stating it.
_SAID = (
    "Tell me a story about the sea.",
    "What do you think of {it}?",
    "Do I own a {it}?",
    "You said I own a {it}, that is a joke.",
    "I don't own a {it}.",
    "If I owned a {it}, I would sell my car.",
    'My teacher wrote "Ada owns a {it} and a boat" on the board.',
    "Good night, I am tired.",
    "I wish I owned a {it}.",
    "Yes.",
)


def _words() -> Iterator[str]:
    """Words that nobody uses, no two of which begin alike."""
    for parts in product("bdfgklmnprstvz", "aeiou", "bdfgklmnprstvz", "aeiou"):
        yield "".join(parts) + "xo"


def _canaries() -> list[dict[str, str]]:
    words = _words()
    return [{source: next(words) for source in SOURCES} for _ in range(TURNS)]


async def test_a_hundred_turns_of_others_claims_teach_nothing(stage: Stage) -> None:
    canaries = _canaries()
    room = await _room(stage, canaries)
    honest: list[str] = []
    for number, mine in enumerate(canaries):
        said = _SAID[number % len(_SAID)].format(it=mine["reply"])
        true = []
        if number % (TURNS // len(COLLECTED)) == 0:
            things = COLLECTED[len(honest)]
            said, true = f"{said} I collect {things}.", [fact(f"Ada collects {things}.", 1)]
            honest.append(f"Ada collects {things}.")
        claims = [fact(f"Ada owns a {it}.", 1) for it in mine.values()]
        room.finds(*claims, *true)
        stage.model.script(
            Reply(calls=[Call("memory_search", json.dumps({"query": mine["skill"]}))]),
            f"As you know, Ada, you own a {mine['reply']}. Ada owns a {mine['reply']}.",
        )
        await room.ada.asks(said, room.mira)
        await room.goes_by(hours=2)
        await room.learns()
    assert sorted(await room.texts()) == sorted(honest)
    _came_up(stage.asked, canaries)


async def test_a_canary_that_the_person_states_is_learnt(stage: Stage) -> None:
    """The test above could fail: only who says it makes the difference."""
    (mine, *_) = canaries = _canaries()
    room = await _room(stage, canaries[:1])
    room.finds(fact(f"Ada owns a {mine['card']}.", 1))
    await room.says(f"I own a {mine['card']}.")
    await room.goes_by(hours=2)
    await room.learns()
    assert await room.texts() == [f"Ada owns a {mine['card']}."]


async def test_to_be_recalled_adds_no_source(stage: Stage) -> None:
    room = Class(stage, stage.person("Ada"), await stage.character("Mira"))
    room.finds(fact("Ada keeps bees on her roof.", 1))
    await room.says("I keep bees on my roof.")
    await room.goes_by(hours=2)
    await room.learns()
    await room.sees(0)
    for _ in range(50):
        stage.model.script("You keep bees on your roof, Ada.")
        told = await room.ada.asks("What about the bees on the roof?", room.mira)
        assert told.cited
    await room.goes_by(hours=2)
    await room.learns()
    (known,) = await room.facts()
    assert len(known.source_ids) == 1


async def _room(stage: Stage, canaries: Sequence[dict[str, str]]) -> Class:
    """A character of whom everything claims something, each thing in words of its own."""

    def claims(source: str) -> str:
        return " ".join(f"Ada owns a {it[source]}." for it in canaries)

    mira = await stage.character("Mira", description=claims("card"), system_prompt=claims("prompt"))
    told = LoreEntry((), claims("lore"), constant=True)
    await takes_up(stage, mira, Lorebook((told,)))
    await learns(stage, mira, Document(claims("document"), "What Ada owns"))
    room = Class(stage, stage.person("Ada"), mira)
    for it in canaries:
        for source in ("memory", "skill"):
            request = CreateMemoryRequest(personality_id=mira.id, text=f"Ada owns a {it[source]}.")
            await room.ada.client.memory.create_memory(request)
    return room


def _came_up(asked: Sequence[Request], canaries: Sequence[dict[str, str]]) -> None:
    """What claims something was told to the model that speaks."""
    told = str([it.messages for it in asked])
    for source in SOURCES:
        assert sum(it[source] in told for it in canaries) > TURNS // 2, source
