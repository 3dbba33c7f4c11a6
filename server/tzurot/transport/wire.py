"""How ids, times and files look on the wire, the same in every room."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from tzurot.common.v1 import file_pb2

CHUNK_BYTES = 64 * 1024

Part = TypeVar("Part")


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


def file_header(name: str, media_type: str, size_bytes: int, sha256: str) -> file_pb2.FileHeader:
    """What is said of a file before it comes; its SHA-256 in lowercase hex."""
    return file_pb2.FileHeader(
        name=name, media_type=media_type, size_bytes=size_bytes, sha256=sha256
    )


def file_parts(part: type[Part], name: str, media_type: str, content: bytes) -> Iterator[Part]:
    """A file as messages of this type, which have a header or a chunk: first the header."""
    make: Any = part
    sha256 = hashlib.sha256(content).hexdigest()
    yield make(header=file_header(name, media_type, len(content), sha256))
    for start in range(0, len(content), CHUNK_BYTES):
        yield make(chunk=content[start : start + CHUNK_BYTES])
