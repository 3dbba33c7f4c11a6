"""Dreams: what a character made of its reflections of a persona. They are its person's to read.

A dream is no memory: nothing recalls it, and no prompt has it. It goes with what it tells (see
reflection_tables.py). When to dream, and in whose words, the session room decides.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from tzurot.errors import DreamNotFound
from tzurot.memory.reflection import dream_store
from tzurot.memory.reflection.dreamt import Dreamt, Gathered
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Where, audible_at
from tzurot.storage.database import Database


class Dreams:
    """What is read of dreams, and what those need who tell them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(
        self,
        persona_ids: Collection[UUID],
        *,
        personality_id: UUID | None,
        before: UUID | None,
        limit: int,
    ) -> Sequence[Dreamt]:
        """At most `limit` dreams of these personas, newest first; of all characters or one."""
        async with self._database.transaction() as tx:
            return await dream_store.page(
                tx, persona_ids, personality_id=personality_id, before=before, limit=limit
            )

    async def get(self, persona_ids: Collection[UUID], dream_id: UUID) -> Dreamt:
        """One dream.

        Raises:
            DreamNotFound: there is none, or it is of another persona.
        """
        async with self._database.transaction() as tx:
            found = await dream_store.get(tx, persona_ids, dream_id)
        if found is None:
            raise DreamNotFound(dream_id)
        return found

    async def delete(self, persona_ids: Collection[UUID], dream_id: UUID) -> None:
        """Make a dream as if it had never been; what it told stays, and is not told again.

        Raises:
            DreamNotFound: there is none, or it is of another persona.
        """
        async with self._database.transaction() as tx:
            if not await dream_store.remove(tx, persona_ids, dream_id):
                raise DreamNotFound(dream_id)

    async def due(
        self, personality_ids: Collection[UUID], now: datetime, limit: int
    ) -> Sequence[Owner]:
        """Of whom these characters have something new to dream; at most `limit`."""
        async with self._database.reading() as tx:
            return await dream_store.due(tx, personality_ids, now, limit)

    async def claim(self, owner: Owner, now: datetime) -> bool:
        """Begin to dream of an owner that is due; False: somebody else has begun.

        Whatever comes of it, the owner is due again after a day: what a model is asked for may cost
        somebody something.
        """
        async with self._database.transaction() as tx:
            return await dream_store.claim(tx, owner, now)

    async def put_off(self, owner: Owner, until: datetime) -> None:
        """Let an owner that was claimed be due at another time."""
        async with self._database.transaction() as tx:
            await dream_store.put_off(tx, owner, until)

    async def new(self, owner: Owner, where: Where) -> Sequence[Gathered]:
        """What was gathered since the last dream and may be told there, the latest first."""
        async with self._database.reading() as tx:
            return await dream_store.new(tx, owner, audible_at(where))

    async def keep(
        self, owner: Owner, words: str, told: Sequence[Gathered], begun: datetime
    ) -> bool:
        """Keep a dream that tells these; False if not all of them are as they were then."""
        ids = [it.reflection_id for it in told]
        async with self._database.transaction() as tx:
            kept = await dream_store.keep(tx, owner, words, ids, begun)
            await dream_store.dreamt(tx, owner, begun)
        return kept
