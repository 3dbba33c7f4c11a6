from tests.storage.test_jobs import *
from tests.storage.test_jobs import _jobs
async def test_probe(database_url, database):
    for i in range(8):
        log = Log()
        async with _jobs(database_url, log) as jobs:
            task = asyncio.create_task(jobs.work())
            async with database.transaction() as tx:
                await jobs.defer(tx, GREET, line="before")
            await log.until(["before"])
            if i % 2: await asyncio.sleep(0.3)
            async with database.transaction() as tx:
                await tx.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"))
            async with database.transaction() as tx:
                await jobs.defer(tx, GREET, line="after")
            try:
                await log.until(["before", "after"], 8)
                print(i, "ok", task)
            except TimeoutError:
                print(i, "STUCK", task.done() and repr(task.exception()), task)
            task.cancel()
            await asyncio.wait({task})
            async with database.transaction() as tx:
                await tx.execute(text("delete from jobs.procrastinate_jobs"))
