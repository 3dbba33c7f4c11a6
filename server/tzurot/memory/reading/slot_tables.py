"""Which model reads memories, where its readings are kept, and which collections an engine has."""

from datetime import datetime
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base


class EmbeddingSlot(Base):
    """One of the two places for what a model reads: of memories and of passages.

    Slot a is the column `embedding` and the table memory_states, slot b what ends in `_b`.
    """

    __tablename__ = "embedding_slots"
    __table_args__ = (
        CheckConstraint("slot IN ('a', 'b')", name="slot"),
        CheckConstraint("state IN ('live', 'filling', 'leaving')", name="state"),
        Index("embedding_slots_state_key", "state", unique=True),
    )

    slot: Mapped[str] = mapped_column(Text, primary_key=True)
    model: Mapped[str] = mapped_column(Text)
    base_url: Mapped[str] = mapped_column(Text)  # of its endpoint; empty: the bundled one
    dimensions: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    create_time: Mapped[datetime]
    change_time: Mapped[datetime]  # of its state


class MemoryStatesB(Base):
    """MemoryStates of slot b. A table of its own: the previous release writes the other one."""

    __tablename__ = "memory_states_b"

    memory_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True
    )
    lengths: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    person_passages: Mapped[int] = mapped_column(SmallInteger)
    states: Mapped[bytes]


class MemoryWindow(Base):
    """A later part of a long memory, which its one vector tells nothing of."""

    __tablename__ = "memory_windows"
    __table_args__ = (
        CheckConstraint("slot IN ('a', 'b')", name="slot"),
        Index("memory_windows_owner_idx", "persona_id", "personality_id", "slot"),
    )

    memory_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True
    )
    slot: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    persona_id: Mapped[UUID]  # as in its memory, where neither changes
    personality_id: Mapped[UUID]
    embedding: Mapped[list[float]] = mapped_column(HALFVEC())


class IndexCollection(Base):
    """What an engine beside Postgres keeps of one slot's memories, under a name of its own.

    While it is `filling`, all memories go through the outbox once more, in the order of their ids.
    """

    __tablename__ = "index_collections"
    __table_args__ = (
        CheckConstraint("slot IN ('a', 'b')", name="slot"),
        CheckConstraint("state IN ('filling', 'complete', 'leaving')", name="state"),
        Index(
            "index_collections_slot_key",
            "slot",
            unique=True,
            postgresql_where="state <> 'leaving'",
        ),
    )

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    slot: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    last_memory_id: Mapped[UUID | None]  # that was put into the outbox
    last_outbox_id: Mapped[int | None] = mapped_column(BigInteger)  # of all: then it is complete
    create_time: Mapped[datetime]
