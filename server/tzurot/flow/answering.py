"""What happens when somebody answers a flow: read `submit` from top to bottom.

An answer is taken in three steps, and nothing is locked while a kind calls other rooms:

    claim   the version is counted up if it is still the one that was shown, so that of two answers
            one wins; what was entered is kept with it
    take    the kind does what the answer says, in the rooms' own transactions
    put     where the flow goes on, under the next version

A call that fails releases its claim. If its process dies, the claim lapses: the flow then stands at
the same step, drawn from what the rooms have now, and says that it was interrupted. So a kind's
view shows what was done already, and its `take` does nothing twice.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.errors import (
    Aborted,
    AlreadyExists,
    EtagMismatch,
    FailedPrecondition,
    FlowActionUnknown,
    InvalidArgument,
    NotFound,
    PermissionDenied,
)
from tzurot.flow import answers, drawing, files, rows, store
from tzurot.flow.answers import Checked
from tzurot.flow.drawing import CLOSE, Drawn
from tzurot.flow.flows import WORK_JOB, Flows
from tzurot.flow.kind import Answers, Refused, Step
from tzurot.flow.memo import INTERRUPTED
from tzurot.flow.tables import Flow
from tzurot.flow.views import Asks, State, View
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs
from tzurot.transport.subject import Caller

log = logging.getLogger(__name__)

# What a room may say to an answer that another answer can mend.
_MENDABLE = (InvalidArgument, AlreadyExists, FailedPrecondition, Aborted)


@dataclass(frozen=True, slots=True)
class Answer:
    """An action, with what was entered by field, and the etag of what was shown."""

    etag: str
    action: str
    given: Sequence[tuple[str, Sequence[str]]] = field(repr=False)

    def entered(self, view: View) -> Answers:
        """What was entered, to be kept with the flow: no choice in a list, and nothing secret."""
        secret = {it.key for it in view.fields if it.asks is Asks.SECRET}
        return {
            key: tuple(values)
            for key, values in self.given
            if key != answers.ITEM and key not in secret
        }


@dataclass(frozen=True, slots=True)
class _Taking:
    """An answer to what was shown that fits."""

    shown: Drawn
    answer: Answer
    checked: Checked


class Answering:
    """Takes answers, each once."""

    def __init__(self, database: Database, jobs: Jobs, flows: Flows) -> None:
        self._database = database
        self._jobs = jobs
        self._flows = flows

    async def submit(self, who: Caller, flow_id: UUID, answer: Answer) -> Drawn:
        """Take an answer.

        Raises:
            FlowNotFound, FlowExpired, FlowActionUnknown, EtagMismatch: by their names.
        """
        flow = await self._flows.found(who, flow_id)
        shown = await self._flows.draw(who, flow)
        if not drawing.is_version(answer.etag, flow) or shown.state is State.WORKING:
            raise EtagMismatch(shown.etag)
        if shown.state is not State.OPEN:
            return await self._over(who, shown, answer)
        if answer.action == CLOSE and not answer.given:
            closed = Step(flow.step, state=State.CLOSED)
            return await self._put(who, flow, rows.going_on(closed))
        checked = await self._checked(shown, answer)
        if checked.refused:
            memo = drawing.memo(flow).refused(
                answer.entered(shown.view), checked.errors, checked.notice
            )
            return await self._put(who, flow, rows.waiting(memo))
        claimed = await self._claimed(who, flow, answer.entered(shown.view))
        return await self._taken(who, claimed, _Taking(shown, answer, checked))

    async def _over(self, who: Caller, shown: Drawn, answer: Answer) -> Drawn:
        """A flow without actions: what its person may not see any more now ends for good."""
        if shown.flow.state != State.OPEN:
            raise FlowActionUnknown(answer.action)
        ended = rows.ended(drawing.memo(shown.flow), shown.view.body)
        return await self._put(who, shown.flow, ended)

    async def _checked(self, shown: Drawn, answer: Answer) -> Checked:
        """Whether the answer fits what is shown, and what is shown is what was answered."""
        checked = answers.check(shown.view, answer.action, answer.given)
        if checked.refused:
            return checked
        if lost := await self._lost_files(shown, checked.answers):
            return Checked({}, lost)
        return checked if answer.etag == shown.etag else drawing.changed(shown.view, checked)

    async def _lost_files(self, shown: Drawn, given: Answers) -> dict[str, str]:
        asked = [it.key for it in shown.view.fields if it.asks is Asks.FILE]
        lost: dict[str, str] = {}
        for key in asked:
            if not given.get(key):
                continue
            async with self._database.transaction() as tx:
                if not await files.is_there(tx, shown.flow.id, given[key][0]):
                    lost[key] = "Send the file again."
        return lost

    async def _claimed(self, who: Caller, flow: Flow, entered: Answers) -> Flow:
        memo = drawing.memo(flow).claimed(entered, clock.now())
        async with self._database.transaction() as tx:
            values = rows.waiting(memo) | {"subject": who.subject}
            claimed = await store.advance(tx, flow, values)
        if claimed is None:
            raise EtagMismatch((await self._flows.get(who, flow.id)).etag)
        return claimed

    async def _taken(self, who: Caller, flow: Flow, taking: _Taking) -> Drawn:
        """Let the kind do it, and put down what came of it."""
        try:
            return await self._put(who, flow, await self._outcome(who, flow, taking))
        except BaseException:  # cancelled, or the database is away: the person may try again
            await asyncio.shield(self._release(flow))
            raise

    async def _outcome(self, who: Caller, flow: Flow, taking: _Taking) -> dict[str, Any]:
        memo, entered = drawing.memo(flow), taking.answer.entered(taking.shown.view)
        at = replace(drawing.at(flow), mark=taking.shown.view.mark)
        kind, me = self._flows.catalogue.kind(flow.path), drawing.as_of(who, flow)
        try:
            step = await kind.take(me, at, taking.answer.action, taking.checked.answers)
        except Refused as no:
            return rows.waiting(memo.refused(entered, no.errors, no.notice))
        except (NotFound, PermissionDenied) as lost:
            return rows.ended(memo, lost.message)
        except _MENDABLE as problem:
            return rows.waiting(memo.refused(entered, {}, problem.message))
        if step.name == flow.step and step.state is State.OPEN:
            return rows.waiting(memo.after(step, taking.checked.answers))
        return rows.going_on(step)

    async def _put(self, who: Caller, flow: Flow, values: dict[str, Any]) -> Drawn:
        """The flow with new values, if nobody else gave it others meanwhile.

        Raises:
            EtagMismatch: somebody did.
        """
        async with self._database.transaction() as tx:
            put = await store.advance(tx, flow, values)
            if put and put.state == State.WORKING:
                await self._jobs.defer(tx, WORK_JOB, flow_id=str(put.id))
        if put is None:
            raise EtagMismatch((await self._flows.get(who, flow.id)).etag)
        return await self._flows.draw(who, put)

    async def _release(self, flow: Flow) -> None:
        released = rows.waiting(drawing.memo(flow).refused({}, {}, INTERRUPTED))
        try:
            async with self._database.transaction() as tx:
                await store.advance(tx, flow, released)
        except Exception:  # whatever it is, the claim lapses by itself
            log.warning("the claim of flow %s could not be released", flow.id, exc_info=True)
