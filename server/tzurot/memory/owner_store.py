"""The SQL of whose memories there are: which characters remember which personas of a person."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

MOST_OWNERS = 100  # personas with their characters, where what was said to others comes up

# From one persona's character to the next, however many memories lie between.
_OWNERS = text("""
    WITH RECURSIVE pair AS (
        SELECT one.persona_id, its.personality_id
        FROM unnest(CAST(:persona_ids AS uuid[])) AS one (persona_id) CROSS JOIN LATERAL (
            SELECT m.personality_id FROM memories m WHERE m.persona_id = one.persona_id
            ORDER BY m.personality_id LIMIT 1) its
        UNION ALL
        SELECT pair.persona_id, its.personality_id FROM pair CROSS JOIN LATERAL (
            SELECT m.personality_id FROM memories m WHERE m.persona_id = pair.persona_id
                AND m.personality_id > pair.personality_id
            ORDER BY m.personality_id LIMIT 1) its
    )
    SELECT persona_id, personality_id FROM pair CROSS JOIN LATERAL (
        SELECT m.id FROM memories m WHERE m.persona_id = pair.persona_id
            AND m.personality_id = pair.personality_id
        ORDER BY m.id DESC LIMIT 1) newest
    ORDER BY (personality_id = :personality_id) DESC, newest.id DESC LIMIT :most
""")

_REMEMBERED = text("""
    SELECT one.persona_id FROM unnest(CAST(:persona_ids AS uuid[])) AS one (persona_id)
    WHERE EXISTS (SELECT FROM memories m
        WHERE m.persona_id = one.persona_id AND m.personality_id = :personality_id)
""")


async def remembered(
    tx: AsyncSession, persona_ids: Collection[UUID], personality_id: UUID
) -> Sequence[UUID]:
    """Those of the personas of which the character remembers anything."""
    whose = {"persona_ids": list(persona_ids), "personality_id": personality_id}
    return (await tx.scalars(_REMEMBERED, whose)).all()


async def owners(
    tx: AsyncSession, persona_ids: Collection[UUID], personality_id: UUID
) -> Sequence[tuple[UUID, UUID]]:
    """Who remembers anything of the personas: at most 100 (persona, character).

    First those of this character, then those who were last told something.
    """
    whose = {"persona_ids": list(persona_ids), "personality_id": personality_id}
    rows = await tx.execute(_OWNERS, whose | {"most": MOST_OWNERS})
    return [(persona_id, whom) for persona_id, whom in rows]
