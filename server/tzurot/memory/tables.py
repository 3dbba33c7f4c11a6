"""Memories, and what the search index still has to be told about them."""

from datetime import datetime
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import DDL, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, event
from sqlalchemy.dialects.postgresql import TSVECTOR
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
    person_name: Mapped[str] = mapped_column(String(80), default="")
    person_text: Mapped[str] = mapped_column(Text)
    personality_name: Mapped[str] = mapped_column(String(80), default="")
    personality_text: Mapped[str] = mapped_column(Text, default="")
    occur_time: Mapped[datetime]
    create_time: Mapped[datetime]
    request_id: Mapped[UUID | None]
    # Half precision: rows stay under the 2 kB at which Postgres moves values out of them.
    embedding: Mapped[list[float] | None] = mapped_column(HALFVEC(DIMENSIONS))
    # Written by lexicon.py: stems of any language, which a text search configuration has not.
    words: Mapped[str] = mapped_column(TSVECTOR)


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
    CREATE TRIGGER memories_tell_index AFTER INSERT OR DELETE ON memories
    FOR EACH ROW EXECUTE FUNCTION memories_tell_index()
    """,
)

for _statement in OUTBOX_TRIGGER:
    event.listen(Memory.metadata, "after_create", DDL(_statement))
