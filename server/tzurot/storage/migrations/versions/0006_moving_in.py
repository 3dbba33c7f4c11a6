"""What moving in needs: sources, lorebooks, knowledge, claims, personas with tags, flows.

Must work with the previous release running, in both directions.
"""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lorebooks",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("scan_depth", sa.Integer(), nullable=True),
        sa.Column("token_budget", sa.Integer(), nullable=True),
        sa.Column("recursive_scanning", sa.Boolean(), nullable=True),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("lorebooks_owner_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("lorebooks_pkey")),
    )
    op.create_index(
        "lorebooks_content_key", "lorebooks", ["owner_id", "content_sha256"], unique=True
    )
    op.create_table(
        "documents",
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("documents_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("documents_pkey")),
    )
    op.create_index("documents_origin_key", "documents", ["personality_id", "origin"], unique=True)
    op.create_index("documents_page_idx", "documents", ["personality_id", "id"], unique=False)
    op.create_table(
        "lorebook_entries",
        sa.Column("lorebook_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("secondary_keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("constant", sa.Boolean(), nullable=False),
        sa.Column("selective", sa.Boolean(), nullable=False),
        sa.Column("use_regex", sa.Boolean(), nullable=False),
        sa.Column("case_sensitive", sa.Boolean(), nullable=True),
        sa.Column("insertion_order", sa.Double(), nullable=False),
        sa.Column("priority", sa.Double(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("extensions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["lorebook_id"],
            ["lorebooks.id"],
            name=op.f("lorebook_entries_lorebook_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("lorebook_id", "position", name=op.f("lorebook_entries_pkey")),
    )
    op.create_table(
        "lorebook_uses",
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("lorebook_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("embedded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lorebook_id"],
            ["lorebooks.id"],
            name=op.f("lorebook_uses_lorebook_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("lorebook_uses_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("personality_id", "lorebook_id", name=op.f("lorebook_uses_pkey")),
    )
    op.create_index(
        op.f("lorebook_uses_lorebook_id_idx"), "lorebook_uses", ["lorebook_id"], unique=False
    )
    op.create_table(
        "personality_sources",
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("avatar_sha256", sa.String(length=64), nullable=True),
        sa.Column("import_time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("personality_sources_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("personality_id", name=op.f("personality_sources_pkey")),
    )
    op.create_index(
        op.f("personality_sources_file_sha256_idx"),
        "personality_sources",
        ["file_sha256"],
        unique=False,
    )
    op.create_index(
        op.f("personality_sources_origin_idx"), "personality_sources", ["origin"], unique=False
    )
    op.create_table(
        "unclaimed_memories",
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("senders", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("claimed", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=False),
        sa.Column("person_text", sa.Text(), nullable=False),
        sa.Column("personality_name", sa.String(length=255), nullable=False),
        sa.Column("personality_text", sa.Text(), nullable=False),
        sa.Column("occur_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("unclaimed_memories_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("unclaimed_memories_pkey")),
    )
    op.create_index(
        "unclaimed_memories_key", "unclaimed_memories", ["personality_id", "key"], unique=True
    )
    op.create_index(
        "unclaimed_memories_senders_idx",
        "unclaimed_memories",
        ["senders"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "flows",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=64), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("draft", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("request_hash", sa.LargeBinary(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'working', 'done', 'closed')", name=op.f("flows_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("flows_person_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["personas.id"], name=op.f("flows_persona_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("flows_pkey")),
    )
    op.create_index("flows_expire_idx", "flows", ["expire_time"], unique=False)
    op.create_index("flows_person_idx", "flows", ["person_id", "id"], unique=False)
    op.create_index("flows_request_key", "flows", ["person_id", "request_id"], unique=True)
    op.create_table(
        "imported_memories",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persona_id"],
            ["personas.id"],
            name=op.f("imported_memories_persona_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("imported_memories_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("persona_id", "key", name=op.f("imported_memories_pkey")),
    )
    op.create_index(
        op.f("imported_memories_personality_id_idx"),
        "imported_memories",
        ["personality_id"],
        unique=False,
    )
    op.create_table(
        "memory_claims",
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("memory_count", sa.Integer(), nullable=False),
        sa.Column("group_memory_count", sa.Integer(), nullable=False),
        sa.Column("first_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decide_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'confirmed', 'rejected')", name=op.f("memory_claims_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("memory_claims_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["persona_id"],
            ["personas.id"],
            name=op.f("memory_claims_persona_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("memory_claims_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("memory_claims_pkey")),
    )
    op.create_index(
        "memory_claims_pending_key",
        "memory_claims",
        ["personality_id", "sender_id", "person_id"],
        unique=True,
        postgresql_where="state <> 'rejected'",
    )
    op.create_index(
        op.f("memory_claims_person_id_idx"), "memory_claims", ["person_id"], unique=False
    )
    op.create_index(
        op.f("memory_claims_personality_id_idx"), "memory_claims", ["personality_id"], unique=False
    )
    op.create_index(
        "memory_claims_request_key", "memory_claims", ["person_id", "request_id"], unique=True
    )
    op.create_table(
        "passages",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("embedding", HALFVEC(384), nullable=True),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("passages_document_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("passages_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("passages_pkey")),
    )
    op.create_index(op.f("passages_document_id_idx"), "passages", ["document_id"], unique=False)
    op.create_index(
        op.f("passages_personality_id_idx"), "passages", ["personality_id"], unique=False
    )
    op.create_table(
        "persona_proxy_tags",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "prefix <> '' OR suffix <> ''", name=op.f("persona_proxy_tags_marked_check")
        ),
        sa.ForeignKeyConstraint(
            ["persona_id"],
            ["personas.id"],
            name=op.f("persona_proxy_tags_persona_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("persona_id", "position", name=op.f("persona_proxy_tags_pkey")),
    )
    op.create_table(
        "flow_files",
        sa.Column("flow_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["flow_id"], ["flows.id"], name=op.f("flow_files_flow_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("flow_files_pkey")),
    )
    op.create_index(op.f("flow_files_flow_id_idx"), "flow_files", ["flow_id"], unique=False)
    op.add_column("conversations", sa.Column("source", sa.LargeBinary(), nullable=True))
    op.alter_column(
        "memories",
        "person_name",
        existing_type=sa.VARCHAR(length=80),
        type_=sa.String(length=255),
        existing_nullable=False,
    )
    op.alter_column(
        "memories",
        "personality_name",
        existing_type=sa.VARCHAR(length=80),
        type_=sa.String(length=255),
        existing_nullable=False,
    )
    op.add_column(
        "messages", sa.Column("hidden", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("messages", sa.Column("source", sa.LargeBinary(), nullable=True))
    op.alter_column("messages", "turn_id", existing_type=sa.UUID(), nullable=True)
    op.alter_column(
        "messages",
        "author_name",
        existing_type=sa.VARCHAR(length=80),
        type_=sa.String(length=255),
        existing_nullable=False,
    )
    op.add_column(
        "personalities",
        sa.Column("nickname", sa.String(length=255), nullable=False, server_default=""),
    )
    op.add_column(
        "personalities", sa.Column("traits", sa.Text(), nullable=False, server_default="")
    )
    op.add_column("personalities", sa.Column("tone", sa.Text(), nullable=False, server_default=""))
    op.add_column("personalities", sa.Column("age", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "personalities", sa.Column("appearance", sa.Text(), nullable=False, server_default="")
    )
    op.add_column("personalities", sa.Column("likes", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "personalities", sa.Column("dislikes", sa.Text(), nullable=False, server_default="")
    )
    op.add_column("personalities", sa.Column("goals", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "personalities", sa.Column("history", sa.Text(), nullable=False, server_default="")
    )
    op.add_column(
        "personalities", sa.Column("scenario", sa.Text(), nullable=False, server_default="")
    )
    op.add_column(
        "personalities",
        sa.Column("post_history_instructions", sa.Text(), nullable=False, server_default=""),
    )
    op.add_column(
        "personalities", sa.Column("error_message", sa.Text(), nullable=False, server_default="")
    )
    op.add_column(
        "personalities",
        sa.Column("birthday", sa.String(length=10), nullable=False, server_default=""),
    )
    op.add_column(
        "personalities", sa.Column("creator", sa.Text(), nullable=False, server_default="")
    )
    op.add_column(
        "personalities", sa.Column("creator_notes", sa.Text(), nullable=False, server_default="")
    )
    op.add_column(
        "personalities",
        sa.Column("character_version", sa.Text(), nullable=False, server_default=""),
    )
    op.add_column(
        "personalities",
        sa.Column(
            "alternate_greetings", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"
        ),
    )
    op.add_column(
        "personalities",
        sa.Column(
            "group_greetings", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"
        ),
    )
    op.add_column(
        "personalities",
        sa.Column("tags", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"),
    )
    op.alter_column(
        "personalities",
        "name",
        existing_type=sa.VARCHAR(length=80),
        type_=sa.String(length=255),
        existing_nullable=False,
    )
    op.add_column(
        "personas",
        sa.Column("display_name", sa.String(length=255), nullable=False, server_default=""),
    )
    op.add_column(
        "personas", sa.Column("description", sa.Text(), nullable=False, server_default="")
    )
    op.add_column(
        "personas", sa.Column("pronouns", sa.String(length=255), nullable=False, server_default="")
    )
    op.add_column(
        "personas", sa.Column("birthday", sa.String(length=10), nullable=False, server_default="")
    )
    op.add_column("personas", sa.Column("avatar_url", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "personas", sa.Column("keep_proxy", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "personas", sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("personas", sa.Column("personality_id", sa.Uuid(), nullable=True))
    op.add_column("personas", sa.Column("origin", sa.Text(), nullable=False, server_default=""))
    op.add_column("personas", sa.Column("source", sa.LargeBinary(), nullable=True))
    op.alter_column(
        "personas",
        "name",
        existing_type=sa.VARCHAR(length=80),
        type_=sa.String(length=255),
        existing_nullable=False,
    )
    op.create_index(
        "personas_origin_key",
        "personas",
        ["person_id", "origin"],
        unique=True,
        postgresql_where="origin <> ''",
    )
    op.create_index(
        op.f("personas_personality_id_idx"), "personas", ["personality_id"], unique=False
    )
    op.create_foreign_key(
        op.f("personas_personality_id_fkey"),
        "personas",
        "personalities",
        ["personality_id"],
        ["id"],
        ondelete="CASCADE",
    )
    # Tokens with all scopes of the previous release get those that this one adds.
    op.execute("""
        UPDATE service_tokens SET scopes = scopes || '{account.write,flow.read,flow.write}'
        WHERE scopes @> '{account.read,admin,personality.write,session.chat}'
            AND NOT scopes && '{account.write,flow.read,flow.write}'
    """)


def downgrade() -> None:
    op.execute("""
        UPDATE service_tokens SET scopes = array_remove(array_remove(array_remove(
            scopes, 'account.write'), 'flow.read'), 'flow.write')
    """)
    # Imported messages have no turn; whole conversations of theirs go.
    op.execute("DELETE FROM conversations WHERE platform = 'import'")
    op.drop_constraint(op.f("personas_personality_id_fkey"), "personas", type_="foreignkey")
    op.drop_index(op.f("personas_personality_id_idx"), table_name="personas")
    op.drop_index("personas_origin_key", table_name="personas", postgresql_where="origin <> ''")
    op.alter_column(
        "personas",
        "name",
        existing_type=sa.String(length=255),
        type_=sa.VARCHAR(length=80),
        postgresql_using="left(name, 80)",
        existing_nullable=False,
    )
    op.drop_column("personas", "source")
    op.drop_column("personas", "origin")
    op.drop_column("personas", "personality_id")
    op.drop_column("personas", "private")
    op.drop_column("personas", "keep_proxy")
    op.drop_column("personas", "avatar_url")
    op.drop_column("personas", "birthday")
    op.drop_column("personas", "pronouns")
    op.drop_column("personas", "description")
    op.drop_column("personas", "display_name")
    op.alter_column(
        "personalities",
        "name",
        existing_type=sa.String(length=255),
        type_=sa.VARCHAR(length=80),
        postgresql_using="left(name, 80)",
        existing_nullable=False,
    )
    op.drop_column("personalities", "tags")
    op.drop_column("personalities", "group_greetings")
    op.drop_column("personalities", "alternate_greetings")
    op.drop_column("personalities", "character_version")
    op.drop_column("personalities", "creator_notes")
    op.drop_column("personalities", "creator")
    op.drop_column("personalities", "birthday")
    op.drop_column("personalities", "error_message")
    op.drop_column("personalities", "post_history_instructions")
    op.drop_column("personalities", "scenario")
    op.drop_column("personalities", "history")
    op.drop_column("personalities", "goals")
    op.drop_column("personalities", "dislikes")
    op.drop_column("personalities", "likes")
    op.drop_column("personalities", "appearance")
    op.drop_column("personalities", "age")
    op.drop_column("personalities", "tone")
    op.drop_column("personalities", "traits")
    op.drop_column("personalities", "nickname")
    op.alter_column(
        "messages",
        "author_name",
        existing_type=sa.String(length=255),
        type_=sa.VARCHAR(length=80),
        postgresql_using="left(author_name, 80)",
        existing_nullable=False,
    )
    op.alter_column("messages", "turn_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("messages", "source")
    op.drop_column("messages", "hidden")
    op.alter_column(
        "memories",
        "personality_name",
        existing_type=sa.String(length=255),
        type_=sa.VARCHAR(length=80),
        postgresql_using="left(personality_name, 80)",
        existing_nullable=False,
    )
    op.alter_column(
        "memories",
        "person_name",
        existing_type=sa.String(length=255),
        type_=sa.VARCHAR(length=80),
        postgresql_using="left(person_name, 80)",
        existing_nullable=False,
    )
    op.drop_column("conversations", "source")
    op.drop_index(op.f("flow_files_flow_id_idx"), table_name="flow_files")
    op.drop_table("flow_files")
    op.drop_table("persona_proxy_tags")
    op.drop_index(op.f("passages_personality_id_idx"), table_name="passages")
    op.drop_index(op.f("passages_document_id_idx"), table_name="passages")
    op.drop_table("passages")
    op.drop_index("memory_claims_request_key", table_name="memory_claims")
    op.drop_index(op.f("memory_claims_personality_id_idx"), table_name="memory_claims")
    op.drop_index(op.f("memory_claims_person_id_idx"), table_name="memory_claims")
    op.drop_index(
        "memory_claims_pending_key",
        table_name="memory_claims",
        postgresql_where="state <> 'rejected'",
    )
    op.drop_table("memory_claims")
    op.drop_index(op.f("imported_memories_personality_id_idx"), table_name="imported_memories")
    op.drop_table("imported_memories")
    op.drop_index("flows_request_key", table_name="flows")
    op.drop_index("flows_person_idx", table_name="flows")
    op.drop_index("flows_expire_idx", table_name="flows")
    op.drop_table("flows")
    op.drop_index(
        "unclaimed_memories_senders_idx", table_name="unclaimed_memories", postgresql_using="gin"
    )
    op.drop_index("unclaimed_memories_key", table_name="unclaimed_memories")
    op.drop_table("unclaimed_memories")
    op.drop_index(op.f("personality_sources_origin_idx"), table_name="personality_sources")
    op.drop_index(op.f("personality_sources_file_sha256_idx"), table_name="personality_sources")
    op.drop_table("personality_sources")
    op.drop_index(op.f("lorebook_uses_lorebook_id_idx"), table_name="lorebook_uses")
    op.drop_table("lorebook_uses")
    op.drop_table("lorebook_entries")
    op.drop_index("documents_page_idx", table_name="documents")
    op.drop_index("documents_origin_key", table_name="documents")
    op.drop_table("documents")
    op.drop_index("lorebooks_content_key", table_name="lorebooks")
    op.drop_table("lorebooks")
