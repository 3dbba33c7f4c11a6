"""What one said to other characters: recalled only where one lets it be, and told as theirs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy import event as database_event

from tests.session.stage import Person, Stage, Told, ref
from tzurot_client import Client
from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.memory.v1 import (
    DeleteMemoryRequest,
    MemoryHit,
    SearchMemoriesRequest,
)
from tzurot_client.gen.tzurot.personality.v1 import (
    Personality,
    PersonalityRef,
    UpdatePersonalityRequest,
    Visibility,
)
from tzurot_client.gen.tzurot.session.v1 import SetPersonSettingRequest, SettingValue

BEES, HIVES = "I keep bees in my garden.", "How many hives are there?"
ASKS = "What do I keep in my garden?"


@pytest.fixture
async def luna(stage: Stage) -> Personality:
    return await stage.character("Luna")


@pytest.fixture
async def ada(stage: Stage, lilith: Personality) -> Person:
    """Told Lilith of bees where only she hears it."""
    ada = stage.person("Ada")
    stage.model.script(HIVES)
    await ada.asks(BEES, lilith)
    await stage.indexed()
    return ada


async def test_off_it_does_not_come_up(
    stage: Stage, ada: Person, luna: Personality, lilith: Personality
) -> None:
    stage.model.script("Hm.")
    assert cited(await ada.asks(ASKS, luna)) == []
    assert "bees" not in prompt(stage)
    assert await found(ada, luna) == []
    await shares(ada)
    await shares(ada, on=False)
    stage.model.script("Hm.")
    assert cited(await ada.asks(f"Tell me: {ASKS}", luna)) == []
    assert await found(ada, luna) == []
    assert len(await found(ada, lilith)) == 1


async def test_on_it_is_told_with_whom_it_was_said_to_and_answered_by(
    stage: Stage, ada: Person, luna: Personality, lilith: Personality
) -> None:
    await shares(ada)
    stage.model.script("Hm.")
    told = await ada.asks(ASKS, luna)
    assert cited(told) == [BEES]
    (event,) = [it.memory_cited for it in told.events if it.memory_cited]
    assert event.personality_id == lilith.id
    line = f'- Ada said to Lilith: "{BEES}" Lilith answered: "{HIVES}"'
    assert line in prompt(stage)
    assert "You answered" not in prompt(stage)
    trace = await ada.trace(told.turn_id)
    assert any(section.text.startswith(line) for section in trace.sections)
    (memory,) = trace.memories
    assert memory.reasons[-1] == (
        "you said it to Lilith; your setting characters_share lets it come up here"
    )


async def test_it_goes_in_both_directions_and_counts_for_one_character_if_said_so(
    stage: Stage, ada: Person, luna: Personality, lilith: Personality
) -> None:
    stage.model.script("Lovely!", "Hm.", "Hm.")
    await ada.asks("I keep snakes in my cellar.", luna)
    await shares(ada, luna)
    told = await ada.asks(ASKS, luna, place=stage.channel(Venue.DIRECT))
    assert BEES in cited(told)
    assert cited(await ada.asks("What do I keep in my cellar?", lilith)) == []
    assert luna.id not in {whom(hit) for hit in await found(ada, lilith, "snakes")}
    await shares(ada)
    stage.model.script("Hm.")
    told = await ada.asks("And what do I keep in my cellar?", lilith)
    assert "I keep snakes in my cellar." in cited(told)


@pytest.mark.parametrize("asked_in", [Venue.PUBLIC_CHANNEL, Venue.PRIVATE_CHANNEL, Venue.DIRECT])
async def test_what_was_said_in_private_stays_private(
    stage: Stage, ada: Person, luna: Personality, asked_in: Venue
) -> None:
    await shares(ada)
    stage.model.script("Hm.")
    here = ada.direct if asked_in is Venue.DIRECT else stage.channel(asked_in)
    told = await ada.asks(ASKS, luna, place=here)
    assert cited(told) == ([BEES] if asked_in is Venue.DIRECT else [])


async def test_what_was_said_openly_comes_up_anywhere(
    stage: Stage, luna: Personality, lilith: Personality
) -> None:
    ada = stage.person("Ada")
    await shares(ada)
    stage.model.script("Hm.", "Hm.", "Hm.")
    await ada.asks(BEES, lilith, place=stage.channel())
    for here in (stage.channel(), ada.direct):
        assert cited(await ada.asks(ASKS, luna, place=here)) == [BEES]


async def test_what_is_in_sight_is_not_recalled_as_well(
    stage: Stage, luna: Personality, lilith: Personality
) -> None:
    """Both characters are in one channel: Luna has heard what was said to Lilith."""
    ada, meadow = stage.person("Ada"), stage.channel()
    await shares(ada)
    stage.model.script(HIVES, "Hm.")
    await ada.asks(BEES, lilith, place=meadow)
    assert cited(await ada.asks(ASKS, luna, place=meadow)) == []
    assert prompt(stage).count("bees") == 1


async def test_nobody_else_s_setting_opens_anything(
    stage: Stage, ada: Person, luna: Personality
) -> None:
    bob = stage.person("Bob")
    await shares(bob)
    stage.model.script("Hm.", "Hm.")
    assert cited(await bob.asks(ASKS, luna)) == []
    assert cited(await ada.asks(ASKS, luna)) == []
    assert await found(bob, luna) == []


async def test_what_is_forgotten_comes_up_with_no_character(
    stage: Stage, ada: Person, luna: Personality
) -> None:
    await shares(ada)
    (hit,) = await found(ada, luna)
    assert hit.memory
    await ada.client.memory.delete_memory(DeleteMemoryRequest(memory_id=hit.memory.id))
    stage.model.script("Hm.")
    assert cited(await ada.asks(ASKS, luna)) == []
    assert await found(ada, luna) == []


async def test_what_is_found_has_the_character_that_was_told_it(
    ada: Person, luna: Personality, lilith: Personality
) -> None:
    await shares(ada)
    (hit,) = await found(ada, luna)
    assert whom(hit) == lilith.id
    assert [it.speaker_name for it in hit.memory.utterances] == ["Ada", "Lilith"]  # pyright: ignore[reportOptionalMemberAccess]
    assert hit.reasons[-1].startswith("you said it to Lilith; ")


async def test_of_a_hidden_character_that_was_taken_away_only_its_name_as_it_was_seen_is_told(
    stage: Stage, luna: Personality
) -> None:
    secretive = await stage.character(
        "Vesper", description="SECRET", system_prompt="SECRET", definition_visible=False
    )
    ada = stage.person("Ada")
    stage.model.script(HIVES)
    await ada.asks(BEES, secretive)
    await stage.indexed()
    await renamed(stage.client, secretive, "SECRET")
    await shares(ada)
    stage.model.script("Hm.")
    told = await ada.asks(ASKS, luna)
    assert cited(told) == [BEES]
    assert f'Ada said to Vesper: "{BEES}"' in prompt(stage)
    shown = [str(told.events), str(await ada.trace(told.turn_id)), str(await found(ada, luna))]
    assert "SECRET" not in "".join((prompt(stage), *shown))


async def test_another_character_of_the_same_name_is_told_apart(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    twin = await stage.character("Lilith")
    await shares(ada)
    stage.model.script("Hm.")
    assert cited(await ada.asks(ASKS, twin)) == [BEES]
    assert f'Ada said to another Lilith: "{BEES}"' in prompt(stage)
    assert lilith.id != twin.id


async def test_a_turn_costs_no_statement_more_while_it_is_off(
    stage: Stage, ada: Person, luna: Personality
) -> None:
    stage.model.script("Hm.", "Hm.")
    with statements(stage) as off:
        await ada.asks(ASKS, luna)
    await shares(ada)
    with statements(stage) as on:
        await ada.asks(f"Again: {ASKS}", luna)
    assert (len(off), len(on)) == (0, 1)


def prompt(stage: Stage) -> str:
    """What the model was asked last."""
    return "\n".join(str(message["content"]) for message in stage.asked[-1].messages)


def whom(hit: MemoryHit) -> str:
    """The character that was told it."""
    return hit.memory.personality_id if hit.memory else ""


def cited(told: Told) -> list[str]:
    """What came into the prompt, questions that were asked before aside."""
    return [it for it in told.cited if "?" not in it]


async def found(person: Person, who: Personality, query: str = ASKS) -> Sequence[MemoryHit]:
    """What a search finds, questions that were asked before aside."""
    request = SearchMemoriesRequest(personality_id=who.id, query=query, explain=True)
    hits = (await person.client.memory.search_memories(request)).hits
    return [hit for hit in hits if hit.memory and "?" not in hit.memory.utterances[0].text]


async def shares(person: Person, who: Personality | None = None, *, on: bool = True) -> None:
    """What the person says to characters comes up with one of them, or with all; or doesn't."""
    request = SetPersonSettingRequest(
        key="characters_share",
        value=SettingValue(flag=on),
        personality=PersonalityRef(id=who.id) if who else None,
    )
    await person.client.setting.set_person_setting(request)


async def renamed(client: Client, who: Personality, name: str) -> None:
    """It has another name and nobody but its owner sees it any more."""
    changed = Personality(name=name, visibility=Visibility.PRIVATE)
    request = UpdatePersonalityRequest(ref=ref(who), personality=changed)
    await client.personality.update_personality(request)


@contextmanager
def statements(stage: Stage) -> Iterator[list[str]]:
    """What the server asks the database of other characters meanwhile."""
    found: list[str] = []
    engine = stage.server.parts.database.engine.sync_engine

    def note(*happened: object) -> None:
        if "WITH RECURSIVE pair" in str(happened[2]):
            found.append(str(happened[2]))

    database_event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        database_event.remove(engine, "before_cursor_execute", note)
