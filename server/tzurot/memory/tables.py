"""Memories, and what the search index still has to be told about them."""

from datetime import datetime
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    event,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base, Identified

DIMENSIONS = 384  # of multilingual-e5-small, the bundled embedding model


class Memory(Base, Identified):
    """One exchange between a persona and a character. It hangs on the message it came from.

    No index on `embedding` or `words`: a search reads all memories of one owner, which is exact.
    """

    __tablename__ = "memories"
    __table_args__ = (
        CheckConstraint("venue IN ('direct', 'private_channel', 'public_channel')", name="venue"),
        CheckConstraint("person_text <> '' OR personality_text <> ''", name="said"),
        Index("memories_owner_idx", "persona_id", "personality_id", "id"),
        Index("memories_request_key", "persona_id", "request_id", unique=True),
        Index("memories_persona_idx", "persona_id", "id"),
        # What was said right before something, in its place.
        Index(
            "memories_place_idx",
            "persona_id",
            "personality_id",
            "platform",
            "channel_id",
            "occur_time",
            "id",
        ),
    )

    persona_id: Mapped[UUID] = mapped_column(ForeignKey("personas.id", ondelete="CASCADE"))
    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )
    turn_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("turns.id", ondelete="CASCADE"), index=True
    )
    message_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), index=True
    )
    venue: Mapped[str] = mapped_column(Text)
    platform: Mapped[str] = mapped_column(String(32), default="")
    channel_id: Mapped[str] = mapped_column(String(64), default="")
    person_name: Mapped[str] = mapped_column(String(255), default="")
    person_text: Mapped[str] = mapped_column(Text)
    personality_name: Mapped[str] = mapped_column(String(255), default="")
    personality_text: Mapped[str] = mapped_column(Text, default="")
    occur_time: Mapped[datetime]
    create_time: Mapped[datetime]
    request_id: Mapped[UUID | None]
    # What it came from is not on the chosen path of its conversation: it is not recalled.
    dormant: Mapped[bool] = mapped_column(default=False)
    # Said where only adults are let in: recalled there, and in direct by an adult.
    age_restricted: Mapped[bool] = mapped_column(default=False)
    # Half precision: rows stay under the 2 kB at which Postgres moves values out of them.
    embedding: Mapped[list[float] | None] = mapped_column(HALFVEC(DIMENSIONS))
    # Written by lexicon.py: stems of any language, which a text search configuration has not.
    words: Mapped[str] = mapped_column(TSVECTOR)


class MemoryStates(Base):
    """What the tokens of a memory mean, apart from its row: only the best candidates' are read."""

    __tablename__ = "memory_states"

    memory_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True
    )
    # How many tokens each passage has; the first ones are the person's.
    lengths: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    person_passages: Mapped[int] = mapped_column(SmallInteger)
    states: Mapped[bytes]  # as late_interaction.py packs them


class ImportedMemory(Base):
    """A memory that once came from elsewhere: it doesn't come again, not even once forgotten."""

    __tablename__ = "imported_memories"

    persona_id: Mapped[UUID] = mapped_column(
        ForeignKey("personas.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[UUID] = mapped_column(primary_key=True)  # UUIDv5 of character and source
    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )


class UnclaimedMemory(Base, Identified):
    """A memory of somebody whom only an old id names. Nobody reads it until it is claimed."""

    __tablename__ = "unclaimed_memories"
    __table_args__ = (
        Index("unclaimed_memories_key", "personality_id", "key", unique=True),
        Index("unclaimed_memories_senders_idx", "senders", postgresql_using="gin"),
    )

    personality_id: Mapped[UUID] = mapped_column(ForeignKey("personalities.id", ondelete="CASCADE"))
    key: Mapped[UUID]  # UUIDv5 of its id at the source
    senders: Mapped[list[str]] = mapped_column(ARRAY(Text))
    claimed: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)  # senders who have it
    channel_id: Mapped[str] = mapped_column(Text, default="")
    space_id: Mapped[str] = mapped_column(Text, default="")
    person_text: Mapped[str] = mapped_column(Text)
    personality_name: Mapped[str] = mapped_column(String(255), default="")
    personality_text: Mapped[str] = mapped_column(Text, default="")
    occur_time: Mapped[datetime | None]
    create_time: Mapped[datetime]


class MemoryClaim(Base, Identified):
    """Somebody's word that an old id is theirs."""

    __tablename__ = "memory_claims"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'confirmed', 'rejected')", name="state"),
        Index(
            "memory_claims_pending_key",
            "personality_id",
            "sender_id",
            "person_id",
            unique=True,
            postgresql_where="state <> 'rejected'",
        ),
        Index("memory_claims_request_key", "person_id", "request_id", unique=True),
    )

    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )
    sender_id: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    persona_id: Mapped[UUID] = mapped_column(ForeignKey("personas.id", ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="pending")
    memory_count: Mapped[int]
    group_memory_count: Mapped[int]
    first_time: Mapped[datetime | None]
    last_time: Mapped[datetime | None]
    request_id: Mapped[UUID | None]
    create_time: Mapped[datetime]
    decide_time: Mapped[datetime | None]


class IndexOutbox(Base):
    """Something happened to a memory that the index doesn't know yet.

    It names no operation: whether the memory still exists says what to do, so rows cannot
    contradict each other. No foreign key: a deletion must outlive its memory.
    """

    __tablename__ = "index_outbox"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    memory_id: Mapped[UUID]
    persona_id: Mapped[UUID] = mapped_column(index=True)
    create_time: Mapped[datetime]
    claim_time: Mapped[datetime | None]


# A trigger, so that no way of writing or deleting a memory can forget the index: a deleted
# character, persona, message or turn takes its memories along by foreign keys.
OUTBOX_TRIGGER = (
    """
    CREATE FUNCTION memories_tell_index() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        memory memories := coalesce(NEW, OLD);
    BEGIN
        INSERT INTO index_outbox (memory_id, persona_id, create_time)
        VALUES (memory.id, memory.persona_id, now());
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER memories_tell_index
    AFTER INSERT OR DELETE OR UPDATE OF dormant, person_text, personality_text ON memories
    FOR EACH ROW EXECUTE FUNCTION memories_tell_index()
    """,
)

for _statement in OUTBOX_TRIGGER:
    event.listen(Memory.metadata, "after_create", DDL(_statement))
