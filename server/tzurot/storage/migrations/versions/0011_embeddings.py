"""Two slots for what a model reads of memories and passages, so that another one can take over.

Must work with the previous release running, in both directions: that one reads and writes slot a,
which stays where it was. It does not know of slot b, so change the model when no such server runs.
What it reads of new memories while both run is not quite what this release reads: these rank a
little worse.
"""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LINK_READ = """
    CREATE OR REPLACE FUNCTION memories_tell_waypoints() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN{unless_read}
        INSERT INTO unlinked_memories (memory_id) VALUES (NEW.id)
        ON CONFLICT (memory_id) DO UPDATE SET memory_id = excluded.memory_id;
        RETURN NULL;
    END $$
"""
UNLESS_READ = """
        IF TG_OP = 'UPDATE' THEN
            IF OLD.embedding IS NOT NULL OR OLD.embedding_b IS NOT NULL THEN
                RETURN NULL;
            END IF;
        END IF;"""
TELL_WAYPOINTS = """
    CREATE TRIGGER memories_tell_waypoints
    AFTER INSERT OR UPDATE OF {columns} ON memories
    FOR EACH ROW WHEN ({known}) EXECUTE FUNCTION memories_tell_waypoints()
"""


def upgrade() -> None:
    # A column's type cannot change under a trigger that names it.
    op.execute("DROP TRIGGER memories_tell_waypoints ON memories")
    _forget_readings()
    for table in ("memories", "passages"):
        # Of any width: nothing is written anew for it.
        op.alter_column(table, "embedding", type_=HALFVEC(), existing_type=HALFVEC(384))
        op.add_column(table, sa.Column("embedding_b", HALFVEC(), nullable=True))
    op.execute(LINK_READ.format(unless_read=UNLESS_READ))
    op.execute(
        TELL_WAYPOINTS.format(
            columns="embedding, embedding_b",
            known="NEW.embedding IS NOT NULL OR NEW.embedding_b IS NOT NULL",
        )
    )
    op.create_table(
        "memory_states_b",
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("lengths", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("person_passages", sa.SmallInteger(), nullable=False),
        sa.Column("states", sa.LargeBinary(), nullable=False),
        _of_memory("memory_states_b"),
        sa.PrimaryKeyConstraint("memory_id", name=op.f("memory_states_b_pkey")),
    )
    op.execute("ALTER TABLE memory_states_b ALTER COLUMN states SET STORAGE EXTERNAL")
    op.create_table(
        "memory_windows",
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("embedding", HALFVEC(), nullable=False),
        _of_memory("memory_windows"),
        sa.CheckConstraint("slot IN ('a', 'b')", name=op.f("memory_windows_slot_check")),
        sa.PrimaryKeyConstraint("memory_id", "slot", "position", name=op.f("memory_windows_pkey")),
    )
    op.create_index(
        "memory_windows_owner_idx", "memory_windows", ["persona_id", "personality_id", "slot"]
    )
    _create_slots()
    _create_collections()


def _forget_readings() -> None:
    """The other release reads the bundled model otherwise: all is read anew."""
    for table in ("memories", "passages"):
        op.execute(f"UPDATE {table} SET embedding = NULL WHERE embedding IS NOT NULL")  # noqa: S608
    op.execute("DELETE FROM memory_states")
    op.execute(
        "INSERT INTO index_outbox (memory_id, persona_id, create_time)"
        " SELECT id, persona_id, now() FROM memories WHERE NOT dormant"
    )


def _create_slots() -> None:
    op.create_table(
        "embedding_slots",
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("dimensions", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change_time", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("slot IN ('a', 'b')", name=op.f("embedding_slots_slot_check")),
        sa.CheckConstraint(
            "state IN ('live', 'filling', 'leaving')", name=op.f("embedding_slots_state_check")
        ),
        sa.PrimaryKeyConstraint("slot", name=op.f("embedding_slots_pkey")),
    )
    op.create_index("embedding_slots_state_key", "embedding_slots", ["state"], unique=True)
    op.execute(
        "INSERT INTO embedding_slots"
        " (slot, model, base_url, dimensions, state, create_time, change_time)"
        " VALUES ('a', 'multilingual-e5-small', '', 384, 'live', now(), now())"
    )


def _create_collections() -> None:
    op.create_table(
        "index_collections",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("last_memory_id", sa.Uuid(), nullable=True),
        sa.Column("last_outbox_id", sa.BigInteger(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("slot IN ('a', 'b')", name=op.f("index_collections_slot_check")),
        sa.CheckConstraint(
            "state IN ('filling', 'complete', 'leaving')",
            name=op.f("index_collections_state_check"),
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("index_collections_pkey")),
    )
    op.create_index(
        "index_collections_slot_key",
        "index_collections",
        ["slot"],
        unique=True,
        postgresql_where=sa.text("state <> 'leaving'"),
    )
    # The one that the previous release keeps; where there is no Weaviate it is found missing.
    op.execute(
        "INSERT INTO index_collections (name, slot, state, create_time)"
        " VALUES ('Memory', 'a', 'complete', now())"
    )


def _of_memory(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["memory_id"], ["memories.id"], name=op.f(f"{table}_memory_id_fkey"), ondelete="CASCADE"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER memories_tell_waypoints ON memories")
    _forget_readings()
    op.drop_table("index_collections")
    op.drop_table("embedding_slots")
    op.drop_table("memory_windows")
    op.drop_table("memory_states_b")
    for table in ("memories", "passages"):
        op.drop_column(table, "embedding_b")
        op.alter_column(table, "embedding", type_=HALFVEC(384), existing_type=HALFVEC())
    op.execute(LINK_READ.format(unless_read=""))
    op.execute(TELL_WAYPOINTS.format(columns="embedding", known="NEW.embedding IS NOT NULL"))
