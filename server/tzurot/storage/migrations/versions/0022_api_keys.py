"""People's own keys, sealed.

Must work with the previous release running, in both directions: it knows nothing of the table,
which its deletions of people empty by the foreign key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("master_key_id", sa.String(12), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_four", sa.String(4), nullable=False),
        sa.Column("fingerprint", sa.String(8), nullable=False),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("check_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_use_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("failure_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "provider IN ('openrouter', 'openai', 'anthropic', 'gemini', 'elevenlabs', 'mistral',"
            " 'compatible')",
            name=op.f("api_keys_provider_check"),
        ),
        sa.CheckConstraint(
            "failure IN ('rejected', 'lacks_permission', 'lacks_credit')",
            name=op.f("api_keys_failure_check"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("api_keys_person_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("api_keys_pkey")),
    )
    op.create_index("api_keys_name_key", "api_keys", ["person_id", "provider", "name"], unique=True)
    op.create_index("api_keys_request_key", "api_keys", ["person_id", "request_id"], unique=True)
    op.create_index("api_keys_master_idx", "api_keys", ["master_key_id", "id"])


def downgrade() -> None:
    op.drop_table("api_keys")
