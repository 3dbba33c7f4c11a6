"""Deciding who is not answered and whether anybody is: denials, maintenance, people's ages.

Who has the scope `admin`, the operator, decides everywhere; others for one space of their own
platform, as a client calls only for who moderates it, and never against the operator. What then
holds for whom is in standing.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.account import denial_store, people
from tzurot.account.standing import Age, DenialKind, Target
from tzurot.account.tables import Denial, Maintenance
from tzurot.errors import (
    DenialNotFound,
    InvalidField,
    LimitReached,
    RequestIdReused,
    ScopeMissing,
    SubjectDenied,
)
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller

ADMIN = "admin"
MAX_DENIALS = 1_000  # that hold in one space
SWEEP_JOB = "account.denials.sweep"
SWEEP_CRON = "17 * * * *"


@dataclass(frozen=True, slots=True)
class NewDenial:
    """What a denial is to be; an empty platform or space is anywhere."""

    target: Target
    target_id: str
    kind: DenialKind
    platform: str = ""
    space_id: str = ""
    reason: str = ""
    expire_time: datetime | None = None
    request_id: UUID | None = None


class Moderation:
    """Denials, maintenance and ages, as those decide them who may."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def deny(self, me: Caller, new: NewDenial) -> Denial:
        """Keep somebody or something from being answered, in place of what held for it there.

        What the operator decided holds beside what a moderator does.

        Raises:
            ScopeMissing, SubjectDenied: the caller may not decide this there.
            InvalidField: it would be no denial, or one of the operator by themselves.
            LimitReached, RequestIdReused: by their names.
        """
        _require_moderating(me, new.platform, new.space_id)
        if new.target is Target.SPACE and ADMIN not in me.scopes:
            raise ScopeMissing(ADMIN)
        _require_sensible(me, new)
        denial = _row(me, new)
        async with self._database.transaction() as tx:
            await denial_store.lock_scope(tx, new.platform, new.space_id)
            if not await denial_store.replace(tx, denial):
                return await _same(tx, me, denial)
            held = await denial_store.count(tx, new.platform, new.space_id, denial.create_time)
            if new.space_id and held > MAX_DENIALS:
                raise LimitReached("denials in a server", MAX_DENIALS)
        return denial

    async def list(
        self, me: Caller, platform: str, space_id: str, after: UUID | None, limit: int
    ) -> Sequence[Denial]:
        """Denials, newest first; empty ones of platform and space stand for all.

        Raises:
            ScopeMissing, SubjectDenied: the caller may not see these.
        """
        _require_moderating(me, platform, space_id)
        async with self._database.transaction() as tx:
            return await denial_store.denials(tx, platform, space_id, after, limit)

    async def allow(self, me: Caller, denial_id: UUID, platform: str, space_id: str) -> None:
        """Take a denial back.

        Raises:
            ScopeMissing, SubjectDenied: the caller may not decide this there.
            DenialNotFound: there is none, it is another space's, or the operator decided it.
        """
        _require_moderating(me, platform, space_id)
        async with self._database.transaction() as tx:
            found = await denial_store.denial(tx, denial_id)
            if found is None or not _is_of(found, platform, space_id) or not may_lift(me, found):
                raise DenialNotFound(denial_id)
            await denial_store.remove(tx, denial_id)

    async def maintenance(self) -> Maintenance | None:
        """The work on the server, if there is some."""
        async with self._database.reading() as tx:
            return await denial_store.maintenance(tx)

    async def maintain(self, message: str) -> None:
        """Say what people are told while the server is being worked on; empty: it is over."""
        async with self._database.transaction() as tx:
            if message.strip():
                await denial_store.begin_maintenance(tx, message, clock.now())
            else:
                await denial_store.end_maintenance(tx)

    async def set_age(self, subject: str, age: Age) -> None:
        """Say what holds of a person's age, who may never have been here."""
        async with self._database.transaction() as tx:
            person_id = await people.meet(tx, subject)
            since = clock.now() if age is Age.ADULT else None
            await denial_store.set_age(tx, person_id, since, barred=age is Age.BARRED)

    async def revoke_age(self, me: Caller) -> None:
        """Forget that the caller proved to be an adult. Who is barred stays so."""
        async with self._database.transaction() as tx:
            await denial_store.forget_adult(tx, me.person_id)

    async def sweep(self) -> None:
        """Forget what has expired."""
        async with self._database.transaction() as tx:
            await denial_store.remove_expired(tx, clock.now())


def may_lift(me: Caller, denial: Denial) -> bool:
    """Whether who decides about a denial's space may take it back."""
    return not denial.by_operator or ADMIN in me.scopes


def _require_moderating(me: Caller, platform: str, space_id: str) -> None:
    if ADMIN in me.scopes:
        return
    if not platform or not space_id:
        raise ScopeMissing(ADMIN)
    if platform != me.platform:
        raise SubjectDenied(me.subject)


def _require_sensible(me: Caller, new: NewDenial) -> None:
    if new.target in (Target.SPACE, Target.CHANNEL) and not new.platform:
        problem = "must name the platform that a server or channel is of"
        raise InvalidField([("denial.platform", "denial.platform", problem)])
    if new.space_id and not new.platform:
        problem = "must name the platform that the server is of"
        raise InvalidField([("denial.platform", "denial.platform", problem)])
    if new.target is Target.SUBJECT and ADMIN in me.scopes and new.target_id == me.subject:
        problem = "must not be yourself: nobody could take it back"
        raise InvalidField([("denial.subject", "denial.self", problem)])
    if new.expire_time and new.expire_time <= clock.now():
        problem = "must be in the future"
        raise InvalidField([("denial.expire_time", "denial.expire_time", problem)])


def _is_of(denial: Denial, platform: str, space_id: str) -> bool:
    """Whether a denial is one of a platform's space; empty ones stand for all."""
    return platform in ("", denial.platform) and space_id in ("", denial.space_id)


def _row(me: Caller, new: NewDenial) -> Denial:
    return Denial(
        id=clock.uuid7(),
        target=new.target,
        target_id=new.target_id,
        platform=new.platform,
        space_id=new.space_id,
        kind=new.kind,
        reason=new.reason,
        by_operator=ADMIN in me.scopes,
        creator_id=me.person_id,
        request_id=new.request_id,
        create_time=clock.now(),
        expire_time=new.expire_time,
    )


async def _same(tx: AsyncSession, me: Caller, denial: Denial) -> Denial:
    """What the same request created before.

    Raises:
        RequestIdReused: it was another denial.
    """
    if denial.request_id is None:
        raise RequestIdReused(denial.request_id)
    first = await denial_store.of_request(tx, me.person_id, denial.request_id)
    if _asked_for(first) != _asked_for(denial):
        raise RequestIdReused(denial.request_id)
    return first


def _asked_for(denial: Denial) -> tuple[object, ...]:
    where = denial.platform, denial.space_id
    return denial.target, denial.target_id, *where, denial.kind, denial.reason, denial.expire_time
