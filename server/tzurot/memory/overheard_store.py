"""The SQL of what others said in a channel to the same character: who did, and what may fit.

Postgres searches it whatever the engine is, by indexes that have memories by their place.
"""

from collections.abc import Collection, Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory import recall_store, vocabulary_store
from tzurot.memory.keywords import Vocabulary
from tzurot.memory.question import Question
from tzurot.memory.recall_store import NEWEST_THERE, Shape
from tzurot.memory.remembering import MemoryId, Owner, Remembered
from tzurot.memory.store import READ, remembered_from
from tzurot.memory.tables import INDEXED_DIMENSIONS, SAID_THERE
from tzurot.memory.venues import Where
from tzurot.memory.vocabulary_store import HERE, OF_OTHERS

MOST_HEARD = 1_000  # personas: those who said something last
BY_MEANING, BY_WORDS = 50, 30  # candidates of a channel, beside those of the owner

_SPOKE = text(f"""
    SELECT persona_id FROM (
        SELECT m.persona_id, m.venue, m.occur_time FROM memories m WHERE {HERE} AND {SAID_THERE}
        ORDER BY m.occur_time DESC LIMIT :newest) m
    WHERE m.venue = CAST(:here_venue AS text) AND m.persona_id <> ALL(CAST(:own AS uuid[]))
    GROUP BY persona_id ORDER BY max(occur_time) DESC LIMIT :most
""")  # noqa: S608 - made of constants

_KEPT = text(f"""
    SELECT {", ".join(f"m.{column.key}" for column in READ)} FROM memories m
    WHERE m.id = ANY(CAST(:ids AS uuid[])) AND {OF_OTHERS.mine} AND {SAID_THERE}
""")  # noqa: S608 - made of constants

_VOCABULARY = text(vocabulary_store.vocabulary(OF_OTHERS))


@cache
def _by_meaning(shape: Shape) -> TextClause:
    """Those whose vector is nearest, of the newest."""
    vector = f"m.{shape.slot.embedding}"
    narrow = f"vector_dims({vector}) <= {INDEXED_DIMENSIONS}" if shape.indexed else "true"
    return text(f"""
        SELECT id FROM (
            SELECT m.id, m.persona_id, m.personality_id, m.platform, m.channel_id, m.venue,
                m.age_restricted, m.turn_id, m.message_id, {vector}
            FROM memories m WHERE {HERE} AND {SAID_THERE} AND {narrow}
            ORDER BY m.occur_time DESC LIMIT :newest) m
        WHERE {OF_OTHERS.mine} AND {shape.tellable} AND {vector} IS NOT NULL
        ORDER BY {vector} <=> CAST(:vector AS halfvec) LIMIT :by_meaning
    """)  # noqa: S608 - made of constants


@cache
def _by_words(shape: Shape) -> TextClause:
    return text(vocabulary_store.by_words(shape.overheard, OF_OTHERS, fits=shape.fits))


async def spoke(
    tx: AsyncSession, personality_id: UUID, where: Where, own: Collection[UUID]
) -> Sequence[UUID]:
    """The personas, but for `own`, of whom the character remembers what they said there.

    At most 1,000 of the 20,000 last exchanges there, those first who said something last.
    """
    asked = recall_store.here(where) | {
        "personality_id": personality_id,
        "own": list(own),
        "newest": NEWEST_THERE,
        "most": MOST_HEARD,
    }
    return (await tx.scalars(_SPOKE, asked)).all()


async def get(
    tx: AsyncSession, personality_id: UUID, where: Where, memory_ids: Collection[UUID]
) -> Sequence[Remembered]:
    """What others said there, of the memories with these ids."""
    asked = recall_store.here(where) | {"personality_id": personality_id, "ids": list(memory_ids)}
    del asked["newest"]
    return [remembered_from(row) for row in await tx.execute(_KEPT, asked)]


async def by_meaning(tx: AsyncSession, owner: Owner, question: Question) -> Sequence[MemoryId]:
    """What others said there that may fit by its meaning; nothing if that of words is unknown."""
    if question.meaning.vector is None:
        return ()
    query = _by_meaning(recall_store.shape_of(owner, question))
    asked = recall_store.asked(owner, question) | {"by_meaning": BY_MEANING}
    return [MemoryId(it) for it in await tx.scalars(query, asked)]


async def by_words(tx: AsyncSession, owner: Owner, question: Question) -> Sequence[MemoryId]:
    """What others said there that may fit by its words."""
    query = _by_words(recall_store.shape_of(owner, question))
    asked = recall_store.asked(owner, question) | {"by_words": BY_WORDS}
    return [MemoryId(it) for it in await tx.scalars(query, asked)]


async def vocabulary(tx: AsyncSession, owner: Owner, question: Question) -> Vocabulary:
    """How common the question's terms are among what others said there."""
    row = (await tx.execute(_VOCABULARY, recall_store.asked(owner, question))).one()
    return recall_store.vocabulary_from(row, question)
