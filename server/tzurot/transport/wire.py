"""How ids and times look on the wire, the same in every room."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp


def moment(when: datetime) -> Timestamp:
    """A moment as a Timestamp."""
    stamp = Timestamp()
    stamp.FromDatetime(when)
    return stamp


def moment_or_none(when: datetime | None) -> Timestamp | None:
    """The same for one that may be missing: an unset field."""
    return moment(when) if when else None


def datetime_from(stamp: Timestamp) -> datetime:
    """A Timestamp as an aware moment."""
    return stamp.ToDatetime(UTC)


def duration(seconds: float) -> Duration:
    """A span of seconds as a Duration."""
    span = Duration()
    span.FromTimedelta(timedelta(seconds=seconds))
    return span


def uuid_or_none(text: str) -> UUID | None:
    """An optional id; empty is none. The contract's rules have checked its form."""
    return UUID(text) if text else None


def text_of(value: UUID | None) -> str:
    """An optional id as text; none is empty."""
    return str(value) if value else ""
