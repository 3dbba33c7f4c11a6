"""The queue: a job commits with its cause, runs at least once, and survives the worker it lost."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import text

from tzurot.storage.database import Database
from tzurot.storage.jobs import STALLED_SECONDS, Jobs

GREET = "greet"


class Log:
    """What ran, and somebody who waits for it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.fails = 0
        self._changed = asyncio.Condition()

    async def note(self, line: str = "") -> None:
        """The work of the jobs; the first `fails` times it fails."""
        async with self._changed:
            self.lines.append(line)
            self._changed.notify_all()
        if self.fails:
            self.fails -= 1
            raise RuntimeError("not this time")

    async def until(self, lines: list[str], seconds: float = 10) -> None:
        """Wait until these ran, in this order."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: self.lines == lines)


@pytest.fixture
def log() -> Log:
    return Log()


async def test_a_job_runs_after_its_transaction_committed(
    database_url: str, database: Database, log: Log
) -> None:
    async with _jobs(database_url, log) as jobs, jobs.working():
        async with database.transaction() as tx:
            await jobs.defer(tx, GREET, line="hello")
        await log.until(["hello"])


async def test_a_job_of_a_transaction_that_rolled_back_never_runs(
    database_url: str, database: Database, log: Log
) -> None:
    async with _jobs(database_url, log) as jobs, jobs.working():
        with pytest.raises(ZeroDivisionError):
            async with database.transaction() as tx:
                await jobs.defer(tx, GREET, line="never")
                raise ZeroDivisionError
        async with database.transaction() as tx:
            await jobs.defer(tx, GREET, line="after")
        await log.until(["after"])
        await _reaches(database, lambda states: states == [])


async def test_long_jobs_of_one_lock_leave_room_for_others(
    database_url: str, database: Database, log: Log
) -> None:
    done = asyncio.Event()

    async def take_long() -> None:
        await done.wait()

    async with _jobs(database_url, log) as jobs:
        jobs.register("long", take_long, lock="long")
        async with database.transaction() as tx:
            for _ in range(8):
                await jobs.defer(tx, "long")
            await jobs.defer(tx, GREET, line="hello")
        async with jobs.working():
            await log.until(["hello"])
            done.set()
            await _reaches(database, lambda states: states == [])


async def test_a_job_that_fails_is_tried_again(
    database_url: str, database: Database, log: Log
) -> None:
    log.fails = 1
    async with _jobs(database_url, log) as jobs:
        async with database.transaction() as tx:
            await jobs.defer(tx, GREET, line="again")
        async with jobs.working():
            await log.until(["again"])
            await _reaches(database, lambda states: states == ["todo"])
            async with database.transaction() as tx:  # the wait of seconds is over
                due = text(
                    "UPDATE jobs.procrastinate_jobs SET scheduled_at = now() "
                    "WHERE task_name = :name RETURNING attempts"
                )
                assert await tx.scalar(due, {"name": GREET}) == 1
        async with jobs.working():  # looks at once for what is due
            await log.until(["again", "again"])
            await _reaches(database, lambda states: states == [])


async def test_jobs_wait_for_a_worker_of_any_process(
    database_url: str, database: Database, log: Log
) -> None:
    async with _jobs(database_url, Log()) as elsewhere, database.transaction() as tx:
        await elsewhere.defer(tx, GREET, line="from there")
    async with _jobs(database_url, log) as jobs, jobs.working():
        await log.until(["from there"])


async def test_a_job_whose_worker_died_runs_again(
    database_url: str, database: Database, log: Log
) -> None:
    async with _jobs(database_url, log) as jobs:
        async with database.transaction() as tx:
            await jobs.defer(tx, GREET, line="mine")
        await _die_over_it(database)
        await jobs.retry_stalled()
        assert await _states(database) == ["todo"]
        async with jobs.working():
            await log.until(["mine"])


async def test_a_job_whose_worker_lives_is_left_to_it(
    database_url: str, database: Database, log: Log
) -> None:
    async with _jobs(database_url, log) as jobs:
        async with database.transaction() as tx:
            await jobs.defer(tx, GREET, line="mine")
        await _die_over_it(database, seconds_ago=STALLED_SECONDS - 10)
        await jobs.retry_stalled()
        assert await _states(database) == ["doing"]


async def test_a_periodic_job_runs_by_itself_when_it_is_due(database_url: str, log: Log) -> None:
    async with Jobs.open(database_url) as jobs:
        jobs.register("every.second", log.note, cron="* * * * * *")  # six fields: seconds, last
        async with jobs.working():
            await log.until([""])


async def test_a_worker_whose_connections_were_cut_goes_on(
    database_url: str, database: Database, log: Log
) -> None:
    async with _jobs(database_url, log) as jobs, jobs.working():
        async with database.transaction() as tx:
            await jobs.defer(tx, GREET, line="before")
        await log.until(["before"])
        await _change(
            database,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        async with database.transaction() as tx:
            await jobs.defer(tx, GREET, line="after")
        await log.until(["before", "after"], seconds=60)


async def test_a_worker_whose_timer_failed_goes_on(
    database_url: str, database: Database, log: Log, caplog: pytest.LogCaptureFixture
) -> None:
    """What procrastinate does beside the jobs ends its worker without an error."""
    table, away = "jobs.procrastinate_periodic_defers", "elsewhere"
    async with _jobs(database_url, log) as jobs:
        ticks = Log()
        jobs.register("every.second", ticks.note, cron="* * * * * *")
        async with jobs.working():
            await ticks.until([""])
            await _change(database, f"ALTER TABLE {table} RENAME TO {away}")
            async with asyncio.timeout(60):
                while "begins anew: it was stopped" not in caplog.text:
                    await asyncio.sleep(0.1)
            await _change(
                database, f"ALTER TABLE jobs.{away} RENAME TO procrastinate_periodic_defers"
            )
            ticks.lines.clear()
            await ticks.until([""], seconds=60)


async def test_jobs_that_wait_for_somebody_outside_leave_room_for_others(
    database_url: str, database: Database, log: Log
) -> None:
    async with _jobs(database_url, log) as jobs:
        jobs.register("ask", asyncio.Event().wait, slow=True)
        async with database.transaction() as tx:
            for _ in range(8):
                await jobs.defer(tx, "ask")
            await jobs.defer(tx, GREET, line="hello")
        async with jobs.working():
            await log.until(["hello"])


@asynccontextmanager
async def _jobs(url: str, log: Log) -> AsyncGenerator[Jobs]:
    async with Jobs.open(url) as jobs:
        jobs.register(GREET, log.note)
        yield jobs


async def _states(database: Database) -> list[Any]:
    query = text(
        "SELECT status::text FROM jobs.procrastinate_jobs WHERE task_name = :name ORDER BY id"
    )
    async with database.transaction() as tx:
        return list((await tx.scalars(query, {"name": GREET})).all())


async def _reaches(database: Database, wanted: Callable[[list[Any]], bool]) -> None:
    """Look until the jobs' states are as wanted, for at most ten seconds."""
    async with asyncio.timeout(60):
        while not wanted(await _states(database)):
            await asyncio.sleep(0.05)


async def _change(database: Database, statement: str) -> None:
    async with database.transaction() as tx:
        await tx.execute(text(statement))


async def _die_over_it(database: Database, seconds_ago: int = STALLED_SECONDS + 1) -> None:
    """Leave the job as a worker does whose last heartbeat was then."""
    async with database.transaction() as tx:
        worker = await tx.scalar(
            text(
                "INSERT INTO jobs.procrastinate_workers (last_heartbeat) "
                "VALUES (now() - make_interval(secs => :ago)) RETURNING id"
            ),
            {"ago": seconds_ago},
        )
        await tx.execute(
            text(
                "UPDATE jobs.procrastinate_jobs SET status = 'doing', worker_id = :worker "
                "WHERE task_name = :name"
            ),
            {"worker": worker, "name": GREET},
        )
