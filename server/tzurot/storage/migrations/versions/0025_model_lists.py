"""Lists of models, as their providers gave them last.

Must work with the previous release running, in both directions: it knows nothing of the table,
which its deletions of keys empty by the foreign key.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_lists",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=True),
        sa.Column("read_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("models", postgresql.JSONB(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key_id"],
            ["api_keys.id"],
            name=op.f("model_lists_api_key_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("model_lists_pkey")),
    )
    op.create_index(
        "model_lists_shared_key",
        "model_lists",
        ["provider"],
        unique=True,
        postgresql_where=sa.text("api_key_id IS NULL"),
    )
    op.create_index("model_lists_key_key", "model_lists", ["api_key_id"], unique=True)


def downgrade() -> None:
    op.drop_table("model_lists")
