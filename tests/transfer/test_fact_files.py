"""Facts in files: out, into another account, and out again; what was forgotten stays forgotten."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from tests.calling import request_for
from tests.conftest import Served
from tests.formats.memories import making
from tests.formats.memories.making import leaving, told
from tests.transfer.handing import done, verbs
from tests.transfer.keeper import Keeper, character, keeper
from tzurot.formats.found import KnownFact, Recollection
from tzurot.formats.memories import fact_line, line, ours
from tzurot.formats.memories.fact_line import FactLeaving
from tzurot.memory.v1 import fact_pb2

# What is of the server that a fact is on.
OWN = ("id", "create_time", "character", "source_ids", "outdated_source_ids")
LINKS = ("superseded_by_id", "replaces_id")


@pytest.fixture(scope="module")
def served(understanding: Served) -> Served:
    """What is said in other words is known by its meaning."""
    return understanding


@pytest.fixture
async def mira(served: Served) -> Keeper:
    return await keeper(served, "mira")


@pytest.fixture
async def kael(served: Served) -> Keeper:
    return await keeper(served, "kael")


def file(memories: Sequence[Recollection] = (), *facts: KnownFact) -> bytes:
    """A file of ours."""
    rows = [line.write(leaving(it)) for it in memories]
    rows += [fact_line.write(FactLeaving(it, making.NOON)) for it in facts]
    return b"\n".join((ours.header(len(memories), len(facts)), *rows))


def fact(text: str, id: str, **more: Any) -> KnownFact:
    """One that Mira told; with sources one that was learnt."""
    origin = "learnt" if more.get("source_ids") else "told"
    return replace(KnownFact(id, text, making.NOON, origin=origin), **more)


async def facts(who: Keeper, **fields: Any) -> list[dict[str, Any]]:
    """The facts of their file."""
    return [it for it in await who.lines(**fields) if it["kind"] == "fact"]


async def texts(who: Keeper) -> dict[str, str]:
    """What is known of them, with its state."""
    return {it["text"]: it["state"] for it in await facts(who)}


async def tells(who: Keeper, text: str) -> str:
    request = request_for("CreateFact", personality_id=who.lilith, text=text)
    return str((await who.client.call("CreateFact", request)).fact.id)


async def forgets(who: Keeper, fact_id: str) -> None:
    await who.client.call("ForgetFact", request_for("ForgetFact", fact_id=fact_id))


def invented(count: int) -> tuple[list[Recollection], list[KnownFact]]:
    """Memories and facts of so many examples, with ids and moments of their own."""
    memories: dict[str, Recollection] = {}
    found: dict[str, KnownFact] = {}

    @settings(max_examples=count, derandomize=True, database=None, deadline=None)
    @given(making.files_with_facts())
    def collect(both: tuple[list[Recollection], list[KnownFact]]) -> None:
        memories.update((it.known.id, it) for it in both[0])
        found.update((it.id, it) for it in both[1])

    collect()
    said = [making.short(it) for it in memories.values()]
    return making.apart(said), list(found.values())


def same(rows: Sequence[dict[str, Any]]) -> list[str]:
    """What must be the same on any server; others by what they say."""
    said = {it["id"]: it["text"] + it.get("answer", "") for it in rows}
    return sorted(
        json.dumps(
            {key: value for key, value in it.items() if key not in (*OWN, *LINKS)}
            | {key: said.get(it[key]) for key in LINKS}
            | {key: sorted(said[one] for one in it[key]) for key in OWN[-2:]},
            sort_keys=True,
        )
        for it in rows
        if it["kind"] == "fact"
    )


async def test_what_goes_out_comes_in_elsewhere_and_goes_out_the_same(
    mira: Keeper, kael: Keeper
) -> None:
    memories, known = invented(12)
    assert len(known) > 20
    assert {it.state for it in known} == {"current", "proposed", "superseded"}
    states = {it.id: it.state for it in known}
    assert "superseded" in {states.get(it.superseded_by_id) for it in known}
    brought = done(await mira.brings(file(memories, *known)))
    assert brought == {("create", "memory"): len(memories), ("create", "fact"): len(known)}
    out = await mira.takes()
    first = [json.loads(row) for row in out.split(b"\n")[1:-1]]
    written = [json.loads(row) for row in file(memories, *known).split(b"\n")[1:]]
    assert same(first) == same(written)
    assert done(await kael.previews(out)) == done(await kael.imports(out)) == brought
    assert same(await kael.lines()) == same(first)


async def test_the_same_file_again_adds_nothing(mira: Keeper, kael: Keeper) -> None:
    await tells(mira, "Mira keeps bees.")
    data = file([told(id="1")], fact("Mira lives in Bergen.", "2", source_ids=("1",)))
    await mira.brings(data)
    out = await mira.takes()
    for again in (data, out):
        assert verbs(await mira.imports(again, personality={"id": mira.lilith})) == {"keep"}
    await kael.imports(out)
    assert verbs(await mira.imports(await kael.takes())) == {"keep"}
    assert len(await facts(mira)) == 2


async def test_what_is_said_here_in_other_words_does_not_come_twice(mira: Keeper) -> None:
    await tells(mira, "Mira's brother is called Tom.")
    assert done(await mira.brings(file((), fact("Tom is Mira's brother.", "1")))) == {
        ("keep", "fact"): 1
    }


async def test_facts_follow_memories_that_are_here_already(mira: Keeper) -> None:
    await mira.brings(file([told(id="1")]))
    data = file([told(id="1")], fact("Mira lives in Bergen.", "2", source_ids=("1",)))
    assert done(await mira.brings(data)) == {("keep", "memory"): 1, ("create", "fact"): 1}
    (memory,) = await mira.memories()
    (kept,) = await facts(mira)
    assert kept["source_ids"] == [memory.id]
    await mira.client.call("DeleteMemory", request_for("DeleteMemory", memory_id=memory.id))
    assert await facts(mira) == []


async def test_a_memory_that_was_edited_since_says_no_fact_of_a_file(mira: Keeper) -> None:
    await mira.brings(file([told(id="1")], fact("Mira lives in Bergen.", "2", source_ids=("1",))))
    out = await mira.takes()
    (memory,) = await mira.memories()
    edit = request_for("UpdateMemory", memory_id=memory.id, text="I live somewhere.")
    await mira.client.call("UpdateMemory", edit)
    await mira.imports(out, personality={"id": mira.lilith})
    assert await texts(mira) == {}


async def test_no_fact_ends_before_it_began(mira: Keeper) -> None:
    await mira.brings(
        file([told(id="1")], fact("Mira's cat is called Tom.", "2", source_ids=("1",)))
    )
    before = making.NOON - timedelta(days=2000)
    await mira.brings(file((), fact("Mira's cat is called Tim.", "3", valid_from=before)))
    (tom,) = [it for it in await facts(mira) if it["state"] == "superseded"]
    assert tom["valid_until"] == tom["valid_from"]


async def test_what_was_learnt_does_not_come_without_what_says_it(mira: Keeper) -> None:
    data = file([told(id="1")], fact("Mira lives in Bergen.", "2", source_ids=("7",)))
    result = await mira.brings(data)
    assert done(result) == {("create", "memory"): 1}
    assert any("don't come along, left out: 1." in it for it in result.preview.warnings)


class TestForgotten:
    async def test_it_does_not_come_back_and_the_preview_says_so(self, mira: Keeper) -> None:
        kept, gone = await tells(mira, "Mira keeps bees."), await tells(mira, "Mira has a cat.")
        out = await mira.takes()
        other = fact("A cat lives with Mira.", "1")
        await forgets(mira, gone)
        for data in (out, file((), replace(other, text="Mira has a cat."))):
            preview = await mira.previews(data, personality={"id": mira.lilith})
            assert "Facts that you had forgotten, left out: 1. They stay forgotten." in (
                preview.warnings
            )
            await mira.imports(data, personality={"id": mira.lilith})
        assert [it["id"] for it in await facts(mira)] == [kept]

    async def test_what_came_from_a_file_and_was_forgotten_does_not_come_again(
        self, mira: Keeper
    ) -> None:
        data = file((), fact("Mira has a cat.", "1"))
        await mira.brings(data)
        (kept,) = await facts(mira)
        await forgets(mira, kept["id"])
        assert done(await mira.brings(data)) == {("keep", "fact"): 1}
        assert await texts(mira) == {}

    async def test_somebody_else_may_know_it(self, mira: Keeper, kael: Keeper) -> None:
        await forgets(mira, await tells(mira, "Mira has a cat."))
        await kael.brings(file((), fact("Mira has a cat.", "1")))
        assert await texts(kael) == {"Mira has a cat.": "current"}

    async def test_nothing_of_it_goes_out(self, mira: Keeper) -> None:
        await tells(mira, "Mira keeps bees.")
        await forgets(mira, await tells(mira, "Mira hums zyxwv at dawn."))
        out = await mira.takes()
        assert b"zyxwv" not in out
        assert b"forgotten" not in out


class TestDecisions:
    """What a person decided counts there as it did here."""

    async def test_a_correction_stands_against_what_is_learnt(
        self, mira: Keeper, kael: Keeper
    ) -> None:
        learnt = fact("Mira's cat is called Tom.", "2", source_ids=("1",))
        await mira.brings(file([told(id="1")], learnt))
        (wrong,) = await facts(mira)
        await mira.client.call(
            "CorrectFact",
            request_for("CorrectFact", fact_id=wrong["id"], text="Mira's cat is called Tim."),
        )
        await kael.imports(await mira.takes())
        (right,) = await facts(kael)
        assert (right["origin"], len(right["outdated_source_ids"])) == ("told", 1)
        more = [told("Again.", id="8")]
        again = await kael.brings(
            file(more, fact("Mira's cat is called Tom.", "9", source_ids=("8",)))
        )
        assert any("say otherwise than what is known here" in it for it in again.preview.warnings)
        assert await texts(kael) == {"Mira's cat is called Tim.": "current"}

    async def test_what_was_told_there_takes_the_place_of_what_was_learnt_here(
        self, mira: Keeper
    ) -> None:
        learnt = fact("Mira's brother is called Tom.", "2", source_ids=("1",))
        await mira.brings(file([told(id="1")], learnt))
        await mira.brings(file((), fact("Tom is Mira's brother.", "3")))
        (kept,) = await facts(mira)
        assert (kept["text"], kept["origin"]) == ("Tom is Mira's brother.", "told")

    async def test_what_waits_for_a_yes_waits_on(self, mira: Keeper) -> None:
        memories = making.apart([told(id="1"), told("Oslo!", id="2")])
        await mira.brings(
            file(
                memories,
                fact("Mira lives in Bergen.", "3", source_ids=("1",)),
                fact(
                    "Mira lives in Oslo.",
                    "4",
                    source_ids=("2",),
                    state="proposed",
                    replaces_id="3",
                ),
            )
        )
        assert await texts(mira) == {
            "Mira lives in Bergen.": "current",
            "Mira lives in Oslo.": "proposed",
        }
        listed = await mira.lists("ListFacts", personality_id=mira.lilith)
        (waiting,) = [it for it in listed if it.state == fact_pb2.FACT_STATE_PROPOSED]
        await mira.client.call("ConfirmFact", request_for("ConfirmFact", fact_id=waiting.id))
        assert await texts(mira) == {
            "Mira lives in Bergen.": "superseded",
            "Mira lives in Oslo.": "current",
        }


class TestWhose:
    async def test_each_goes_to_the_character_and_the_persona_that_it_names(
        self, mira: Keeper
    ) -> None:
        await mira.meets("Ada")
        await character(mira.client, "Marta")
        data = file(
            (),
            fact("Ada skis.", "1", persona_name="Ada", character_name="Marta"),
            fact("Max skis.", "2", persona_name="Max", character_name="Marta"),
            fact("Mira skis.", "3", character_slug="gone"),
        )
        result = await mira.imports(data)
        assert done(result) == {("create", "fact"): 2}
        warnings = " ".join(result.preview.warnings)
        assert "no persona `Max`: 1 of its facts" in warnings
        assert "Facts of `gone`, which is not here, are left out: 1." in warnings
        known = {it["text"]: (it["persona"], it["character"]["name"]) for it in await facts(mira)}
        assert known == {"Ada skis.": ("Ada", "Marta"), "Max skis.": ("", "Marta")}

    async def test_nobody_elses_are_touched_or_taken(self, mira: Keeper, kael: Keeper) -> None:
        theirs = await tells(mira, "Mira keeps bees.")
        before = await mira.takes()
        data = file((), fact("Mira has left bees alone.", theirs), fact("Kael skis.", "2"))
        await kael.imports(data, personality={"id": kael.lilith})
        assert await mira.takes() == before
        assert set(await texts(kael)) == {"Mira has left bees alone.", "Kael skis."}

    @pytest.mark.parametrize(
        ("filter", "count"),
        [
            ({}, 2),
            ({"venues": ["VENUE_PUBLIC_CHANNEL"]}, 1),
            ({"occur_until": {"seconds": 1_000_000_000}}, 0),
            ({"locked": False}, 0),
            ({"sectors": ["SECTOR_SEMANTIC"]}, 0),
        ],
    )
    async def test_filters_mean_them_too_as_far_as_they_can(
        self, mira: Keeper, filter: dict[str, Any], count: int
    ) -> None:
        data = file((), fact("Mira skis.", "1"), fact("Mira swims.", "2", venue="public_channel"))
        await mira.brings(data)
        assert len(await facts(mira, filter=filter)) == count

    @pytest.mark.parametrize("as_format", ["MEM0", "OPENMEMORY"])
    async def test_other_programs_get_memories_alone(self, mira: Keeper, as_format: str) -> None:
        await tells(mira, "Mira keeps bees.")
        assert b"bees" not in await mira.takes(as_format)
