"""Conversations, the tree of messages, turns with their traces, deliveries.

Must work with the previous release running, in both directions.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("space_id", sa.String(length=64), nullable=False),
        sa.Column("channel_id", sa.String(length=64), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("direct_person_id", sa.Uuid(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("head_message_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "venue IN ('direct', 'private_channel', 'public_channel')",
            name=op.f("conversations_venue_check"),
        ),
        sa.ForeignKeyConstraint(
            ["direct_person_id"],
            ["people.id"],
            name=op.f("conversations_direct_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("conversations_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("conversations_pkey")),
        sa.UniqueConstraint(
            "platform",
            "channel_id",
            "personality_id",
            "direct_person_id",
            name="conversations_place_key",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        op.f("conversations_direct_person_id_idx"),
        "conversations",
        ["direct_person_id"],
        unique=False,
    )
    op.create_index(
        op.f("conversations_personality_id_idx"), "conversations", ["personality_id"], unique=False
    )
    op.create_table(
        "turns",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lease_expire_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("utterance_message_id", sa.Uuid(), nullable=True),
        sa.Column("reply_message_id", sa.Uuid(), nullable=True),
        sa.Column("finish_reason", sa.Text(), nullable=True),
        sa.Column("failure_reason", sa.Text(), nullable=True),
        sa.Column("failure_message", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_token_count", sa.Integer(), nullable=False),
        sa.Column("completion_token_count", sa.Integer(), nullable=False),
        sa.Column("cached_token_count", sa.Integer(), nullable=False),
        sa.Column("reasoning_token_count", sa.Integer(), nullable=False),
        sa.Column("tokens_estimated", sa.Boolean(), nullable=False),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finish_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('running', 'answered', 'failed', 'cancelled', 'interrupted')",
            name=op.f("turns_state_check"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("turns_conversation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("turns_person_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["personas.id"], name=op.f("turns_persona_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("turns_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("turns_pkey")),
    )
    op.create_index("turns_conversation_idx", "turns", ["conversation_id", "id"], unique=False)
    op.create_index(
        "turns_lease_idx",
        "turns",
        ["lease_expire_time"],
        unique=False,
        postgresql_where="state = 'running'",
    )
    op.create_index("turns_person_idx", "turns", ["person_id", "id"], unique=False)
    op.create_index(op.f("turns_personality_id_idx"), "turns", ["personality_id"], unique=False)
    op.create_index(
        "turns_request_key", "turns", ["person_id", "request_id", "position"], unique=True
    )
    op.create_table(
        "deliveries",
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=64), nullable=False),
        sa.Column("platform_message_id", sa.String(length=64), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], name=op.f("deliveries_turn_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "platform", "channel_id", "platform_message_id", name=op.f("deliveries_pkey")
        ),
    )
    op.create_index(op.f("deliveries_turn_id_idx"), "deliveries", ["turn_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_name", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "author IN ('person', 'personality')", name=op.f("messages_author_check")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("messages_conversation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["messages.id"], name=op.f("messages_parent_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("messages_person_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["turn_id"],
            ["turns.id"],
            name=op.f("messages_turn_id_fkey"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("messages_pkey")),
    )
    op.create_index(
        "messages_chosen_key",
        "messages",
        ["conversation_id", "epoch", "parent_id"],
        unique=True,
        postgresql_where="chosen",
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(op.f("messages_parent_id_idx"), "messages", ["parent_id"], unique=False)
    op.create_index(op.f("messages_person_id_idx"), "messages", ["person_id"], unique=False)
    op.create_index(
        "messages_person_idx", "messages", ["conversation_id", "person_id", "id"], unique=False
    )
    op.create_index(op.f("messages_turn_id_idx"), "messages", ["turn_id"], unique=False)
    op.create_table(
        "traces",
        sa.Column("turn_id", sa.Uuid(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], name=op.f("traces_turn_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("traces_pkey")),
    )


def downgrade() -> None:
    op.drop_table("traces")
    op.drop_table("messages")
    op.drop_table("deliveries")
    op.drop_table("turns")
    op.drop_table("conversations")
