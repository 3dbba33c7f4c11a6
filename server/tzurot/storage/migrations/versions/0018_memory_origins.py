"""The rows of other programs that memories came with.

Must work with the previous release running, in both directions: it knows nothing of the table,
which its deletions of memories empty by the foreign key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "memory_origins",
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.String(64), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["memory_id"],
            ["memories.id"],
            name=op.f("memory_origins_memory_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("memory_id", name=op.f("memory_origins_pkey")),
    )


def downgrade() -> None:
    op.drop_table("memory_origins")
