"""How fast characters answer: token buckets of persons, channels, spaces and who pays.

A bucket holds half of what its rate gives in a minute, and begins full. An answer takes a token of
each bucket at once, or of none: who has used up their own takes nothing from others. Rates are
settings; one that is off limits nothing. Asking providers about keys has a bucket of its own, which
no setting changes. Whoever sits at the server's machine is not limited.
"""

import math
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import RateLimited
from tzurot.memory.venues import Venue
from tzurot.session.limits import limit_store
from tzurot.session.limits.limit_store import Bucket
from tzurot.session.said import Place, Said
from tzurot.session.settings.settings import Chosen
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller
from tzurot.wallet.paying import OPERATOR_PLATFORM, SERVER

SWEEP_JOB = "session.buckets.sweep"
SWEEP_CRON = "41 * * * *"

_BURST_SECONDS = 30  # of its rate that a bucket holds
_KEY_CHECKS, _KEY_CHECKS_RATE = 10, 1 / 60  # of one person at once, and a second
_KEPT = timedelta(hours=1)  # twice and more what the slowest bucket needs to fill up


async def take(
    tx: AsyncSession, said: Said, caller: Caller, answers: int, buckets: Sequence[Bucket]
) -> None:
    """Take a token for each answer, one statement; nothing for what was admitted before.

    `tx` is one where each statement is a transaction: nobody waits for who is slow after this.

    Raises:
        RateLimited: one of the buckets has not enough, so none of them is taken from.
    """
    if buckets and answers:
        await _take(tx, buckets, answers, caller.person_id, said.request_id)


async def take_key_check(database: Database, caller: Caller) -> None:
    """Take what it takes to ask a provider about a key: else this server tries out stolen ones.

    Raises:
        RateLimited: that was asked too often.
    """
    if caller.platform == OPERATOR_PLATFORM:
        return
    bucket = Bucket(f"key_checks:{caller.person_id}", _KEY_CHECKS, _KEY_CHECKS_RATE)
    async with database.reading() as tx:
        await _take(tx, [bucket], 1, caller.person_id, None)


async def _take(
    tx: AsyncSession,
    buckets: Sequence[Bucket],
    tokens: int,
    person_id: UUID,
    request_id: UUID | None,
) -> None:
    asked = {"person_id": person_id, "request_id": request_id, "now": clock.now()}
    taken = await limit_store.take(tx, buckets, tokens, asked)
    if not taken.complete and not taken.repeated:
        await limit_store.fill(tx, buckets, clock.now())
        taken = await limit_store.take(tx, buckets, tokens, asked)
    if taken.short:
        limit = taken.short.key.partition(":")[0]
        raise RateLimited(limit, max(1, math.ceil(taken.short.seconds)), told=taken.short.told)


def buckets_of(place: Place, caller: Caller, chosen: Chosen, payer: str = SERVER) -> list[Bucket]:
    """Those that an answer takes from, in the order in which they are locked."""
    if caller.platform == OPERATOR_PLATFORM:
        return []
    rates: dict[str, int | None] = {f"person:{caller.person_id}": chosen.person_rate}
    if place.venue is not Venue.DIRECT:
        rates[f"channel:{place.platform}:{place.channel_id}"] = chosen.channel_rate
        if place.space_id:
            rates[f"space:{place.platform}:{place.space_id}"] = chosen.space_rate
    rates[f"payer:{payer}"] = chosen.payer_rate
    return [_bucket(key, rate) for key, rate in sorted(rates.items()) if rate is not None]


def _bucket(key: str, per_minute: int) -> Bucket:
    rate = per_minute / 60
    return Bucket(key, max(1.0, rate * _BURST_SECONDS), rate)


class Buckets:
    """What happens to buckets without a call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sweep(self) -> None:
        """Forget those that are full again."""
        async with self._database.transaction() as tx:
            await limit_store.sweep(tx, clock.now() - _KEPT)
