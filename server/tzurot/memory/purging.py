"""Forgetting many memories at once: looked at first, and then done as it was shown, once.

A preview gives a confirmation: a secret of which only a digest is kept, for its person, for this
request and for a while. It names what was shown, so that nothing else can go: neither what was
remembered since, nor what was being written then. What was locked since, or doesn't fit any more,
stays as well. A request that is refused uses up nothing.

Where all of a person's personas is meant, without a filter, what they told as facts goes, too.

What is confirmed is gone for whoever reads, and its words are; a job deletes the empty rows. Of
more than 25,000 memories the newest go at once and the others with that job, within seconds; of
these, what is locked meanwhile stays. What the job can't have yet it takes a minute later.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import (
    ConfirmationExpired,
    ConfirmationInvalid,
    ConfirmationMismatch,
    ConfirmationUsed,
)
from tzurot.memory import purge_store, store
from tzurot.memory.facts import fact_store
from tzurot.memory.facts.fact import FactId
from tzurot.memory.filters import Filter, Whose
from tzurot.memory.remembering import INDEX_JOB, Remembered
from tzurot.memory.tables import PurgeConfirmation
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs

CONFIRMATION_LASTS = timedelta(minutes=10)
SAMPLES = 10  # memories that a preview shows

AT_ONCE = 25_000  # memories that are emptied in one transaction: a call ends after 10 seconds

CLEAR_JOB = "memory.purges.clear"
CLEAR_CRON = "* * * * *"  # what was left: it was held, or the job was lost
_CLEARED = 500  # rows that are deleted in one transaction

SWEEP_JOB = "memory.purges"
SWEEP_CRON = "40 * * * *"
_REMEMBERED = timedelta(hours=1)  # so long an expired confirmation is told from a made-up one


@dataclass(frozen=True, slots=True)
class Purge:
    """What to forget."""

    personality_id: UUID | None
    """What one character remembers; None: all of them."""
    filter: Filter
    include_locked: bool

    @property
    def digest(self) -> bytes:
        """The same for the same request."""
        told = f"{self.personality_id}\n{self.filter.key}\n{self.include_locked}"
        return hashlib.sha256(told.encode()).digest()


@dataclass(frozen=True, slots=True)
class Purged:
    """How much goes, or has gone."""

    memory_count: int
    reflection_count: int
    """Of these: those that are meant, and those that were gathered from what goes."""
    fact_count: int
    """Learnt from these alone."""
    dream_count: int
    """Telling of these reflections."""
    locked_count: int
    """Memories that stay: they are locked, or a locked reflection was gathered from them."""
    told_fact_count: int = field(default=0, kw_only=True)
    """Facts that the person told themselves."""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing goes."""
        return not (self.memory_count or self.told_fact_count)


@dataclass(frozen=True, slots=True)
class Preview(Purged):
    """What would go."""

    samples: Sequence[Remembered]
    """The newest, at most 10."""
    confirmation: str
    """Empty where nothing would go."""
    expire_time: datetime | None


class Purging:
    """Shows what a purge would forget, and does it."""

    def __init__(self, database: Database, jobs: Jobs, at_once: int = AT_ONCE) -> None:
        self._database = database
        self._jobs = jobs
        self._at_once = at_once

    async def preview(self, person_id: UUID, persona_ids: Collection[UUID], ask: Purge) -> Preview:
        """What would go, and the confirmation to have just that done."""
        confirmation, now = secrets.token_urlsafe(32), clock.now()
        whose = Whose(persona_ids, ask.personality_id, ask.filter)
        async with self._database.transaction() as tx:
            await purge_store.mean(tx, whose, include_locked=ask.include_locked)
            told = await _told(tx, whose)
            counts = await _counted(tx, whose, ask, told)
            newest = await store.get(tx, persona_ids, await purge_store.newest(tx, SAMPLES))
            if not counts.is_nothing:
                await purge_store.confirm(tx, _shown(confirmation, person_id, ask, told, now))
        return Preview(
            **asdict(counts),
            samples=sorted(newest, key=lambda it: it.memory_id, reverse=True),
            confirmation="" if counts.is_nothing else confirmation,
            expire_time=None if counts.is_nothing else now + CONFIRMATION_LASTS,
        )

    async def purge(
        self, person_id: UUID, persona_ids: Collection[UUID], ask: Purge, confirmation: str
    ) -> Purged:
        """Forget what a preview of the same request has shown. Of two at once one does it.

        Once begun it is not cut short: who has gone away meanwhile and asks again is told that it
        is done.

        Raises:
            ConfirmationInvalid: it is no confirmation, or somebody else's.
            ConfirmationUsed, ConfirmationExpired: it was one.
            ConfirmationMismatch: it is one of another request.
        """
        whose = Whose(persona_ids, ask.personality_id, ask.filter)
        purging = asyncio.create_task(self._purge(person_id, whose, ask, confirmation))
        try:
            return await asyncio.shield(purging)
        except asyncio.CancelledError:
            return await purging

    async def clear(self) -> int:
        """Empty what purges have left, and delete all that is empty; how many rows that were."""
        while await self._empty_rest():
            pass
        cleared = 0
        while True:
            async with self._database.transaction() as tx:
                deleted = await purge_store.delete_emptied(tx, _CLEARED)
            cleared += deleted
            if deleted < _CLEARED:
                return cleared

    async def sweep(self) -> int:
        """Delete confirmations that are long over; how many."""
        async with self._database.transaction() as tx:
            return await purge_store.sweep(tx, clock.now() - _REMEMBERED)

    async def _empty_rest(self) -> bool:
        async with self._database.transaction() as tx:
            if not await purge_store.doom_rest(tx, clock.now(), at_once=self._at_once):
                return False
            await purge_store.empty(tx)
            await self._jobs.defer(tx, INDEX_JOB)
            return True

    async def _purge(self, person_id: UUID, whose: Whose, ask: Purge, confirmation: str) -> Purged:
        async with self._database.transaction() as tx:
            confirmed = await purge_store.hold(tx, person_id, _digest(confirmation))
            shown = _confirmed(confirmed, ask, clock.now())
            await purge_store.mean_shown(tx, whose, shown, include_locked=ask.include_locked)
            told = [it for it in await _told(tx, whose) if it in shown.fact_ids]
            counts = await _counted(tx, whose, ask, told)
            await purge_store.use(tx, shown.digest, clock.now(), at_once=self._at_once)
            await purge_store.hold_meant(tx, whose, include_locked=ask.include_locked)
            await purge_store.empty(tx)
            await fact_store.remove(tx, told)
            for job in (INDEX_JOB, CLEAR_JOB):
                await self._jobs.defer(tx, job)
        return counts


def _digest(confirmation: str) -> bytes:
    return hashlib.sha256(confirmation.encode()).digest()


def _shown(
    confirmation: str, person_id: UUID, ask: Purge, told: Sequence[UUID], now: datetime
) -> PurgeConfirmation:
    return PurgeConfirmation(
        digest=_digest(confirmation),
        person_id=person_id,
        request_digest=ask.digest,
        include_locked=ask.include_locked,
        fact_ids=list(told),
        expire_time=now + CONFIRMATION_LASTS,
    )


def _confirmed(found: PurgeConfirmation | None, ask: Purge, now: datetime) -> PurgeConfirmation:
    if found is None:
        raise ConfirmationInvalid
    if found.use_time is not None:
        raise ConfirmationUsed
    if found.expire_time <= now:
        raise ConfirmationExpired
    if found.request_digest != ask.digest:
        raise ConfirmationMismatch
    return found


async def _told(tx: AsyncSession, whose: Whose) -> Sequence[FactId]:
    """The facts that the person told, where all is meant."""
    if not whose.filter.takes_all:
        return ()
    personas = whose.filter.personas_among(whose.persona_ids)
    return await fact_store.told(tx, personas, whose.personality_id)


async def _counted(tx: AsyncSession, whose: Whose, ask: Purge, told: Sequence[FactId]) -> Purged:
    doomed = await purge_store.counts(tx)
    return Purged(
        memory_count=doomed.memories,
        reflection_count=doomed.reflections,
        fact_count=doomed.facts,
        dream_count=doomed.dreams,
        locked_count=0 if ask.include_locked else await purge_store.kept_count(tx, whose),
        told_fact_count=len(told),
    )
