"""Resets that can be taken back, notes, and the time zones of people.

Must work with the previous release running, in both directions: it resets without leaving what is
kept here, so that what it reset comes back without variables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("sight_message_id", sa.Uuid()))
    op.add_column(
        "people", sa.Column("time_zone", sa.String(64), nullable=False, server_default="")
    )
    op.create_table(
        "conversation_resets",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("reset_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("greeting_index", sa.Integer(), nullable=False),
        sa.Column("variables", JSONB(), nullable=False),
        sa.Column("timings", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="conversation_resets_conversation_id_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "epoch", name="conversation_resets_pkey"),
    )
    op.create_table(
        "conversation_notes",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="conversation_notes_conversation_id_fkey",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name="conversation_notes_person_id_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", name="conversation_notes_pkey"),
    )
    op.create_index("conversation_notes_person_id_idx", "conversation_notes", ["person_id"])


def downgrade() -> None:
    op.drop_table("conversation_notes")
    op.drop_table("conversation_resets")
    op.drop_column("people", "time_zone")
    op.drop_column("conversations", "sight_message_id")
