"""What somebody's models were asked, and what it cost: added up, or one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from tzurot import clock
from tzurot.storage.database import Database
from tzurot.wallet.usage import usage_store
from tzurot.wallet.usage.usage_store import Span, Summed
from tzurot.wallet.usage.usage_tables import ModelAttempt

USUAL = timedelta(days=30)  # of which usage is told where nothing else is asked
MOST_GROUPS = 1_000


class Group(StrEnum):
    """By what usage is added up. Days are those of UTC."""

    DAY = "day"
    MODEL = "model"
    PERSONALITY = "personality"
    CONVERSATION = "conversation"
    PURPOSE = "purpose"


@dataclass(frozen=True, slots=True)
class Told:
    """Usage in a span: by group, and altogether."""

    span: Span
    groups: Sequence[Summed]
    total: Summed


class Usage:
    """The ledger as each person may read what is theirs in it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, person_id: UUID, span: Span, group: Group) -> Told:
        """What a person's models were asked: days in order, else the costliest first."""
        async with self._database.reading() as tx:
            groups = await usage_store.sums(tx, person_id, span, group, limit=MOST_GROUPS)
            total = await usage_store.total(tx, person_id, span)
        return Told(span, groups, total)

    async def records(
        self, person_id: UUID, span: Span, *, before: UUID | None, limit: int
    ) -> Sequence[ModelAttempt]:
        """Each attempt of a person's, newest first."""
        async with self._database.reading() as tx:
            return await usage_store.attempts(tx, person_id, span, before=before, limit=limit)


def span_of(start: datetime | None, end: datetime | None) -> Span:
    """The span that is asked for; what is left open is until now, and the usual time before."""
    until = end or clock.now()
    return Span(start or until - USUAL, until)
