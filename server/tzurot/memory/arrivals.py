"""Memories that come from elsewhere: what is new of them, for somebody or for nobody yet.

All of it takes part in the transaction of an import. What came once doesn't come again, not even
if it was forgotten since: its key stays (tables.ImportedMemory).
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory import incoming
from tzurot.memory.remembering import INDEX_JOB, Owner, terms_of
from tzurot.memory.venues import Venue
from tzurot.storage.jobs import Jobs

_MAX_NAME = 255  # characters of a name that a memory can keep
_MAX_CHANNEL = 64  # of a channel's id
_BATCH = 500  # rows that go to Postgres in one statement


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

    Left out is what came before (and may be forgotten), what says the very words of a memory that
    the owner has or of an arrival before it, and what says nothing.
    """
    new = await new_keys(tx, owner, {arrival.key for arrival in arrivals})
    said = await incoming.digests(tx, owner)
    found: list[Arrival] = []
    for arrival in arrivals:
        digest = _digest(arrival)
        if arrival.key in new and digest not in said and _says_something(arrival):
            found.append(arrival)
            new.discard(arrival.key)
            said.add(digest)
    return sorted(found, key=lambda arrival: arrival.occur_time)


async def remember(tx: AsyncSession, owner: Owner, arrivals: Sequence[Arrival], jobs: Jobs) -> int:
    """Store arrivals, the oldest with the first id; returns how many had not come before.

    They are found by their words at once, by their meaning after the index job.
    """
    by_key = {arrival.key: arrival for arrival in arrivals}
    new = await incoming.note(tx, owner, by_key)
    kept = sorted(
        (arrival for key, arrival in by_key.items() if key in new),
        key=lambda arrival: arrival.occur_time,
    )
    if not kept:
        return 0
    for part in _parts(kept):
        # The stems of 500 long memories take a second.
        await incoming.add(tx, owner, await asyncio.to_thread(_document, part, _memory))
    await jobs.defer(tx, INDEX_JOB)
    return len(kept)


async def keep_unclaimed(tx: AsyncSession, personality_id: UUID, rows: Sequence[Unclaimed]) -> int:
    """Keep memories for those who will claim them; returns how many are new.

    Then let `claims.hand_over` give out what came for those whose claims are confirmed already.
    """
    claimable = [row for row in rows if set(row.senders) - set(row.claimed)]
    kept = 0
    for part in _parts(claimable):
        document = await asyncio.to_thread(_document, part, _unclaimed)
        kept += await incoming.keep_unclaimed(tx, personality_id, document)
    return kept


_Row = TypeVar("_Row", Arrival, Unclaimed)


def _parts(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


def _document(rows: Sequence[_Row], columns: Callable[[_Row], dict[str, object]]) -> str:
    """Rows with new ids in ascending order, as the SQL takes them.

    Lists go by ids: what happened long ago is to be found among what did.
    """
    ids = sorted(clock.uuid7(row.occur_time) for row in rows)
    pairs = zip(ids, rows, strict=True)
    return json.dumps([{"id": str(row_id), **columns(row)} for row_id, row in pairs])


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
        "stems": sorted(set(terms_of(person, personality))),
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


def _says_something(arrival: Arrival) -> bool:
    return bool(arrival.person_text.strip() or arrival.personality_text.strip())


def _digest(arrival: Arrival) -> bytes:
    """SHA-256 of what is said, both sides; `incoming.digests` has the same of memories."""
    said = f"{arrival.person_text}\x1f{arrival.personality_text}"
    return hashlib.sha256(said.encode()).digest()
