"""Fresh: nothing of the person comes to mind, all else does, and what is said is remembered."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.fakes.provider import Call, Reply
from tests.session.bringing import learns, takes_up
from tests.session.incognito.modes import switch
from tests.session.stage import Person, Stage
from tzurot.formats.found import Document, Lorebook, LoreEntry
from tzurot_client.gen.tzurot.personality.v1 import Personality

SEARCH = Call("memory_search", '{"query": "bees"}')


def prompt(stage: Stage) -> str:
    """All that the model was told last."""
    return "\n".join(str(message["content"]) for message in stage.asked[-1].messages)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the server asks the database meanwhile, as its driver is told."""
    found: list[str] = []
    execute = psycopg.AsyncCursor.execute

    async def noting(cursor: Any, query: Any, *values: Any, **options: Any) -> Any:
        found.append(query.decode() if isinstance(query, bytes) else str(query))
        return await execute(cursor, query, *values, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.AsyncCursor, "execute", noting)
        yield found


def recalls(asked: list[str]) -> list[str]:
    """What was asked of memories and facts: by meaning, by words, and what is known."""
    reads = ("<=>", "memory_terms(", "FROM facts")
    return [it for it in asked if any(read in it for read in reads) and "INSERT" not in it]


async def test_nothing_comes_to_mind_and_nothing_is_asked_for_it(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    told = await ada.asks("I keep bees in my garden.", lilith)
    await ada.resets(told.conversation_id)
    with statements() as asked:
        assert (await ada.asks("What do I keep?", lilith)).cited == ["I keep bees in my garden."]
    assert recalls(asked), "else nothing is shown by what follows"
    await ada.resets(told.conversation_id)
    await switch(ada, "fresh")
    with statements() as asked:
        fresh = await ada.asks("What do I keep now?", lilith)
    assert recalls(asked) == []
    assert fresh.cited == []
    assert "bees" not in prompt(stage)
    assert [it.started.fresh for it in fresh.events if it.started] == [True]
    steps = {step.name: step.outcome for step in (await ada.trace(fresh.turn_id)).steps}
    assert steps["recall"].startswith("fresh: nothing was recalled, ")


async def test_what_is_said_is_remembered_and_comes_to_mind_afterwards(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    await switch(ada, "fresh")
    told = await ada.asks("I keep bees in my garden.", lilith)
    assert len(await stage.memories(told.turn_id)) == 1
    await ada.resets(told.conversation_id)
    await switch(ada, "fresh", on=False)
    assert (await ada.asks("What do I keep?", lilith)).cited == ["I keep bees in my garden."]


async def test_the_conversation_is_in_sight(stage: Stage, ada: Person, lilith: Personality) -> None:
    await ada.asks("I keep bees in my garden.", lilith)
    await switch(ada, "fresh")
    await ada.asks("What do I keep?", lilith)
    assert "I keep bees in my garden." in prompt(stage)


async def test_lore_and_knowledge_are_told(stage: Stage, ada: Person, lilith: Personality) -> None:
    await takes_up(stage, lilith, Lorebook((LoreEntry(("harbor",), "A lighthouse stands there."),)))
    await learns(stage, lilith, Document("The harbor was built in 1802.", title="The Harbor"))
    await switch(ada, "fresh")
    told = await ada.asks("When was the harbor built?", lilith)
    assert "A lighthouse stands there." in prompt(stage)
    assert told.known == ["The Harbor"]


async def test_the_character_can_not_search_for_it_either(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    told = await ada.asks("I keep bees in my garden.", lilith)
    await ada.resets(told.conversation_id)
    await switch(ada, "fresh")
    stage.model.script(Reply(calls=[SEARCH]), "I don't know.")
    await ada.asks("What do I keep?", lilith)
    assert "memory_search" not in str(stage.asked[-2].body.get("tools"))
    result = stage.asked[-1].messages[-1]
    assert (result["role"], result["content"]) == ("tool", "There is no skill 'memory_search'.")


async def test_with_one_character_the_others_know_the_person(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    mira = await stage.character("Mira")
    for who in (lilith, mira):
        told = await ada.asks("I keep bees in my garden.", who)
        await ada.resets(told.conversation_id)
    await switch(ada, "fresh", character=mira)
    assert (await ada.asks("What do I keep?", mira)).cited == []
    assert (await ada.asks("What do I keep?", lilith)).cited == ["I keep bees in my garden."]
