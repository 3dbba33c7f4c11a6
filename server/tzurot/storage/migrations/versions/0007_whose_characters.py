"""Whose characters are, how they speak: shares, aliases, overrides, settings, scripts, entry ids.

Must work with the previous release running, in both directions.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "personality_aliases",
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("creator_id", sa.Uuid(), nullable=True),
        sa.Column("alias", sa.String(length=100), nullable=False),
        sa.Column("folded_alias", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["creator_id"],
            ["people.id"],
            name=op.f("personality_aliases_creator_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("personality_aliases_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("personality_aliases_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("personality_aliases_pkey")),
    )
    op.create_index(
        op.f("personality_aliases_folded_alias_idx"),
        "personality_aliases",
        ["folded_alias"],
        unique=False,
    )
    op.create_index(
        "personality_aliases_global_key",
        "personality_aliases",
        ["personality_id", "folded_alias"],
        unique=True,
        postgresql_where="person_id IS NULL",
    )
    op.create_index(
        "personality_aliases_own_key",
        "personality_aliases",
        ["person_id", "folded_alias"],
        unique=True,
        postgresql_where="person_id IS NOT NULL",
    )
    op.create_index(
        op.f("personality_aliases_personality_id_idx"),
        "personality_aliases",
        ["personality_id"],
        unique=False,
    )
    op.create_index(
        "personality_aliases_request_key",
        "personality_aliases",
        ["creator_id", "request_id"],
        unique=True,
    )
    op.create_table(
        "personality_overrides",
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("nickname", sa.String(length=255), nullable=False),
        sa.Column("addition", sa.Text(), nullable=False),
        sa.Column("scenario", sa.Text(), nullable=False),
        sa.Column("greeting", sa.Text(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("personality_overrides_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("personality_overrides_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "personality_id", "person_id", name=op.f("personality_overrides_pkey")
        ),
    )
    op.create_index(
        op.f("personality_overrides_person_id_idx"),
        "personality_overrides",
        ["person_id"],
        unique=False,
    )
    op.create_table(
        "personality_shares",
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "role IN ('blocked', 'user', 'viewer', 'editor')",
            name=op.f("personality_shares_role_check"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("personality_shares_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("personality_shares_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("personality_shares_pkey")),
    )
    op.create_index(
        op.f("personality_shares_person_id_idx"), "personality_shares", ["person_id"], unique=False
    )
    op.create_index(
        "personality_shares_person_key",
        "personality_shares",
        ["personality_id", "person_id"],
        unique=True,
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("personality_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("platform", sa.String(length=32), nullable=True),
        sa.Column("channel_id", sa.String(length=64), nullable=True),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("bound", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(platform IS NULL) = (channel_id IS NULL)", name=op.f("settings_channel_check")
        ),
        sa.CheckConstraint(
            "channel_id IS NOT NULL OR NOT bound", name=op.f("settings_bound_check")
        ),
        sa.CheckConstraint(
            "channel_id IS NULL OR (personality_id IS NULL AND person_id IS NULL)",
            name=op.f("settings_tier_check"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("settings_person_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("settings_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("settings_pkey")),
        sa.UniqueConstraint(
            "key",
            "personality_id",
            "person_id",
            "platform",
            "channel_id",
            name="settings_decided_key",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("settings_person_id_idx"), "settings", ["person_id"], unique=False)
    op.create_index(
        op.f("settings_personality_id_idx"), "settings", ["personality_id"], unique=False
    )
    op.add_column(
        "conversations",
        sa.Column("greeting_index", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column(
        "conversations",
        sa.Column(
            "variables",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            server_default="{}",
        ),
    )
    op.add_column(
        "conversations",
        sa.Column(
            "timings", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="{}"
        ),
    )
    op.add_column(
        "lorebook_entries",
        sa.Column("id", sa.Uuid(), nullable=False, server_default=sa.text("gen_random_uuid()")),
    )
    op.add_column(
        "lorebook_entries", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column("lorebook_entries", sa.Column("request_id", sa.Uuid(), nullable=True))
    op.add_column("lorebook_entries", sa.Column("request_hash", sa.LargeBinary(), nullable=True))
    op.create_index("lorebook_entries_id_key", "lorebook_entries", ["id"], unique=True)
    op.create_index(
        "lorebook_entries_request_key",
        "lorebook_entries",
        ["lorebook_id", "request_id"],
        unique=True,
    )
    op.add_column(
        "lorebooks", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column("lorebooks", sa.Column("request_id", sa.Uuid(), nullable=True))
    op.add_column("lorebooks", sa.Column("request_hash", sa.LargeBinary(), nullable=True))
    op.create_index("lorebooks_request_key", "lorebooks", ["owner_id", "request_id"], unique=True)
    op.add_column(
        "personalities", sa.Column("depth_prompt", sa.Text(), nullable=False, server_default="")
    )
    op.add_column(
        "personalities",
        sa.Column("depth_prompt_depth", sa.Integer(), nullable=False, server_default="4"),
    )
    op.add_column(
        "personalities",
        sa.Column("depth_prompt_role", sa.Text(), nullable=False, server_default="system"),
    )
    op.add_column(
        "personalities",
        sa.Column(
            "regex_scripts",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            server_default="[]",
        ),
    )
    op.add_column(
        "personalities",
        sa.Column("definition_visible", sa.Boolean(), nullable=False, server_default="false"),
    )
    op.create_index(
        op.f("personalities_avatar_sha256_idx"), "personalities", ["avatar_sha256"], unique=False
    )
    # The previous release writes none of the new columns: the defaults stay.
    op.drop_constraint(op.f("personalities_visibility_check"), "personalities", type_="check")
    op.create_check_constraint(
        op.f("personalities_visibility_check"),
        "personalities",
        "visibility IN ('private', 'shared', 'unlisted', 'public')",
    )
    op.create_check_constraint(
        op.f("personalities_depth_prompt_role_check"),
        "personalities",
        "depth_prompt_role IN ('system', 'user', 'assistant')",
    )
    op.execute("UPDATE personalities SET definition_visible = true WHERE owner_id IS NULL")
    # From here on a book that was changed after it was created counts as edited.
    op.execute("UPDATE lorebooks SET update_time = create_time")
    # Tokens with all scopes of the previous release get the one that this one adds.
    op.execute("""
        UPDATE service_tokens SET scopes = scopes || '{channel.write}'
        WHERE scopes @> '{account.write,admin,flow.write,personality.write,session.chat}'
            AND NOT scopes && '{channel.write}'
    """)


def downgrade() -> None:
    op.drop_index(op.f("personalities_avatar_sha256_idx"), table_name="personalities")
    op.execute("UPDATE service_tokens SET scopes = array_remove(scopes, 'channel.write')")
    op.execute("UPDATE personalities SET visibility = 'private' WHERE visibility <> 'public'")
    op.drop_constraint(
        op.f("personalities_depth_prompt_role_check"), "personalities", type_="check"
    )
    op.drop_constraint(op.f("personalities_visibility_check"), "personalities", type_="check")
    op.create_check_constraint(
        op.f("personalities_visibility_check"),
        "personalities",
        "visibility IN ('private', 'public')",
    )
    op.drop_column("personalities", "definition_visible")
    op.drop_column("personalities", "regex_scripts")
    op.drop_column("personalities", "depth_prompt_role")
    op.drop_column("personalities", "depth_prompt_depth")
    op.drop_column("personalities", "depth_prompt")
    op.drop_index("lorebooks_request_key", table_name="lorebooks")
    op.drop_column("lorebooks", "request_hash")
    op.drop_column("lorebooks", "request_id")
    op.drop_column("lorebooks", "version")
    op.drop_index("lorebook_entries_request_key", table_name="lorebook_entries")
    op.drop_index("lorebook_entries_id_key", table_name="lorebook_entries")
    op.drop_column("lorebook_entries", "request_hash")
    op.drop_column("lorebook_entries", "request_id")
    op.drop_column("lorebook_entries", "version")
    op.drop_column("lorebook_entries", "id")
    op.drop_column("conversations", "timings")
    op.drop_column("conversations", "variables")
    op.drop_column("conversations", "greeting_index")
    op.drop_index(op.f("settings_personality_id_idx"), table_name="settings")
    op.drop_index(op.f("settings_person_id_idx"), table_name="settings")
    op.drop_table("settings")
    op.drop_index("personality_shares_person_key", table_name="personality_shares")
    op.drop_index(op.f("personality_shares_person_id_idx"), table_name="personality_shares")
    op.drop_table("personality_shares")
    op.drop_index(op.f("personality_overrides_person_id_idx"), table_name="personality_overrides")
    op.drop_table("personality_overrides")
    op.drop_index("personality_aliases_request_key", table_name="personality_aliases")
    op.drop_index(op.f("personality_aliases_personality_id_idx"), table_name="personality_aliases")
    op.drop_index(
        "personality_aliases_own_key",
        table_name="personality_aliases",
        postgresql_where="person_id IS NOT NULL",
    )
    op.drop_index(
        "personality_aliases_global_key",
        table_name="personality_aliases",
        postgresql_where="person_id IS NULL",
    )
    op.drop_index(op.f("personality_aliases_folded_alias_idx"), table_name="personality_aliases")
    op.drop_table("personality_aliases")
