"""Which memories are meant: of whom, of what kind, said where and when, locked or not."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement

from tzurot.memory.sectors import Sector
from tzurot.memory.tables import Memory
from tzurot.memory.venues import Venue


@dataclass(frozen=True, slots=True)
class Filter:
    """A memory has to fit each that is set; what is empty or None fits all.

    It only narrows: whose memories they are is asked beside it.
    """

    persona_ids: frozenset[UUID] = frozenset()
    sectors: frozenset[Sector] = frozenset()
    """What it tells above all."""
    venues: frozenset[Venue] = frozenset()
    occur_from: datetime | None = None
    """Said then or later."""
    occur_until: datetime | None = None
    """Said before."""
    locked: bool | None = None

    @property
    def takes_all(self) -> bool:
        """Whether all of those personas fits."""
        return self == Filter(self.persona_ids)

    def personas_among(self, persona_ids: Collection[UUID]) -> list[UUID]:
        """Those of these personas that are meant."""
        return [it for it in persona_ids if not self.persona_ids or it in self.persona_ids]

    @property
    def key(self) -> str:
        """The same text for the same filter, whatever the order in which it was told."""
        spans = (self.occur_from, self.occur_until)
        return json.dumps(
            [
                *(sorted(map(str, it)) for it in (self.persona_ids, self.sectors, self.venues)),
                *(it.isoformat() if it else None for it in spans),
                self.locked,
            ]
        )


ALL = Filter()


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose memories are meant, and which of them."""

    persona_ids: Collection[UUID]
    personality_id: UUID | None
    """Of one character alone; None: of all."""
    filter: Filter

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as conditions of a query on `Memory`."""
        theirs = Memory.persona_id.in_(self.persona_ids)
        whose = [Memory.personality_id == self.personality_id] if self.personality_id else []
        return [theirs, *whose, *_conditions(self.filter)]


def _conditions(filter: Filter) -> list[ColumnElement[bool]]:
    """The same as conditions of a query on `Memory`; none where all fit."""
    wanted: list[ColumnElement[bool]] = []
    if filter.persona_ids:
        wanted.append(Memory.persona_id.in_(filter.persona_ids))
    if filter.sectors:
        wanted.append(Memory.sector.in_(filter.sectors))
    if filter.venues:
        wanted.append(Memory.venue.in_(filter.venues))
    if filter.occur_from is not None:
        wanted.append(Memory.occur_time >= filter.occur_from)
    if filter.occur_until is not None:
        wanted.append(Memory.occur_time < filter.occur_until)
    if filter.locked is not None:
        wanted.append(Memory.locked.is_(filter.locked))
    return wanted
