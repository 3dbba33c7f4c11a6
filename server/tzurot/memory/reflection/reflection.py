"""Reflections: what several memories of an owner have in common, gathered from time to time.

An owner is looked at once there is enough new. A look is one transaction: whatever ends it, nothing
has happened, and the next look goes on. It holds the owner's mark, so that of two looks at once one
passes by, and the memories that it reads, so that what is gathered is what they say when it ends.

Reflections are dormant from the start: they are there to be read and to be dreamt of, and come to
no mind in a turn. What they say is what their sources say, and would only be cited twice.
"""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory import store
from tzurot.memory.reflection import clusters, dream_store, reflection_store, wording
from tzurot.memory.reflection.clusters import Cluster, Told
from tzurot.memory.reflection.dreamt import Gathered
from tzurot.memory.remembering import Exchange, Kind, MemoryId, Owner, terms_of, values_of
from tzurot.memory.sectors import Sector
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs

REFLECT_JOB = "memory.reflect"
LOOK_JOB = f"{REFLECT_JOB}.look"
REFLECT_CRON = "*/10 * * * *"  # as OpenMemory

_OWNERS = 500  # looked at after one run; some 60 ms each


class Reflection:
    """Looks at owners of whom there is something new."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._database = database
        self._jobs = jobs

    async def reflect(self) -> Sequence[Owner]:
        """Have those looked at of whom there is enough new; each by a job of its own."""
        more = True
        while more:
            async with self._database.transaction() as tx:
                more = await reflection_store.fold(tx)
        async with self._database.transaction() as tx:
            owners = await reflection_store.due(tx, _OWNERS)
            for it in owners:
                whose = {"persona_id": it.persona_id, "personality_id": it.personality_id}
                await self._jobs.defer(
                    tx, LOOK_JOB, **{key: str(id_) for key, id_ in whose.items()}
                )
        return owners

    async def look(self, persona_id: str, personality_id: str) -> int:
        """Gather what an owner's latest memories have in common, unless somebody else does.

        Returns how many reflections came of it or grew.
        """
        owner, now = Owner(UUID(persona_id), UUID(personality_id)), clock.now()
        async with self._database.transaction() as tx:
            name = await reflection_store.hold(tx, owner)
            if name is None:
                return 0
            told = await reflection_store.told(tx, owner)
            ids = [it.memory_id for it in told]
            known = await reflection_store.known(tx, ids)
            ungathered = await reflection_store.ungathered(tx, ids)
            loose = [it for it in told if it.memory_id not in ungathered]
            found = await asyncio.to_thread(clusters.gathered, loose, known)  # some 60 ms
            for cluster in found:
                await _keep(tx, cluster, _as_memory(owner, name, cluster.members, now))
            await reflection_store.looked(tx, owner)
            if any(it.reflection_id is None for it in found):
                await dream_store.wish(tx, owner, now)
        return len(found)

    async def unworded(self, personality_ids: Collection[UUID], limit: int) -> Sequence[Gathered]:
        """At most so many reflections of these characters for a model to word; each once."""
        async with self._database.transaction() as tx:
            return await reflection_store.take_unworded(tx, personality_ids, limit)

    async def word(self, it: Gathered, words: str) -> bool:
        """Let a reflection begin with these words instead of those that are in common.

        What it quotes stays. False: it is gone, or has grown meanwhile.
        """
        told = wording.begun_with(words, it.text)
        stems = sorted(set(terms_of(("", told))))
        async with self._database.transaction() as tx:
            return await reflection_store.word(tx, it, told, stems)


async def _keep(tx: AsyncSession, cluster: Cluster, gathered: Exchange) -> None:
    """Store a reflection, or let the one that there is grow. Words of its person's stay."""
    values = values_of(gathered)
    reflection_id = cluster.reflection_id
    if reflection_id:
        wants_words = await reflection_store.grow(tx, reflection_id, values)
    else:
        reflection_id, wants_words = MemoryId(clock.uuid7()), True
        others = {cluster.members[0].sector} - {Sector.REFLECTIVE}
        await store.add(tx, values | {"id": reflection_id, "other_sectors": [*others]}, None)
    if wants_words:
        await reflection_store.want_words(tx, reflection_id)
    await reflection_store.add_sources(tx, reflection_id, [it.memory_id for it in cluster.joined])


def _as_memory(owner: Owner, name: str, members: Sequence[Told], now: datetime) -> Exchange:
    """What the character noted, as memories tell notes: where its sources were told."""
    place = members[0].place
    return Exchange(
        persona_id=owner.persona_id,
        personality_id=owner.personality_id,
        turn_id=None,
        message_id=None,
        venue=place.venue,
        platform=place.platform,
        channel_id=place.channel_id,
        person_name="",
        person_text=wording.told(members),
        personality_name=name,
        personality_text="",
        occur_time=max(it.occur_time for it in members),
        age_restricted=place.age_restricted,
        dormant=True,
        kind=Kind.REFLECTION,
        sector=Sector.REFLECTIVE,
        salience=clusters.salience(members, now),
    )
