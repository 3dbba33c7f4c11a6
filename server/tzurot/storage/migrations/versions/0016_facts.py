"""Facts: what characters know of people.

Must work with the previous release running, in both directions: it writes memories, which the
triggers note, and knows nothing of the rest. What was said before is not looked at: who said it did
not know that anything would be learnt.
"""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

RETIRE = """
    CREATE FUNCTION fact_sources_retire() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM facts WHERE id = OLD.fact_id FOR UPDATE;
        DELETE FROM facts WHERE id = OLD.fact_id AND origin = 'learnt'
            AND NOT EXISTS (
                SELECT 1 FROM fact_sources WHERE fact_id = OLD.fact_id AND NOT outdated);
        RETURN NULL;
    END $$
"""
WHEN_SOURCE_GONE = """
    CREATE TRIGGER fact_sources_retire AFTER DELETE ON fact_sources
    FOR EACH ROW EXECUTE FUNCTION fact_sources_retire()
"""
TELL_LEARNING = """
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
"""
WHEN_NEW = """
    CREATE TRIGGER memories_tell_learning_when_new AFTER INSERT ON memories
    FOR EACH ROW WHEN (NEW.turn_id IS NOT NULL AND NEW.person_text <> '')
    EXECUTE FUNCTION memories_tell_learning()
"""
WHEN_CHANGED = """
    CREATE TRIGGER memories_tell_learning_when_changed
    AFTER UPDATE OF person_text, dormant, venue, age_restricted ON memories
    FOR EACH ROW WHEN (OLD.withheld = NEW.withheld AND
        (OLD.person_text, OLD.dormant, OLD.venue, OLD.age_restricted)
            IS DISTINCT FROM
        (NEW.person_text, NEW.dormant, NEW.venue, NEW.age_restricted))
    EXECUTE FUNCTION memories_tell_learning()
"""

WITHHOLD = """
    CREATE FUNCTION memories_stay_withheld() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' AND NOT NEW.withheld THEN
            NEW.withheld := EXISTS (
                SELECT FROM memories WHERE message_id = NEW.message_id AND withheld
                    AND persona_id = NEW.persona_id AND personality_id = NEW.personality_id);
        END IF;
        NEW.dormant := NEW.dormant OR NEW.withheld;
        RETURN NEW;
    END $$
"""
WITHHELD_WHEN_NEW = """
    CREATE TRIGGER memories_stay_withheld_when_new BEFORE INSERT ON memories
    FOR EACH ROW WHEN (NEW.withheld OR NEW.message_id IS NOT NULL)
    EXECUTE FUNCTION memories_stay_withheld()
"""
WITHHELD_WHEN_CHANGED = """
    CREATE TRIGGER memories_stay_withheld_when_changed
    BEFORE UPDATE OF dormant, withheld ON memories
    FOR EACH ROW WHEN (NEW.withheld) EXECUTE FUNCTION memories_stay_withheld()
"""


def upgrade() -> None:
    op.add_column(
        "memories",
        sa.Column("withheld", sa.Boolean(), server_default="false", nullable=False),
    )
    _create_facts()
    op.create_table(
        "fact_sources",
        sa.Column("fact_id", sa.Uuid(), nullable=False),
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("outdated", sa.Boolean(), nullable=False),
        _key("fact_sources", "fact_id", "facts"),
        _key("fact_sources", "memory_id", "memories"),
        sa.PrimaryKeyConstraint("fact_id", "memory_id", name=op.f("fact_sources_pkey")),
    )
    op.create_index(op.f("fact_sources_memory_id_idx"), "fact_sources", ["memory_id"])
    _create_forgotten_facts()
    op.create_table(
        "unlearnt_memories",
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        _key("unlearnt_memories", "memory_id", "memories"),
        sa.PrimaryKeyConstraint("memory_id", name=op.f("unlearnt_memories_pkey")),
    )
    op.create_index(
        "unlearnt_memories_owner_idx",
        "unlearnt_memories",
        ["persona_id", "personality_id", "memory_id"],
    )
    op.create_table(
        "fact_marks",
        *_owner("fact_marks"),
        sa.Column("due_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failure_count", sa.Integer(), nullable=False),
        sa.Column("call_day", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("persona_id", "personality_id", name=op.f("fact_marks_pkey")),
    )
    op.create_index(op.f("fact_marks_personality_id_idx"), "fact_marks", ["personality_id"])
    for statement in (RETIRE, WHEN_SOURCE_GONE, TELL_LEARNING, WHEN_NEW, WHEN_CHANGED):
        op.execute(statement)
    for statement in (WITHHOLD, WITHHELD_WHEN_NEW, WITHHELD_WHEN_CHANGED):
        op.execute(statement)


def _create_facts() -> None:
    op.create_table(
        "facts",
        *_owner("facts"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=64), nullable=False),
        sa.Column("age_restricted", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by_id", sa.Uuid(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("embedding", HALFVEC(), nullable=False),
        sa.Column("shown_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("facts", "superseded_by_id", "facts", "SET NULL"),
        _key("facts", "replaces_id", "facts", "SET NULL"),
        _check("facts", "venue", "venue IN ('direct', 'private_channel', 'public_channel')"),
        _check("facts", "state", "state IN ('current', 'proposed', 'superseded')"),
        _check("facts", "origin", "origin IN ('learnt', 'told')"),
        _check("facts", "text", "text <> ''"),
        sa.PrimaryKeyConstraint("id", name=op.f("facts_pkey")),
    )
    op.create_index("facts_owner_idx", "facts", ["persona_id", "personality_id", "id"])
    op.create_index("facts_request_key", "facts", ["persona_id", "request_id"], unique=True)
    op.create_index(
        "facts_unshown_idx",
        "facts",
        ["persona_id", "personality_id"],
        postgresql_where="shown_time IS NULL",
    )
    for column in ("personality_id", "superseded_by_id", "replaces_id"):
        op.create_index(op.f(f"facts_{column}_idx"), "facts", [column])


def _create_forgotten_facts() -> None:
    op.create_table(
        "forgotten_facts",
        *_owner("forgotten_facts"),
        sa.Column("embedding", HALFVEC(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("marks", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("forgotten_facts_pkey")),
    )
    op.create_index(
        "forgotten_facts_owner_idx", "forgotten_facts", ["persona_id", "personality_id"]
    )
    op.create_index(
        op.f("forgotten_facts_personality_id_idx"), "forgotten_facts", ["personality_id"]
    )


def _owner(table: str) -> list[sa.Column[object] | sa.ForeignKeyConstraint]:
    return [
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        _key(table, "persona_id", "personas"),
        _key(table, "personality_id", "personalities"),
    ]


def _key(table: str, column: str, of: str, gone: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{of}.id"], name=op.f(f"{table}_{column}_fkey"), ondelete=gone
    )


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"{table}_{name}_check"))


def downgrade() -> None:
    op.execute("DROP TRIGGER memories_stay_withheld_when_changed ON memories")
    op.execute("DROP TRIGGER memories_stay_withheld_when_new ON memories")
    op.execute("DROP FUNCTION memories_stay_withheld")
    op.execute("DROP TRIGGER memories_tell_learning_when_changed ON memories")
    op.execute("DROP TRIGGER memories_tell_learning_when_new ON memories")
    op.execute("DROP FUNCTION memories_tell_learning")
    for table in (
        "fact_marks",
        "unlearnt_memories",
        "forgotten_facts",
        "fact_sources",
        "facts",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION fact_sources_retire")
    op.drop_column("memories", "withheld")
