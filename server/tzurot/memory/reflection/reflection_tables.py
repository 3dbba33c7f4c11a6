"""What reflections were gathered from, what dreams tell, and whose memories are to be looked at.

A reflection stands only while all its sources are as they were. When one of them goes, is worded
otherwise, or leaves the path of its conversation, the reflection goes, and with it every dream that
tells it. Triggers do that, so that no way of deleting can forget it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DDL, BigInteger, ForeignKey, Index, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.memory.tables import Memory
from tzurot.storage.base import Base, Identified


class MemorySource(Base):
    """A memory that a reflection was gathered from. Each is in one reflection at most."""

    __tablename__ = "memory_sources"

    memory_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True
    )
    source_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True, unique=True
    )


class UngatheredMemory(Base):
    """A memory whose reflection its person has forgotten: it is not gathered again."""

    __tablename__ = "ungathered_memories"

    memory_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True
    )


class UnwordedReflection(Base):
    """A reflection that no model was asked to word since it was made or grew."""

    __tablename__ = "unworded_reflections"

    memory_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True
    )


class FreshMemories(Base):
    """So many memories are new of an owner.

    Its foreign keys hold what the memory's own hold already: who writes it waits for nobody more.
    """

    __tablename__ = "fresh_memories"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    persona_id: Mapped[UUID] = mapped_column(ForeignKey("personas.id", ondelete="CASCADE"))
    personality_id: Mapped[UUID] = mapped_column(ForeignKey("personalities.id", ondelete="CASCADE"))
    memory_count: Mapped[int]


class ReflectionMark(Base):
    """What is to be done about an owner: how much is new to look at, and when to dream of it."""

    __tablename__ = "reflection_marks"
    __table_args__ = (
        Index("reflection_marks_new_idx", "new_count", postgresql_where="new_count >= 20"),
        Index("reflection_marks_dreamer_idx", "personality_id", "dream_due_time"),
    )

    persona_id: Mapped[UUID] = mapped_column(
        ForeignKey("personas.id", ondelete="CASCADE"), primary_key=True
    )
    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), primary_key=True
    )
    new_count: Mapped[int] = mapped_column(default=0)  # memories since the last look
    dream_time: Mapped[datetime | None]  # when the last dream began: it tells what was there then
    dream_due_time: Mapped[datetime | None]  # from when on to dream; null: of nothing


class Dream(Base, Identified):
    """What a character dreamt of a persona."""

    __tablename__ = "dreams"
    __table_args__ = (Index("dreams_owner_idx", "persona_id", "personality_id", "id"),)

    persona_id: Mapped[UUID] = mapped_column(ForeignKey("personas.id", ondelete="CASCADE"))
    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    create_time: Mapped[datetime]


class DreamSource(Base):
    """A reflection that a dream tells."""

    __tablename__ = "dream_sources"

    dream_id: Mapped[UUID] = mapped_column(
        ForeignKey("dreams.id", ondelete="CASCADE"), primary_key=True
    )
    reflection_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True, index=True
    )


# The names begin with a capital so that they come before those of foreign keys (RI_…): two
# transactions that take away two sources of a reflection meet at the reflection, before either
# holds a row that the other one needs.
#
# At depth 1 nothing else took a reflection away: its person forgot it.
END_TRIGGERS = (
    """
    CREATE FUNCTION memories_end_reflections() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.kind = 'exchange' THEN
            DELETE FROM memories WHERE id IN (
                SELECT memory_id FROM memory_sources WHERE source_id = OLD.id);
        ELSIF TG_OP = 'DELETE' THEN
            DELETE FROM dreams WHERE id IN (
                SELECT dream_id FROM dream_sources WHERE reflection_id = OLD.id);
            IF pg_trigger_depth() = 1 THEN
                INSERT INTO ungathered_memories (memory_id)
                SELECT m.id FROM memories m JOIN memory_sources s ON s.source_id = m.id
                WHERE s.memory_id = OLD.id
                FOR KEY SHARE OF m SKIP LOCKED
                ON CONFLICT DO NOTHING;
            END IF;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER "Ends_reflections_when_gone" AFTER DELETE ON memories
    FOR EACH ROW EXECUTE FUNCTION memories_end_reflections()
    """,
    """
    CREATE TRIGGER "Ends_reflections_when_changed"
    AFTER UPDATE OF person_text, personality_text, dormant, venue, age_restricted ON memories
    FOR EACH ROW WHEN (NEW.persona_id IS NOT NULL AND (
        (OLD.person_text, OLD.personality_text, OLD.venue, OLD.age_restricted)
            IS DISTINCT FROM
        (NEW.person_text, NEW.personality_text, NEW.venue, NEW.age_restricted)
        OR NEW.dormant AND NOT OLD.dormant))
    EXECUTE FUNCTION memories_end_reflections()
    """,
)

FRESH_TRIGGER = (
    """
    CREATE FUNCTION memories_tell_reflection() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO fresh_memories (persona_id, personality_id, memory_count)
        SELECT persona_id, personality_id, count(*) FROM written WHERE kind = 'exchange'
        GROUP BY persona_id, personality_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER memories_tell_reflection
    AFTER INSERT ON memories REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION memories_tell_reflection()
    """,
)

for _statement in (*END_TRIGGERS, *FRESH_TRIGGER):
    event.listen(Memory.metadata, "after_create", DDL(_statement))
