"""The two seams through which time and identity enter: tests freeze these and nothing else."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC)


def uuid7(when: datetime | None = None) -> UUID:
    """A new id that is ordered by time: 48 bits of Unix milliseconds, 74 of chance (RFC 9562 §5.7).

    `when`: of something that happened then, so that it is listed among what did; else now.
    """
    milliseconds = int(when.timestamp() * 1000) if when else time.time_ns() // 1_000_000
    milliseconds = max(milliseconds, 0)
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76  # version
    value = value & ~(0x3 << 62) | 0x2 << 62  # variant
    return UUID(int=value)
