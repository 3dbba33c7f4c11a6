"""Writing a memory: an exchange, word by word, in the transaction that records it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from uuid import UUID

from sqlalchemy import func, insert
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import Text

from tzurot import clock
from tzurot.memory import lexicon
from tzurot.memory.tables import Memory
from tzurot.memory.venues import Venue
from tzurot.storage.jobs import Jobs

MemoryId = NewType("MemoryId", UUID)

INDEX_JOB = "memory.index"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose memory it is: one face of a person, and the one character that remembers it."""

    persona_id: UUID
    personality_id: UUID


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a person said and what the character answered; who, where and when."""

    persona_id: UUID
    personality_id: UUID
    turn_id: UUID | None
    message_id: UUID | None
    venue: Venue
    platform: str
    channel_id: str
    person_name: str
    person_text: str
    personality_name: str
    personality_text: str
    occur_time: datetime


async def remember(tx: AsyncSession, exchange: Exchange, jobs: Jobs) -> MemoryId:
    """Store an exchange; it is found by its words at once, by its meaning after the index job.

    Two statements: the outbox row for the index is written by the table's trigger.
    """
    memory_id = MemoryId(clock.uuid7())
    await tx.execute(insert(Memory).values(id=memory_id, **values_of(exchange)))
    await jobs.defer(tx, INDEX_JOB)
    return memory_id


def values_of(exchange: Exchange) -> dict[str, object]:
    """The columns of a memory, its id and request id aside."""
    said = f"{exchange.person_name} {exchange.person_text}"
    answered = f"{exchange.personality_name} {exchange.personality_text}"
    return {
        "persona_id": exchange.persona_id,
        "personality_id": exchange.personality_id,
        "turn_id": exchange.turn_id,
        "message_id": exchange.message_id,
        "venue": exchange.venue,
        "platform": exchange.platform,
        "channel_id": exchange.channel_id,
        "person_name": exchange.person_name,
        "person_text": exchange.person_text,
        "personality_name": exchange.personality_name,
        "personality_text": exchange.personality_text,
        "occur_time": exchange.occur_time,
        "create_time": clock.now(),
        "words": _words(f"{said}\n{answered}"),
    }


def _words(text: str) -> ColumnElement[str]:
    distinct = sorted(set(lexicon.terms(text)))
    return func.array_to_tsvector(func.cast(distinct, ARRAY(Text)))
