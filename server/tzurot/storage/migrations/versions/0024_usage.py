"""What is asked of models, and budgets for it.

Must work with the previous release running, in both directions: it knows nothing of the tables,
which its deletions of people, keys and characters empty by their foreign keys.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_attempts",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("personality_id", sa.Uuid(), nullable=False),
        sa.Column("personality_name", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), nullable=False),
        sa.Column("reasoning_tokens", sa.Integer(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("input_micros", sa.BigInteger(), nullable=True),
        sa.Column("output_micros", sa.BigInteger(), nullable=True),
        sa.Column("cached_input_micros", sa.BigInteger(), nullable=True),
        sa.Column("cost_micros", sa.BigInteger(), nullable=True),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("payer IN ('own', 'server')", name=op.f("model_attempts_payer_check")),
        sa.CheckConstraint(
            "purpose IN ('chat', 'vision', 'extraction', 'summary', 'dream', 'reflection')",
            name=op.f("model_attempts_purpose_check"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("model_attempts_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("model_attempts_pkey")),
    )
    op.create_index("model_attempts_person_id_idx", "model_attempts", ["person_id", "id"])
    op.create_index(
        "model_attempts_person_time_idx", "model_attempts", ["person_id", "create_time"]
    )
    _budgets()
    op.create_table(
        "budget_reservations",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["budget_id"],
            ["budgets.id"],
            name=op.f("budget_reservations_budget_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("budget_id", "call_id", name=op.f("budget_reservations_pkey")),
    )
    op.create_index("budget_reservations_call_idx", "budget_reservations", ["call_id"])


def _budgets() -> None:
    op.create_table(
        "budgets",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("personality_id", sa.Uuid(), nullable=True),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("cap_micros", sa.BigInteger(), nullable=True),
        sa.Column("cap_tokens", sa.BigInteger(), nullable=True),
        sa.Column("period_date", sa.Date(), nullable=False),
        sa.Column("spent_micros", sa.BigInteger(), nullable=False),
        sa.Column("spent_tokens", sa.BigInteger(), nullable=False),
        sa.Column("told_percent", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("period IN ('day', 'month')", name=op.f("budgets_period_check")),
        sa.CheckConstraint(
            "num_nonnulls(cap_micros, cap_tokens) > 0", name=op.f("budgets_cap_check")
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'person' THEN person_id IS NOT NULL AND key_id IS NULL"
            " WHEN 'key' THEN person_id IS NOT NULL AND key_id IS NOT NULL"
            " WHEN 'character' THEN person_id IS NULL AND personality_id IS NOT NULL"
            " ELSE kind = 'server' AND num_nonnulls(person_id, key_id, personality_id) = 0 END",
            name=op.f("budgets_kind_check"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("budgets_person_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name=op.f("budgets_key_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["personality_id"],
            ["personalities.id"],
            name=op.f("budgets_personality_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("budgets_pkey")),
    )
    op.create_index(
        "budgets_target_key",
        "budgets",
        ["kind", "person_id", "key_id", "personality_id", "period"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("budgets_person_idx", "budgets", ["person_id"])
    op.create_index("budgets_key_idx", "budgets", ["key_id"])
    op.create_index("budgets_personality_idx", "budgets", ["personality_id"])


def downgrade() -> None:
    op.drop_table("budget_reservations")
    op.drop_table("budgets")
    op.drop_table("model_attempts")
