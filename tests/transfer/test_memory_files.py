"""Memories as files: out, into another account, and out again; once, and nobody else's."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import grpc
import pytest
from hypothesis import given, settings
from sqlalchemy import text

from tests.calling import request_for
from tests.conftest import Served
from tests.formats.memories import making
from tests.formats.memories.making import leaving, told
from tests.transfer.handing import done, everything
from tests.transfer.keeper import Keeper, character, keeper
from tzurot.formats.found import Recalled, Recollection
from tzurot.formats.memories import line, ours
from tzurot.memory.v1 import memory_filter_pb2
from tzurot.personality.v1 import personality_pb2
from tzurot.transfer.v1.transfer_service_pb2 import MemoryFormat

PUBLIC, PRIVATE = personality_pb2.VISIBILITY_PUBLIC, personality_pb2.VISIBILITY_PRIVATE
# What is of the server that a memory is on, and so can't be the same on another.
OWN = ("id", "create_time", "source_ids", "character")
MEM0 = {
    "id": "m1",
    "memory": "Lives in Bergen, by the sea.",
    "hash": "0f",
    "metadata": {"page": 1.50, "tags": ["home"]},
    "created_at": "2026-03-01T10:00:00-07:00",
    "updated_at": None,
    "user_id": "ida",
    "agent_id": "helper",
    "score": 0.0,
}
OPEN = {
    "id": "o1",
    "content": "Lives in Bergen, by the sea.",
    "primary_sector": "episodic",
    "sectors": ["episodic", "emotional"],
    "tags": ["home"],
    "metadata": {"page": 1},
    "salience": 0.75,
    "decay_lambda": 0.015,
    "created_at": 1772359200000,
    "updated_at": 1772359200000,
    "last_seen_at": 1772359200000,
    "version": 1,
}


@pytest.fixture
async def mira(served: Served) -> Keeper:
    return await keeper(served, "mira")


@pytest.fixture
async def kael(served: Served) -> Keeper:
    return await keeper(served, "kael")


def file(*memories: Recollection) -> bytes:
    """A file of ours."""
    rows = [line.write(leaving(it)) for it in memories]
    return b"\n".join((ours.header(len(memories)), *rows))


def invented(count: int) -> list[Recollection]:
    """Memories of so many examples of hypothesis's, each with an id and a moment of its own."""
    found: list[Recollection] = []

    @settings(max_examples=count, derandomize=True, database=None, deadline=None)
    @given(making.files())
    def collect(memories: list[Recollection]) -> None:
        found.extend(memories)

    collect()
    ids = {it.known.id: it for it in found}
    return making.apart([making.short(it) for it in ids.values()])


def same(rows: Sequence[dict[str, Any]]) -> list[str]:
    """What must be the same on any server; what was gathered, by the words of its sources."""
    words = {row["id"]: row["text"] + row["answer"] for row in rows}
    return sorted(
        json.dumps(
            {key: it for key, it in row.items() if key not in OWN}
            | {"gathered": sorted(words[it] for it in row["source_ids"])}
        )
        for row in rows
    )


class TestOurs:
    async def test_what_goes_out_comes_in_elsewhere_and_goes_out_the_same(
        self, mira: Keeper, kael: Keeper
    ) -> None:
        memories = invented(50)
        assert len(memories) > 100
        assert done(await mira.brings(file(*memories))) == {("create", "memory"): len(memories)}
        out = await mira.takes()
        first = [json.loads(row) for row in out.split(b"\n")[1:-1]]
        written = [json.loads(line.write(leaving(it))) for it in memories]
        assert same(first) == same(written)
        await kael.imports(out)
        assert same(await kael.lines()) == same(first)
        assert {row["kind"] for row in first} == {"exchange", "reflection"}

    async def test_what_was_told_here_is_told_there(self, mira: Keeper, kael: Keeper) -> None:
        memory = told(
            "I live in Bergen.",
            id="1",
            sector="episodic",
            other_sectors=("emotional",),
            salience=0.75,
            venue="private_channel",
            platform="discord",
            locked=True,
            age_restricted=True,
        )
        await mira.brings(file(replace(memory, channel_id="7")))
        await kael.imports(await mira.takes())
        (row,) = await kael.lines()
        (kept,) = await kael.memories()
        assert row | {"id": "", "create_time": "", "character": ""} == {
            "id": "",
            "character": "",
            "persona": "",
            "text": "I live in Bergen.",
            "answer": "By the sea?",
            "person_name": "Mira",
            "personality_name": "Lilith",
            "occur_time": "2026-03-01T12:00:00+00:00",
            "create_time": "",
            "edit_time": None,
            "venue": "private_channel",
            "platform": "discord",
            "channel_id": "7",
            "kind": "exchange",
            "sector": "episodic",
            "other_sectors": ["emotional"],
            "salience": 0.75,
            "recalls": None,
            "locked": True,
            "age_restricted": True,
            "dormant": False,
            "source_ids": [],
            "source": None,
        }
        assert (kept.locked, kept.venue, len(kept.utterances)) == (True, 2, 2)

    async def test_the_same_file_again_adds_nothing(self, mira: Keeper, kael: Keeper) -> None:
        data = file(told(id="1"), told("Hi.", id="2"), told("Hi.", id="3", sector="episodic"))
        alike = file(told("Hi.", id="4"))
        assert done(await mira.brings(data)) == {("create", "memory"): 2, ("keep", "memory"): 1}
        out = await mira.takes()
        for again in (data, out, alike):
            assert set(done(await mira.previews(again, personality={"id": mira.lilith}))) == {
                ("keep", "memory")
            }
            assert set(done(await mira.brings(again))) == {("keep", "memory")}
        assert len(await mira.lines()) == 2
        await kael.imports(out)
        assert set(done(await mira.imports(await kael.takes()))) == {("keep", "memory")}

    async def test_the_same_words_at_another_time_are_another_memory(self, mira: Keeper) -> None:
        one, other = making.apart([told("Hi.", id="1"), told("Hi.", id="2")])
        assert done(await mira.brings(file(one, other))) == {("create", "memory"): 2}

    async def test_what_was_brought_and_deleted_since_does_not_come_again(
        self, mira: Keeper
    ) -> None:
        data = file(told(id="1"))
        await mira.brings(data)
        (kept,) = await mira.memories()
        await mira.client.call("DeleteMemory", request_for("DeleteMemory", memory_id=kept.id))
        assert done(await mira.brings(data)) == {("keep", "memory"): 1}
        assert await mira.memories() == []

    async def test_what_was_worded_otherwise_here_stays_so(self, mira: Keeper) -> None:
        tell = request_for("CreateMemory", personality_id=mira.lilith, text="I keep bees.")
        memory = (await mira.client.call("CreateMemory", tell)).memory
        out = await mira.takes()
        change = request_for("UpdateMemory", memory_id=memory.id, text="I kept bees.")
        await mira.client.call("UpdateMemory", change)
        assert done(await mira.imports(out)) == {("keep", "memory"): 1}
        (row,) = await mira.lines()
        assert (row["text"], row["edit_time"] is not None) == ("I kept bees.", True)

    async def test_each_memory_goes_to_the_character_that_it_names(self, mira: Keeper) -> None:
        await character(mira.client, "Marta")
        known = {"character_slug": "no-such-slug-of-mine", "character_name": "Marta"}
        lilith = (await mira.character(mira.lilith)).slug
        data = file(
            told(id="1", character_slug=lilith),
            told("Hi.", id="2", **known),
            told("Ho.", id="3", character_slug="gone", character_name="Gone"),
        )
        result = await mira.imports(data)
        counts = {change.name: change.count for change in result.preview.changes}
        assert counts == {"Lilith": 1, "Marta": 1}
        assert any("`gone`, which is not here" in it for it in result.preview.warnings)
        assert not result.HasField("personality")
        rows = {row["text"]: row["character"]["name"] for row in await mira.lines()}
        assert rows == {"I live in Bergen.": "Lilith", "Hi.": "Marta"}

    async def test_a_character_that_is_said_gets_all_of_them(self, mira: Keeper) -> None:
        data = file(told(id="1", character_slug="gone"), told("Hi.", id="2"))
        assert done(await mira.brings(data)) == {("create", "memory"): 2}
        assert {row["character"]["name"] for row in await mira.lines()} == {"Lilith"}

    @pytest.mark.parametrize("known", [{}, {"character_slug": "gone", "character_name": "Gone"}])
    async def test_whose_they_are_must_be_known(self, mira: Keeper, known: dict[str, str]) -> None:
        data = file(told(id="1", **known))
        assert (await mira.previews(data)).warnings
        assert (await mira.is_refused(data)).reason == "PERSONALITY_NEEDED"
        assert await mira.lines() == []

    async def test_a_character_of_somebody_else_s_is_not_named_by_its_slug(
        self, mira: Keeper, kael: Keeper
    ) -> None:
        slug = (await mira.character(mira.lilith)).slug
        refusal = await kael.is_refused(file(told(id="1", character_slug=slug)))
        assert refusal.reason == "PERSONALITY_NEEDED"

    async def test_each_memory_goes_to_the_persona_that_it_names(self, mira: Keeper) -> None:
        await mira.meets("Ada", "Zoe")
        data = file(
            told("As Ada.", id="1", persona_name="Ada"),
            told("As Max.", id="2", persona_name="Max"),
            told("As myself.", id="3"),
        )
        result = await mira.brings(data)
        assert any("no persona `Max`: 1 of its memories" in it for it in result.preview.warnings)
        told_by = {row["text"]: row["persona"] for row in await mira.lines()}
        assert told_by == {"As Ada.": "Ada", "As Max.": "", "As myself.": ""}

    async def test_what_was_gathered_stands_on_what_it_was_gathered_from(
        self, mira: Keeper
    ) -> None:
        gathered = told("Much is of the sea.", "", id="3", kind="reflection", source_ids=("1", "2"))
        whole = file(*making.apart([told(id="1"), told("Hi.", id="2")]), gathered)
        assert done(await mira.brings(whole)) == {("create", "memory"): 3}
        (reflection,) = [it for it in await mira.memories() if it.source_ids]
        source = reflection.source_ids[0]
        await mira.client.call("DeleteMemory", request_for("DeleteMemory", memory_id=source))
        assert len(await mira.memories()) == 1

    async def test_what_was_gathered_does_not_come_without_all_of_that(self, mira: Keeper) -> None:
        gathered = told("Much.", "", id="3", kind="reflection", source_ids=("1", "2"))
        result = await mira.brings(file(told(id="1"), gathered))
        assert done(result) == {("create", "memory"): 1}
        assert any("left out: 1" in it for it in result.preview.warnings)

    @pytest.mark.parametrize("salience", [5e-324, 1e-300, 1e-38, 0.1 + 0.2, 1 - 2**-53])
    async def test_any_share_of_one_can_be_kept(self, mira: Keeper, salience: float) -> None:
        recalls = Recalled(1, salience, making.NOON)
        await mira.brings(file(told(id="1", salience=salience, recalls=recalls)))
        (row,) = await mira.lines()
        kept = (row["salience"], row["recalls"]["salience"])
        assert kept == pytest.approx((salience, salience), abs=1e-7)

    async def test_a_broken_line_stores_nothing(self, mira: Keeper, served: Served) -> None:
        data = file(told(id="1"), told("Hi.", id="2"))[:-9]
        before = await everything(served.running.parts.database)
        refusal = await mira.is_refused(data, personality={"id": mira.lilith})
        assert refusal.reason == "FILE_UNREADABLE"
        assert refusal.message.startswith("Line 3 is no JSON object")
        assert await everything(served.running.parts.database) == before


class TestOthers:
    @pytest.mark.parametrize(
        ("as_format", "row", "words"), [("MEM0", MEM0, "results"), ("OPENMEMORY", OPEN, "items")]
    )
    async def test_rows_come_back_with_every_value(
        self, mira: Keeper, kael: Keeper, as_format: str, row: dict[str, Any], words: str
    ) -> None:
        await mira.brings(json.dumps({words: [row]}).encode())
        out = await mira.takes(as_format)
        assert json.loads(out) == {words: [row]}
        await kael.brings(out)
        assert await kael.takes(as_format) == out
        assert set(done(await mira.brings(out))) == {("keep", "memory")}
        through = await keeper(kael.served, "rita")
        await through.imports(await mira.takes())
        assert await through.takes(as_format) == out

    async def test_they_become_notes_of_the_time_that_the_source_says(self, mira: Keeper) -> None:
        await mira.brings(json.dumps([OPEN]).encode())
        (row,) = await mira.lines()
        told_here = ("text", "answer", "person_name", "personality_name", "venue", "occur_time")
        assert [row[name] for name in told_here] == [
            "Lives in Bergen, by the sea.",
            "",
            "",
            "Lilith",
            "direct",
            "2026-03-01T10:00:00+00:00",
        ]
        assert (row["sector"], row["other_sectors"], row["salience"]) == (
            "episodic",
            ["emotional"],
            0.75,
        )

    async def test_what_was_changed_here_is_changed_and_the_old_words_are_gone(
        self, mira: Keeper, served: Served
    ) -> None:
        await mira.brings(json.dumps([MEM0]).encode())
        (kept,) = await mira.memories()
        change = request_for("UpdateMemory", memory_id=kept.id, text="Lives inland.")
        await mira.client.call("UpdateMemory", change)
        (row,) = json.loads(await mira.takes("MEM0"))["results"]
        changed = {name for name in row if row[name] != MEM0[name]}
        assert (row["memory"], changed) == ("Lives inland.", {"memory", "hash", "updated_at"})
        async with served.running.parts.database.transaction() as tx:
            query = text("SELECT count(*) FROM memory_origins WHERE row LIKE '%Lives in%'")
            assert await tx.scalar(query) == 0

    async def test_a_row_goes_with_its_memory(self, mira: Keeper, served: Served) -> None:
        canary = {**MEM0, "metadata": {"canary": "heron-on-the-mast"}}
        await mira.brings(json.dumps([canary]).encode())
        (kept,) = await mira.memories()
        await mira.client.call("DeleteMemory", request_for("DeleteMemory", memory_id=kept.id))
        async with served.running.parts.database.transaction() as tx:
            query = text("SELECT count(*) FROM memory_origins WHERE row LIKE '%heron-on-the-mast%'")
            assert await tx.scalar(query) == 0

    async def test_without_a_character_nothing_is_stored(self, mira: Keeper) -> None:
        data = json.dumps([MEM0]).encode()
        preview = await mira.previews(data)
        fields = {field.source: field.destination for field in preview.fields}
        assert fields["memory"] == "memory.text"
        assert {part.path for part in preview.kept_aside} >= {"hash", "metadata", "agent_id"}
        assert (await mira.is_refused(data)).reason == "PERSONALITY_NEEDED"

    async def test_two_rows_of_the_same_words_and_different_times_both_come(
        self, mira: Keeper
    ) -> None:
        later = {**MEM0, "id": "m2", "created_at": "2026-03-02T10:00:00Z"}
        await mira.brings(json.dumps([MEM0, later]).encode())
        assert json.loads(await mira.takes("MEM0"))["results"] == [MEM0, later]


class TestWhose:
    async def test_nobody_else_s_go_out(self, mira: Keeper, kael: Keeper) -> None:
        """Neither those that somebody else told the same character, nor by naming a persona."""
        public = await character(mira.client, "Marta", visibility=personality_pb2.VISIBILITY_PUBLIC)
        for who, words in ((mira, "I am Mira."), (kael, "I am Kael.")):
            tell = request_for("CreateMemory", personality_id=public, text=words)
            await who.client.call("CreateMemory", tell)
        assert [row["text"] for row in await mira.lines()] == ["I am Mira."]
        (kaels,) = await kael.lists("ListMemories", personality_id=public)
        theirs = memory_filter_pb2.MemoryFilter(persona_ids=[kaels.persona_id])
        assert await mira.lines(filter=theirs) == []
        assert await mira.lines(personality_id=public, filter=theirs) == []

    async def test_a_character_that_is_not_to_be_seen_is_not_found(
        self, mira: Keeper, kael: Keeper
    ) -> None:
        number = MemoryFormat.MEMORY_FORMAT_JSON_LINES
        request = request_for("ExportMemories", personality_id=mira.lilith, format=number)
        refusal = await kael.client.refused("ExportMemories", request)
        assert (refusal.code, refusal.reason) == (
            grpc.StatusCode.NOT_FOUND,
            "PERSONALITY_NOT_FOUND",
        )

    async def test_what_a_character_remembers_that_is_hidden_since_goes_out(
        self, mira: Keeper, kael: Keeper
    ) -> None:
        public = await character(mira.client, "Marta", visibility=PUBLIC)
        tell = request_for("CreateMemory", personality_id=public, text="I am Kael.")
        await kael.client.call("CreateMemory", tell)
        await mira.edits(public, visibility=PRIVATE)
        assert [row["text"] for row in await kael.lines(personality_id=public)] == ["I am Kael."]

    async def test_all_personas_of_a_person_go(self, mira: Keeper) -> None:
        await mira.meets("Ada")
        await mira.brings(file(told("As Ada.", id="1", persona_name="Ada"), told(id="2")))
        assert {row["persona"] for row in await mira.lines()} == {"", "Ada"}

    async def test_a_filter_narrows(self, mira: Keeper) -> None:
        one, other = making.apart(
            [told("Hi.", id="1", sector="episodic", locked=True), told("Ho.", id="2")]
        )
        marta = await character(mira.client, "Marta")
        await mira.brings(file(one, other))
        locked = memory_filter_pb2.MemoryFilter(locked=True)
        assert [row["text"] for row in await mira.lines(filter=locked)] == ["Hi."]
        assert await mira.lines(personality_id=marta) == []
        assert len(await mira.lines(personality_id=mira.lilith)) == 2

    async def test_the_file_is_of_one_moment_and_in_batches(self, mira: Keeper) -> None:
        many = making.apart([told(f"Line {n}.", id=str(n)) for n in range(1_201)])
        await mira.brings(file(*many))
        rows, _ = await asyncio.gather(mira.lines(), mira.brings(file(told("Late.", id="late"))))
        assert [row["text"] for row in rows if row["text"] != "Late."] == [it.text for it in many]

    async def test_nothing_remembered_is_a_file_with_a_header_alone(self, mira: Keeper) -> None:
        assert await mira.lines() == []
        for as_format, word in (("MEM0", "results"), ("OPENMEMORY", "items")):
            assert json.loads(await mira.takes(as_format)) == {word: []}
