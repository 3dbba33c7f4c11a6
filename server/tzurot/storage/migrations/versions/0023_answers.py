"""Exchanges that are withheld for what was answered in them.

Must work with the previous release running, in both directions: what it withholds is withheld for
its person's words, and what was withheld for its answer stays so there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STAY_WITHHELD = """
    CREATE OR REPLACE FUNCTION memories_stay_withheld() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' AND NOT NEW.withheld THEN
            NEW.withheld := EXISTS (
                SELECT FROM memories WHERE message_id = NEW.message_id AND withheld
                    {}AND persona_id = NEW.persona_id
                    AND personality_id = NEW.personality_id);
        END IF;
        NEW.dormant := NEW.dormant OR NEW.withheld;
        RETURN NEW;
    END $$
"""


def upgrade() -> None:
    op.add_column(
        "memories",
        sa.Column("answer_withheld", sa.Boolean(), server_default="false", nullable=False),
    )
    op.execute(STAY_WITHHELD.format("AND NOT answer_withheld "))


def downgrade() -> None:
    op.execute(STAY_WITHHELD.format(""))
    op.drop_column("memories", "answer_withheld")
