"""People who purge what characters remember of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from tests.memory.talk import Talk
from tzurot.memory.browsing import Memories
from tzurot.memory.filters import ALL
from tzurot.memory.purging import Preview, Purge, Purged, Purging
from tzurot.memory.remembering import Owner

EVERYTHING = Purge(None, ALL, include_locked=False)
BUT_NONE = Purge(None, ALL, include_locked=True)


class Purger:
    """One person who purges."""

    def __init__(self, talk: Talk, owner: Owner, person_id: UUID) -> None:
        self.owner = owner
        self.person_id = person_id
        self.talk = talk
        self.memories = Memories(talk.database, talk.jobs)
        self.purging = Purging(talk.database, talk.jobs)

    async def looks(self, ask: Purge = EVERYTHING) -> Preview:
        return await self.purging.preview(self.person_id, [self.owner.persona_id], ask)

    async def purges(self, confirmation: str, ask: Purge = EVERYTHING) -> Purged:
        whose = [self.owner.persona_id]
        return await self.purging.purge(self.person_id, whose, ask, confirmation)

    async def has(self) -> set[UUID]:
        """Of whatever is remembered of them the ids."""
        found = await rows(
            self.talk, "SELECT id FROM memories WHERE persona_id = :id", id=self.owner.persona_id
        )
        return {id_ for (id_,) in found}

    async def lock(self, *memory_ids: UUID) -> None:
        for it in memory_ids:
            await self.memories.update([self.owner.persona_id], it, locked=True)


async def purger(talk: Talk, like: Owner | None = None) -> Purger:
    owner = await talk.owner(like=like)
    ((person_id,),) = await rows(
        talk, "SELECT person_id FROM personas WHERE id = :id", id=owner.persona_id
    )
    return Purger(talk, owner, person_id)


async def rows(talk: Talk, statement: str, **values: object) -> Sequence[Sequence[Any]]:
    async with talk.database.transaction() as tx:
        return (await tx.execute(text(statement), values)).all()
