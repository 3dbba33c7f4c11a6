"""Memories as their person sees them: read, list, add, delete.

Whose they are to see is told with each call: one persona's, or those of several that share them.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from tzurot import clock
from tzurot.errors import MemoryNotFound, RequestIdReused
from tzurot.memory import store
from tzurot.memory.remembering import INDEX_JOB, Exchange, Owner, Remembered, values_of
from tzurot.memory.venues import Venue
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs


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

    async def list(
        self,
        persona_ids: Collection[UUID],
        *,
        personality_id: UUID | None,
        before: UUID | None,
        limit: int,
    ) -> Sequence[Remembered]:
        """At most `limit` memories older than `before`, newest first; of all characters or one."""
        async with self._database.transaction() as tx:
            return await store.page(
                tx, persona_ids, personality_id=personality_id, before=before, limit=limit
            )

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
        if not first or (first.personality_id, first.person_text) != (owner.personality_id, text):
            raise RequestIdReused(request_id)
        return first

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
