"""The way out of memories: all that characters remember and know of a person, as one file.

It is written to a temporary file, batch by batch, because its header says how large it is and what
its hash is: so 100,000 memories take no more of the server's memory than 500 do, and how fast its
person takes the file holds no transaction open. All of it is of one moment.
"""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.account import personas
from tzurot.errors import PersonalityNotFound
from tzurot.formats.memories.line import Leaving
from tzurot.formats.memories.writing import LAYOUTS, Format, Layout
from tzurot.memory import departures
from tzurot.memory.departures import Departure
from tzurot.memory.facts.fact import Fact
from tzurot.memory.filters import ALL, Filter, Whose
from tzurot.personality.characters import Characters, Label
from tzurot.storage.database import Database
from tzurot.transfer import keepsakes
from tzurot.transport.subject import Caller

_ONE_MOMENT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to take with them."""

    personality_id: UUID | None
    """None: what all characters remember."""
    filter: Filter
    format: Format
    most_bytes: int | None = None
    """None: a file of any size."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a file has."""

    memories: int
    facts: int


class TooLarge(Exception):
    """The file would have more bytes than were asked for at most."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A file on disk, gone as soon as it is given out."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str
    content: IO[bytes]

    async def chunks(self, size: int) -> AsyncIterator[bytes]:
        """Its bytes, at most so many at once."""
        while chunk := await asyncio.to_thread(self.content.read, size):
            yield chunk


class MemoryExporting:
    """Gives people what is remembered of them."""

    def __init__(self, database: Database, characters: Characters) -> None:
        self._database = database
        self._characters = characters

    @asynccontextmanager
    async def packed(self, who: Caller, asked: Asked) -> AsyncGenerator[Packed]:
        """The person's memories as a file; of their own personas alone, whatever the filter says.

        Raises:
            PersonalityNotFound: the person sees no such character, and none knows them.
            TooLarge: it has more than `most_bytes`.
        """
        layout = LAYOUTS[asked.format]
        with tempfile.TemporaryFile() as content:
            packing = _Packing(content, layout, asked.most_bytes)
            async with self._database.transaction() as tx:
                await tx.execute(_ONE_MOMENT)
                names = await personas.names(tx, who.person_id)
                slug = await self._slug(tx, who, names.keys(), asked.personality_id)
                whose = Whose(names.keys(), asked.personality_id, asked.filter)
                counts = await _counts(tx, whose, asked.format)
                await packing.begin(counts)
                labels: dict[UUID, Label] = {}
                async for batch in departures.batches(tx, whose):
                    await self._learn(tx, labels, {it.memory.personality_id for it in batch})
                    await packing.add(batch, names, labels)
                if counts.facts:
                    async for facts in departures.facts(tx, whose):
                        await self._learn(tx, labels, {it.owner.personality_id for it in facts})
                        await packing.add_facts(facts, names, labels)
            await packing.end()
            yield Packed(
                name=f"memories{'-' if slug else ''}{slug}.{layout.extension}",
                media_type=layout.media_type,
                size_bytes=packing.size_bytes,
                sha256=packing.hash.hexdigest(),
                content=content,
            )

    async def count(self, who: Caller, asked: Asked) -> Counts:
        """How much that file would have."""
        async with self._database.reading() as tx:
            mine = await personas.names(tx, who.person_id)
            whose = Whose(mine.keys(), asked.personality_id, asked.filter)
            return await _counts(tx, whose, asked.format)

    async def _slug(
        self,
        tx: AsyncSession,
        who: Caller,
        mine: Collection[UUID],
        personality_id: UUID | None,
    ) -> str:
        """Of the one character that is asked for: one that the person sees, or that knows them."""
        if personality_id is None:
            return ""
        try:
            found = await self._characters.seen(tx, who.person_id, personality_id)
        except PersonalityNotFound:
            all_of_it = Whose(mine, personality_id, ALL)
            if await _counts(tx, all_of_it, Format.JSON_LINES) == Counts(0, 0):
                raise
            return (await self._characters.labels(tx, [personality_id]))[personality_id].slug
        return found.personality.slug

    async def _learn(
        self, tx: AsyncSession, labels: dict[UUID, Label], ids: Collection[UUID]
    ) -> None:
        """What characters are called; whoever has memories with one knows it."""
        if unknown := set(ids) - labels.keys():
            labels |= await self._characters.labels(tx, unknown)


async def _counts(tx: AsyncSession, whose: Whose, format: Format) -> Counts:
    facts = await departures.count_facts(tx, whose) if LAYOUTS[format].fact else 0
    return Counts(await departures.count(tx, whose), facts)


class _Packing:
    """A file as it is written. Bytes are made and written in a thread, a batch at a time."""

    def __init__(self, content: IO[bytes], layout: Layout, most_bytes: int | None) -> None:
        self._content, self._layout, self._most_bytes = content, layout, most_bytes
        self._count = 0
        self.hash = hashlib.sha256()
        self.size_bytes = 0

    async def begin(self, counts: Counts) -> None:
        """The beginning of a file with so much."""
        await asyncio.to_thread(self._write, self._layout.begin(counts.memories, counts.facts))

    async def add(
        self,
        batch: Sequence[Departure],
        names: Mapping[UUID, str],
        labels: Mapping[UUID, Label],
    ) -> None:
        """More memories."""
        leaving = [keepsakes.leaving(it, names, labels) for it in batch]
        await asyncio.to_thread(self._add, leaving)

    async def add_facts(
        self, batch: Sequence[Fact], names: Mapping[UUID, str], labels: Mapping[UUID, Label]
    ) -> None:
        """Facts, after all memories; of a format that has some."""
        if write := self._layout.fact:
            leaving = [keepsakes.fact_leaving(it, names, labels) for it in batch]
            await asyncio.to_thread(self._write, b"".join(map(write, leaving)))

    async def end(self) -> None:
        """The end; from now on it is read from its beginning."""
        await asyncio.to_thread(self._write, self._layout.end)
        await asyncio.to_thread(self._content.seek, 0)

    def _add(self, leaving: Sequence[Leaving]) -> None:
        between = self._layout.between if self._count else b""
        rows = self._layout.between.join(map(self._layout.row, leaving))
        self._write(between + rows)
        self._count += len(leaving)

    def _write(self, data: bytes) -> None:
        self._content.write(data)
        self.hash.update(data)
        self.size_bytes += len(data)
        if self._most_bytes is not None and self.size_bytes > self._most_bytes:
            raise TooLarge
