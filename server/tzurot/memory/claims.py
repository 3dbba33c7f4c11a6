"""Memories of people whom only an old id names: each claims theirs, an editor confirms.

Nobody reads such a memory before, not even the character's owner. An old id is one person's: with
the claim that is confirmed all others on it are rejected.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import (
    MemoryClaimNotFound,
    NotOwner,
    PersonalityNotFound,
    RequestIdReused,
    UnclaimedMemoriesNotFound,
)
from tzurot.memory import arrivals, claim_store
from tzurot.memory.arrivals import Arrival
from tzurot.memory.claim_store import Waiting
from tzurot.memory.remembering import Owner
from tzurot.memory.tables import MemoryClaim, UnclaimedMemory
from tzurot.memory.venues import Venue
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs
from tzurot.transport.subject import Caller

_MOST = 200  # old ids in a list
_PLATFORM = "discord"  # where such a group talked, and its channel still is


class State(StrEnum):
    """Where a claim stands."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may do with a character: the personality room's to say."""

    visible: Callable[[UUID, UUID], Awaitable[object]]
    """Of person and character; raises PersonalityNotFound."""
    editable: Callable[[UUID, UUID], Awaitable[object]]
    """The same; raises NotOwner, too."""
    edited: Callable[[UUID], Awaitable[Collection[UUID]]]
    """The characters that a person may edit."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody claims."""

    personality_id: UUID
    sender_id: str
    request_id: UUID | None = None


class Claims:
    """What the servicer asks."""

    def __init__(self, database: Database, jobs: Jobs, rights: Rights) -> None:
        self._database = database
        self._jobs = jobs
        self._rights = rights

    async def waiting(
        self, person_id: UUID, personality_id: UUID, sender_id: str
    ) -> Sequence[Waiting]:
        """How much waits, by old ids; without one only editors are shown anything.

        Raises:
            PersonalityNotFound: the person may not see the character.
        """
        try:
            await self._rights.editable(person_id, personality_id)
        except NotOwner:
            if not sender_id:
                return ()
        async with self._database.transaction() as tx:
            return await claim_store.waiting(tx, personality_id, sender_id or None, _MOST)

    async def create(self, caller: Caller, wanted: Wanted) -> MemoryClaim:
        """Claim an old id; one that the caller has claimed gives that claim.

        Raises:
            PersonalityNotFound, UnclaimedMemoriesNotFound, RequestIdReused: by their names.
        """
        await self._rights.visible(caller.person_id, wanted.personality_id)
        async with self._database.transaction() as tx:
            claim = await _made(tx, caller, wanted) or await _make(tx, caller, wanted)
        if claim is None:
            raise UnclaimedMemoriesNotFound(wanted.sender_id)
        return claim

    async def list(
        self, person_id: UUID, *, before: UUID | None, limit: int
    ) -> Sequence[MemoryClaim]:
        """The person's claims, and those on characters that the person may edit, newest first."""
        edited = await self._rights.edited(person_id)
        async with self._database.transaction() as tx:
            return await claim_store.page(tx, person_id, edited, before=before, limit=limit)

    async def decide(self, person_id: UUID, claim_id: UUID, *, confirmed: bool) -> MemoryClaim:
        """Confirm or reject a claim. One that was decided stays as it was.

        Raises:
            MemoryClaimNotFound: there is none, or it is no concern of the person's.
            NotOwner: it is the person's own claim on somebody else's character.
        """
        await self._require_editor(person_id, claim_id)
        async with self._database.transaction() as tx:
            claim = await claim_store.find(tx, claim_id)
            if claim is None:
                raise MemoryClaimNotFound(claim_id)
            await claim_store.lock(tx, claim.personality_id, claim.sender_id)
            claim = await claim_store.find(tx, claim_id, lock=True)
            if claim is None:
                raise MemoryClaimNotFound(claim_id)
            if claim.state == State.PENDING:
                await _decide(tx, claim, confirmed=confirmed, jobs=self._jobs)
            return claim

    async def _require_editor(self, person_id: UUID, claim_id: UUID) -> None:
        async with self._database.transaction() as tx:
            claim = await claim_store.find(tx, claim_id)
        if claim is None:
            raise MemoryClaimNotFound(claim_id)
        try:
            await self._rights.editable(person_id, claim.personality_id)
        except (NotOwner, PersonalityNotFound) as error:
            if claim.person_id != person_id or isinstance(error, PersonalityNotFound):
                raise MemoryClaimNotFound(claim_id) from None
            raise


async def hand_over(tx: AsyncSession, personality_id: UUID, jobs: Jobs) -> int:
    """Give what waits under ids whose claims are confirmed to those who have them; how many.

    For an import, after `arrivals.keep_unclaimed`: a later backup repeats and adds.
    """
    handed = 0
    for claim in await claim_store.confirmed(tx, personality_id):
        handed += await _give(tx, claim, jobs)
    return handed


async def settled(tx: AsyncSession, personality_id: UUID) -> frozenset[str]:
    """The old ids that somebody's claim was confirmed for."""
    confirmed = await claim_store.confirmed(tx, personality_id)
    return frozenset(claim.sender_id for claim in confirmed)


async def take_over(
    tx: AsyncSession, personality_id: UUID, sender_id: str, keys: Collection[UUID]
) -> None:
    """Let memories with these keys no longer wait for whoever had the old id: they have them."""
    waiting = await claim_store.waiting_of(tx, personality_id, sender_id)
    await claim_store.give(tx, sender_id, [row.id for row in waiting if row.key in keys])


async def _made(tx: AsyncSession, caller: Caller, wanted: Wanted) -> MemoryClaim | None:
    """What the request, or another one for the same, made before."""
    if wanted.request_id:
        first = await claim_store.requested(tx, caller.person_id, wanted.request_id)
        if first and (first.personality_id, first.sender_id) != (
            wanted.personality_id,
            wanted.sender_id,
        ):
            raise RequestIdReused(wanted.request_id)
        if first:
            return first
    return await claim_store.standing(tx, wanted.personality_id, wanted.sender_id, caller.person_id)


async def _make(tx: AsyncSession, caller: Caller, wanted: Wanted) -> MemoryClaim | None:
    """A new claim, or that of a twin; None if nothing waits."""
    found = await claim_store.waiting(tx, wanted.personality_id, wanted.sender_id, 1)
    if not found:
        return None
    claim = MemoryClaim(
        id=clock.uuid7(),
        personality_id=wanted.personality_id,
        sender_id=wanted.sender_id,
        person_id=caller.person_id,
        persona_id=caller.persona_id,
        subject=caller.subject,
        state=State.PENDING,
        memory_count=found[0].memory_count,
        group_memory_count=found[0].group_memory_count,
        first_time=found[0].first_time,
        last_time=found[0].last_time,
        request_id=wanted.request_id,
        create_time=clock.now(),
    )
    return claim if await claim_store.add(tx, claim) else await _made(tx, caller, wanted)


async def _decide(tx: AsyncSession, claim: MemoryClaim, *, confirmed: bool, jobs: Jobs) -> None:
    """Once an id is somebody's, a claim on it that came meanwhile can only be rejected."""
    taken = await claim_store.confirmed(tx, claim.personality_id, claim.sender_id)
    claim.state = State.CONFIRMED if confirmed and not taken else State.REJECTED
    claim.decide_time = clock.now()
    await tx.flush()
    if claim.state == State.CONFIRMED:
        await claim_store.reject_others(tx, claim)
        await _give(tx, claim, jobs)


async def _give(tx: AsyncSession, claim: MemoryClaim, jobs: Jobs) -> int:
    """Make what waits for an old id the claimant's; returns how many memories are new to them."""
    rows = await claim_store.waiting_of(tx, claim.personality_id, claim.sender_id)
    owner = Owner(claim.persona_id, claim.personality_id)
    new = await arrivals.fresh(tx, owner, [_arrival(row) for row in rows])
    remembered = await arrivals.remember(tx, owner, new, jobs)
    await claim_store.give(tx, claim.sender_id, [row.id for row in rows])
    return len(remembered)


def _arrival(row: UnclaimedMemory) -> Arrival:
    """What was between two stays there; what a group heard may come up in its channel again."""
    alone = len(row.senders) == 1
    return Arrival(
        key=row.key,
        person_text=row.person_text,
        personality_text=row.personality_text,
        person_name="",
        personality_name=row.personality_name,
        occur_time=row.occur_time or row.create_time,
        venue=Venue.DIRECT if alone else Venue.PRIVATE_CHANNEL,
        platform="" if alone else _PLATFORM,
        channel_id="" if alone else row.channel_id,
    )
