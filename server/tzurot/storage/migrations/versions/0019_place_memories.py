"""What was said in a channel, by its place: it comes up for others who talk there.

Must work with the previous release running, in both directions: it writes as before. The indexes
are built beside it, without holding up anybody, however long that takes; a build that was killed is
begun anew.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

PLACE = """
    CREATE OR REPLACE FUNCTION memory_place(platform text, channel_id text)
    RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CAST(md5(platform || ' ' || channel_id) AS uuid)
"""
SAID_THERE = """NOT dormant AND venue <> 'direct' AND turn_id IS NOT NULL AND kind = 'exchange'
    AND edit_time IS NULL AND person_text <> ''"""
BY_PLACE = "ON memories (personality_id, platform, channel_id, occur_time)"
SAID = f"{BY_PLACE} INCLUDE (id, persona_id, venue) WHERE {SAID_THERE}"
MEANING = f"""{BY_PLACE}
    INCLUDE (id, persona_id, venue, age_restricted, turn_id, message_id, {{embedding}})
    WHERE {SAID_THERE} AND vector_dims({{embedding}}) <= 1000
"""
TERMS = f"""
    ON memories USING gin (
        memory_terms(memory_place(platform, channel_id), personality_id, words))
    WITH (fastupdate = false) WHERE {SAID_THERE}
"""
INDEXES = {
    "memories_said_idx": SAID,
    "memories_said_meaning_idx": MEANING.format(embedding="embedding"),
    "memories_said_meaning_b_idx": MEANING.format(embedding="embedding_b"),
    "memories_said_terms_idx": TERMS,
}


def upgrade() -> None:
    op.execute(PLACE)
    with op.get_context().autocommit_block():
        op.execute("SET statement_timeout = 0")
        op.execute("SET lock_timeout = 0")
        for name, definition in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} {definition}")
        op.execute("SET lock_timeout = '4s'")
        op.execute("SET statement_timeout = '30s'")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    op.execute("DROP FUNCTION memory_place")
