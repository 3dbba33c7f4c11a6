"""Characters and avatars.

Must work with the previous release running, in both directions.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "avatars",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("avatars_pkey")),
    )
    op.create_table(
        "personalities",
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("system_prompt", sa.Text(), nullable=False),
        sa.Column("greeting", sa.Text(), nullable=False),
        sa.Column("example_dialogues", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("avatar_sha256", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("request_hash", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "visibility IN ('private', 'public')", name=op.f("personalities_visibility_check")
        ),
        sa.ForeignKeyConstraint(
            ["avatar_sha256"], ["avatars.sha256"], name=op.f("personalities_avatar_sha256_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["people.id"],
            name=op.f("personalities_owner_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("personalities_pkey")),
        sa.UniqueConstraint("slug", name=op.f("personalities_slug_key")),
    )
    op.create_index("personalities_folded_name_idx", "personalities", ["folded_name"], unique=False)
    op.create_index(op.f("personalities_owner_id_idx"), "personalities", ["owner_id"], unique=False)
    op.create_index(
        "personalities_request_key", "personalities", ["owner_id", "request_id"], unique=True
    )


def downgrade() -> None:
    op.drop_table("personalities")
    op.drop_table("avatars")
