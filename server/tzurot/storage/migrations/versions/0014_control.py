"""Memories that are locked or have other words, and confirmations of a purge.

Must work with the previous release running, in both directions: what it writes is not locked, and
it knows nothing of the rest. On the way down locks are lost; words that were given stay.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "memories", sa.Column("locked", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("memories", sa.Column("edit_time", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "purge_confirmations",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(), nullable=False),
        sa.Column("memory_ids", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("use_time", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("purge_confirmations_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("purge_confirmations_pkey")),
    )
    op.create_index(op.f("purge_confirmations_person_id_idx"), "purge_confirmations", ["person_id"])
    op.create_index(
        op.f("purge_confirmations_expire_time_idx"), "purge_confirmations", ["expire_time"]
    )


def downgrade() -> None:
    op.drop_table("purge_confirmations")
    op.drop_column("memories", "edit_time")
    op.drop_column("memories", "locked")
