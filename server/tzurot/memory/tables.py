"""Memories, and what the search index still has to be told about them."""

from datetime import datetime
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    DDL,
    REAL,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    Uuid,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base, Identified

INDEXED_DIMENSIONS = 1_000  # of vectors that fit into an index beside what else is read

# What a turn remembers of a channel that a person said, in these words: whoever is there could hear
# it. Other words that its person gave the memory are between them and the character. Indexes have
# it by place.
SAID_THERE = """NOT dormant AND venue <> 'direct' AND turn_id IS NOT NULL AND kind = 'exchange'
    AND edit_time IS NULL AND person_text <> ''"""

_SECTORS = "'episodic', 'semantic', 'procedural', 'emotional', 'reflective'"


def _meaning_index(name: str, embedding: str) -> Index:
    """All that a search by meaning reads of an owner's memories, side by side.

    Their rows are scattered among everybody's: of 100,000 each would be read from elsewhere. An
    entry can't be longer than 2,704 bytes, which leaves room for 1,000 dimensions.
    """
    return Index(
        name,
        "persona_id",
        "personality_id",
        "occur_time",
        postgresql_include=[
            "id",
            "venue",
            "platform",
            "channel_id",
            "age_restricted",
            "turn_id",
            "message_id",
            embedding,
        ],
        postgresql_where=text(
            f"NOT dormant AND (vector_dims({embedding}) <= {INDEXED_DIMENSIONS}) IS NOT FALSE"
        ),
    )


def _place_meaning_index(name: str, embedding: str) -> Index:
    """The same of what was said in a channel, whoever said it."""
    return Index(
        name,
        "personality_id",
        "platform",
        "channel_id",
        "occur_time",
        postgresql_include=[
            "id",
            "persona_id",
            "venue",
            "age_restricted",
            "turn_id",
            "message_id",
            embedding,
        ],
        postgresql_where=text(f"{SAID_THERE} AND vector_dims({embedding}) <= {INDEXED_DIMENSIONS}"),
    )


class Memory(Base, Identified):
    """One exchange between a persona and a character. It hangs on the message it came from.

    A search compares the vectors of all memories of one owner, which is exact.
    """

    __tablename__ = "memories"
    __table_args__ = (
        CheckConstraint("venue IN ('direct', 'private_channel', 'public_channel')", name="venue"),
        CheckConstraint("person_text <> '' OR personality_text <> ''", name="said"),
        CheckConstraint("kind IN ('exchange', 'reflection')", name="kind"),
        CheckConstraint(f"sector IN ({_SECTORS})", name="sector"),
        CheckConstraint(f"other_sectors <@ ARRAY[{_SECTORS}]", name="other_sectors"),
        CheckConstraint("salience BETWEEN 0 AND 1", name="salience"),
        Index(
            "memories_owner_idx",
            "persona_id",
            "personality_id",
            "id",
            postgresql_include=["dormant"],
        ),
        _meaning_index("memories_meaning_idx", "embedding"),
        _meaning_index("memories_meaning_b_idx", "embedding_b"),
        # For each owner's each term the memories that have it (memory_terms below).
        Index(
            "memories_terms_idx",
            text("memory_terms(persona_id, personality_id, words)"),
            postgresql_using="gin",
            postgresql_with={"fastupdate": False},
            postgresql_where=text("NOT dormant"),
        ),
        Index("memories_request_key", "persona_id", "request_id", unique=True),
        Index("memories_persona_idx", "persona_id", "id"),
        Index("memories_purged_idx", "id", postgresql_where=text("persona_id IS NULL")),
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
        Index(
            "memories_said_idx",
            "personality_id",
            "platform",
            "channel_id",
            "occur_time",
            postgresql_include=["id", "persona_id", "venue"],
            postgresql_where=text(SAID_THERE),
        ),
        _place_meaning_index("memories_said_meaning_idx", "embedding"),
        _place_meaning_index("memories_said_meaning_b_idx", "embedding_b"),
        Index(
            "memories_said_terms_idx",
            text("memory_terms(memory_place(platform, channel_id), personality_id, words)"),
            postgresql_using="gin",
            postgresql_with={"fastupdate": False},
            postgresql_where=text(SAID_THERE),
        ),
    )

    # Null of what was purged: an empty row that waits to be deleted. No query has it, since each
    # names whose memories it reads.
    persona_id: Mapped[UUID] = mapped_column(
        ForeignKey("personas.id", ondelete="CASCADE"), nullable=True
    )
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
    # It is not recalled: what it came from is not on the chosen path of its conversation, or it is
    # a reflection.
    dormant: Mapped[bool] = mapped_column(default=False)
    # Dormant for good: its person had a fact forgotten that it says.
    withheld: Mapped[bool] = mapped_column(default=False, server_default="false")
    # Withheld for its answer alone: its person's words are learnt from, and another answer to them
    # comes to mind.
    answer_withheld: Mapped[bool] = mapped_column(default=False, server_default="false")
    # Said where only adults are let in: recalled there, and in direct by an adult.
    age_restricted: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(Text, default="exchange", server_default="exchange")
    sector: Mapped[str] = mapped_column(Text, default="semantic", server_default="semantic")
    # By default what none has that was looked at: so a release that knows no sectors gives itself
    # away (linking.py).
    other_sectors: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=list, server_default="{semantic}"
    )
    # How much it stood out when it was said.
    salience: Mapped[float] = mapped_column(REAL, default=0.4, server_default="0.4")
    # Its person wants to keep it: it does not fade, and a purge leaves it.
    locked: Mapped[bool] = mapped_column(default=False, server_default="false")
    edit_time: Mapped[datetime | None]  # when its person gave it other words
    # Half precision: rows stay under the 2 kB at which Postgres moves values out of them.
    # Two slots, for two models (reading/slot_tables.py); each of any width.
    embedding: Mapped[list[float] | None] = mapped_column(HALFVEC())
    embedding_b: Mapped[list[float] | None] = mapped_column(HALFVEC())
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


class MemoryRecall(Base):
    """How often a memory was cited. Apart from its row, which is wide; none if it never was."""

    __tablename__ = "memory_recalls"

    memory_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True
    )
    salience: Mapped[float] = mapped_column(REAL)  # at that time: it fades from there
    recall_count: Mapped[int]
    last_recall_time: Mapped[datetime]


class RecalledTurn(Base):
    """What a turn cited, until it is counted. No foreign keys: it is gone within a minute."""

    __tablename__ = "recalled_turns"

    turn_id: Mapped[UUID] = mapped_column(primary_key=True)
    memory_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    recall_time: Mapped[datetime]


class Waypoint(Base):
    """A link between two memories of one owner, without direction."""

    __tablename__ = "waypoints"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="order"),
        CheckConstraint("weight BETWEEN 0 AND 1", name="weight"),
        CheckConstraint(
            "kind IN ('similarity', 'conversation', 'recalled_together', 'across_sectors')",
            name="kind",
        ),
    )

    first_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True
    )
    second_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    weight: Mapped[float] = mapped_column(REAL)  # at `update_time`: it fades from there
    update_time: Mapped[datetime] = mapped_column(index=True)


class UnlinkedMemory(Base):
    """A memory whose meaning is known and whose links are not formed yet."""

    __tablename__ = "unlinked_memories"

    memory_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True
    )


class ImportedMemory(Base):
    """A memory or fact that came from elsewhere: it doesn't come again, not even once forgotten."""

    __tablename__ = "imported_memories"

    persona_id: Mapped[UUID] = mapped_column(
        ForeignKey("personas.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[UUID] = mapped_column(primary_key=True)  # UUIDv5 of character and source
    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )


class MemoryOrigin(Base):
    """The row of another program that a memory came with: exports give it back."""

    __tablename__ = "memory_origins"

    memory_id: Mapped[UUID] = mapped_column(
        ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True
    )
    format: Mapped[str] = mapped_column(String(64))
    # JSON as it was written, without the text: a memory says it, and it is gone with the memory.
    row: Mapped[str] = mapped_column(Text)


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


class PurgeConfirmation(Base):
    """What a person was shown of a purge, so that they can have just that done, once."""

    __tablename__ = "purge_confirmations"

    digest: Mapped[bytes] = mapped_column(primary_key=True)  # of what the person was given
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    request_digest: Mapped[bytes]
    include_locked: Mapped[bool] = mapped_column(default=False, server_default="false")
    # Once it is used those that the job has still to empty.
    memory_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    # Those that the person told; none once it is used.
    fact_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")
    expire_time: Mapped[datetime] = mapped_column(index=True)
    use_time: Mapped[datetime | None]


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


# A term of an owner's as one number: the owner in its upper half, so that all terms of one lie
# together, the term in its lower. The hashes are Postgres's own, those of hash partitions. Two
# terms may have the same: what is found is looked at.
TERM_FUNCTIONS = (
    """
    CREATE OR REPLACE FUNCTION memory_term(persona_id uuid, personality_id uuid, term text)
    RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (uuid_hash_extended(persona_id, uuid_hash_extended(personality_id, 0)) << 32)
        | (hashtextextended(term, 0) & 4294967295)
    """,
    """
    CREATE OR REPLACE FUNCTION memory_terms(persona_id uuid, personality_id uuid, words tsvector)
    RETURNS bigint[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(SELECT memory_term(persona_id, personality_id, term)
        FROM unnest(tsvector_to_array(words)) AS term)
    """,
    # Terms of a place are kept in the same way, with what it is called instead of a persona.
    """
    CREATE OR REPLACE FUNCTION memory_place(platform text, channel_id text)
    RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CAST(md5(platform || ' ' || channel_id) AS uuid)
    """,
)

# A trigger, so that no way of writing or deleting a memory can forget the index: a deleted
# character, persona, message or turn takes its memories along by foreign keys. Of what a purge
# makes nobody's it is told by that, all at once (purge_store.py).
OUTBOX_TRIGGER = (
    """
    CREATE FUNCTION memories_tell_index() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        whose uuid := coalesce(NEW.persona_id, OLD.persona_id);
    BEGIN
        IF whose IS NOT NULL THEN
            INSERT INTO index_outbox (memory_id, persona_id, create_time)
            VALUES (coalesce(NEW.id, OLD.id), whose, now());
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER memories_tell_index
    AFTER INSERT OR DELETE ON memories
    FOR EACH ROW EXECUTE FUNCTION memories_tell_index()
    """,
    """
    CREATE TRIGGER memories_tell_index_when_changed
    AFTER UPDATE OF dormant, person_text, personality_text ON memories
    FOR EACH ROW WHEN (NEW.persona_id IS NOT NULL) EXECUTE FUNCTION memories_tell_index()
    """,
)

# A row that is there already is locked, not left alone: a job that takes it away waits for the
# meaning that is being written.
WAYPOINTS_TRIGGER = (
    """
    CREATE FUNCTION memories_tell_waypoints() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            -- Another model reads it, too: its links are those that it has.
            IF OLD.embedding IS NOT NULL OR OLD.embedding_b IS NOT NULL THEN
                RETURN NULL;
            END IF;
        END IF;
        INSERT INTO unlinked_memories (memory_id) VALUES (NEW.id)
        ON CONFLICT (memory_id) DO UPDATE SET memory_id = excluded.memory_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER memories_tell_waypoints
    AFTER INSERT OR UPDATE OF embedding, embedding_b ON memories
    FOR EACH ROW WHEN (NEW.embedding IS NOT NULL OR NEW.embedding_b IS NOT NULL)
    EXECUTE FUNCTION memories_tell_waypoints()
    """,
)

for _statement in TERM_FUNCTIONS:
    event.listen(Memory.__table__, "before_create", DDL(_statement))
for _statement in (*OUTBOX_TRIGGER, *WAYPOINTS_TRIGGER):
    event.listen(Memory.metadata, "after_create", DDL(_statement))
