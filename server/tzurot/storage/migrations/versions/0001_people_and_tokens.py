"""People, their platforms and personas, and service tokens.

Must work with the previous release running, in both directions.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("people_pkey")),
    )
    op.create_table(
        "identities",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("identities_person_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subject", name=op.f("identities_pkey")),
    )
    op.create_index(op.f("identities_person_id_idx"), "identities", ["person_id"], unique=False)
    op.create_table(
        "personas",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("personas_person_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("personas_pkey")),
    )
    op.create_index(
        "personas_default_key",
        "personas",
        ["person_id"],
        unique=True,
        postgresql_where="is_default",
    )
    op.create_index(op.f("personas_person_id_idx"), "personas", ["person_id"], unique=False)
    op.create_table(
        "service_tokens",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(Text()), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("acts_for", postgresql.ARRAY(Text()), nullable=False),
        sa.Column("creator_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_use_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoke_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["creator_id"],
            ["people.id"],
            name=op.f("service_tokens_creator_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("service_tokens_pkey")),
        sa.UniqueConstraint("secret_hash", name=op.f("service_tokens_secret_hash_key")),
    )
    op.create_index(
        "service_tokens_request_key", "service_tokens", ["creator_id", "request_id"], unique=True
    )


def downgrade() -> None:
    op.drop_table("service_tokens")
    op.drop_table("personas")
    op.drop_table("identities")
    op.drop_table("people")
