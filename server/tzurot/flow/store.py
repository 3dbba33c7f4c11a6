"""The SQL of flows. Only their jobs ask without naming the person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.flow.tables import Flow, FlowFile

_SWEPT_AT_ONCE = 100


async def find(tx: AsyncSession, person_id: UUID, flow_id: UUID) -> Flow | None:
    """A flow of the person's."""
    query = select(Flow).where(Flow.person_id == person_id, Flow.id == flow_id)
    return (await tx.scalars(query)).one_or_none()


async def working(tx: AsyncSession, flow_id: UUID) -> Flow | None:
    """A flow that waits for its job: whose it is says the row."""
    query = select(Flow).where(Flow.id == flow_id, Flow.state == "working")
    return (await tx.scalars(query)).one_or_none()


async def page(
    tx: AsyncSession, person_id: UUID, *, now: datetime, before: UUID | None, limit: int
) -> Sequence[Flow]:
    """The person's flows that go on, newest first."""
    query = (
        select(Flow)
        .where(
            Flow.person_id == person_id,
            Flow.state.in_(["open", "working"]),
            Flow.expire_time > now,
        )
        .order_by(Flow.id.desc())
        .limit(limit)
    )
    if before:
        query = query.where(Flow.id < before)
    return (await tx.scalars(query)).all()


async def add(tx: AsyncSession, values: dict[str, Any]) -> Flow | None:
    """A new flow; None if the person's request id began one before. A twin is waited for."""
    made = insert(Flow).values(**values).on_conflict_do_nothing().returning(Flow)
    return (await tx.scalars(made)).one_or_none()


async def of_request(tx: AsyncSession, person_id: UUID, request_id: UUID) -> Flow | None:
    """The flow that a request began."""
    query = select(Flow).where(Flow.person_id == person_id, Flow.request_id == request_id)
    return (await tx.scalars(query)).one_or_none()


async def advance(tx: AsyncSession, flow: Flow, values: dict[str, Any]) -> Flow | None:
    """The flow with new values and the next version; None if it is not the newest any more."""
    changed = (
        update(Flow)
        .where(Flow.id == flow.id, Flow.version == flow.version)
        .values(version=Flow.version + 1, **values)
        .returning(Flow)
        .execution_options(synchronize_session=False)
    )
    return (await tx.scalars(changed)).one_or_none()


async def silent(tx: AsyncSession, now: datetime) -> Sequence[Flow]:
    """Flows whose work has not been heard of for too long."""
    query = select(Flow).where(Flow.state == "working", Flow.expire_time <= now)
    return (await tx.scalars(query.limit(_SWEPT_AT_ONCE))).all()


async def sweep(tx: AsyncSession, *, expired: datetime, forgotten: datetime) -> None:
    """Empty the flows that expired before `expired`, and delete those that did before `forgotten`.

    In between they are there so that their people can be told.
    """
    over = (Flow.expire_time <= expired, Flow.state != "working")
    await tx.execute(delete(FlowFile).where(FlowFile.flow_id == Flow.id, *over))
    await tx.execute(update(Flow).where(*over, Flow.draft != {}).values(draft={}))
    await tx.execute(delete(Flow).where(Flow.expire_time <= forgotten, Flow.state != "working"))


async def prolong(tx: AsyncSession, flow_id: UUID, expire_time: datetime) -> bool:
    """Let an open flow live on, whatever its version is; False if it is not open any more."""
    open_flow = (
        update(Flow)
        .where(Flow.id == flow_id, Flow.state == "open")
        .values(expire_time=expire_time)
        .returning(Flow.id)
        .execution_options(synchronize_session=False)
    )
    return (await tx.execute(open_flow)).one_or_none() is not None


async def put_file(tx: AsyncSession, file: FlowFile) -> None:
    """Store a file instead of the flow's others."""
    await tx.execute(delete(FlowFile).where(FlowFile.flow_id == file.flow_id))
    tx.add(file)


async def file(tx: AsyncSession, flow_id: UUID, file_id: UUID) -> FlowFile | None:
    """A file of a flow that the caller has checked the ownership of."""
    query = select(FlowFile).where(FlowFile.flow_id == flow_id, FlowFile.id == file_id)
    return (await tx.scalars(query)).one_or_none()


async def has_file(tx: AsyncSession, flow_id: UUID, file_id: UUID) -> bool:
    """Whether there is such a file, without reading it."""
    query = select(exists().where(FlowFile.flow_id == flow_id, FlowFile.id == file_id))
    return bool(await tx.scalar(query))
