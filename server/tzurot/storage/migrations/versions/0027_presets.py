"""Presets, and who was told that another model answers.

Must work with the previous release running, in both directions: it knows nothing of these tables,
and passes over the setting `preset`.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presets",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("request_hash", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("presets_owner_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("presets_pkey")),
    )
    by_name = ["owner_id", sa.literal_column("lower(name)")]
    op.create_index("presets_name_key", "presets", by_name, unique=True)
    op.create_index("presets_request_key", "presets", ["owner_id", "request_id"], unique=True)
    op.create_index("presets_published_idx", "presets", ["id"], postgresql_where="published")
    op.create_table(
        "preset_tellings",
        sa.Column("preset_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["preset_id"],
            ["presets.id"],
            name=op.f("preset_tellings_preset_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("preset_tellings_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "preset_id", "person_id", "model", name=op.f("preset_tellings_pkey")
        ),
    )
    op.create_index(op.f("preset_tellings_person_id_idx"), "preset_tellings", ["person_id"])


def downgrade() -> None:
    op.drop_table("preset_tellings")
    op.drop_table("presets")
