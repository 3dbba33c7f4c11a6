"""Summaries of what fell out of sight.

Must work with the previous release running, in both directions: it makes none and tells none; its
deletions, edits and swipes end them by the triggers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_MESSAGES_TRIGGER = (
    """
    CREATE FUNCTION messages_end_summaries() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM summaries WHERE id = (
            SELECT summary_id FROM summary_sources WHERE message_id = NEW.id);
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER messages_end_summaries AFTER UPDATE OF text, chosen, hidden ON messages
    FOR EACH ROW WHEN ((OLD.text, OLD.chosen, OLD.hidden)
        IS DISTINCT FROM (NEW.text, NEW.chosen, NEW.hidden))
    EXECUTE FUNCTION messages_end_summaries()
    """,
)

_SUMMARIES_TRIGGERS = (
    """
    CREATE FUNCTION summary_sources_end_summaries() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM summaries WHERE id = OLD.summary_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER summary_sources_end_summaries AFTER DELETE ON summary_sources
    FOR EACH ROW EXECUTE FUNCTION summary_sources_end_summaries()
    """,
    """
    CREATE FUNCTION summaries_tell_conversations() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO unsummarized_conversations (conversation_id, due_time)
        SELECT id, now() + interval '10 minutes' FROM conversations WHERE id = OLD.conversation_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER summaries_tell_conversations AFTER DELETE ON summaries
    FOR EACH ROW EXECUTE FUNCTION summaries_tell_conversations()
    """,
)

_MEMORIES_TRIGGER = (
    """
    CREATE FUNCTION memories_end_summaries() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        there uuid := coalesce(
            (SELECT conversation_id FROM messages WHERE id = NEW.message_id),
            (SELECT conversation_id FROM turns WHERE id = NEW.turn_id));
    BEGIN
        IF there IS NOT NULL THEN
            INSERT INTO untold_messages (message_id)
            SELECT id FROM messages WHERE id IN (
                SELECT NEW.message_id UNION SELECT m.id FROM turns t
                JOIN messages m ON m.turn_id = ANY(t.exchange_turn_ids || t.id)
                WHERE t.id = NEW.turn_id)
            ORDER BY id FOR KEY SHARE SKIP LOCKED ON CONFLICT DO NOTHING;
            DELETE FROM summaries WHERE id IN (
                SELECT id FROM summaries WHERE conversation_id = there FOR UPDATE SKIP LOCKED);
            INSERT INTO unsummarized_conversations (conversation_id) VALUES (there);
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER memories_end_summaries AFTER UPDATE OF withheld ON memories
    FOR EACH ROW WHEN (NEW.withheld AND NOT OLD.withheld)
    EXECUTE FUNCTION memories_end_summaries()
    """,
    """
    CREATE TRIGGER memories_end_summaries_when_new AFTER INSERT ON memories
    FOR EACH ROW WHEN (NEW.withheld) EXECUTE FUNCTION memories_end_summaries()
    """,
)

# What was forgotten before.
_UNTOLD = """
    INSERT INTO untold_messages (message_id)
    SELECT m.id FROM memories w JOIN messages m ON m.id = w.message_id WHERE w.withheld
    UNION
    SELECT m.id FROM memories w JOIN turns t ON t.id = w.turn_id
    JOIN messages m ON m.turn_id = ANY(t.exchange_turn_ids || t.id) WHERE w.withheld
    ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.create_table(
        "summaries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("first_message_id", sa.Uuid(), nullable=False),
        sa.Column("last_message_id", sa.Uuid(), nullable=False),
        sa.Column("message_count", sa.Integer(), nullable=False),
        sa.Column("first_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("summaries_text_check")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("summaries_conversation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("summaries_pkey")),
    )
    op.create_index(
        "summaries_conversation_idx", "summaries", ["conversation_id", "last_message_id"]
    )
    op.create_table(
        "summary_sources",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("summary_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("summary_sources_message_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["summary_id"],
            ["summaries.id"],
            name=op.f("summary_sources_summary_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("summary_sources_pkey")),
    )
    op.create_index("summary_sources_summary_id_idx", "summary_sources", ["summary_id"])
    op.create_table(
        "untold_messages",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("untold_messages_message_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("untold_messages_pkey")),
    )
    op.create_table(
        "unsummarized_conversations",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("until_message_id", sa.Uuid()),
        sa.Column("due_time", sa.DateTime(timezone=True)),
        sa.Column("failures", sa.SmallInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("unsummarized_conversations_pkey")),
    )
    op.create_index(
        "unsummarized_conversations_conversation_id_idx",
        "unsummarized_conversations",
        ["conversation_id"],
    )
    for statement in (*_SUMMARIES_TRIGGERS, *_MESSAGES_TRIGGER, *_MEMORIES_TRIGGER):
        op.execute(statement)
    op.execute(_UNTOLD)


def downgrade() -> None:
    op.execute("DROP TRIGGER memories_end_summaries_when_new ON memories")
    op.execute("DROP TRIGGER memories_end_summaries ON memories")
    op.execute("DROP TRIGGER messages_end_summaries ON messages")
    op.drop_table("unsummarized_conversations")
    op.drop_table("untold_messages")
    op.drop_table("summary_sources")
    op.drop_table("summaries")
    for name in (
        "memories_end_summaries",
        "messages_end_summaries",
        "summary_sources_end_summaries",
        "summaries_tell_conversations",
    ):
        op.execute(f"DROP FUNCTION {name}")
