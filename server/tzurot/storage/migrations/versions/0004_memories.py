"""Memories and the outbox of their search index.

Must work with the previous release running, in both directions.
"""

import pgvector.sqlalchemy
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


TELL_INDEX = """
    CREATE FUNCTION memories_tell_index() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        memory memories := coalesce(NEW, OLD);
    BEGIN
        INSERT INTO index_outbox (memory_id, persona_id, create_time)
        VALUES (memory.id, memory.persona_id, now());
        RETURN NULL;
    END $$
"""
TRIGGER = """
    CREATE TRIGGER memories_tell_index AFTER INSERT OR DELETE ON memories
    FOR EACH ROW EXECUTE FUNCTION memories_tell_index()
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.create_table(
        "index_outbox",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim_time", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("index_outbox_pkey")),
    )
    op.create_index(
        op.f("index_outbox_persona_id_idx"), "index_outbox", ["persona_id"], unique=False
    )
    op.create_table(
        "memories",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=64), nullable=False),
        sa.Column("person_name", sa.String(length=80), nullable=False),
        sa.Column("person_text", sa.Text(), nullable=False),
        sa.Column("personality_name", sa.String(length=80), nullable=False),
        sa.Column("personality_text", sa.Text(), nullable=False),
        sa.Column("occur_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("embedding", pgvector.sqlalchemy.halfvec.HALFVEC(dim=384), nullable=True),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "person_text <> '' OR personality_text <> ''", name=op.f("memories_said_check")
        ),
        sa.CheckConstraint(
            "venue IN ('direct', 'private_channel', 'public_channel')",
            name=op.f("memories_venue_check"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("memories_message_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["persona_id"],
            ["personas.id"],
            name=op.f("memories_persona_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("memories_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], name=op.f("memories_turn_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("memories_pkey")),
    )
    op.create_index(op.f("memories_message_id_idx"), "memories", ["message_id"], unique=False)
    op.create_index(
        "memories_owner_idx", "memories", ["persona_id", "personality_id", "id"], unique=False
    )
    op.create_index("memories_persona_idx", "memories", ["persona_id", "id"], unique=False)
    op.create_index(
        op.f("memories_personality_id_idx"), "memories", ["personality_id"], unique=False
    )
    op.create_index("memories_request_key", "memories", ["persona_id", "request_id"], unique=True)
    op.create_index(op.f("memories_turn_id_idx"), "memories", ["turn_id"], unique=False)
    op.execute(TELL_INDEX)
    op.execute(TRIGGER)


def downgrade() -> None:
    op.drop_table("memories")
    op.execute("DROP FUNCTION memories_tell_index")
    op.drop_table("index_outbox")
