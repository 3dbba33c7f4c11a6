"""Who answers, where, and within which limits; custom fields of characters.

Must work with the previous release running, in both directions.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TELL_INDEX = """
    CREATE TRIGGER memories_tell_index
    AFTER INSERT OR DELETE OR UPDATE OF dormant, person_text, personality_text ON memories
    FOR EACH ROW EXECUTE FUNCTION memories_tell_index()
"""
TOLD_INDEX = """
    CREATE TRIGGER memories_tell_index AFTER INSERT OR DELETE ON memories
    FOR EACH ROW EXECUTE FUNCTION memories_tell_index()
"""


def upgrade() -> None:
    op.add_column(
        "personalities",
        sa.Column(
            "custom_fields",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            server_default="[]",
        ),
    )
    op.add_column(
        "personalities",
        sa.Column("age_restricted", sa.Boolean(), nullable=False, server_default="false"),
    )
    op.create_table(
        "maintenance",
        sa.Column("single", sa.Boolean(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("single", name=op.f("maintenance_single_check")),
        sa.PrimaryKeyConstraint("single", name=op.f("maintenance_pkey")),
    )
    op.create_table(
        "token_buckets",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("fill_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_time", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("token_buckets_pkey")),
    )
    op.create_table(
        "denials",
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("space_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_operator", sa.Boolean(), nullable=False),
        sa.Column("creator_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('block', 'mute')", name=op.f("denials_kind_check")),
        sa.CheckConstraint(
            "target IN ('subject', 'space', 'channel', 'personality')",
            name=op.f("denials_target_check"),
        ),
        sa.ForeignKeyConstraint(
            ["creator_id"], ["people.id"], name=op.f("denials_creator_id_fkey"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("denials_pkey")),
    )
    op.create_index("denials_request_key", "denials", ["creator_id", "request_id"], unique=True)
    op.create_index("denials_target_idx", "denials", ["target", "target_id"], unique=False)
    op.create_table(
        "channels",
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("space_id", sa.String(length=64), nullable=False),
        sa.Column("channel_id", sa.String(length=64), nullable=False),
        sa.Column("parent_channel_id", sa.String(length=64), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("next_speaker_id", sa.Uuid(), nullable=True),
        sa.Column("next_request_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["next_speaker_id"],
            ["personalities.id"],
            name=op.f("channels_next_speaker_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("channels_pkey")),
        sa.UniqueConstraint("platform", "channel_id", name="channels_channel_key"),
    )
    op.create_index(
        "channels_space_idx", "channels", ["platform", "space_id", "update_time"], unique=False
    )
    op.create_table(
        "activations",
        sa.Column("channel_row_id", sa.Uuid(), nullable=False),
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("talkativeness", sa.Double(), nullable=False),
        sa.Column("proactive", sa.Boolean(), nullable=False),
        sa.Column("proactive_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activator_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "mode IN ('every', 'named', 'muted')", name=op.f("activations_mode_check")
        ),
        sa.ForeignKeyConstraint(
            ["activator_id"],
            ["people.id"],
            name=op.f("activations_activator_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["channel_row_id"],
            ["channels.id"],
            name=op.f("activations_channel_row_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("activations_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("channel_row_id", "personality_id", name=op.f("activations_pkey")),
    )
    op.create_index(
        op.f("activations_personality_id_idx"), "activations", ["personality_id"], unique=False
    )
    op.create_table(
        "attachments",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("attachments_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["turn_id"],
            ["turns.id"],
            name=op.f("attachments_turn_id_fkey"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("attachments_pkey")),
    )
    op.create_index("attachments_expire_idx", "attachments", ["expire_time"], unique=False)
    op.create_index(op.f("attachments_person_id_idx"), "attachments", ["person_id"], unique=False)
    op.create_index(op.f("attachments_turn_id_idx"), "attachments", ["turn_id"], unique=False)
    op.create_table(
        "channel_lines",
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=64), nullable=False),
        sa.Column("platform_message_id", sa.String(length=64), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_subject", sa.Text(), nullable=False),
        sa.Column("author_name", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("personality_id", sa.Uuid(), nullable=True),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "author IN ('person', 'personality')", name=op.f("channel_lines_author_check")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("channel_lines_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("channel_lines_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["turn_id"],
            ["turns.id"],
            name=op.f("channel_lines_turn_id_fkey"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("channel_lines_pkey")),
    )
    op.create_index(
        "channel_lines_channel_idx", "channel_lines", ["platform", "channel_id", "id"], unique=False
    )
    op.create_index(
        op.f("channel_lines_person_id_idx"), "channel_lines", ["person_id"], unique=False
    )
    op.create_index(
        op.f("channel_lines_personality_id_idx"), "channel_lines", ["personality_id"], unique=False
    )
    op.create_index(
        "channel_lines_platform_message_key",
        "channel_lines",
        ["platform", "channel_id", "platform_message_id"],
        unique=True,
        postgresql_where="platform_message_id <> ''",
    )
    op.create_index("channel_lines_time_idx", "channel_lines", ["create_time"], unique=False)
    op.create_index(op.f("channel_lines_turn_id_idx"), "channel_lines", ["turn_id"], unique=False)
    op.add_column(
        "conversations", sa.Column("reset_time", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "memories", sa.Column("dormant", sa.Boolean(), nullable=False, server_default="false")
    )
    op.add_column(
        "memories",
        sa.Column("age_restricted", sa.Boolean(), nullable=False, server_default="false"),
    )
    op.add_column("messages", sa.Column("edit_time", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "messages",
        sa.Column("platform_message_id", sa.String(length=64), nullable=False, server_default=""),
    )
    op.create_index(
        "messages_platform_message_idx",
        "messages",
        ["platform_message_id"],
        unique=False,
        postgresql_where="platform_message_id <> ''",
    )
    op.add_column("people", sa.Column("adult_time", sa.DateTime(timezone=True), nullable=True))
    op.add_column("people", sa.Column("front_persona_id", sa.Uuid(), nullable=True))
    op.add_column(
        "people", sa.Column("front_expire_time", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_foreign_key(
        op.f("people_front_persona_id_fkey"),
        "people",
        "personas",
        ["front_persona_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.add_column(
        "personas",
        sa.Column("shown_as", sa.String(length=255), nullable=False, server_default=""),
    )
    op.add_column(
        "people", sa.Column("age_barred", sa.Boolean(), nullable=False, server_default="false")
    )
    op.add_column(
        "turns", sa.Column("platform", sa.String(length=32), nullable=False, server_default="")
    )
    op.add_column(
        "turns", sa.Column("channel_id", sa.String(length=64), nullable=False, server_default="")
    )
    op.add_column("turns", sa.Column("display_name", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "turns", sa.Column("followed", sa.Boolean(), nullable=False, server_default="false")
    )
    op.add_column(
        "turns",
        sa.Column(
            "exchange_turn_ids",
            postgresql.ARRAY(sa.Uuid()),
            nullable=False,
            server_default="{}",
        ),
    )
    op.add_column(
        "turns",
        sa.Column("referred", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    )
    op.add_column("turns", sa.Column("delivery_instance_id", sa.Uuid(), nullable=True))
    op.add_column(
        "turns", sa.Column("delivery_expire_time", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(
        "turns_channel_idx",
        "turns",
        ["platform", "channel_id", "id"],
        unique=False,
        postgresql_where="state = 'running'",
    )
    op.execute("DROP TRIGGER memories_tell_index ON memories")
    op.execute(TELL_INDEX)


def downgrade() -> None:
    op.execute("DROP TRIGGER memories_tell_index ON memories")
    op.execute(TOLD_INDEX)
    op.drop_index("turns_channel_idx", table_name="turns", postgresql_where="state = 'running'")
    op.drop_column("turns", "delivery_expire_time")
    op.drop_column("turns", "delivery_instance_id")
    op.drop_column("turns", "referred")
    op.drop_column("turns", "exchange_turn_ids")
    op.drop_column("turns", "followed")
    op.drop_column("turns", "channel_id")
    op.drop_column("turns", "display_name")
    op.drop_column("turns", "platform")
    op.drop_column("personas", "shown_as")
    op.drop_column("people", "front_expire_time")
    op.drop_column("people", "front_persona_id")
    op.drop_column("people", "age_barred")
    op.drop_column("people", "adult_time")
    op.drop_index(
        "messages_platform_message_idx",
        table_name="messages",
        postgresql_where="platform_message_id <> ''",
    )
    op.drop_column("messages", "platform_message_id")
    op.drop_column("messages", "edit_time")
    op.drop_column("memories", "age_restricted")
    op.drop_column("memories", "dormant")
    op.drop_column("conversations", "reset_time")
    op.drop_index(op.f("channel_lines_turn_id_idx"), table_name="channel_lines")
    op.drop_index("channel_lines_time_idx", table_name="channel_lines")
    op.drop_index(
        "channel_lines_platform_message_key",
        table_name="channel_lines",
        postgresql_where="platform_message_id <> ''",
    )
    op.drop_index(op.f("channel_lines_personality_id_idx"), table_name="channel_lines")
    op.drop_index(op.f("channel_lines_person_id_idx"), table_name="channel_lines")
    op.drop_index("channel_lines_channel_idx", table_name="channel_lines")
    op.drop_table("channel_lines")
    op.drop_index(op.f("attachments_turn_id_idx"), table_name="attachments")
    op.drop_index(op.f("attachments_person_id_idx"), table_name="attachments")
    op.drop_index("attachments_expire_idx", table_name="attachments")
    op.drop_table("attachments")
    op.drop_index(op.f("activations_personality_id_idx"), table_name="activations")
    op.drop_table("activations")
    op.drop_index("channels_space_idx", table_name="channels")
    op.drop_table("channels")
    op.drop_index("denials_target_idx", table_name="denials")
    op.drop_index("denials_request_key", table_name="denials")
    op.drop_table("denials")
    op.drop_table("token_buckets")
    op.drop_table("maintenance")
    op.drop_column("personalities", "age_restricted")
    op.drop_column("personalities", "custom_fields")
