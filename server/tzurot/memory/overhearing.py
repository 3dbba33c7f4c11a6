"""What others said in the same channel: a memory of that place, which comes up for all there.

Nothing is kept twice: a memory is its speaker's, and gone for everybody as soon as it is gone for
them. What may come up is said in venues.py; who lets it is for whoever asks to know.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory import overheard_store
from tzurot.memory.keywords import Vocabulary
from tzurot.memory.question import Question
from tzurot.memory.ranking import Ranked
from tzurot.memory.remembering import MemoryId, Owner, Remembered
from tzurot.memory.venues import Where, audible_at
from tzurot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Hearing:
    """A character in a channel, and whom it may be reminded of there."""

    personality_id: UUID
    where: Where


@dataclass(frozen=True, slots=True)
class Overheard:
    """What of the others' may fit a question, and how common its words are there."""

    candidates: Sequence[MemoryId] = ()
    vocabulary: Vocabulary | None = None

    def among(self, own: Vocabulary) -> Vocabulary:
        """How common words are in the owner's memories and these together."""
        other = self.vocabulary
        if other is None or not other.memory_count:
            return own
        count = own.memory_count + other.memory_count
        terms = own.mean_length * own.memory_count + other.mean_length * other.memory_count
        frequencies = {
            term: known + other.frequencies.get(term, 0) for term, known in own.frequencies.items()
        }
        return Vocabulary(count, terms / count, frequencies)


async def kept(
    tx: AsyncSession, hearing: Hearing, memory_ids: Collection[UUID]
) -> Sequence[Remembered]:
    """Those of the memories that others said there and that still exist, in no particular order."""
    if audible_at(hearing.where).overheard is None:
        return ()
    return await overheard_store.get(tx, hearing.personality_id, hearing.where, memory_ids)


async def brought_up(database: Database, owner: Owner, question: Question) -> Overheard:
    """What a question brings up of what others said where it is asked."""
    if audible_at(question.here).overheard is None:
        return Overheard()

    async def by_meaning() -> Sequence[MemoryId]:
        async with database.reading() as tx:
            return await overheard_store.by_meaning(tx, owner, question)

    async def by_words() -> tuple[Sequence[MemoryId], Vocabulary]:
        async with database.reading() as tx:
            found = await overheard_store.by_words(tx, owner, question)
            return found, await overheard_store.vocabulary(tx, owner, question)

    near, (worded, vocabulary) = await asyncio.gather(by_meaning(), by_words())
    return Overheard(list({*near, *worded}), vocabulary)


def best(ranked: Sequence[Ranked], here: Where, limit: int, threshold: float = 0.0) -> list[Ranked]:
    """The best that say enough, in their order.

    Of others' at most half, or one, while own ones are left that score as much as the `threshold`.
    """
    relevant = [it for it in ranked if it.is_relevant]
    if not here.heard:
        return relevant[:limit]
    heard = frozenset(here.heard)
    own = sum(it.memory.persona_id not in heard and it.parts.final >= threshold for it in relevant)
    left, taken = max(1, limit // 2, limit - own), list[Ranked]()
    for it in relevant:
        is_own = it.memory.persona_id not in heard
        if len(taken) < limit and (is_own or left > 0):
            taken.append(it)
            left -= not is_own
    return taken
