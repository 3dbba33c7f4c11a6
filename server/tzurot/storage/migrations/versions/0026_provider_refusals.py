"""What providers refused, remembered by payer and model.

Must work with the previous release running, in both directions: it knows nothing of the table,
which its deletions of keys empty by the foreign key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider_refusals",
        sa.Column("payer", sa.String(60), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("until_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "refusal IN ('rejected', 'lacks_credit', 'rate_limited')",
            name=op.f("provider_refusals_refusal_check"),
        ),
        sa.ForeignKeyConstraint(
            ["api_key_id"],
            ["api_keys.id"],
            name=op.f("provider_refusals_api_key_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("provider_refusals_pkey")),
    )
    op.create_index(
        "provider_refusals_account_key",
        "provider_refusals",
        ["payer", "provider", "model"],
        unique=True,
    )
    op.create_index("provider_refusals_key_idx", "provider_refusals", ["api_key_id"])
    op.create_index("provider_refusals_until_idx", "provider_refusals", ["until_time"])


def downgrade() -> None:
    op.drop_table("provider_refusals")
