"""Graphs and numbers are read of the personas that are named, and of nobody else."""

import asyncio
import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.memory.talk import Talk
from tzurot import clock
from tzurot.llm.embeddings import commonness
from tzurot.memory import fading, waypoint_store
from tzurot.memory.graph import graph_store
from tzurot.memory.graph.graphs import Graphs
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.sectors import Sector
from tzurot.memory.waypoints import Waypoint, WaypointKind


async def called(ids: object) -> dict[UUID, str]:
    return {}


@pytest.fixture
def graphs(talk: Talk) -> Graphs:
    return Graphs(talk.database, called, commonness)


async def execute(talk: Talk, statement: str, **values: object) -> None:
    async with talk.database.transaction() as tx:
        await tx.execute(text(statement), values)


async def link(talk: Talk, one: MemoryId, other: MemoryId, weight: float = 0.5) -> None:
    made = Waypoint.between(one, other, WaypointKind.SIMILARITY, weight, clock.now())
    async with talk.database.transaction() as tx:
        await waypoint_store.put(tx, [made])


async def two_owners(talk: Talk) -> tuple[Owner, Owner]:
    """Ada and Eve, who talk with the same character; Eve has a secret with Zoe."""
    ada = await talk.owner()
    eve = await talk.owner(like=ada)
    one, other = await talk.say_all(ada, ["I met Jonas in Kos.", "I met Jonas again."])
    secret, further = await talk.say_all(eve, ["I met Zoe in Rome.", "I met Zoe again."])
    await link(talk, one, other)
    await link(talk, secret, further)
    await link(talk, one, secret)  # as no code makes it
    return ada, eve


async def test_nobody_elses_memories_are_in_a_graph(talk: Talk, graphs: Graphs) -> None:
    ada, eve = await two_owners(talk)
    for own, theirs in ((ada, eve), (eve, ada)):
        for personality_id in (None, ada.personality_id):
            waypoints = await graphs.waypoints([own.persona_id], personality_id, 60)
            related = await graphs.relationships([own.persona_id], personality_id, 60)
            names = ("Jonas", "Kos") if own is ada else ("Zoe", "Rome")
            others = ("Zoe", "Rome") if own is ada else ("Jonas", "Kos")
            assert len(waypoints.nodes) == 2
            assert len(waypoints.edges) == 1
            assert set(names) <= {it.label for it in related.nodes}
            for graph in (waypoints, related):
                drawn = await graphs.svg(graph)
                assert [name in str(graph) or name in drawn for name in others] == [False] * 2
                assert str(theirs.persona_id) not in str(graph)
    nobody = await graphs.waypoints([clock.uuid7()], None, 60)
    assert (nobody.nodes, nobody.read) == ((), 0)


async def test_of_several_personas_there_are_all(talk: Talk, graphs: Graphs) -> None:
    ada, eve = await two_owners(talk)
    both = [ada.persona_id, eve.persona_id]
    graph = await graphs.waypoints(both, None, 60)
    assert (len(graph.nodes), len(graph.edges)) == (4, 2)
    assert {"Jonas", "Zoe"} <= {
        it.label for it in (await graphs.relationships(both, None, 9)).nodes
    }
    assert (await graphs.stats(both, None)).memory_count == 4


async def test_another_character_is_left_out_if_one_is_named(talk: Talk, graphs: Graphs) -> None:
    ada, other = await talk.owner(), await talk.owner()
    await talk.say(ada, "I met Jonas.")
    elsewhere = Owner(ada.persona_id, other.personality_id)
    await talk.say(elsewhere, "I met Zoe.")
    graph = await graphs.relationships([ada.persona_id], other.personality_id, 60)
    assert "Zoe" in {it.label for it in graph.nodes}
    assert "Jonas" not in str(graph)
    assert (await graphs.waypoints([ada.persona_id], None, 60)).read == 2
    assert (await graphs.stats([ada.persona_id], other.personality_id)).memory_count == 1


async def test_what_is_deleted_or_put_aside_is_in_none(talk: Talk, graphs: Graphs) -> None:
    ada = await talk.owner()
    gone, aside = await talk.say_all(ada, ["I met Jonas.", "I met Zoe."])
    await execute(talk, "DELETE FROM memories WHERE id = :id", id=gone)
    await execute(talk, "UPDATE memories SET dormant = true WHERE id = :id", id=aside)
    for graph in (
        await graphs.waypoints([ada.persona_id], None, 60),
        await graphs.relationships([ada.persona_id], None, 60),
    ):
        assert graph.nodes == ()


@pytest.mark.parametrize("sector", list(Sector))
@pytest.mark.parametrize("days", [-2, 0, 1, 46, 4000])
async def test_what_stands_out_in_sql_is_what_fading_says(
    talk: Talk, sector: Sector, days: int
) -> None:
    ada = await talk.owner()
    said, recalled = await talk.say_all(ada, ["One.", "Two."])
    now = clock.now()
    then = now - timedelta(days=days)
    await execute(
        talk, "UPDATE memories SET sector = :sector, salience = .02, occur_time = :then",
        sector=sector, then=then,
    )  # fmt: skip
    await execute(
        talk, "INSERT INTO memory_recalls VALUES (:id, .9, 2, :then)", id=recalled, then=then
    )
    async with talk.database.reading() as tx:
        (first, second), count = await graph_store.weightiest(
            tx, [ada.persona_id], None, now=now, limit=9
        )
    assert (first.memory_id, second.memory_id, count) == (recalled, said, 2)
    expected = [fading.faded(value, sector, max(0, days)) for value in (0.9, 0.02)]
    assert [first.salience, second.salience] == pytest.approx(expected, abs=1e-6)


async def test_the_weightiest_are_shown_and_the_others_counted(talk: Talk, graphs: Graphs) -> None:
    ada = await talk.owner()
    ids = await talk.say_all(ada, [f"Memory {number}" for number in range(5)])
    await execute(talk, "UPDATE memories SET salience = .9 WHERE id = :id", id=ids[1])
    graph = await graphs.waypoints([ada.persona_id], None, 2)
    assert [it.label for it in graph.nodes] == ["Memory 1", "Memory 4"]
    assert (graph.left_out, graph.read) == (3, 5)


async def test_the_numbers_add_up(talk: Talk, graphs: Graphs) -> None:
    ada = await talk.owner()
    first, second, third = await talk.say_all(ada, ["One.", "Two.", "Three."])
    await talk.relay_all()
    await talk.say(ada, "Four.")
    await execute(
        talk, "UPDATE memories SET sector = 'emotional', kind = 'reflection' WHERE id = :id",
        id=second,
    )  # fmt: skip
    await execute(talk, "INSERT INTO memory_recalls VALUES (:id, .9, 2, now())", id=first)
    await link(talk, first, third)
    stats = await graphs.stats([ada.persona_id], None)
    assert stats.memory_count == 4
    assert [(it.sector, it.memory_count) for it in stats.sectors] == [
        (Sector.SEMANTIC, 3),
        (Sector.EMOTIONAL, 1),
    ]
    assert 0.4 < stats.sectors[0].mean_salience < 0.7
    assert [it.memory_count for it in stats.personalities] == [4]
    assert (stats.reflection_count, stats.recalled_count) == (1, 1)
    assert (stats.waiting_count, stats.waypoint_count) == (1, 1)
    assert stats.first_time and stats.last_time
    assert stats.first_time <= stats.last_time


async def test_of_nobody_the_numbers_are_nought(talk: Talk, graphs: Graphs) -> None:
    await two_owners(talk)
    stats = await graphs.stats([clock.uuid7()], None)
    assert (stats.memory_count, stats.waypoint_count, stats.personalities) == (0, 0, ())
    assert (stats.first_time, stats.last_time) == (None, None)


async def test_who_leaves_makes_room_only_when_the_work_has_ended(talk: Talk) -> None:
    ada = await talk.owner()
    await talk.say_all(ada, ["A lighthouse."] * 3)
    begun, may_end, working, most = asyncio.Event(), threading.Event(), 0, 0
    loop = asyncio.get_running_loop()

    def slow(word: str) -> float:
        nonlocal working, most
        working += 1
        most = max(most, working)
        loop.call_soon_threadsafe(begun.set)
        may_end.wait(10)
        working -= 1
        return -99.0

    graphs = Graphs(talk.database, called, slow)
    first = asyncio.create_task(graphs.relationships([ada.persona_id], None, 9))
    await begun.wait()
    first.cancel()
    second = asyncio.create_task(graphs.relationships([ada.persona_id], None, 9))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not first.done()
    may_end.set()
    assert (await second).nodes
    assert first.cancelled()
    assert most == 1
