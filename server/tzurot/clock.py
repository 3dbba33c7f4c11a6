"""The two seams through which time and identity enter: tests freeze these and nothing else."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC)


def uuid7(when: datetime | None = None) -> UUID:
    """A new id that is ordered by time: Unix milliseconds and a 4,096th of one, 62 bits of chance.

    RFC 9562 §5.7, and §6.2, method 3: what is made one after the other is listed so.
    `when`: of something that happened then, so that it is listed among what did; else now.
    """
    nanoseconds = int(when.timestamp() * 1_000_000) * 1000 if when else time.time_ns()
    milliseconds, rest = divmod(max(nanoseconds, 0), 1_000_000)
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | (rest << 12) // 1_000_000 << 64  # version, and part of a millisecond
    value |= 0x2 << 62 | int.from_bytes(os.urandom(8)) >> 2  # variant
    return UUID(int=value)
