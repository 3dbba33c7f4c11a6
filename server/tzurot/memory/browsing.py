"""Memories as their person sees them: read, list, add, change, delete.

Whose they are to see is told with each call: one persona's, or those of several that share them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from tzurot import clock
from tzurot.errors import MemoryNotFound, RequestIdReused
from tzurot.memory import following, recalled_store, store, waypoint_store
from tzurot.memory.fading import Recalls
from tzurot.memory.filters import ALL, Filter, Whose
from tzurot.memory.reflection import reflection_store
from tzurot.memory.remembering import INDEX_JOB, Exchange, MemoryId, Owner, Remembered, values_of
from tzurot.memory.venues import Venue
from tzurot.memory.waypoints import Waypoint
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs

_MOST_LINKS = 20  # that are shown


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a memory beside what it says."""

    recalls: Recalls | None = None
    """None: it was never cited."""
    source_ids: tuple[MemoryId, ...] = ()
    """What it was gathered from, if it is a reflection."""


class Memories:
    """The memories of the personas that are named; what is another's does not exist."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._database = database
        self._jobs = jobs

    async def get(self, persona_ids: Collection[UUID], memory_id: UUID) -> Remembered:
        """One memory.

        Raises:
            MemoryNotFound: there is none, or it is another persona's.
        """
        async with self._database.transaction() as tx:
            found = await store.get(tx, persona_ids, [memory_id])
        if not found:
            raise MemoryNotFound(memory_id)
        return found[0]

    async def beside(
        self, persona_ids: Collection[UUID], memory_ids: Collection[MemoryId]
    ) -> dict[MemoryId, Beside]:
        """What is known beside of each of these memories that is one of the personas'."""
        async with self._database.reading() as tx:
            recalls = await recalled_store.of(tx, persona_ids, memory_ids)
            sources = await reflection_store.sources(tx, persona_ids, memory_ids)
        return {it: Beside(recalls.get(it), sources.get(it, ())) for it in memory_ids}

    async def waypoints(
        self, persona_ids: Collection[UUID], memory_id: MemoryId
    ) -> Sequence[Waypoint]:
        """At most 20 links of a memory to others of its owner, the strongest first."""
        now = clock.now()
        async with self._database.reading() as tx:
            links = await waypoint_store.seen(tx, persona_ids, [memory_id])
        return sorted(links, key=lambda it: (-it.weight_at(now), it.key))[:_MOST_LINKS]

    async def list(
        self,
        persona_ids: Collection[UUID],
        *,
        personality_id: UUID | None,
        before: UUID | None,
        limit: int,
        filter: Filter = ALL,
    ) -> Sequence[Remembered]:
        """At most `limit` memories older than `before`, newest first; of all characters or one."""
        whose = Whose(persona_ids, personality_id, filter)
        async with self._database.reading() as tx:
            return await store.page(tx, whose, before=before, limit=limit)

    async def any(self, persona_ids: Collection[UUID], personality_id: UUID) -> bool:
        """Whether a character remembers anything of one of these personas."""
        whose = Whose(persona_ids, personality_id, ALL)
        async with self._database.reading() as tx:
            return bool(await store.page(tx, whose, before=None, limit=1))

    async def create(self, owner: Owner, text: str, request_id: UUID | None) -> Remembered:
        """Something to remember, told in confidence. A repeated request gives the same memory.

        Raises:
            RequestIdReused: the id made a memory of other words, or of another character.
        """
        async with self._database.transaction() as tx:
            created = await store.add(tx, values_of(_told(owner, text)), request_id)
            if created:
                await self._jobs.defer(tx, INDEX_JOB)
                return created
            first = await store.requested(tx, owner.persona_id, request_id) if request_id else None
        if not first or first.personality_id != owner.personality_id:
            raise RequestIdReused(request_id)
        if first.person_text != text and first.edit_time is None:
            raise RequestIdReused(request_id)
        return first

    async def update(
        self,
        persona_ids: Collection[UUID],
        memory_id: UUID,
        *,
        text: str | None = None,
        locked: bool | None = None,
    ) -> Remembered:
        """Give a memory other words, or lock or unlock it. None: that stays as it is.

        Of an exchange the person's side gets the words. Its old ones are gone at once: what was
        read in them, linked by them and gathered from them goes.

        Raises:
            MemoryNotFound: there is none, or it is another persona's.
        """
        async with self._database.transaction() as tx:
            memory = await store.hold(tx, persona_ids, memory_id)
            if memory is None:
                raise MemoryNotFound(memory_id)
            if text is not None and await following.edit(tx, memory, text):
                await self._jobs.defer(tx, INDEX_JOB)
            if locked is not None:
                await store.lock(tx, memory_id, locked=locked)
            (changed,) = await store.get(tx, persona_ids, [memory_id])
        return changed

    async def delete(self, persona_ids: Collection[UUID], memory_id: UUID) -> None:
        """Forget: gone from the database at once, from the index as soon as the job has run.

        Raises:
            MemoryNotFound: there is none, or it is another persona's.
        """
        async with self._database.transaction() as tx:
            if not await store.remove(tx, persona_ids, memory_id):
                raise MemoryNotFound(memory_id)
            await self._jobs.defer(tx, INDEX_JOB)

    async def reach(self, personality_id: UUID) -> tuple[int, int]:
        """How many memories a character has, and of how many personas: for whoever owns it."""
        async with self._database.transaction() as tx:
            return await store.reach(tx, personality_id)

    async def forget_personality(self, personality_id: UUID) -> None:
        """Have the index follow a character's deletion, which took its memories along."""
        await self._follow()

    async def forget_persona(self, persona_id: UUID) -> None:
        """The same after a persona's deletion."""
        await self._follow()

    async def _follow(self) -> None:
        async with self._database.transaction() as tx:
            await self._jobs.defer(tx, INDEX_JOB)


def _told(owner: Owner, text: str) -> Exchange:
    return Exchange(
        persona_id=owner.persona_id,
        personality_id=owner.personality_id,
        turn_id=None,
        message_id=None,
        venue=Venue.DIRECT,
        platform="",
        channel_id="",
        person_name="",
        person_text=text,
        personality_name="",
        personality_text="",
        occur_time=clock.now(),
    )
