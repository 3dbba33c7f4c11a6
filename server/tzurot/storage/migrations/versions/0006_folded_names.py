"""Names as mentions are compared, and what a request for a personality had asked.

Must work with the previous release running, in both directions.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PERSONALITIES = sa.table(
    "personalities", sa.column("id"), sa.column("name"), sa.column("folded_name")
)


def upgrade() -> None:
    op.add_column(
        "personalities", sa.Column("folded_name", sa.Text(), nullable=False, server_default="")
    )
    op.add_column("personalities", sa.Column("request_hash", sa.LargeBinary(), nullable=True))
    _fold_names()
    op.create_index("personalities_folded_name_idx", "personalities", ["folded_name"])
    op.drop_index("personalities_name_idx", "personalities")


def downgrade() -> None:
    op.create_index("personalities_name_idx", "personalities", ["name"])
    op.drop_index("personalities_folded_name_idx", "personalities")
    op.drop_column("personalities", "request_hash")
    op.drop_column("personalities", "folded_name")


def _fold_names() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(PERSONALITIES.c.id, PERSONALITIES.c.name)):
        folded = " ".join(unicodedata.normalize("NFKC", row.name).casefold().split())
        connection.execute(
            sa.update(PERSONALITIES)
            .where(PERSONALITIES.c.id == row.id)
            .values(folded_name=unicodedata.normalize("NFKC", folded))
        )
