"""Facts, what they were learnt from, what is forgotten of them, and what is still to be read.

A fact that was learnt stands as long as one of its sources does: when the last of them goes, is
worded otherwise, or leaves the path of its conversation, the fact goes, too. What it had superseded
stays superseded: that it is no longer so was once said, and to state it again would be a guess.
Triggers do that, so that no way of deleting can forget it.
"""

from datetime import datetime
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import DDL, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, event
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.memory.tables import Memory
from tzurot.storage.base import Base, Identified


class Fact(Base, Identified):
    """One thing that a character knows of a persona."""

    __tablename__ = "facts"
    __table_args__ = (
        CheckConstraint("venue IN ('direct', 'private_channel', 'public_channel')", name="venue"),
        CheckConstraint("state IN ('current', 'proposed', 'superseded')", name="state"),
        CheckConstraint("origin IN ('learnt', 'told')", name="origin"),
        CheckConstraint("text <> ''", name="text"),
        Index("facts_owner_idx", "persona_id", "personality_id", "id"),
        Index("facts_request_key", "persona_id", "request_id", unique=True),
        # What a turn asks for at its beginning: next to nothing, most of the time.
        Index(
            "facts_unshown_idx",
            "persona_id",
            "personality_id",
            postgresql_where="shown_time IS NULL",
        ),
    )

    persona_id: Mapped[UUID] = mapped_column(ForeignKey("personas.id", ondelete="CASCADE"))
    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    entity: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    fictional: Mapped[bool] = mapped_column(default=False)
    venue: Mapped[str] = mapped_column(Text)
    platform: Mapped[str] = mapped_column(String(32), default="")
    channel_id: Mapped[str] = mapped_column(String(64), default="")
    age_restricted: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    superseded_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("facts.id", ondelete="SET NULL"), index=True
    )
    # Of one that waits for a yes: what it is to take the place of.
    replaces_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("facts.id", ondelete="SET NULL"), index=True
    )
    # By the bundled model, whichever one reads memories: likeness.py is calibrated for that one.
    embedding: Mapped[list[float]] = mapped_column(HALFVEC())
    shown_time: Mapped[datetime | None]  # when its person was told of it
    request_id: Mapped[UUID | None]
    create_time: Mapped[datetime]


class FactSource(Base):
    """A memory that says a fact, or that says what the fact was written in the place of."""

    __tablename__ = "fact_sources"

    fact_id: Mapped[UUID] = mapped_column(
        ForeignKey("facts.id", ondelete="CASCADE"), primary_key=True
    )
    memory_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    outdated: Mapped[bool] = mapped_column(default=False)  # it says what is not so


class ForgottenFact(Base, Identified):
    """What is not to be learnt again: enough to recognize it, and none of its words.

    See docs/decisions/0029-forgetting-sticks.md.
    """

    __tablename__ = "forgotten_facts"
    __table_args__ = (Index("forgotten_facts_owner_idx", "persona_id", "personality_id"),)

    persona_id: Mapped[UUID] = mapped_column(ForeignKey("personas.id", ondelete="CASCADE"))
    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )
    embedding: Mapped[list[float]] = mapped_column(HALFVEC())
    salt: Mapped[bytes]
    marks: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))  # as forgetting.py makes them
    create_time: Mapped[datetime]


class UnlearntMemory(Base):
    """An exchange that nobody has looked for facts in."""

    __tablename__ = "unlearnt_memories"
    __table_args__ = (
        Index("unlearnt_memories_owner_idx", "persona_id", "personality_id", "memory_id"),
    )

    memory_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True
    )
    # No foreign keys: those of the memory take it along.
    persona_id: Mapped[UUID]
    personality_id: Mapped[UUID]
    create_time: Mapped[datetime]


class FactMark(Base):
    """Of an owner: when to look for facts again, and how often a model was asked today."""

    __tablename__ = "fact_marks"

    persona_id: Mapped[UUID] = mapped_column(
        ForeignKey("personas.id", ondelete="CASCADE"), primary_key=True
    )
    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    due_time: Mapped[datetime]
    failure_count: Mapped[int] = mapped_column(default=0)  # in a row
    call_day: Mapped[datetime]  # the day (UTC) that `call_count` is of
    call_count: Mapped[int] = mapped_column(default=0)


# The fact is held before its sources are counted: of two transactions that take away its last two,
# the second one sees what the first has done.
RETIRE_TRIGGER = (
    """
    CREATE FUNCTION fact_sources_retire() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM facts WHERE id = OLD.fact_id FOR UPDATE;
        DELETE FROM facts WHERE id = OLD.fact_id AND origin = 'learnt'
            AND NOT EXISTS (
                SELECT 1 FROM fact_sources WHERE fact_id = OLD.fact_id AND NOT outdated);
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER fact_sources_retire AFTER DELETE ON fact_sources
    FOR EACH ROW EXECUTE FUNCTION fact_sources_retire()
    """,
)

# Only what was said in a turn is looked at: what came from elsewhere was said to others.
LEARN_TRIGGERS = (
    """
    CREATE FUNCTION memories_tell_learning() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            DELETE FROM fact_sources WHERE memory_id = NEW.id;
        END IF;
        IF NEW.dormant OR NEW.person_text = '' OR NEW.turn_id IS NULL THEN
            DELETE FROM unlearnt_memories WHERE memory_id = NEW.id;
        ELSE
            INSERT INTO unlearnt_memories (memory_id, persona_id, personality_id, create_time)
            VALUES (NEW.id, NEW.persona_id, NEW.personality_id, now())
            ON CONFLICT (memory_id) DO UPDATE SET create_time = excluded.create_time;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER memories_tell_learning_when_new AFTER INSERT ON memories
    FOR EACH ROW WHEN (NEW.turn_id IS NOT NULL AND NEW.person_text <> '')
    EXECUTE FUNCTION memories_tell_learning()
    """,
    """
    CREATE TRIGGER memories_tell_learning_when_changed
    AFTER UPDATE OF person_text, dormant, venue, age_restricted ON memories
    FOR EACH ROW WHEN (NEW.persona_id IS NOT NULL AND OLD.withheld = NEW.withheld AND
        (OLD.person_text, OLD.dormant, OLD.venue, OLD.age_restricted)
            IS DISTINCT FROM
        (NEW.person_text, NEW.dormant, NEW.venue, NEW.age_restricted))
    EXECUTE FUNCTION memories_tell_learning()
    """,
)

# Another answer to words of which something was forgotten brings them up no more than the first.
WITHHOLD_TRIGGERS = (
    """
    CREATE FUNCTION memories_stay_withheld() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' AND NOT NEW.withheld THEN
            NEW.withheld := EXISTS (
                SELECT FROM memories WHERE message_id = NEW.message_id AND withheld
                    AND NOT answer_withheld AND persona_id = NEW.persona_id
                    AND personality_id = NEW.personality_id);
        END IF;
        NEW.dormant := NEW.dormant OR NEW.withheld;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER memories_stay_withheld_when_new BEFORE INSERT ON memories
    FOR EACH ROW WHEN (NEW.withheld OR NEW.message_id IS NOT NULL)
    EXECUTE FUNCTION memories_stay_withheld()
    """,
    """
    CREATE TRIGGER memories_stay_withheld_when_changed
    BEFORE UPDATE OF dormant, withheld ON memories
    FOR EACH ROW WHEN (NEW.withheld) EXECUTE FUNCTION memories_stay_withheld()
    """,
)

for _statement in (*RETIRE_TRIGGER, *LEARN_TRIGGERS, *WITHHOLD_TRIGGERS):
    event.listen(Memory.metadata, "after_create", DDL(_statement))
