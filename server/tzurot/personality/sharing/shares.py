"""Shares: roles that the owner of a character gives to people. What a role may do: sharing.py.

Only the owner gives and takes roles; anybody may give up their own. Somebody who is blocked has no
way to tell: the character just isn't there for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.account import people
from tzurot.errors import DefinitionHidden, LimitReached, OwnerHasAllRoles
from tzurot.personality.characters import Characters
from tzurot.personality.sharing import sharing_store
from tzurot.personality.sharing.sharing import Role
from tzurot.personality.store import Ref
from tzurot.personality.tables import Share
from tzurot.storage.database import Database

MAX_SHARES = 500  # persons who have a role with one character


@dataclass(frozen=True, slots=True)
class Given:
    """A role that a person has: who, as the owner named them, and what they are called."""

    subject: str
    name: str
    role: Role
    create_time: datetime
    id: UUID | None = None
    """Its place in the list."""


async def editors(tx: AsyncSession, personality_id: UUID) -> Sequence[UUID]:
    """Whoever may change a character: its owner, and those who have that role."""
    return await sharing_store.editors(tx, personality_id)


class Sharing:
    """What the servicer asks of this room."""

    def __init__(self, database: Database, characters: Characters) -> None:
        self._database = database
        self._characters = characters

    async def share(self, owner_id: UUID, ref: Ref, subject: str, role: Role) -> Given:
        """Give a person a role, instead of the one that they had; a repeat changes nothing.

        Raises:
            PersonalityNotFound, NotOwner, OwnerHasAllRoles, LimitReached: by their names.
        """
        async with self._database.transaction() as tx:
            personality = await self._characters.owned(tx, owner_id, ref)
            person_id = await people.meet(tx, subject)
            if person_id == personality.owner_id:
                raise OwnerHasAllRoles(subject)
            if await sharing_store.others(tx, personality.id, person_id) >= MAX_SHARES:
                raise LimitReached("shares", MAX_SHARES)
            share = Share(
                id=clock.uuid7(),
                personality_id=personality.id,
                person_id=person_id,
                subject=subject,
                role=role.name.lower(),
                create_time=clock.now(),
            )
            since = await sharing_store.put(tx, share)
            names = await people.names(tx, [person_id])
        return Given(subject, names[person_id], role, since)

    async def unshare(self, person_id: UUID, ref: Ref, subject: str) -> None:
        """Take a person's role away, which all but the owner may do with their own only.

        Raises:
            PersonalityNotFound, NotOwner: by their names.
        """
        async with self._database.transaction() as tx:
            named_id = await people.known(tx, subject)
            if named_id == person_id:
                found = await self._characters.seen(tx, person_id, ref)
                await sharing_store.leave(tx, found.personality.id, person_id)
                return
            personality = await self._characters.owned(tx, person_id, ref)
            if named_id is not None:
                await sharing_store.remove(tx, personality.id, named_id)

    async def list(
        self, person_id: UUID, ref: Ref, *, before: UUID | None, limit: int
    ) -> Sequence[Given]:
        """Who has a role, the latest given first; who is blocked is for editors to see.

        Raises:
            PersonalityNotFound, DefinitionHidden: by their names.
        """
        async with self._database.transaction() as tx:
            found = await self._characters.seen(tx, person_id, ref)
            if found.role < Role.VIEWER:
                raise DefinitionHidden(found.personality.slug)
            rows = await sharing_store.page(
                tx, found.personality.id, with_blocked=found.edits, before=before, limit=limit
            )
            names = await people.names(tx, {row.person_id for row in rows})
        return [
            Given(it.subject, names[it.person_id], Role.named(it.role), it.create_time, it.id)
            for it in rows
        ]
