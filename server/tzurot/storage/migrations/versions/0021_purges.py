"""Purges that empty memories at once, whatever their number, and delete the rows afterwards.

A default that tells memories whose sectors nobody has looked for from those that have just these.

No fact ends before it began.

Must work with the previous release running, in both directions: it reads memories by their persona,
and so none that is nobody's; what it purges it deletes itself.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TELL_INDEX = """
    CREATE OR REPLACE FUNCTION memories_tell_index() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        whose uuid := coalesce(NEW.persona_id, OLD.persona_id);
    BEGIN
        IF whose IS NOT NULL THEN
            INSERT INTO index_outbox (memory_id, persona_id, create_time)
            VALUES (coalesce(NEW.id, OLD.id), whose, now());
        END IF;
        RETURN NULL;
    END $$
"""
TOLD_INDEX = """
    CREATE OR REPLACE FUNCTION memories_tell_index() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        memory memories := coalesce(NEW, OLD);
    BEGIN
        INSERT INTO index_outbox (memory_id, persona_id, create_time)
        VALUES (memory.id, memory.persona_id, now());
        RETURN NULL;
    END $$
"""
WHEN_NEW_OR_GONE = """
    CREATE TRIGGER memories_tell_index
    AFTER INSERT OR DELETE ON memories
    FOR EACH ROW EXECUTE FUNCTION memories_tell_index()
"""
WHEN_CHANGED = """
    CREATE TRIGGER memories_tell_index_when_changed
    AFTER UPDATE OF dormant, person_text, personality_text ON memories
    FOR EACH ROW WHEN (NEW.persona_id IS NOT NULL) EXECUTE FUNCTION memories_tell_index()
"""
ALWAYS = """
    CREATE TRIGGER memories_tell_index
    AFTER INSERT OR DELETE OR UPDATE OF dormant, person_text, personality_text ON memories
    FOR EACH ROW EXECUTE FUNCTION memories_tell_index()
"""

LEARNING = """
    CREATE TRIGGER memories_tell_learning_when_changed
    AFTER UPDATE OF person_text, dormant, venue, age_restricted ON memories
    FOR EACH ROW WHEN ({}OLD.withheld = NEW.withheld AND
        (OLD.person_text, OLD.dormant, OLD.venue, OLD.age_restricted)
            IS DISTINCT FROM
        (NEW.person_text, NEW.dormant, NEW.venue, NEW.age_restricted))
    EXECUTE FUNCTION memories_tell_learning()
"""
REFLECTIONS = """
    CREATE TRIGGER "Ends_reflections_when_changed"
    AFTER UPDATE OF person_text, personality_text, dormant, venue, age_restricted ON memories
    FOR EACH ROW WHEN ({}(
        (OLD.person_text, OLD.personality_text, OLD.venue, OLD.age_restricted)
            IS DISTINCT FROM
        (NEW.person_text, NEW.personality_text, NEW.venue, NEW.age_restricted)
        OR NEW.dormant AND NOT OLD.dormant))
    EXECUTE FUNCTION memories_end_reflections()
"""
SOMEBODYS = "NEW.persona_id IS NOT NULL AND "


# What a release wrote that knew no sectors, as far as the job that gives them has not seen it. Of
# what came from elsewhere, without a turn, a file may have said the sector.
UNKNOWN = """
    UPDATE memories SET other_sectors = '{semantic}'
    WHERE id IN (SELECT memory_id FROM unlinked_memories) AND kind = 'exchange'
        AND turn_id IS NOT NULL AND sector = 'semantic' AND other_sectors = '{}'
        AND salience = CAST(.4 AS real)
"""


ENDED = "UPDATE facts SET valid_until = valid_from WHERE valid_until < valid_from"


def upgrade() -> None:
    # Before anything is locked against whoever reads: these take a while.
    op.execute(UNKNOWN)
    op.execute(ENDED)
    op.alter_column("memories", "persona_id", nullable=True)
    op.alter_column("memories", "other_sectors", server_default="{semantic}")
    op.create_index(
        "memories_purged_idx", "memories", ["id"], postgresql_where=sa.text("persona_id IS NULL")
    )
    op.add_column(
        "purge_confirmations",
        sa.Column("include_locked", sa.Boolean(), nullable=False, server_default="false"),
    )
    op.add_column(
        "purge_confirmations",
        sa.Column("fact_ids", ARRAY(sa.Uuid()), nullable=False, server_default="{}"),
    )
    op.execute(TELL_INDEX)
    op.execute("DROP TRIGGER memories_tell_index ON memories")
    op.execute(WHEN_NEW_OR_GONE)
    op.execute(WHEN_CHANGED)
    _followed(SOMEBODYS)


def downgrade() -> None:
    op.execute("DELETE FROM memories WHERE persona_id IS NULL")
    _followed("")
    op.execute("DROP TRIGGER memories_tell_index_when_changed ON memories")
    op.execute("DROP TRIGGER memories_tell_index ON memories")
    op.execute(ALWAYS)
    op.execute(TOLD_INDEX)
    op.drop_column("purge_confirmations", "fact_ids")
    op.drop_column("purge_confirmations", "include_locked")
    op.drop_index("memories_purged_idx", "memories")
    op.alter_column("memories", "persona_id", nullable=False)
    op.alter_column("memories", "other_sectors", server_default="{}")
    op.execute(
        "UPDATE memories SET other_sectors = '{}' WHERE other_sectors = '{semantic}'"
        " AND sector = 'semantic'"
    )


def _followed(whose: str) -> None:
    """Have facts and reflections follow the changes of memories, or of somebody's alone."""
    op.execute("DROP TRIGGER memories_tell_learning_when_changed ON memories")
    op.execute(LEARNING.format(whose))
    op.execute('DROP TRIGGER "Ends_reflections_when_changed" ON memories')
    op.execute(REFLECTIONS.format(whose))
