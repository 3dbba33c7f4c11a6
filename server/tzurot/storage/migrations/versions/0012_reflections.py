"""Reflections and what they were gathered from, dreams, and whose memories are to be looked at.

Must work with the previous release running, in both directions: it writes memories, which the
triggers count, and knows nothing of the rest. What is remembered already counts as new. On the way
down reflections go, which are no memories of their own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

END_REFLECTIONS = """
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
"""
WHEN_GONE = """
    CREATE TRIGGER "Ends_reflections_when_gone" AFTER DELETE ON memories
    FOR EACH ROW EXECUTE FUNCTION memories_end_reflections()
"""
WHEN_CHANGED = """
    CREATE TRIGGER "Ends_reflections_when_changed"
    AFTER UPDATE OF person_text, personality_text, dormant, venue, age_restricted ON memories
    FOR EACH ROW WHEN (
        (OLD.person_text, OLD.personality_text, OLD.venue, OLD.age_restricted)
            IS DISTINCT FROM
        (NEW.person_text, NEW.personality_text, NEW.venue, NEW.age_restricted)
        OR NEW.dormant AND NOT OLD.dormant)
    EXECUTE FUNCTION memories_end_reflections()
"""
TELL_REFLECTION = """
    CREATE FUNCTION memories_tell_reflection() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO fresh_memories (persona_id, personality_id, memory_count)
        SELECT persona_id, personality_id, count(*) FROM written WHERE kind = 'exchange'
        GROUP BY persona_id, personality_id;
        RETURN NULL;
    END $$
"""
WHEN_WRITTEN = """
    CREATE TRIGGER memories_tell_reflection
    AFTER INSERT ON memories REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION memories_tell_reflection()
"""


def upgrade() -> None:
    op.create_table(
        "memory_sources",
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        _key("memory_sources", "memory_id", "memories"),
        _key("memory_sources", "source_id", "memories"),
        sa.PrimaryKeyConstraint("memory_id", "source_id", name=op.f("memory_sources_pkey")),
        sa.UniqueConstraint("source_id", name=op.f("memory_sources_source_id_key")),
    )
    for table in ("ungathered_memories", "unworded_reflections"):
        op.create_table(
            table,
            sa.Column("memory_id", sa.Uuid(), nullable=False),
            _key(table, "memory_id", "memories"),
            sa.PrimaryKeyConstraint("memory_id", name=op.f(f"{table}_pkey")),
        )
    op.create_table(
        "fresh_memories",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("memory_count", sa.Integer(), nullable=False),
        _key("fresh_memories", "persona_id", "personas"),
        _key("fresh_memories", "personality_id", "personalities"),
        sa.PrimaryKeyConstraint("id", name=op.f("fresh_memories_pkey")),
    )
    op.create_table(
        "reflection_marks",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("new_count", sa.Integer(), nullable=False),
        sa.Column("dream_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dream_due_time", sa.DateTime(timezone=True), nullable=True),
        _key("reflection_marks", "persona_id", "personas"),
        _key("reflection_marks", "personality_id", "personalities"),
        sa.PrimaryKeyConstraint("persona_id", "personality_id", name=op.f("reflection_marks_pkey")),
    )
    op.create_index(
        "reflection_marks_new_idx",
        "reflection_marks",
        ["new_count"],
        postgresql_where="new_count >= 20",
    )
    op.create_index(
        "reflection_marks_dreamer_idx", "reflection_marks", ["personality_id", "dream_due_time"]
    )
    _create_dreams()
    for statement in (END_REFLECTIONS, WHEN_GONE, WHEN_CHANGED, TELL_REFLECTION, WHEN_WRITTEN):
        op.execute(statement)
    op.execute(
        "INSERT INTO fresh_memories (persona_id, personality_id, memory_count)"
        " SELECT persona_id, personality_id, count(*) FROM memories WHERE kind = 'exchange'"
        " GROUP BY persona_id, personality_id"
    )


def _create_dreams() -> None:
    op.create_table(
        "dreams",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("dreams", "persona_id", "personas"),
        _key("dreams", "personality_id", "personalities"),
        sa.PrimaryKeyConstraint("id", name=op.f("dreams_pkey")),
    )
    op.create_index("dreams_owner_idx", "dreams", ["persona_id", "personality_id", "id"])
    op.create_index(op.f("dreams_personality_id_idx"), "dreams", ["personality_id"])
    op.create_table(
        "dream_sources",
        sa.Column("dream_id", sa.Uuid(), nullable=False),
        sa.Column("reflection_id", sa.Uuid(), nullable=False),
        _key("dream_sources", "dream_id", "dreams"),
        _key("dream_sources", "reflection_id", "memories"),
        sa.PrimaryKeyConstraint("dream_id", "reflection_id", name=op.f("dream_sources_pkey")),
    )
    op.create_index(op.f("dream_sources_reflection_id_idx"), "dream_sources", ["reflection_id"])


def _key(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{of}.id"], name=op.f(f"{table}_{column}_fkey"), ondelete="CASCADE"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER memories_tell_reflection ON memories")
    op.execute("DROP FUNCTION memories_tell_reflection")
    op.execute('DROP TRIGGER "Ends_reflections_when_changed" ON memories')
    op.execute('DROP TRIGGER "Ends_reflections_when_gone" ON memories')
    op.execute("DROP FUNCTION memories_end_reflections")
    op.execute("DELETE FROM memories WHERE kind = 'reflection'")
    for table in (
        "dream_sources",
        "dreams",
        "reflection_marks",
        "fresh_memories",
        "unworded_reflections",
        "ungathered_memories",
        "memory_sources",
    ):
        op.drop_table(table)
