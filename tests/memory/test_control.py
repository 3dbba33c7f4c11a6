"""MemoryService over gRPC: people see, correct and forget what is theirs, of all their faces."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from sqlalchemy import text

from tests.calling import Client, request_for
from tests.conftest import Served
from tzurot import clock
from tzurot.account import personas
from tzurot.formats.found import Face
from tzurot.memory.remembering import Exchange, remember
from tzurot.memory.venues import Venue

FACES = (Face(name="Work", for_character=True), Face(name="Luna", origin="pluralkit:luna"))


@dataclass(frozen=True, slots=True)
class Several:
    """A person of several faces, whose one character remembers something of each."""

    client: Client
    personality_id: str
    persona_ids: tuple[str, ...]
    """The usual one, the one for this character alone, a member of a system."""
    memory_ids: tuple[str, ...]
    """One of each, in the same order."""

    async def call(self, name: str, **fields: Any) -> Any:
        return await self.client.call(name, request_for(name, **fields))

    async def has(self, **fields: Any) -> set[str]:
        """The ids of what is listed."""
        listed = await self.call("ListMemories", **fields)
        return {it.id for it in listed.memories}


async def _remembered(served: Served, persona_id: UUID, personality_id: UUID, words: str) -> str:
    said = Exchange(
        persona_id=persona_id,
        personality_id=personality_id,
        turn_id=None,
        message_id=None,
        venue=Venue.DIRECT,
        platform="local",
        channel_id="",
        person_name="Ada",
        person_text=words,
        personality_name="Lilith",
        personality_text="I see.",
        occur_time=clock.now(),
    )
    parts = served.running.parts
    async with parts.database.transaction() as tx:
        return str(await remember(tx, said, parts.jobs))


@pytest.fixture
async def ada(served: Served) -> Several:
    return await several(served)


async def several(served: Served) -> Several:
    """Somebody new."""
    (client,) = served.people("ada")
    new: dict[str, Any] = {"name": "Lilith"}
    created = await client.call(
        "CreatePersonality", request_for("CreatePersonality", personality=new)
    )
    personality_id = UUID(created.personality.id)
    me = UUID((await client.call("GetMe")).person.id)
    async with served.running.parts.database.transaction() as tx:
        await personas.arrive(tx, me, FACES, personality_id)
        query = (
            "SELECT id FROM personas WHERE person_id = :id"
            " ORDER BY NOT is_default, personality_id IS NULL"
        )
        ids: list[UUID] = list(await tx.scalars(text(query), {"id": me}))
    said = [f"I am number {number}." for number in range(len(ids))]
    memories = [
        await _remembered(served, id_, personality_id, words)
        for id_, words in zip(ids, said, strict=True)
    ]
    return Several(client, str(personality_id), tuple(map(str, ids)), tuple(memories))


class TestAllFaces:
    async def test_are_listed_and_counted(self, ada: Several) -> None:
        assert len(ada.persona_ids) == 3
        assert await ada.has() == set(ada.memory_ids)
        assert await ada.has(personality_id=ada.personality_id) == set(ada.memory_ids)
        stats = await ada.call("GetMemoryStats", personality_id=ada.personality_id)
        assert stats.memory_count == 3
        drawn = await ada.call("GetMemoryGraph", view="GRAPH_VIEW_WAYPOINTS")
        assert len(drawn.nodes) == 3

    async def test_are_read_changed_and_deleted(self, ada: Several) -> None:
        for memory_id in ada.memory_ids:
            assert (await ada.call("GetMemory", memory_id=memory_id)).memory.id == memory_id
            changed = await ada.call("UpdateMemory", memory_id=memory_id, text="So.", locked=True)
            assert (changed.memory.utterances[0].text, changed.memory.locked) == ("So.", True)
            await ada.call("DeleteMemory", memory_id=memory_id)
        assert await ada.has() == set()

    async def test_are_purged(self, ada: Several) -> None:
        preview = await ada.call("PurgeMemories")
        assert preview.memory_count == 3
        assert [it.id for it in preview.samples] == list(reversed(ada.memory_ids))
        gone = await ada.call("PurgeMemories", confirmation=preview.confirmation)
        assert (gone.memory_count, list(gone.samples), gone.confirmation) == (3, [], "")
        assert await ada.has() == set()

    async def test_are_told_apart_by_filters(self, ada: Several) -> None:
        for persona_id, memory_id in zip(ada.persona_ids, ada.memory_ids, strict=True):
            only: dict[str, Any] = {"persona_ids": [persona_id]}
            assert await ada.has(filter=only) == {memory_id}
            found = await ada.call(
                "SearchMemories", personality_id=ada.personality_id, query="number", filter=only
            )
            assert [hit.memory.id for hit in found.hits] == [memory_id]
            assert (await ada.call("PurgeMemories", filter=only)).memory_count == 1

    async def test_are_not_somebody_elses(self, ada: Several, served: Served) -> None:
        eve = await several(served)
        theirs: dict[str, Any] = {"persona_ids": list(ada.persona_ids)}
        assert await eve.has(filter=theirs) == set()
        assert (await eve.call("PurgeMemories", filter=theirs)).memory_count == 0
        found = await eve.call(
            "SearchMemories", personality_id=eve.personality_id, query="number", filter=theirs
        )
        assert list(found.hits) == []
        for memory_id in ada.memory_ids:
            for name in ("GetMemory", "UpdateMemory", "DeleteMemory"):
                refusal = await eve.client.refused(name, request_for(name, memory_id=memory_id))
                assert refusal.reason == "MEMORY_NOT_FOUND", name
        assert await ada.has() == set(ada.memory_ids)


class TestPages:
    async def test_go_on_with_the_same_filter_alone(self, ada: Several) -> None:
        filter: dict[str, Any] = {"venues": ["VENUE_DIRECT"], "persona_ids": ada.persona_ids}
        first = await ada.call("ListMemories", page_size=2, filter=filter)
        told_otherwise = filter | {"persona_ids": ada.persona_ids[::-1]}
        rest = await ada.has(page_size=2, page_token=first.next_page_token, filter=told_otherwise)
        assert {it.id for it in first.memories} | rest == set(ada.memory_ids)
        others: tuple[dict[str, Any], ...] = (
            {},
            {"filter": filter | {"locked": False}},
            {"filter": filter | {"sectors": ["SECTOR_EPISODIC"]}},
            {"filter": filter | {"persona_ids": ada.persona_ids[:2]}},
            {"filter": filter | {"occur_from": clock.now()}},
        )
        for other in others:
            request = request_for("ListMemories", page_token=first.next_page_token, **other)
            refusal = await ada.client.refused("ListMemories", request)
            assert refusal.reason == "PAGE_TOKEN_MISMATCH", other


class TestUpdating:
    async def test_what_is_not_named_stays(self, ada: Several) -> None:
        memory_id = ada.memory_ids[0]
        before = (await ada.call("GetMemory", memory_id=memory_id)).memory
        assert (await ada.call("UpdateMemory", memory_id=memory_id)).memory == before
        locked = (await ada.call("UpdateMemory", memory_id=memory_id, locked=True)).memory
        assert (locked.locked, locked.HasField("edit_time")) == (True, False)
        assert locked.utterances == before.utterances
        worded = (await ada.call("UpdateMemory", memory_id=memory_id, text="So.")).memory
        assert (worded.locked, worded.HasField("edit_time")) == (True, True)

    @pytest.mark.parametrize(
        ("paths", "words", "locked"),
        [
            (["text"], "So.", False),
            (["locked"], "I am number 0.", True),
            (["locked", "text"], "So.", True),
        ],
    )
    async def test_a_mask_says_what_counts(
        self, ada: Several, paths: list[str], words: str, locked: bool
    ) -> None:
        changed = await ada.call(
            "UpdateMemory",
            memory_id=ada.memory_ids[0],
            text="So.",
            locked=True,
            update_mask=FieldMask(paths=paths),
        )
        assert (changed.memory.utterances[0].text, changed.memory.locked) == (words, locked)

    @pytest.mark.parametrize("path", ["*", "venue", "memory_id", "text.", "salience"])
    async def test_a_mask_names_only_what_can_change(self, ada: Several, path: str) -> None:
        request = request_for(
            "UpdateMemory",
            memory_id=ada.memory_ids[0],
            text="So.",
            update_mask=FieldMask(paths=["text", path]),
        )
        refusal = await ada.client.refused("UpdateMemory", request)
        assert (refusal.reason, refusal.metadata["path"]) == ("UPDATE_MASK_INVALID", path)
        unchanged = await ada.call("GetMemory", memory_id=ada.memory_ids[0])
        assert unchanged.memory.utterances[0].text == "I am number 0."

    async def test_words_that_are_named_are_there(self, ada: Several) -> None:
        request = request_for(
            "UpdateMemory", memory_id=ada.memory_ids[0], update_mask=FieldMask(paths=["text"])
        )
        refusal = await ada.client.refused("UpdateMemory", request)
        assert refusal.reason == "UPDATE_MASK_INVALID"

    async def test_a_lock_that_is_named_and_not_set_opens(self, ada: Several) -> None:
        memory_id = ada.memory_ids[0]
        await ada.call("UpdateMemory", memory_id=memory_id, locked=True)
        mask = FieldMask(paths=["locked"])
        changed = await ada.call("UpdateMemory", memory_id=memory_id, update_mask=mask)
        assert not changed.memory.locked


class TestPurging:
    @pytest.mark.parametrize(
        ("changed", "code", "reason"),
        [
            ({"include_locked": True}, "INVALID_ARGUMENT", "CONFIRMATION_MISMATCH"),
            ({"filter": {"locked": False}}, "INVALID_ARGUMENT", "CONFIRMATION_MISMATCH"),
            ({"confirmation": "no"}, "INVALID_ARGUMENT", "CONFIRMATION_INVALID"),
        ],
    )
    async def test_what_is_refused_uses_up_nothing(
        self, ada: Several, changed: dict[str, Any], code: str, reason: str
    ) -> None:
        asked: dict[str, Any] = {"personality_id": ada.personality_id}
        preview = await ada.call("PurgeMemories", **asked)
        confirmed = asked | {"confirmation": preview.confirmation}
        wrong = request_for("PurgeMemories", **confirmed | changed)
        refusal = await ada.client.refused("PurgeMemories", wrong)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode[code], reason)
        assert (await ada.call("PurgeMemories", **confirmed)).memory_count == 3
        again = await ada.client.refused("PurgeMemories", request_for("PurgeMemories", **confirmed))
        assert (again.code, again.reason) == (
            grpc.StatusCode.FAILED_PRECONDITION,
            "CONFIRMATION_USED",
        )

    async def test_the_same_filter_told_otherwise_is_the_same(self, ada: Several) -> None:
        filter: dict[str, Any] = {"persona_ids": ada.persona_ids}
        preview = await ada.call("PurgeMemories", filter=filter)
        gone = await ada.call(
            "PurgeMemories",
            filter={"persona_ids": ada.persona_ids[::-1]},
            confirmation=preview.confirmation,
        )
        assert gone.memory_count == 3

    async def test_somebody_elses_confirmation_is_none(self, ada: Several, served: Served) -> None:
        eve = await several(served)
        preview = await ada.call("PurgeMemories")
        stolen = request_for("PurgeMemories", confirmation=preview.confirmation)
        assert (await eve.client.refused("PurgeMemories", stolen)).reason == "CONFIRMATION_INVALID"
        assert len(await eve.has()) == 3
        gone = await ada.call("PurgeMemories", confirmation=preview.confirmation)
        assert gone.memory_count == 3

    async def test_a_character_that_may_be_seen_no_more_is_made_to_forget(
        self, ada: Several, served: Served
    ) -> None:
        eve = await several(served)
        hidden: dict[str, Any] = {"personality_id": eve.personality_id}
        unmet = await ada.client.refused("PurgeMemories", request_for("PurgeMemories", **hidden))
        assert unmet.reason == "PERSONALITY_NOT_FOUND"
        persona_id, personality_id = UUID(ada.persona_ids[0]), UUID(eve.personality_id)
        met = await _remembered(served, persona_id, personality_id, "We met.")
        preview = await ada.call("PurgeMemories", **hidden)
        assert [it.id for it in preview.samples] == [met]
        await ada.call("PurgeMemories", **hidden, confirmation=preview.confirmation)
        assert await ada.has() == set(ada.memory_ids)
