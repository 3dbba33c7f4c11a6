"""MemoryService over gRPC: what only this service does; what all share is in tests/contract."""

import asyncio
import time
from typing import Any

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served

SECONDS = 60


async def character(client: Client) -> str:
    new: dict[str, Any] = {"name": "Lilith"}
    created = await client.call(
        "CreatePersonality", request_for("CreatePersonality", personality=new)
    )
    return str(created.personality.id)


async def tell(client: Client, personality_id: str, text: str) -> Any:
    request = request_for("CreateMemory", personality_id=personality_id, text=text)
    return (await client.call("CreateMemory", request)).memory


async def search(client: Client, personality_id: str, query: str, **fields: object) -> Any:
    request = request_for("SearchMemories", personality_id=personality_id, query=query, **fields)
    return await client.call("SearchMemories", request)


async def test_a_created_memory_is_the_person_s_words_said_in_confidence(served: Served) -> None:
    (ada,) = served.people("ada")
    lilith = await character(ada)
    told = await tell(ada, lilith, "My name is Ada and I keep bees.")
    (utterance,) = told.utterances
    assert utterance.text == "My name is Ada and I keep bees."
    assert utterance.speaker == 1  # SPEAKER_PERSON
    assert told.venue == 1  # VENUE_DIRECT
    assert told.personality_id == lilith
    assert told.turn_id == ""
    kept = await ada.call("GetMemory", request_for("GetMemory", memory_id=told.id))
    assert kept.memory == told


async def test_a_search_explains_itself_if_asked(served: Served) -> None:
    (ada,) = served.people("ada")
    lilith = await character(ada)
    told = await tell(ada, lilith, "My name is Ada and I keep bees.")
    (hit,) = (await search(ada, lilith, "Do I keep bees?", explain=True)).hits
    assert hit.memory == told
    assert hit.score == hit.parts.final
    parts = hit.parts
    counting = {field.name: value for field, value in parts.ListFields()}
    assert counting.pop("final") == pytest.approx(min(1, sum(counting.values())))
    assert hit.parts.keyword > 0
    (terse,) = (await search(ada, lilith, "Do I keep bees?")).hits
    assert not terse.HasField("parts")
    assert hit.reasons[0] == 'you said "keep" and "bees"'
    assert list(terse.reasons) == []


async def test_a_search_by_meaning_works_within_seconds(served: Served) -> None:
    (ada,) = served.people("ada")
    lilith = await character(ada)
    told = await tell(ada, lilith, "My favorite film is Spirited Away.")

    hits: list[str] = []
    give_up = time.monotonic() + SECONDS
    while hits != [told.id] and time.monotonic() < give_up:
        await asyncio.sleep(0.1)
        found = (await search(ada, lilith, "Which movie do I like best?")).hits
        hits = [hit.memory.id for hit in found]
    assert hits == [told.id]


async def test_a_search_has_as_many_hits_as_asked_for(served: Served) -> None:
    (ada,) = served.people("ada")
    lilith = await character(ada)
    for number in range(10):
        await tell(ada, lilith, f"I keep {number} bees.")
    assert len((await search(ada, lilith, "my bees")).hits) == 8
    assert len((await search(ada, lilith, "my bees", limit=3)).hits) == 3
    assert len((await search(ada, lilith, "my bees", limit=1000)).hits) == 10


async def test_a_deleted_memory_is_found_no_more(served: Served) -> None:
    (ada,) = served.people("ada")
    lilith = await character(ada)
    told = await tell(ada, lilith, "My password is swordfish.")
    request = request_for("DeleteMemory", memory_id=told.id)
    await ada.call("DeleteMemory", request)
    assert not (await search(ada, lilith, "What is my password?")).hits
    assert (await ada.refused("DeleteMemory", request)).reason == "MEMORY_NOT_FOUND"


async def test_memories_of_one_character_can_be_listed_apart(served: Served) -> None:
    (ada,) = served.people("ada")
    lilith, other = await character(ada), await character(ada)
    first = await tell(ada, lilith, "I keep bees.")
    second = await tell(ada, other, "I keep hens.")

    async def listed(**filters: str) -> list[str]:
        answer = await ada.call("ListMemories", request_for("ListMemories", **filters))
        return [memory.id for memory in answer.memories]

    assert await listed() == [second.id, first.id]
    assert await listed(personality_id=lilith) == [first.id]


async def test_another_person_s_private_character_cannot_be_told_or_asked(served: Served) -> None:
    ada, eve = served.people("ada", "eve")
    lilith = await character(ada)
    for name, field in (("CreateMemory", "text"), ("SearchMemories", "query")):
        request = request_for(name, personality_id=lilith, **{field: "bees"})
        assert (await eve.refused(name, request)).reason == "PERSONALITY_NOT_FOUND"
