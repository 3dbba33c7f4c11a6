"""What happens to flows without a call: the work of their jobs, and the sweep."""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.errors import Unavailable
from tzurot.flow import drawing, rows, store
from tzurot.flow.catalogue import Catalogue
from tzurot.flow.kind import Step
from tzurot.flow.tables import Flow
from tzurot.flow.views import Progress
from tzurot.storage.database import Database
from tzurot.transport.errors import expected

SWEEP_JOB = "flow.sweep"
SWEEP_CRON = "*/5 * * * *"

_WRITE_SECONDS = 0.5  # between two writes of a progress
_REMEMBERED = timedelta(days=1)  # that a flow has expired, so that its person can be told
_LOST = "The work was interrupted and did not come to its end."


class Working:
    """The jobs of flows."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    async def work(self, flow_id: str) -> None:
        """Do the work of a flow; nothing if it is done already. Runs again if it is cut off.

        Raises:
            Unavailable: something is away; the queue tries again.
        """
        async with self._database.transaction() as tx:
            flow = await store.working(tx, UUID(flow_id))
        if flow is None:
            return
        run = _Run(self._database, flow)
        with suppress(_Overtaken):
            try:
                kind = self._catalogue.kind(flow.path)
                await run.end(
                    await kind.work(drawing.person_of(flow), drawing.at(flow), run.report)
                )
            except _Overtaken:
                raise
            except Exception as failure:  # a job's root: bugs too are told
                error = expected(failure)
                if isinstance(error, Unavailable):
                    raise error from failure
                await run.fail(error.message)

    async def sweep(self) -> None:
        """Forget what has expired: what is in it at once, that it was there a day later."""
        now = clock.now()
        async with self._database.transaction() as tx:
            await store.sweep(tx, expired=now, forgotten=now - _REMEMBERED)
            lost = await store.silent(tx, now)
        for flow in lost:
            with suppress(_Overtaken):
                await _Run(self._database, flow).fail(_LOST)


class _Overtaken(Exception):
    """Another run of the same job has gone on with the flow."""


class _Run:
    """One run of a flow's work, which knows the newest version that it wrote itself."""

    def __init__(self, database: Database, flow: Flow) -> None:
        self._database = database
        self._flow = flow
        self._next_write = 0.0

    async def report(self, progress: Progress) -> None:
        """Write how far it is, at most twice a second.

        Raises:
            _Overtaken: another run does this work now.
        """
        if time.monotonic() < self._next_write:
            return
        memo = replace(drawing.memo(self._flow), progress=progress)
        await self._advance(rows.working(memo))
        self._next_write = time.monotonic() + _WRITE_SECONDS

    async def end(self, step: Step) -> None:
        """The flow goes on at `step`."""
        await self._advance(rows.going_on(step))

    async def fail(self, sentence: str) -> None:
        """The flow ends, and says why."""
        await self._advance(rows.ended(drawing.memo(self._flow), sentence))

    async def _advance(self, values: dict[str, Any]) -> None:
        async with self._database.transaction() as tx:
            advanced = await store.advance(tx, self._flow, values)
        if advanced is None:
            raise _Overtaken
        self._flow = advanced
