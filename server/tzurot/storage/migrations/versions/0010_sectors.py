"""Sectors, what stands out, and waypoints.

Must work with the previous release running, in both directions: what it writes is an exchange of
the default sector until the job that links memories has seen it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SECTORS = "'episodic', 'semantic', 'procedural', 'emotional', 'reflective'"

TELL_WAYPOINTS = """
    CREATE FUNCTION memories_tell_waypoints() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO unlinked_memories (memory_id) VALUES (NEW.id)
        ON CONFLICT (memory_id) DO UPDATE SET memory_id = excluded.memory_id;
        RETURN NULL;
    END $$
"""
TRIGGER = """
    CREATE TRIGGER memories_tell_waypoints
    AFTER INSERT OR UPDATE OF embedding ON memories
    FOR EACH ROW WHEN (NEW.embedding IS NOT NULL) EXECUTE FUNCTION memories_tell_waypoints()
"""


def upgrade() -> None:
    _add_columns()
    op.create_table(
        "memory_recalls",
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("salience", sa.REAL(), nullable=False),
        sa.Column("recall_count", sa.Integer(), nullable=False),
        sa.Column("last_recall_time", sa.DateTime(timezone=True), nullable=False),
        _of_memory("memory_recalls", "memory_id"),
        sa.PrimaryKeyConstraint("memory_id", name=op.f("memory_recalls_pkey")),
    )
    op.create_table(
        "recalled_turns",
        sa.Column("turn_id", sa.Uuid(), nullable=False),
        sa.Column("memory_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("recall_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("recalled_turns_pkey")),
    )
    op.create_table(
        "waypoints",
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("weight", sa.REAL(), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("waypoints_order_check")),
        sa.CheckConstraint("weight BETWEEN 0 AND 1", name=op.f("waypoints_weight_check")),
        sa.CheckConstraint(
            "kind IN ('similarity', 'conversation', 'recalled_together', 'across_sectors')",
            name=op.f("waypoints_kind_check"),
        ),
        _of_memory("waypoints", "first_id"),
        _of_memory("waypoints", "second_id"),
        sa.PrimaryKeyConstraint("first_id", "second_id", "kind", name=op.f("waypoints_pkey")),
    )
    op.create_index(op.f("waypoints_second_id_idx"), "waypoints", ["second_id"])
    op.create_index(op.f("waypoints_update_time_idx"), "waypoints", ["update_time"])
    op.create_table(
        "unlinked_memories",
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        _of_memory("unlinked_memories", "memory_id"),
        sa.PrimaryKeyConstraint("memory_id", name=op.f("unlinked_memories_pkey")),
    )
    op.execute(TELL_WAYPOINTS)
    op.execute(TRIGGER)
    op.execute(
        "INSERT INTO unlinked_memories (memory_id)"
        " SELECT id FROM memories WHERE embedding IS NOT NULL"
    )


def _add_columns() -> None:
    op.add_column(
        "memories", sa.Column("kind", sa.Text(), server_default="exchange", nullable=False)
    )
    op.add_column(
        "memories", sa.Column("sector", sa.Text(), server_default="semantic", nullable=False)
    )
    op.add_column(
        "memories",
        sa.Column(
            "other_sectors", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
    )
    op.add_column(
        "memories", sa.Column("salience", sa.REAL(), server_default="0.4", nullable=False)
    )
    for name, rule in (
        ("kind", "kind IN ('exchange', 'reflection')"),
        ("sector", f"sector IN ({SECTORS})"),
        ("other_sectors", f"other_sectors <@ ARRAY[{SECTORS}]"),
        ("salience", "salience BETWEEN 0 AND 1"),
    ):
        op.create_check_constraint(op.f(f"memories_{name}_check"), "memories", rule)


def _of_memory(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["memories.id"], name=op.f(f"{table}_{column}_fkey"), ondelete="CASCADE"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER memories_tell_waypoints ON memories")
    op.execute("DROP FUNCTION memories_tell_waypoints")
    op.drop_table("unlinked_memories")
    op.drop_table("waypoints")
    op.drop_table("recalled_turns")
    op.drop_table("memory_recalls")
    for column in ("salience", "other_sectors", "sector", "kind"):
        op.drop_column("memories", column)
