"""Memories that come from elsewhere: what is new of them, for somebody or for nobody yet.

All of it takes part in the transaction of an import. What came once doesn't come again, not even
if it was forgotten since: its key stays (tables.ImportedMemory).
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory import incoming
from tzurot.memory.fading import Recalls
from tzurot.memory.remembering import INDEX_JOB, Kind, MemoryId, Owner, terms_of, told_by
from tzurot.memory.sectors import Sector
from tzurot.memory.venues import Venue
from tzurot.storage.jobs import Jobs

_MAX_NAME = 255  # characters of a name that a memory can keep
_MAX_CHANNEL = 64  # of a channel's id
_SMALLEST = 1e-37
_BATCH = 500  # rows that go to Postgres in one statement


@dataclass(frozen=True, slots=True)
class AsItWas:
    """What is known of a memory that was one already. What isn't known is as its words show."""

    memory_id: UUID | None = None
    """What it is or was, here or on another server."""
    kind: Kind = Kind.EXCHANGE
    sector: Sector | None = None
    other_sectors: tuple[Sector, ...] = ()
    salience: float | None = None
    """How much it stood out when it was said, 0..1."""
    recalls: Recalls | None = None
    locked: bool = False
    age_restricted: bool = False
    dormant: bool = False
    edit_time: datetime | None = None
    source_keys: tuple[UUID, ...] = ()
    """The keys of what a reflection was gathered from; all of them come along."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The row of another program that a memory came with, as JSON without its text."""

    format: str
    row: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A memory on its way. A summary has no `personality_text`: it is what the character noted."""

    key: UUID
    """See `key_of`."""
    person_text: str
    personality_text: str
    person_name: str
    personality_name: str
    occur_time: datetime
    venue: Venue = Venue.DIRECT
    platform: str = ""
    channel_id: str = ""
    message_id: UUID | None = None
    as_it_was: AsItWas = AsItWas()
    origin: Origin | None = None
    is_single: bool = False
    """Whether the same words at another time are another memory, as they are where each memory has
    an id; else what says the same is the same, as in backups and chats that overlap."""


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A memory of people whom only their ids at the source name.

    `senders` are all who took part, `claimed` those of them who have it already (the importer).
    """

    key: UUID
    senders: tuple[str, ...]
    person_text: str
    personality_text: str
    personality_name: str
    channel_id: str
    space_id: str
    occur_time: datetime | None
    claimed: tuple[str, ...] = ()


def key_of(personality_id: UUID, origin_or_text: str) -> UUID:
    """By what a memory is known when it comes again: its id at the source, else what it says."""
    return uuid5(personality_id, origin_or_text)


async def new_keys(tx: AsyncSession, owner: Owner, keys: Collection[UUID]) -> set[UUID]:
    """Those of `keys` that never came to the owner."""
    return set(keys) - await incoming.known(tx, owner, keys)


async def fresh(tx: AsyncSession, owner: Owner, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Those that the owner doesn't have, the oldest first.

    Left out is what came before (and may be forgotten), what is here by its id, what says the very
    words of a memory that the owner has or of an arrival before it, and what says nothing.
    """
    new = await new_keys(tx, owner, {arrival.key for arrival in arrivals})
    ids = {it.as_it_was.memory_id for it in arrivals if it.as_it_was.memory_id}
    here = await incoming.here(tx, owner, ids) if ids else set[UUID]()
    said_when = set(await incoming.digests(tx, owner))
    said = {digest for digest, _ in said_when}
    found: list[Arrival] = []
    for arrival in arrivals:
        digest = _digest(arrival)
        when = (digest, arrival.occur_time)
        known = when in said_when if arrival.is_single else digest in said
        known = known or arrival.as_it_was.memory_id in here
        if arrival.key in new and not known and _says_something(arrival):
            found.append(arrival)
            new.discard(arrival.key)
            said.add(digest)
            said_when.add(when)
    return sorted(found, key=lambda arrival: arrival.occur_time)


async def at_home(
    tx: AsyncSession, owner: Owner, arrivals: Sequence[Arrival]
) -> dict[UUID, MemoryId]:
    """Those that the owner has, with the very words at that time, and is told of; by their keys.

    What has other words by now does not say what the file's says, whatever its id.
    """
    said_when = await incoming.digests(tx, owner, dormant=False)
    return {
        it.key: MemoryId(same)
        for it in arrivals
        if (same := said_when.get((_digest(it), it.occur_time)))
    }


async def remember(
    tx: AsyncSession, owner: Owner, arrivals: Sequence[Arrival], jobs: Jobs
) -> dict[UUID, MemoryId]:
    """Store arrivals, the oldest with the first id; returns the ids of what is new, by the keys.

    They are found by their words at once, by their meaning after the index job.
    """
    by_key = {arrival.key: arrival for arrival in arrivals}
    new = await incoming.note(tx, owner, by_key)
    kept = sorted(
        (arrival for key, arrival in by_key.items() if key in new),
        key=lambda arrival: arrival.occur_time,
    )
    if not kept:
        return {}
    stored: dict[UUID, MemoryId] = {}
    for part in _parts(kept):
        named = _named(part)
        # The stems of 500 long memories take a second.
        await incoming.add(tx, owner, await asyncio.to_thread(_document, named, _memory))
        await _add_beside(tx, named)
        stored |= {arrival.key: memory_id for memory_id, arrival in named}
    await jobs.defer(tx, INDEX_JOB)
    return stored


async def gather(
    tx: AsyncSession, reflections: Sequence[Arrival], stored: Mapping[UUID, MemoryId]
) -> None:
    """Let reflections stand on what they were gathered from; both were stored just now."""
    rows = [
        {"memory_id": str(stored[it.key]), "source_id": str(stored[source])}
        for it in reflections
        for source in it.as_it_was.source_keys
    ]
    await incoming.add_sources(tx, json.dumps(rows))


async def keep_unclaimed(tx: AsyncSession, personality_id: UUID, rows: Sequence[Unclaimed]) -> int:
    """Keep memories for those who will claim them; returns how many are new.

    Then let `claims.hand_over` give out what came for those whose claims are confirmed already.
    """
    claimable = [row for row in rows if set(row.senders) - set(row.claimed)]
    kept = 0
    for part in _parts(claimable):
        document = await asyncio.to_thread(_document, _named(part), _unclaimed)
        kept += await incoming.keep_unclaimed(tx, personality_id, document)
    return kept


_Row = TypeVar("_Row", Arrival, Unclaimed)


def _parts(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


def _named(rows: Sequence[_Row]) -> list[tuple[MemoryId, _Row]]:
    """Rows with new ids in ascending order.

    Lists go by ids: what happened long ago is to be found among what did.
    """
    ids = sorted(MemoryId(clock.uuid7(row.occur_time)) for row in rows)
    return list(zip(ids, rows, strict=True))


def _document(
    named: Sequence[tuple[UUID, _Row]], columns: Callable[[_Row], dict[str, object]]
) -> str:
    """Rows as the SQL takes them."""
    return json.dumps([{"id": str(row_id), **columns(row)} for row_id, row in named])


async def _add_beside(tx: AsyncSession, named: Sequence[tuple[MemoryId, Arrival]]) -> None:
    """What of memories that were just added stands in other tables."""
    recalls = [
        {
            "memory_id": str(memory_id),
            "salience": _real(it.salience),
            "recall_count": it.count,
            "last_recall_time": it.last_time.isoformat(),
        }
        for memory_id, arrival in named
        if (it := arrival.as_it_was.recalls)
    ]
    origins = [
        {"memory_id": str(memory_id), "format": it.format, "row": it.row}
        for memory_id, arrival in named
        if (it := arrival.origin)
    ]
    if recalls:
        await incoming.add_recalls(tx, json.dumps(recalls))
    if origins:
        await incoming.add_origins(tx, json.dumps(origins))


def _memory(arrival: Arrival) -> dict[str, object]:
    person = (arrival.person_name[:_MAX_NAME], arrival.person_text)
    personality = (arrival.personality_name[:_MAX_NAME], arrival.personality_text)
    return {
        "message_id": str(arrival.message_id) if arrival.message_id else None,
        "venue": arrival.venue,
        "platform": arrival.platform,
        "channel_id": arrival.channel_id[:_MAX_CHANNEL],
        "person_name": person[0],
        "person_text": person[1],
        "personality_name": personality[0],
        "personality_text": personality[1],
        "occur_time": arrival.occur_time.isoformat(),
        **_told_by(arrival),
        "stems": sorted(set(terms_of(person, personality))),
    }


def _told_by(arrival: Arrival) -> dict[str, object]:
    """What it is and tells: as it was where that is known, else as its words show."""
    was = arrival.as_it_was
    told = told_by(arrival.person_text, arrival.personality_text, was.sector)
    if was.sector:
        told["other_sectors"] = [it for it in was.other_sectors if it is not was.sector]
    if was.salience is not None:
        told["salience"] = _real(was.salience)
    return told | {
        "kind": was.kind,
        "locked": was.locked,
        "age_restricted": was.age_restricted,
        "dormant": was.dormant,
        "edit_time": was.edit_time.isoformat() if was.edit_time else None,
    }


def _unclaimed(row: Unclaimed) -> dict[str, object]:
    return {
        "key": str(row.key),
        "senders": list(dict.fromkeys(row.senders)),
        "claimed": list(row.claimed),
        "channel_id": row.channel_id,
        "space_id": row.space_id,
        "person_text": row.person_text,
        "personality_name": row.personality_name[:_MAX_NAME],
        "personality_text": row.personality_text,
        "occur_time": row.occur_time.isoformat() if row.occur_time else None,
    }


def _real(share: float) -> float:
    """A share as a column of 4 bytes takes it, which has no place for the very smallest."""
    return share if share > _SMALLEST else 0.0


def _says_something(arrival: Arrival) -> bool:
    return bool(arrival.person_text.strip() or arrival.personality_text.strip())


def _digest(arrival: Arrival) -> bytes:
    """SHA-256 of what is said, both sides; `incoming.digests` has the same of memories."""
    said = f"{arrival.person_text}\x1f{arrival.personality_text}"
    return hashlib.sha256(said.encode()).digest()
