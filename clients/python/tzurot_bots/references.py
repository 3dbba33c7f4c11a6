"""What a message refers to: replies, links, forwards and the message that a thread began with.

Breadth first, then what those refer to. How messages are read, and what of them one person may see,
is the platform's: its `Reader` knows.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from tzurot_client.gen.tzurot.session.v1 import Reference, ReferenceKind, ReferenceState

MOST, DEEPEST, AT_ONCE = 10, 5, 3  # messages looked up, steps away, at the same time
SECONDS = 3.0  # for all of them
MOST_TOLD = 50  # references; the contract's limit

T = TypeVar("T")
"""A message as the platform brings it along with another one."""


@dataclass(frozen=True)  # with slots, `Pointer[X](…)` fails on Python 3.11
class Pointer(Generic[T]):
    """That a message refers to another one, by the platform's ids."""

    kind: ReferenceKind
    space_id: str
    channel_id: str
    message_id: str
    brought: T | None = None
    """The other message where the first one brings it."""
    referrer: int | None = None
    """Which of the references it comes from, counted from 0; None: the first message itself."""
    beyond: bool = False
    """One of too many: it stands for all further ones."""


@dataclass(frozen=True)  # as above
class Found(Generic[T]):
    """What a pointer leads to, and what that refers to.

    `told` is its state and, if it was read, author and words; the rest is the pointer's to say.
    """

    told: Reference
    further: Sequence[Pointer[T]] = ()


class Reader(Protocol[T]):
    """Reads messages for one person's eyes."""

    def known(self, pointer: Pointer[T]) -> Found[T] | None:
        """What is clear without a look; None if one is needed."""
        ...

    async def read(self, pointer: Pointer[T]) -> Found[T]:
        """What is there, or in which state it is."""
        ...


async def walk(start: str, pointers: Sequence[Pointer[T]], reader: Reader[T]) -> list[Reference]:
    """All that the message with the id `start` refers to, nearest first."""
    walked = _Walk(reader, start)
    await walked.follow(pointers)
    return walked.told


class _Walk(Generic[T]):
    def __init__(self, reader: Reader[T], start: str) -> None:
        self.told: list[Reference] = []
        self._reader = reader
        self._seen = {start}
        self._looked_up = 0
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._until = time.monotonic() + SECONDS

    async def follow(self, pointers: Sequence[Pointer[T]]) -> None:
        """Tell of all these, then of what those refer to."""
        for depth in range(1, DEEPEST + 2):
            further: list[Pointer[T]] = []
            level = pointers[: MOST_TOLD - len(self.told)]
            for pointer, found in zip(level, await self._level(level, depth), strict=True):
                if _is_bare_thread(pointer, found):
                    continue
                index = len(self.told)
                self.told.append(_told(pointer, found))
                further += [replace(one, referrer=index) for one in found.further]
            if not (pointers := further):
                return

    async def _level(self, pointers: Sequence[Pointer[T]], depth: int) -> list[Found[T]]:
        """What became of each; those that are read at all are read at the same time."""
        known = [self._known(pointer, depth) for pointer in pointers]
        reading = {
            place: asyncio.create_task(self._read(pointers[place]))
            for place, found in enumerate(known)
            if found is None
        }
        try:
            if reading:
                await asyncio.wait(reading.values(), timeout=self._until - time.monotonic())
        finally:
            for task in reading.values():
                task.cancel()
        for place, task in reading.items():
            await asyncio.wait({task})
            late = Found[T](Reference(state=ReferenceState.UNREACHABLE))
            known[place] = late if task.cancelled() else task.result()
        return [found for found in known if found is not None]

    def _known(self, pointer: Pointer[T], depth: int) -> Found[T] | None:
        """What is clear without a look; None if one is needed."""
        if (known := self._reader.known(pointer)) is not None:
            self._seen.add(pointer.message_id)
            return known
        if pointer.message_id in self._seen:
            return Found(Reference(state=ReferenceState.REPEATED))
        looks = pointer.brought is None
        if pointer.beyond or depth > DEEPEST or (looks and self._looked_up >= MOST):
            return Found(Reference(state=ReferenceState.OVER_LIMIT))
        self._seen.add(pointer.message_id)
        self._looked_up += looks
        return None

    async def _read(self, pointer: Pointer[T]) -> Found[T]:
        async with self._slots:
            return await self._reader.read(pointer)


def _told(pointer: Pointer[T], found: Found[T]) -> Reference:
    told = found.told
    told.kind, told.referrer_index = pointer.kind, pointer.referrer
    told.platform_message_id, told.channel_id = pointer.message_id, pointer.channel_id
    return told


def _is_bare_thread(pointer: Pointer[T], found: Found[T]) -> bool:
    """Whether no message was there to begin with, as far as can be known."""
    starter = pointer.kind is ReferenceKind.THREAD_STARTER and pointer.referrer is None
    return starter and found.told.state is ReferenceState.DELETED
