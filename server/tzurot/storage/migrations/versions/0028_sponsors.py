"""Sponsors of spaces, with what they give; budgets of channels.

Must work with the previous release running, in both directions: what it spends never counts for the
new budgets, whose columns it knows nothing of. Usage that a sponsor paid it can't tell of.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_BEFORE = (
    "CASE kind WHEN 'person' THEN person_id IS NOT NULL AND key_id IS NULL"
    " WHEN 'key' THEN person_id IS NOT NULL AND key_id IS NOT NULL"
    " WHEN 'character' THEN person_id IS NULL AND personality_id IS NOT NULL"
    " ELSE kind = 'server' AND num_nonnulls(person_id, key_id, personality_id) = 0 END"
)
_NOW = (
    "CASE kind WHEN 'person' THEN person_id IS NOT NULL AND key_id IS NULL"
    " WHEN 'key' THEN person_id IS NOT NULL AND key_id IS NOT NULL"
    " WHEN 'character' THEN person_id IS NULL AND personality_id IS NOT NULL"
    " WHEN 'channel' THEN person_id IS NULL AND num_nonnulls(platform, channel_id) = 2"
    " WHEN 'sponsor' THEN num_nonnulls(person_id, member_id) = 0 AND sponsor_id IS NOT NULL"
    " WHEN 'member' THEN person_id IS NULL AND num_nonnulls(sponsor_id, member_id) = 2"
    " ELSE kind = 'server' AND num_nonnulls(person_id, key_id, personality_id) = 0 END"
)


def upgrade() -> None:
    op.create_table(
        "sponsors",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("space_id", sa.String(64), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("member_cap_micros", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("sponsors_person_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name=op.f("sponsors_key_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("sponsors_pkey")),
    )
    op.create_index(
        "sponsors_space_key", "sponsors", ["platform", "space_id", "key_id"], unique=True
    )
    op.create_index("sponsors_key_idx", "sponsors", ["key_id"])
    op.create_index("sponsors_person_idx", "sponsors", ["person_id"])
    _budgets()
    op.add_column("model_attempts", sa.Column("sponsor_id", sa.Uuid(), nullable=True))
    op.create_index(
        "model_attempts_sponsor_idx",
        "model_attempts",
        ["sponsor_id", "create_time"],
        postgresql_where=sa.text("sponsor_id IS NOT NULL"),
    )
    _payers("payer IN ('own', 'sponsor', 'server')")


def _budgets() -> None:
    op.add_column("budgets", sa.Column("sponsor_id", sa.Uuid(), nullable=True))
    op.add_column("budgets", sa.Column("member_id", sa.Uuid(), nullable=True))
    op.add_column("budgets", sa.Column("platform", sa.String(32), nullable=True))
    op.add_column("budgets", sa.Column("channel_id", sa.String(64), nullable=True))
    op.create_foreign_key(
        op.f("budgets_sponsor_id_fkey"),
        "budgets",
        "sponsors",
        ["sponsor_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_foreign_key(
        op.f("budgets_member_id_fkey"),
        "budgets",
        "people",
        ["member_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index("budgets_sponsor_idx", "budgets", ["sponsor_id", "member_id"])
    op.create_index("budgets_member_idx", "budgets", ["member_id"])
    op.create_index("budgets_channel_idx", "budgets", ["platform", "channel_id"])
    op.drop_index("budgets_target_key", "budgets")
    _target("sponsor_id", "member_id", "platform", "channel_id")
    _kinds(_NOW)


def _target(*more: str) -> None:
    op.create_index(
        "budgets_target_key",
        "budgets",
        ["kind", "person_id", "key_id", "personality_id", *more, "period"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )


def _kinds(rule: str) -> None:
    op.drop_constraint(op.f("budgets_kind_check"), "budgets")
    op.create_check_constraint(op.f("budgets_kind_check"), "budgets", rule)


def _payers(rule: str) -> None:
    op.drop_constraint(op.f("model_attempts_payer_check"), "model_attempts")
    op.create_check_constraint(op.f("model_attempts_payer_check"), "model_attempts", rule)


def downgrade() -> None:
    op.execute("UPDATE model_attempts SET payer = 'server' WHERE payer = 'sponsor'")
    _payers("payer IN ('own', 'server')")
    op.drop_index("model_attempts_sponsor_idx", "model_attempts")
    op.drop_column("model_attempts", "sponsor_id")
    op.execute("DELETE FROM budgets WHERE kind IN ('channel', 'sponsor', 'member')")
    _kinds(_BEFORE)
    op.drop_index("budgets_target_key", "budgets")
    for column in ("sponsor_id", "member_id", "platform", "channel_id"):
        op.drop_column("budgets", column)
    _target()
    op.drop_table("sponsors")
