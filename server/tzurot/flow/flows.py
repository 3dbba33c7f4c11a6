"""The machine: begins flows, draws them, takes their answers once, forgets them in time.

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
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.errors import (
    Aborted,
    AlreadyExists,
    EtagMismatch,
    FailedPrecondition,
    FlowActionUnknown,
    FlowExpired,
    FlowNotFound,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    RequestIdReused,
)
from tzurot.flow import answers, drawing, files, store
from tzurot.flow.answers import Checked
from tzurot.flow.catalogue import Catalogue, fitting
from tzurot.flow.drawing import CLOSE, Drawn
from tzurot.flow.files import Header
from tzurot.flow.kind import Refused, Step
from tzurot.flow.memo import INTERRUPTED, Memo
from tzurot.flow.tables import Flow
from tzurot.flow.views import Asks, State
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs
from tzurot.transport.subject import Caller

log = logging.getLogger(__name__)

LIFE = timedelta(minutes=15)  # without an answer
WORK_SILENCE = timedelta(hours=2)  # without a word of a flow's job, then it is taken for lost
WORK_JOB = "flow.work"
_WATCH_SECONDS = 0.5

# What a room may say to an answer that another answer can mend.
_MENDABLE = (InvalidArgument, AlreadyExists, FailedPrecondition, Aborted)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Which flow is to begin, about what. `request_hash` tells a repeat from a misuse."""

    path: str
    arguments: Mapping[str, str]
    request_id: UUID | None
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """An action, with what was entered by field."""

    etag: str
    action: str
    given: Sequence[tuple[str, Sequence[str]]]

    @property
    def entered(self) -> dict[str, tuple[str, ...]]:
        """What was entered."""
        return {key: tuple(values) for key, values in self.given}


class Flows:
    """All dialogues. Each belongs to one person and one of its personas."""

    def __init__(self, database: Database, jobs: Jobs, catalogue: Catalogue) -> None:
        self._database = database
        self._jobs = jobs
        self.catalogue = catalogue

    async def start(self, who: Caller, wanted: Beginning) -> Drawn:
        """Begin a flow; a repeated request gives the one that it began.

        Raises:
            FlowKindNotFound, InvalidField, RequestIdReused: by their names.
            FlowExpired: the repeated request's flow has.
            TzurotError: what the kind looks up is not there, or not for this person.
        """
        kind = self.catalogue.kind(wanted.path)
        arguments = fitting(kind, wanted.arguments)
        if wanted.request_id and (first := await self._of_request(who, wanted)):
            return await self._draw(who, _unexpired(first))
        step = await kind.start(who, arguments)
        async with self._database.transaction() as tx:
            made = await store.add(tx, _row(who, wanted, step))
            if made and step.state is State.WORKING:
                await self._jobs.defer(tx, WORK_JOB, flow_id=str(made.id))
        if made is None:
            made = await self._of_request(who, wanted)
        if made is None:
            raise RequestIdReused(wanted.request_id)
        return await self._draw(who, made)

    async def get(self, who: Caller, flow_id: UUID) -> Drawn:
        """A flow as it stands.

        Raises:
            FlowNotFound, FlowExpired: by their names.
        """
        return await self._draw(who, await self._found(who, flow_id))

    async def list(self, who: Caller, before: UUID | None, limit: int) -> Sequence[Flow]:
        """The person's flows that go on, newest first."""
        async with self._database.transaction() as tx:
            return await store.page(tx, who.person_id, now=clock.now(), before=before, limit=limit)

    async def titles(self, who: Caller, flows: Sequence[Flow]) -> Sequence[Drawn]:
        """How `flows` of the person's stand."""
        return [await self._draw(who, flow) for flow in flows]

    async def watch(self, who: Caller, flow_id: UUID) -> AsyncIterator[Drawn]:
        """The flow as it stands, then each change until it no longer works.

        Raises:
            FlowNotFound, FlowExpired: by their names.
        """
        told = None
        while True:
            flow = await self._found(who, flow_id)
            now = (flow.version, drawing.state(flow))
            if now != told:
                yield await self._draw(who, flow)
                told = now
            if now[1] is not State.WORKING:
                return
            await asyncio.sleep(_WATCH_SECONDS)

    async def upload(self, who: Caller, header: Header, chunks: AsyncIterator[bytes]) -> UUID:
        """Store a file for an answer; returns its id.

        Raises:
            FlowNotFound, FlowExpired: by their names.
            FileUnreadable: nothing asks for a file now, or it is not the one of its header.
        """
        drawn = await self.get(who, header.flow_id)
        if not any(field.asks is Asks.FILE for field in drawn.view.fields):
            raise files.not_asked()
        content = await files.received(header, chunks)
        async with self._database.transaction() as tx:
            return await files.keep(tx, header, content, clock.now() + LIFE)

    async def submit(self, who: Caller, flow_id: UUID, answer: Answer) -> Drawn:
        """Take an answer, once.

        Raises:
            FlowNotFound, FlowExpired, FlowActionUnknown, EtagMismatch: by their names.
        """
        flow = await self._found(who, flow_id)
        shown = await self._draw(who, flow)
        if not drawing.is_version(answer.etag, flow) or shown.state is State.WORKING:
            raise EtagMismatch(shown.etag)
        if shown.state is not State.OPEN:
            return await self._ended(who, shown, answer)
        if answer.action == CLOSE:
            return await self._put(who, flow, _row_of(Step(flow.step, state=State.CLOSED)))
        checked = await self._checked(shown, answer)
        if checked.refused:
            memo = drawing.memo(flow).refused(answer.entered, checked.errors, checked.notice)
            return await self._put(who, flow, _remembering(memo))
        claimed = await self._claimed(who, flow, answer)
        return await self._taken(who, claimed, _Taking(shown, answer, checked))

    async def _checked(self, shown: Drawn, answer: Answer) -> Checked:
        """Whether the answer fits what is shown, and what is shown is what was answered."""
        checked = answers.check(shown.view, answer.action, answer.given)
        for key, values in checked.answers.items():
            if key == answers.ITEM or shown.view.field(key).asks is not Asks.FILE or not values:
                continue
            async with self._database.transaction() as tx:
                if not await files.is_there(tx, shown.flow.id, values[0]):
                    return Checked({}, {key: "Send the file again."})
        if not checked.refused and answer.etag != shown.etag:
            return drawing.changed(shown.view, checked.answers)
        return checked

    async def _claimed(self, who: Caller, flow: Flow, answer: Answer) -> Flow:
        memo = drawing.memo(flow).claimed(answer.entered, clock.now())
        async with self._database.transaction() as tx:
            values = _remembering(memo) | {"subject": who.subject}
            claimed = await store.advance(tx, flow, values)
        if claimed is None:
            raise EtagMismatch((await self.get(who, flow.id)).etag)
        return claimed

    async def _taken(self, who: Caller, flow: Flow, taking: "_Taking") -> Drawn:
        """Let the kind do it, and put down what came of it."""
        memo = drawing.memo(flow)
        try:
            values = await self._outcome(who, flow, taking)
            return await self._put(who, flow, values)
        except BaseException:  # cancelled, or the database is away: the person may try again
            released = memo.refused({}, {}, INTERRUPTED)
            await asyncio.shield(self._release(flow, _remembering(released)))
            raise

    async def _outcome(self, who: Caller, flow: Flow, taking: "_Taking") -> dict[str, Any]:
        memo, entered = drawing.memo(flow), taking.answer.entered
        at = replace(drawing.at(flow), mark=taking.shown.view.mark)
        kind, me = self.catalogue.kind(flow.path), drawing.as_of(who, flow)
        try:
            step = await kind.take(me, at, taking.answer.action, taking.checked.answers)
        except Refused as no:
            return _remembering(memo.refused(entered, no.errors, no.notice))
        except (NotFound, PermissionDenied) as lost:
            return _ending(memo.ended(lost.message))
        except _MENDABLE as problem:
            return _remembering(memo.refused(entered, {}, problem.message))
        return _row_of(step)

    async def _ended(self, who: Caller, shown: Drawn, answer: Answer) -> Drawn:
        """Nothing can be answered: what its person may not see any more ends for good."""
        if State(shown.flow.state) is State.OPEN:
            ending = drawing.memo(shown.flow).ended(shown.view.body)
            return await self._put(who, shown.flow, _ending(ending))
        raise FlowActionUnknown(answer.action)

    async def _put(self, who: Caller, flow: Flow, values: dict[str, Any]) -> Drawn:
        async with self._database.transaction() as tx:
            put = await store.advance(tx, flow, values)
            if put and put.state == State.WORKING:
                await self._jobs.defer(tx, WORK_JOB, flow_id=str(put.id))
        if put is None:
            raise EtagMismatch((await self.get(who, flow.id)).etag)
        return await self._draw(who, put)

    async def _release(self, flow: Flow, values: dict[str, Any]) -> None:
        try:
            async with self._database.transaction() as tx:
                await store.advance(tx, flow, values)
        except Exception:  # the claim lapses by itself
            log.warning("the claim of flow %s could not be released", flow.id, exc_info=True)

    async def _found(self, who: Caller, flow_id: UUID) -> Flow:
        async with self._database.transaction() as tx:
            flow = await store.find(tx, who.person_id, flow_id)
        if flow is None:
            raise FlowNotFound(flow_id)
        return _unexpired(flow)

    async def _of_request(self, who: Caller, wanted: Beginning) -> Flow | None:
        if wanted.request_id is None:
            return None
        async with self._database.transaction() as tx:
            first = await store.of_request(tx, who.person_id, wanted.request_id)
        if first and first.request_hash != wanted.request_hash:
            raise RequestIdReused(wanted.request_id)
        return first

    async def _draw(self, who: Caller, flow: Flow) -> Drawn:
        return await drawing.draw(self.catalogue.kind(flow.path), who, flow)


@dataclass(frozen=True, slots=True)
class _Taking:
    """An answer to what was shown that fits."""

    shown: Drawn
    answer: Answer
    checked: Checked


def _unexpired(flow: Flow) -> Flow:
    if flow.state != State.WORKING and flow.expire_time <= clock.now():
        raise FlowExpired(flow.id)
    return flow


def _row(who: Caller, wanted: Beginning, step: Step) -> dict[str, Any]:
    return {
        "id": clock.uuid7(),
        "person_id": who.person_id,
        "persona_id": who.persona_id,
        "subject": who.subject,
        "path": wanted.path,
        "request_id": wanted.request_id,
        "request_hash": wanted.request_hash if wanted.request_id else None,
        "create_time": clock.now(),
        **_row_of(step),
    }


def _row_of(step: Step) -> dict[str, Any]:
    """The columns of a flow that goes on at `step`."""
    life = WORK_SILENCE if step.state is State.WORKING else LIFE
    return {
        "step": step.name,
        "state": step.state.value,
        "draft": Memo(draft=step.draft, notice=step.notice).written(),
        "expire_time": clock.now() + life,
    }


def _remembering(memo: Memo) -> dict[str, Any]:
    """The columns of a flow that stays where it is."""
    return {"draft": memo.written(), "expire_time": clock.now() + LIFE}


def _ending(memo: Memo) -> dict[str, Any]:
    return _remembering(memo) | {"state": State.DONE.value}
