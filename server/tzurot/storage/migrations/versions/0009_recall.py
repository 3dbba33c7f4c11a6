"""Recall: what the tokens of memories mean, and what was said right before something.

Must work with the previous release running, in both directions: memories that it reads have no
states, and are recalled by their vectors and words. All are read anew.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "memory_states",
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("lengths", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("person_passages", sa.SmallInteger(), nullable=False),
        sa.Column("states", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["memory_id"],
            ["memories.id"],
            name=op.f("memory_states_memory_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("memory_id", name=op.f("memory_states_pkey")),
    )
    # Bits that look random: to compress them takes time and saves nothing.
    op.execute("ALTER TABLE memory_states ALTER COLUMN states SET STORAGE EXTERNAL")
    op.create_index(
        "memories_place_idx",
        "memories",
        ["persona_id", "personality_id", "platform", "channel_id", "occur_time", "id"],
    )
    op.execute("UPDATE memories SET embedding = NULL WHERE embedding IS NOT NULL")
    op.execute(
        "INSERT INTO index_outbox (memory_id, persona_id, create_time)"
        " SELECT id, persona_id, now() FROM memories"
    )


def downgrade() -> None:
    op.drop_index("memories_place_idx", table_name="memories")
    op.drop_table("memory_states")
