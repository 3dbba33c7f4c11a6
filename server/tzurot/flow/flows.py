"""The machine: begins flows, draws them, follows their work. What answers do is in answering.py."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.errors import FlowExpired, FlowNotFound, RequestIdReused
from tzurot.flow import drawing, files, rows, store
from tzurot.flow.catalogue import Catalogue, fitting, require_offered
from tzurot.flow.drawing import Drawn
from tzurot.flow.files import Header
from tzurot.flow.kind import Origin, Step
from tzurot.flow.tables import Flow
from tzurot.flow.views import Asks, State
from tzurot.formats import caps
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs
from tzurot.transport import uploads
from tzurot.transport.subject import Caller

WORK_JOB = "flow.work"
_WATCH_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Beginning:
    """Which flow is to begin, about what. `request_hash` tells a repeat from a misuse."""

    path: str
    arguments: Mapping[str, str]
    request_id: UUID | None
    request_hash: bytes
    origin: Origin


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
            FlowExpired: the flow of the repeated request has.
            TzurotError: what the kind looks up is not there, or not for this person.
        """
        kind = self.catalogue.kind(wanted.path)
        require_offered(who, kind)
        arguments = fitting(kind, wanted.arguments)
        if first := await self._of_request(who, wanted):
            return await self.draw(who, _unexpired(first))
        step = await kind.begin(who, arguments, wanted.origin)
        async with self._database.transaction() as tx:
            made = await store.add(tx, _new(who, wanted, step))
            if made and step.state is State.WORKING:
                await self._jobs.defer(tx, WORK_JOB, flow_id=str(made.id))
        made = made or await self._of_request(who, wanted)
        if made is None:
            raise RequestIdReused(wanted.request_id)
        return await self.draw(who, made)

    async def get(self, who: Caller, flow_id: UUID) -> Drawn:
        """A flow as it stands.

        Raises:
            FlowNotFound, FlowExpired: by their names.
        """
        return await self.draw(who, await self.found(who, flow_id))

    async def found(self, who: Caller, flow_id: UUID) -> Flow:
        """The row of a flow. Raises: FlowNotFound, FlowExpired."""
        async with self._database.transaction() as tx:
            flow = await store.find(tx, who.person_id, flow_id)
        if flow is None:
            raise FlowNotFound(flow_id)
        return _unexpired(flow)

    async def draw(self, who: Caller, flow: Flow) -> Drawn:
        """How a flow of the person's stands."""
        return await drawing.draw(self.catalogue.kind(flow.path), who, flow)

    async def list(self, who: Caller, before: UUID | None, limit: int) -> Sequence[Flow]:
        """The person's flows that go on, newest first."""
        async with self._database.transaction() as tx:
            return await store.page(tx, who.person_id, now=clock.now(), before=before, limit=limit)

    async def watch(self, who: Caller, flow_id: UUID) -> AsyncGenerator[Drawn]:
        """The flow as it stands, then each change until it no longer works.

        Raises:
            FlowNotFound, FlowExpired: by their names.
        """
        told = None
        while True:
            flow = await self.found(who, flow_id)
            now = (flow.version, drawing.state(flow))
            if now != told:
                yield await self.draw(who, flow)
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
        content = await uploads.collected(
            chunks, size_bytes=header.size_bytes, sha256=header.sha256, limit_bytes=caps.FILE
        )
        async with self._database.transaction() as tx:
            if not await store.prolong(tx, header.flow_id, clock.now() + rows.LIFE):
                raise files.not_asked()
            return await files.keep(tx, header.flow_id, header.name, content)

    async def _of_request(self, who: Caller, wanted: Beginning) -> Flow | None:
        """The flow that the same request began. Raises: RequestIdReused."""
        if wanted.request_id is None:
            return None
        async with self._database.transaction() as tx:
            first = await store.of_request(tx, who.person_id, wanted.request_id)
        if first and first.request_hash != wanted.request_hash:
            raise RequestIdReused(wanted.request_id)
        return first


def _unexpired(flow: Flow) -> Flow:
    if flow.state != State.WORKING and flow.expire_time <= clock.now():
        raise FlowExpired(flow.id)
    return flow


def _new(who: Caller, wanted: Beginning, step: Step) -> dict[str, Any]:
    return {
        "id": clock.uuid7(),
        "version": 1,
        "person_id": who.person_id,
        "persona_id": who.persona_id,
        "subject": who.subject,
        "path": wanted.path,
        "request_id": wanted.request_id,
        "request_hash": wanted.request_hash if wanted.request_id else None,
        "create_time": clock.now(),
        **rows.going_on(step),
    }
