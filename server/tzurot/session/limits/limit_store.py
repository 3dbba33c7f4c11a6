"""The SQL of token buckets: taking from several at once or from none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Double, Text

# Buckets are locked in the order of their keys, so that takers can only queue up. Each is filled
# up to now; if all of them have enough, all are taken from. Else nothing is taken, and whoever has
# to wait longest for is named, with whether somebody was told so already. More than a bucket can
# hold is given once it is full, and fills up later. What was admitted before takes nothing again.
# A lost second of these rows does no harm: nobody waits until they are on the disk.
TAKE = text("""
    WITH repeated AS MATERIALIZED (
        SELECT EXISTS (SELECT 1 FROM turns
            WHERE person_id = :person_id AND request_id = CAST(:request_id AS uuid)) AS it
    ), held AS MATERIALIZED (
        SELECT b.key, w.rate, least(CAST(:tokens AS float8), w.capacity) AS enough, b.told_time,
            least(w.capacity, b.tokens + w.rate
                * extract(epoch FROM greatest(:now - b.fill_time, interval '0'))) AS tokens
        FROM token_buckets b
            JOIN unnest(:keys, :capacities, :rates) AS w (key, capacity, rate) USING (key)
        WHERE NOT (SELECT it FROM repeated)
        ORDER BY b.key FOR UPDATE OF b
    ), short AS MATERIALIZED (
        SELECT key, (enough - tokens) / rate AS seconds, coalesce(told_time > :now, false) AS told
        FROM held WHERE tokens < enough ORDER BY seconds DESC, key LIMIT 1
    ), ready AS MATERIALIZED (
        SELECT (SELECT count(*) FROM held) = cardinality(:keys) AS complete
    ), filled AS (
        UPDATE token_buckets b SET fill_time = greatest(b.fill_time, :now),
            tokens = held.tokens
                - CASE WHEN EXISTS (SELECT 1 FROM short) THEN 0 ELSE CAST(:tokens AS float8) END,
            told_time = CASE WHEN b.key = (SELECT key FROM short WHERE NOT told)
                THEN :now + (SELECT seconds FROM short) * interval '1 second'
                ELSE b.told_time END
        FROM held, ready WHERE b.key = held.key AND ready.complete
    )
    SELECT repeated.it, ready.complete, short.key, short.seconds, short.told,
        set_config('synchronous_commit', 'off', true)
    FROM repeated CROSS JOIN ready LEFT JOIN short ON true
""").bindparams(
    bindparam("keys", type_=ARRAY(Text)),
    bindparam("capacities", type_=ARRAY(Double)),
    bindparam("rates", type_=ARRAY(Double)),
)

_FILL = text("""
    INSERT INTO token_buckets (key, tokens, fill_time)
    SELECT w.key, w.capacity, :now FROM unnest(:keys, :capacities) AS w (key, capacity)
    ORDER BY w.key ON CONFLICT DO NOTHING
""").bindparams(bindparam("keys", type_=ARRAY(Text)), bindparam("capacities", type_=ARRAY(Double)))

_SWEEP = text("DELETE FROM token_buckets WHERE fill_time < :before")

_REPEATED = text("""
    SELECT EXISTS (SELECT 1 FROM turns
        WHERE person_id = :person_id AND request_id = CAST(:request_id AS uuid))
""")


@dataclass(frozen=True, slots=True)
class Bucket:
    """What somebody or something may say at once, and how fast it fills up: tokens a second."""

    key: str
    capacity: float
    rate: float


@dataclass(frozen=True, slots=True)
class Short:
    """A bucket that has not enough, for how long, and whether somebody was told that."""

    key: str
    seconds: float
    told: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """How taking went. Incomplete: some buckets were not there, and nothing was taken."""

    complete: bool
    repeated: bool
    short: Short | None


async def take(
    tx: AsyncSession, buckets: Sequence[Bucket], tokens: int, asked: dict[str, Any]
) -> Taken:
    """Take tokens from all buckets, or from none if one of them has not enough or isn't there.

    `asked` has `person_id`, `request_id` and `now`.
    """
    row = await tx.execute(TAKE, {**_arrays(buckets), **asked, "tokens": tokens})
    repeated, complete, key, seconds, told, _ = row.one()
    short = Short(key, seconds, told) if key is not None and complete else None
    return Taken(complete, repeated, short)


async def fill(tx: AsyncSession, buckets: Sequence[Bucket], now: datetime) -> None:
    """Begin buckets that are not there yet: they are full."""
    values = _arrays(buckets)
    await tx.execute(
        _FILL, {"keys": values["keys"], "capacities": values["capacities"], "now": now}
    )


async def repeated(tx: AsyncSession, person_id: UUID, request_id: UUID | None) -> bool:
    """Whether a request was admitted before."""
    row = await tx.execute(_REPEATED, {"person_id": person_id, "request_id": request_id})
    return bool(row.scalar_one())


async def sweep(tx: AsyncSession, before: datetime) -> None:
    """Forget buckets that nobody took from since: by then they are full."""
    await tx.execute(_SWEEP, {"before": before})


def _arrays(buckets: Sequence[Bucket]) -> dict[str, Any]:
    return {
        "keys": [it.key for it in buckets],
        "capacities": [float(it.capacity) for it in buckets],
        "rates": [float(it.rate) for it in buckets],
    }
