"""Overrides: how one person has a character otherwise than its card says, for nobody else to see.

Whoever may talk with a character may have one. Without anything in it there is none. What counts of
it in a turn is decided in session/prompt/portrait.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import EtagMismatch
from tzurot.personality.characters import Characters
from tzurot.personality.overrides import override_store
from tzurot.personality.overrides.override_store import FIELDS
from tzurot.personality.store import Ref
from tzurot.personality.tables import Override
from tzurot.storage.database import Database


@dataclass(frozen=True, slots=True)
class OverrideChange:
    """New values by field name, and the etag that must still be the current one."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    etag: str = ""


class Overrides:
    """What the servicer asks of this room."""

    def __init__(self, database: Database, characters: Characters) -> None:
        self._database = database
        self._characters = characters

    async def get(self, person_id: UUID, ref: Ref) -> Override:
        """The person's override of a character; an empty one of version 0 if there is none.

        Raises:
            PersonalityNotFound: there is no character that the person may see.
        """
        async with self._database.transaction() as tx:
            found = await self._characters.seen(tx, person_id, ref)
        return found.override or _nothing(person_id, found.personality.id)

    async def change(self, person_id: UUID, ref: Ref, change: OverrideChange) -> Override:
        """Set the fields that `change` names; empty ones go back to the card.

        Raises:
            PersonalityNotFound, EtagMismatch: by their names.
        """
        async with self._database.transaction() as tx:
            found = await self._characters.seen(tx, person_id, ref)
            override = await override_store.locked(tx, person_id, found.personality.id)
            if change.etag and change.etag != str(override.version):
                raise EtagMismatch(str(override.version))
            return await _changed(tx, override, change.values)


async def _changed(tx: AsyncSession, override: Override, values: Mapping[str, str]) -> Override:
    for name, value in values.items():
        setattr(override, name, value)
    if any(getattr(override, name) for name in FIELDS):
        override.version += 1
        await tx.flush()
        return override
    tx.expunge(override)
    await override_store.remove(tx, override)
    return _nothing(override.person_id, override.personality_id)


def _nothing(person_id: UUID, personality_id: UUID) -> Override:
    return Override(
        person_id=person_id, personality_id=personality_id, version=0, **dict.fromkeys(FIELDS, "")
    )
