"""Recall at a million memories: what a search reads of an owner lies together in indexes.

Must work with the previous release running, in both directions: it writes as before. The indexes
are built beside it, without holding up anybody, however long that takes; a build that was killed is
begun anew.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TERM = """
    CREATE OR REPLACE FUNCTION memory_term(persona_id uuid, personality_id uuid, term text)
    RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (uuid_hash_extended(persona_id, uuid_hash_extended(personality_id, 0)) << 32)
        | (hashtextextended(term, 0) & 4294967295)
"""
TERMS = """
    CREATE OR REPLACE FUNCTION memory_terms(persona_id uuid, personality_id uuid, words tsvector)
    RETURNS bigint[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(SELECT memory_term(persona_id, personality_id, term)
        FROM unnest(tsvector_to_array(words)) AS term)
"""
OWNER = "ON memories (persona_id, personality_id, id)"
MEANING = """
    ON memories (persona_id, personality_id, occur_time)
    INCLUDE (id, venue, platform, channel_id, age_restricted, turn_id, message_id, {embedding})
    WHERE NOT dormant AND (vector_dims({embedding}) <= 1000) IS NOT FALSE
"""
TERMS_OF = """
    ON memories USING gin (memory_terms(persona_id, personality_id, words))
    WITH (fastupdate = false) WHERE NOT dormant
"""


def upgrade() -> None:
    op.execute(TERM)
    op.execute(TERMS)
    # An index answers alone only for what was vacuumed, and the planner has to know that few owners
    # have more than one character of many.
    op.execute(
        "ALTER TABLE memories SET (autovacuum_vacuum_insert_scale_factor = 0.02,"
        " autovacuum_vacuum_scale_factor = 0.05)"
    )
    op.execute("DROP STATISTICS IF EXISTS memories_owner_statistics")
    op.execute(
        "CREATE STATISTICS memories_owner_statistics (ndistinct, dependencies)"
        " ON persona_id, personality_id FROM memories"
    )
    with op.get_context().autocommit_block():
        op.execute("SET statement_timeout = 0")
        op.execute("SET lock_timeout = 0")
        _build("memories_meaning_idx", MEANING.format(embedding="embedding"))
        _build("memories_meaning_b_idx", MEANING.format(embedding="embedding_b"))
        _build("memories_terms_idx", TERMS_OF)
        _build("memories_owner_new_idx", f"{OWNER} INCLUDE (dormant)")
        op.execute("SET lock_timeout = '4s'")
        op.execute("SET statement_timeout = '30s'")
    op.execute("DROP INDEX memories_owner_idx")
    op.execute("ALTER INDEX memories_owner_new_idx RENAME TO memories_owner_idx")


def _build(name: str, definition: str) -> None:
    op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    op.execute(f"CREATE INDEX CONCURRENTLY {name} {definition}")


def downgrade() -> None:
    op.execute("DROP INDEX memories_owner_idx")
    op.execute(f"CREATE INDEX memories_owner_idx {OWNER}")
    for name in ("memories_terms_idx", "memories_meaning_b_idx", "memories_meaning_idx"):
        op.execute(f"DROP INDEX {name}")
    op.execute("DROP STATISTICS memories_owner_statistics")
    op.execute(
        "ALTER TABLE memories RESET (autovacuum_vacuum_insert_scale_factor,"
        " autovacuum_vacuum_scale_factor)"
    )
    op.execute("DROP FUNCTION memory_terms")
    op.execute("DROP FUNCTION memory_term")
