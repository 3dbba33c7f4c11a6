"""Memories are linked and grow by being recalled: what is done about it, away from any turn.

Two lists wait in Postgres: memories whose meaning became known (a trigger writes it) and what turns
cited (written with their reply). Whoever takes something from a list does what it is about in the
same transaction, so that it is done once, however often the job runs or is killed. One of a kind
runs at a time; the others leave it to that one.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import log
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory import fading, recalled_store, waypoint_store, waypoints
from tzurot.memory.fading import Recalls
from tzurot.memory.recalled_store import Standing
from tzurot.memory.remembering import Kind, MemoryId, Owner, told_by
from tzurot.memory.waypoints import FADING_RATE, FAINTEST, WEAKEST, Waypoint, WaypointKind
from tzurot.storage.database import Database

TEND_JOB, TEND_CRON = "memory.waypoints", "* * * * *"
PRUNE_JOB, PRUNE_CRON = "memory.waypoints.prune", "41 3 * * *"

_BATCH = 64  # memories that are linked in one transaction
_PRUNED = 10_000  # links that are deleted in one
_FADED_AFTER = timedelta(days=log(WEAKEST / FAINTEST) / FADING_RATE)


async def note_recalled(tx: AsyncSession, turn_id: UUID, memory_ids: Sequence[UUID]) -> None:
    """What a turn cited, best first; it is counted within a minute, once."""
    if memory_ids:
        await recalled_store.note(tx, turn_id, memory_ids, clock.now())


class Linking:
    """Works off both lists, and prunes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tend(self) -> None:
        """Count what was cited, link what is new."""
        while await self._count_turn():
            pass
        while await self._link_batch():
            pass

    async def prune(self) -> int:
        """Delete the links that are too faint; how many."""
        gone, now = 0, clock.now()
        while True:
            async with self._database.transaction() as tx:
                pruned = await waypoint_store.prune(tx, now, now - _FADED_AFTER, _PRUNED)
            gone += pruned
            if pruned < _PRUNED:
                return gone

    async def _count_turn(self) -> bool:
        async with self._database.transaction() as tx:
            if not await waypoint_store.alone(tx):
                return False
            taken = await recalled_store.take(tx)
            if taken is None:
                return False
            memory_ids, then = taken
            cited = memory_ids[: waypoints.MOST_RECALLED]
            standing = await recalled_store.standing(tx, cited)
            recalled = {it.memory_id: _recalled(it, then) for it in standing}
            await recalled_store.keep(tx, recalled)
            await _link_together(tx, cited, standing, then)
        return True

    async def _link_batch(self) -> bool:
        now = clock.now()
        async with self._database.transaction() as tx:
            if not await waypoint_store.alone(tx):
                return False
            memory_ids = await waypoint_store.take_unlinked(tx, _BATCH)
            if not memory_ids:
                return False
            await _classify(tx, memory_ids)
            near = await waypoint_store.near(tx, memory_ids)
            before = await waypoint_store.said_before(tx, memory_ids)
            alike = waypoints.by_meaning(near, now)
            await _put(tx, [*alike, *waypoints.by_conversation(before, now)], now)
        return True


async def _classify(tx: AsyncSession, memory_ids: Sequence[MemoryId]) -> None:
    """Give sectors to exchanges that a release wrote which knew none; see tables.py.

    Those that have some keep them, also others than their words show: a file has said which.
    """
    unknown = [
        {"id": it.memory_id, **told_by(it.person_text, it.personality_text)}
        for it in await waypoint_store.told(tx, memory_ids)
        if it.kind is Kind.EXCHANGE and it.sector in it.other_sectors
    ]
    if unknown:
        await waypoint_store.classify(tx, unknown)


def _recalled(it: Standing, then: datetime) -> Recalls:
    left = fading.now(it, it.recalls, then)
    count, last = (it.recalls.count, it.recalls.last_time) if it.recalls else (0, then)
    return Recalls(fading.reinforced(left), count + 1, max(last, then))


async def _link_together(
    tx: AsyncSession, cited: Sequence[MemoryId], standing: Sequence[Standing], then: datetime
) -> None:
    """Link those that one turn cited: each owner's among themselves."""
    of_owner: dict[Owner, set[MemoryId]] = defaultdict(set)
    for it in standing:
        of_owner[it.owner].add(it.memory_id)
    known = {
        (link.first_id, link.second_id): link
        for link in await waypoint_store.of(tx, cited)
        if link.kind is WaypointKind.RECALLED_TOGETHER
    }
    for theirs in of_owner.values():
        together = waypoints.by_recall([it for it in cited if it in theirs], known, then)
        await _put(tx, together, then)


async def _put(tx: AsyncSession, links: Sequence[Waypoint], now: datetime) -> None:
    """Set links; of memories that have too many by now the weakest go."""
    if not links:
        return
    await waypoint_store.put(tx, links)
    ends = {end for link in links for end in (link.first_id, link.second_id)}
    await waypoint_store.remove(tx, waypoints.surplus(ends, await waypoint_store.of(tx, ends), now))
