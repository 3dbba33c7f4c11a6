"""Decisions that end by themselves, and turns of which nothing is kept.

Must work with the previous release running, in both directions: it decides for good, as before, and
takes what was decided for a while for that.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WHOSE = ("key", "personality_id", "person_id", "platform", "channel_id")


def upgrade() -> None:
    op.add_column("settings", sa.Column("expire_time", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "settings",
        sa.Column(
            "passing",
            sa.Boolean(),
            sa.Computed("expire_time IS NOT NULL", persisted=True),
            nullable=False,
        ),
    )
    _decided_once_for_each((*WHOSE, "passing"))
    op.create_index(
        "settings_expire_idx",
        "settings",
        ["expire_time"],
        postgresql_where=sa.text("expire_time IS NOT NULL"),
    )
    for flag in ("incognito", "untraced"):
        op.add_column(
            "turns", sa.Column(flag, sa.Boolean(), nullable=False, server_default="false")
        )


def downgrade() -> None:
    for flag in ("untraced", "incognito"):
        op.drop_column("turns", flag)
    op.drop_index("settings_expire_idx", table_name="settings")
    op.execute("DELETE FROM settings WHERE passing")  # it would count for good
    _decided_once_for_each(WHOSE)
    op.drop_column("settings", "passing")
    op.drop_column("settings", "expire_time")


def _decided_once_for_each(columns: tuple[str, ...]) -> None:
    """The constraint keeps its name, by which the previous release decides."""
    op.drop_constraint("settings_decided_key", "settings", type_="unique")
    op.create_unique_constraint(
        "settings_decided_key", "settings", list(columns), postgresql_nulls_not_distinct=True
    )
