"""Work that outlives a call: a queue in Postgres (procrastinate) that commits with its cause.

Jobs run at least once: each must be idempotent. One whose worker was killed is picked up again.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Self

import procrastinate
from procrastinate.exceptions import ConnectorException
from psycopg_pool import AsyncConnectionPool
from sqlalchemy.ext.asyncio import AsyncSession

log = logging.getLogger(__name__)

Work = Callable[..., Awaitable[object]]

SCHEMA = "jobs"  # of Postgres: procrastinate's tables and functions live apart from ours
STALLED_SECONDS = 30  # without a heartbeat: the worker is taken for dead
_AGAIN_SECONDS = 1  # until a worker that ended begins anew
# Queues: for what waits for nobody outside, and for what does. The first is procrastinate's own, so
# that jobs which a server without lanes has left are done too.
_SOON, _SLOW = "default", "slow"
_AT_ONCE = 3  # jobs of each queue
_CONNECTIONS = 6  # each of the two workers listens with one
_ATTEMPTS = 12  # 2, 4, 8 … seconds apart: the last one after an hour; periodic runs go on


class Jobs:
    """The queue. Work is registered at wiring, deferred in transactions, run by `work`."""

    def __init__(self, app: procrastinate.App) -> None:
        self._app = app

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncGenerator[Self]:
        """Connect to the queue in the database at `url` (`postgresql+psycopg://…`)."""
        connector = procrastinate.PsycopgConnector(
            conninfo=url.replace("postgresql+psycopg://", "postgresql://", 1),
            kwargs={"options": f"-c search_path=public,{SCHEMA}"},
            min_size=1,
            max_size=_CONNECTIONS,
            timeout=5,
            pool_factory=AsyncConnectionPool,
        )
        app = procrastinate.App(connector=connector)
        async with app.open_async():
            jobs = cls(app)
            jobs.register("jobs.retry_stalled", jobs.retry_stalled, cron="* * * * *")
            yield jobs

    def register(
        self,
        name: str,
        work: Work,
        *,
        cron: str | None = None,
        lock: str | None = None,
        slow: bool = False,
    ) -> None:
        """Let jobs named `name` run `work`; with `cron` it also runs at these times.

        Jobs with the same `lock` run one after another: long ones leave room for others. Those
        that ask models are `slow`: a provider that hangs keeps nothing else waiting.
        """
        retry = procrastinate.RetryStrategy(max_attempts=_ATTEMPTS, exponential_wait=2)
        once = name if cron else None  # a periodic job waits in the queue once, not many times

        queue = _SLOW if slow else _SOON

        @self._app.task(name=name, queue=queue, retry=retry, queueing_lock=once, lock=lock)
        async def run(timestamp: int | None = None, **arguments: str) -> None:
            del timestamp  # procrastinate tells periodic jobs when they were due
            await work(**arguments)

        if cron:
            self._app.periodic(cron=cron)(run)  # pyright: ignore[reportArgumentType] - ours takes more

    async def defer(self, tx: AsyncSession, name: str, **arguments: str) -> None:
        """Have `name` run after, and only if, the transaction commits."""
        connection = await (await tx.connection()).get_raw_connection()
        job = self._app.configure_task(name, connection=connection.driver_connection)
        await job.defer_async(**arguments)

    async def work(self) -> None:
        """Run jobs until cancelled; then the running ones get a moment to end."""
        async with asyncio.TaskGroup() as workers:
            for queue in (_SOON, _SLOW):
                workers.create_task(self._work(queue))

    async def _work(self, queue: str) -> None:
        """One worker. A connection that was cut ends procrastinate's, with an error or without."""
        ending = asyncio.current_task()
        while True:
            try:
                await self._app.run_worker_async(
                    queues=[queue],
                    name=queue,
                    install_signal_handlers=False,
                    concurrency=_AT_ONCE,
                    shutdown_graceful_timeout=5,
                    stalled_worker_timeout=STALLED_SECONDS,
                    delete_jobs="successful",
                )
                why: BaseException | str = "it was stopped"
            except ConnectorException as error:
                why = error.__cause__ or error
            if ending and ending.cancelling():  # procrastinate ends by way of the database
                return
            log.warning("the worker of %s jobs ended and begins anew: %s", queue, why)
            await asyncio.sleep(_AGAIN_SECONDS)

    async def retry_stalled(self) -> None:
        """Put jobs whose worker died back into the queue."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            log.warning("job %s lost its worker and runs again", job.task_name)
            await manager.retry_job(job)

    @asynccontextmanager
    async def working(self) -> AsyncGenerator[None]:
        """Run jobs in this process while the context lasts."""
        task = asyncio.create_task(self.work())
        task.add_done_callback(_tell_end)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})


def _tell_end(worker: asyncio.Task[None]) -> None:
    """Nobody waits for a worker: what ended it is told here or nowhere."""
    if not worker.cancelled() and (error := worker.exception()):
        log.error("the job worker ended", exc_info=error)
