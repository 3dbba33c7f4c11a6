"""How many takes a second the token buckets bear, beside the least that Postgres could do.

    python -m benchmarks.limits [--seconds 5]

Forty takers ask for a token of their person's, a channel's and a space's bucket each time, in one
process, with the embedded Postgres on the same cores. The floor is one UPDATE of one row of the
same table, spread and on a single row. Limits are so high that nothing is refused; a last run
refuses everything. On a machine that others use too the CPU is what can be compared: of this
process and of Postgres, by the kernel's count.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from tzurot import clock
from tzurot.session.limits import limit_store
from tzurot.session.limits.limit_store import Bucket
from tzurot.storage import embedded, schema
from tzurot.storage.database import Database

TAKERS = 40
PLENTY = 1e9
NOBODY = UUID(int=0)
_UPDATE = text("UPDATE token_buckets SET tokens = tokens - 1, fill_time = :now WHERE key = :key")

_TICKS = os.sysconf("SC_CLK_TCK")

Buckets = Callable[[int], list[Bucket]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one run: how many a second, milliseconds of each, milliseconds of CPU of each."""

    rate: float
    p50: float
    p99: float
    client: float
    postgres: float


async def main(seconds: float) -> None:
    """Measure, and print the table."""
    runs: list[tuple[str, Buckets]] = [
        ("1,000 persons, 50 channels, 5 spaces", lambda n: _buckets(n, 1_000, 50, 5)),
        ("1,000 persons in one channel", lambda n: _buckets(n, 1_000, 1, 1)),
        ("1 person", lambda n: _buckets(n, 1, 1, 1)),
        ("1 person, all refused", lambda n: _buckets(n, 1, 1, 1, capacity=1)),
    ]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # as root, Postgres runs as another account
        async with embedded.start(Path(folder) / "pg") as url:
            await schema.migrate(url)
            async with Database.open(url) as database:
                head = "| | a second | p50 ms | p99 ms | CPU ms here | CPU ms of Postgres |"
                print(f"{head}\n| --- | --- | --- | --- | --- | --- |")
                postmaster = int((Path(folder) / "pg/data/postmaster.pid").read_text().split()[0])
                cpu = _cpu_of(postmaster)
                for name, keys in (("floor, 1,000 rows", 1_000), ("floor, one row", 1)):
                    await _empty(database)
                    await _fill(database, [_bucket(f"k{n}", PLENTY) for n in range(keys)])
                    _print(name, await _measure(seconds, _floor(database, keys), cpu))
                for name, buckets in runs:
                    await _empty(database)
                    for number in range(1_000):
                        await _fill(database, buckets(number))
                    _print(name, await _measure(seconds, _take(database, buckets), cpu))


def _buckets(
    number: int, persons: int, channels: int, spaces: int, *, capacity: float = PLENTY
) -> list[Bucket]:
    return [
        _bucket(f"channel:{number % channels}", capacity),
        _bucket(f"person:{number % persons}", capacity),
        _bucket(f"space:{number % spaces}", capacity),
    ]


def _bucket(key: str, capacity: float) -> Bucket:
    return Bucket(key, capacity, capacity / 1e6)


def _take(database: Database, buckets: Buckets) -> Callable[[int], Awaitable[None]]:
    async def take(number: int) -> None:
        asked = {"person_id": NOBODY, "request_id": clock.uuid7(), "now": clock.now()}
        async with database.reading() as tx:
            await limit_store.take(tx, buckets(number), 1, asked)

    return take


def _floor(database: Database, keys: int) -> Callable[[int], Awaitable[None]]:
    async def update(number: int) -> None:
        async with database.reading() as tx:
            await tx.execute(_UPDATE, {"now": clock.now(), "key": f"k{number % keys}"})

    return update


async def _fill(database: Database, buckets: list[Bucket]) -> None:
    async with database.transaction() as tx:
        await limit_store.fill(tx, buckets, clock.now())


async def _empty(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(text("TRUNCATE token_buckets"))


async def _measure(
    seconds: float, once: Callable[[int], Awaitable[None]], cpu: Callable[[], float]
) -> Figures:
    """How many ended within the time, and how long each took."""
    numbers, took = count(), list[float]()
    mine, theirs = time.process_time(), cpu()
    end = time.perf_counter() + seconds

    async def taker() -> None:
        while (begun := time.perf_counter()) < end:
            await once(next(numbers))
            took.append((time.perf_counter() - begun) * 1e3)

    await asyncio.gather(*(taker() for _ in range(TAKERS)))
    took.sort()
    done = len(took)
    return Figures(
        rate=done / seconds,
        p50=took[done // 2],
        p99=took[done * 99 // 100],
        client=(time.process_time() - mine) * 1e3 / done,
        postgres=(cpu() - theirs) * 1e3 / done,
    )


def _cpu_of(postmaster: int) -> Callable[[], float]:
    """Seconds of CPU that the processes of a Postgres have used so far."""

    def seconds() -> float:
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) == postmaster:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / _TICKS

    return seconds


def _print(name: str, it: Figures) -> None:
    times = f"{it.p50:.1f} | {it.p99:.1f} | {it.client:.2f} | {it.postgres:.2f}"
    print(f"| {name} | {it.rate:.0f} | {times} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    asyncio.run(main(parser.parse_args().seconds))
