"""Writing a memory: an exchange, word by word, in the transaction that records it."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory import fading, lexicon, sectors
from tzurot.memory.sectors import Sector
from tzurot.memory.venues import Venue
from tzurot.storage.jobs import Jobs

MemoryId = NewType("MemoryId", UUID)

INDEX_JOB = "memory.index"


class Kind(StrEnum):
    """What a memory is."""

    EXCHANGE = "exchange"
    """Said, or told to be remembered."""
    REFLECTION = "reflection"
    """Gathered from what was said."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose memory it is: one face of a person, and the one character that remembers it."""

    persona_id: UUID
    personality_id: UUID
    others: tuple[UUID, ...] = ()
    """More faces of the same person, where these let what they said come up for this one."""
    elsewhere: tuple[tuple[UUID, UUID], ...] = ()
    """More faces and characters, where what was said to other characters may come up, too."""

    @property
    def persona_ids(self) -> list[UUID]:
        """All faces, each once, the one that it is about first."""
        more = (persona_id for persona_id, _ in self.elsewhere)
        return list(dict.fromkeys((self.persona_id, *self.others, *more)))


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
    age_restricted: bool = False
    """Whether it was said where only adults are let in."""
    dormant: bool = False
    """Whether it is not on the chosen path of its conversation."""
    kind: Kind = Kind.EXCHANGE
    sector: Sector | None = None
    """What it tells above all; None: what its words show."""
    salience: float | None = None
    """How much it stands out, 0..1; None: as much as its words show."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A memory as it is read: all but its vector and its stems."""

    memory_id: MemoryId
    persona_id: UUID
    personality_id: UUID
    turn_id: UUID | None
    venue: Venue
    person_name: str
    person_text: str
    personality_name: str
    personality_text: str
    occur_time: datetime
    create_time: datetime
    kind: Kind
    sector: Sector
    other_sectors: tuple[Sector, ...]
    salience: float
    """How much it stood out when it was said: 0..1."""
    locked: bool = field(default=False, kw_only=True)
    """Whether its person wants to keep it: it does not fade, and a purge leaves it."""
    edit_time: datetime | None = field(default=None, kw_only=True)
    """When its person gave it other words; None if never."""

    @property
    def is_note(self) -> bool:
        """Whether the person text is what the character noted of somebody, as imported ones are."""
        return bool(self.personality_name) and not self.personality_text

    @property
    def terms(self) -> list[str]:
        """Its stems, in the order in which they were said, names included."""
        return terms_of(
            (self.person_name, self.person_text), (self.personality_name, self.personality_text)
        )


def terms_of(*sides: tuple[str, str]) -> list[str]:
    """The stems of an exchange; each side is (name, words)."""
    return [term for side in sides for text in side for term in lexicon.terms(text)]


# Run in every turn, so written as text (as in store.py).
# The character is held before the message is, as by whoever deletes it: else both could wait for
# each other. Of one that is gone nothing is remembered.
_INSERT = text("""
    INSERT INTO memories (id, persona_id, personality_id, turn_id, message_id, venue, platform,
        channel_id, person_name, person_text, personality_name, personality_text, occur_time,
        create_time, age_restricted, dormant, kind, sector, other_sectors, salience, words)
    SELECT :id, :persona_id, held.id, CAST(:turn_id AS uuid), CAST(:message_id AS uuid),
        :venue, :platform, :channel_id, :person_name, :person_text, :personality_name,
        :personality_text, :occur_time, :create_time, :age_restricted, :dormant, :kind, :sector,
        CAST(:other_sectors AS text[]), :salience,
        array_to_tsvector(CAST(:stems AS text[]))
    FROM (SELECT id FROM personalities WHERE id = :personality_id FOR KEY SHARE) held
""")


async def remember(tx: AsyncSession, exchange: Exchange, jobs: Jobs) -> MemoryId:
    """Store an exchange; it is found by its words at once, by its meaning after the index job.

    Two statements: the outbox row for the index is written by the table's trigger.
    """
    memory_id = MemoryId(clock.uuid7())
    await tx.execute(_INSERT, {"id": memory_id, **values_of(exchange)})
    await jobs.defer(tx, INDEX_JOB)
    return memory_id


def values_of(exchange: Exchange) -> dict[str, object]:
    """The columns of a new memory, its id and request id aside; `stems` become its words."""
    person = (exchange.person_name, exchange.person_text)
    personality = (exchange.personality_name, exchange.personality_text)
    distinct = sorted(set(terms_of(person, personality)))
    told = told_by(exchange.person_text, exchange.personality_text, exchange.sector)
    if exchange.salience is not None:
        told["salience"] = exchange.salience
    return {
        **{it.name: getattr(exchange, it.name) for it in fields(exchange)},
        **told,
        "create_time": clock.now(),
        "stems": distinct,
    }


def told_by(
    person_text: str, personality_text: str, explicit: Sector | None = None
) -> dict[str, object]:
    """The columns for what kind of thing is told, and how much that stands out."""
    found = sectors.classify(person_text, personality_text, explicit=explicit)
    return {
        "sector": found.sector,
        "other_sectors": list(found.others),
        "salience": fading.at_first(1 + len(found.others)),
    }
