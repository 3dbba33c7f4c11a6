"""Graphs and numbers of the memories of personas that are named. What is another's is in none.

Reading thousands of memories for names, and laying a graph out, takes a second or two: in a thread,
one at a time, so that turns go on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TypeVar
from uuid import UUID

from tzurot import clock
from tzurot.memory import waypoint_store
from tzurot.memory.graph import drawing, graph, graph_store
from tzurot.memory.graph.graph import Graph
from tzurot.memory.graph.stats import OfPersonality, Stats
from tzurot.memory.graph.topics import Commonness
from tzurot.storage.database import Database

Called = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, str]]]
"""Called with characters: what they are called."""

_T = TypeVar("_T")


class Graphs:
    """What the servicer asks."""

    def __init__(self, database: Database, called: Called, commonness: Commonness) -> None:
        self._database = database
        self._called = called
        self._commonness = commonness
        self._one = asyncio.Lock()

    async def waypoints(
        self, persona_ids: Collection[UUID], personality_id: UUID | None, max_nodes: int
    ) -> Graph:
        """The memories that stand out most, and the links between them."""
        now = clock.now()
        async with self._database.reading() as tx:
            found, count = await graph_store.weightiest(
                tx, persona_ids, personality_id, now=now, limit=max_nodes
            )
            links = await waypoint_store.seen(tx, persona_ids, [it.memory_id for it in found])
        return graph.of_waypoints(found, count, links, now)

    async def relationships(
        self, persona_ids: Collection[UUID], personality_id: UUID | None, max_nodes: int
    ) -> Graph:
        """Whom and what the newest memories are about."""
        async with self._database.reading() as tx:
            found = await graph_store.told(tx, persona_ids, personality_id)
        called = await self._called({it.personality_id for it in found})
        return await self._worked(
            partial(graph.of_relationships, found, called, self._commonness, max_nodes)
        )

    async def svg(self, drawn: Graph) -> str:
        """The picture of a graph."""
        return await self._worked(partial(drawing.svg, drawn))

    async def stats(self, persona_ids: Collection[UUID], personality_id: UUID | None) -> Stats:
        """The numbers."""
        async with self._database.reading() as tx:
            return await graph_store.stats(tx, persona_ids, personality_id, clock.now())

    async def remembering(self, persona_ids: Collection[UUID]) -> Sequence[OfPersonality]:
        """The characters that remember the personas, at most 50: those that do most first."""
        async with self._database.reading() as tx:
            return await graph_store.personalities(tx, persona_ids)

    async def _worked(self, work: Callable[[], _T]) -> _T:
        async with self._one:
            working = asyncio.ensure_future(asyncio.to_thread(work))
            try:
                return await asyncio.shield(working)
            finally:  # a thread can't be stopped: whoever leaves makes room when it has ended
                await asyncio.wait({working})
