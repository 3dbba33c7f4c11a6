"""The SQL of what a turn is told of facts: one statement, and one more where there is news."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.facts.telling import FactTold, News, Outdated, Told
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Where, audible_at

_MOST = 200  # facts that are looked through for those that fit

# What an owner may be told here, from the rule in venues.py; `it` is a fact.
_ASKABLE = """
    it.persona_id = ANY(CAST(:persona_ids AS uuid[]))
    AND (it.personality_id = :personality_id OR :characters_recalled)
    AND (:age_restricted OR NOT it.age_restricted)
    AND (it.venue = ANY(CAST(:venues AS text[])) OR (it.venue, it.platform, it.channel_id)
        = (CAST(:there_venue AS text), CAST(:there_platform AS text), CAST(:there_channel AS text)))
"""

# Of others only what they said in this very channel; `it` is a fact of who was heard there.
_OVERHEARD = """
    it.persona_id = ANY(CAST(:heard AS uuid[])) AND it.personality_id = :personality_id
    AND (:age_restricted OR NOT it.age_restricted) AND (it.venue, it.platform, it.channel_id)
        = (CAST(:here_venue AS text), CAST(:here_platform AS text), CAST(:here_channel AS text))
"""

# The newest facts that count, and of memories that came up what is so instead of what they say:
# by way of each fact that took the place of another one, up to the one that counts; without its
# words where that may not be told. And which of the memories a played fact is from. Of others
# nothing is told but what stands instead of what they said there.
_TOLD = text(f"""
    WITH RECURSIVE stale AS (
        SELECT s.memory_id, CASE WHEN s.outdated THEN f.id ELSE f.superseded_by_id END AS fact_id,
            CASE WHEN s.outdated THEN f.valid_from ELSE f.valid_until END AS since
        FROM fact_sources s JOIN facts f ON f.id = s.fact_id
        WHERE s.memory_id = ANY(CAST(:memory_ids AS uuid[])) AND NOT f.fictional
            AND f.persona_id = ANY(CAST(:persona_ids AS uuid[]) || CAST(:heard AS uuid[]))
            AND (s.outdated OR f.state = 'superseded' AND f.superseded_by_id IS NOT NULL)
      UNION
        SELECT stale.memory_id, f.superseded_by_id, stale.since
        FROM stale JOIN facts f ON f.id = stale.fact_id WHERE f.superseded_by_id IS NOT NULL
    ), newest AS (
        SELECT it.id, it.text, it.valid_from, it.fictional,
            ARRAY(SELECT memory_id FROM fact_sources WHERE fact_id = it.id AND NOT outdated)
        FROM facts it WHERE it.state = 'current' AND {_ASKABLE}
        ORDER BY it.valid_from DESC, it.id DESC LIMIT :most
    )
    SELECT NULL, id, text, valid_from, fictional, "array" FROM newest
    UNION ALL
    SELECT stale.memory_id, it.id, CASE WHEN {_ASKABLE} OR {_OVERHEARD} THEN it.text END,
        stale.since, false, NULL
    FROM stale JOIN facts it ON it.id = stale.fact_id WHERE it.state = 'current'
    UNION ALL
    SELECT s.memory_id, f.id, NULL, f.valid_from, true, NULL
    FROM fact_sources s JOIN facts f ON f.id = s.fact_id
    WHERE s.memory_id = ANY(CAST(:memory_ids AS uuid[])) AND f.fictional AND NOT s.outdated
        AND f.persona_id = ANY(CAST(:persona_ids AS uuid[]) || CAST(:heard AS uuid[]))
""")  # noqa: S608 - made of constants

_SHOWN = text("""
    SELECT id, text, valid_from, fictional FROM facts
    WHERE id = ANY(CAST(:ids AS uuid[])) AND persona_id = ANY(CAST(:persona_ids AS uuid[]))
""")

_NEWS = text("""
    WITH news AS (
        UPDATE facts SET shown_time = :now
        WHERE persona_id = ANY(CAST(:persona_ids AS uuid[])) AND personality_id = :personality_id
            AND shown_time IS NULL AND (:age_restricted OR NOT age_restricted)
        RETURNING id, text, state, replaces_id
    )
    SELECT news.id, news.text, news.state = 'proposed', coalesce((
        SELECT old.text FROM facts old
        WHERE old.superseded_by_id = news.id OR old.id = news.replaces_id
        ORDER BY old.id DESC LIMIT 1), '')
    FROM news WHERE news.state <> 'superseded' ORDER BY news.id
""")


async def told(tx: AsyncSession, owner: Owner, where: Where, memory_ids: Collection[UUID]) -> Told:
    """The newest facts that may be told here, newest first; what is to be known of the memories."""
    rows = await tx.execute(_TOLD, _asked(owner, where) | {"memory_ids": list(memory_ids)})
    facts: list[FactTold] = []
    outdated: list[Outdated] = []
    played: set[UUID] = set()
    for memory_id, fact_id, words, when, fictional, sources in rows:
        if memory_id is None:
            facts.append(FactTold(fact_id, words, when, fictional, frozenset(sources)))
        elif fictional:
            played.add(memory_id)
        else:
            outdated.append(Outdated(memory_id, since=when, instead=words))
    facts.sort(key=lambda it: (it.valid_from, it.fact_id), reverse=True)
    return Told(facts, outdated, frozenset(played))


async def shown(
    tx: AsyncSession, persona_ids: Collection[UUID], fact_ids: Collection[UUID]
) -> Sequence[FactTold]:
    """The personas' facts among these, in no particular order."""
    asked = {"persona_ids": list(persona_ids), "ids": list(fact_ids)}
    return [FactTold(*row) for row in await tx.execute(_SHOWN, asked)]


async def news(
    tx: AsyncSession, owner: Owner, now: datetime, *, age_restricted: bool
) -> Sequence[News]:
    """What was learnt and nobody was told of; it is told now, once."""
    asked = {
        "persona_ids": owner.persona_ids,
        "personality_id": owner.personality_id,
        "now": now,
        "age_restricted": age_restricted,
    }
    return [
        News(fact_id, words, superseded_text=before, proposed=proposed)
        for fact_id, words, proposed, before in await tx.execute(_NEWS, asked)
    ]


def _asked(owner: Owner, where: Where) -> dict[str, Any]:
    audible = audible_at(where)
    there, here = audible.channel, audible.overheard
    return {
        "persona_ids": owner.persona_ids,
        "personality_id": owner.personality_id,
        "characters_recalled": where.characters_recalled,
        "venues": list(audible.venues),
        "age_restricted": audible.age_restricted,
        "there_venue": there.venue if there else None,
        "there_platform": there.platform if there else None,
        "there_channel": there.channel_id if there else None,
        "heard": list(here.heard) if here else [],
        "here_venue": here.venue if here else None,
        "here_platform": here.platform if here else None,
        "here_channel": here.channel_id if here else None,
        "most": _MOST,
    }
