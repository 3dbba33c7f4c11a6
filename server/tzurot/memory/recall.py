"""What comes to a character's mind: the same search for a turn and for SearchMemories.

    question → candidates from the index → their rows from Postgres → scores → the best

Rows are always read from Postgres by owner, so that what was deleted a moment ago, or is somebody
else's, cannot come up whatever an engine says.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from uuid import UUID

from tzurot import clock
from tzurot.errors import IndexUnavailable
from tzurot.memory import lexicon, ranking, store, times
from tzurot.memory.excerpts import excerpt
from tzurot.memory.index.port import MemoryIndex
from tzurot.memory.meaning import Meaning
from tzurot.memory.question import Question
from tzurot.memory.ranking import Ranked
from tzurot.memory.remembering import MemoryId, Owner, Remembered
from tzurot.memory.scoring import WEIGHTS, ScoreParts, Weights
from tzurot.memory.venues import Where
from tzurot.storage.database import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sight:
    """What whoever asks sees anyway: turns, and messages that came from elsewhere."""

    turns: tuple[UUID, ...] = ()
    messages: tuple[UUID, ...] = ()


NOTHING_IN_SIGHT = Sight()


@dataclass(frozen=True, slots=True)
class Hit(Remembered):
    """A memory that fits, why, and what to show of it."""

    parts: ScoreParts
    excerpt: str
    sides: tuple[float, float] = (0.0, 0.0)
    """How well each side fits, the person's and the reply: 0..1."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a memory that was cited before."""

    memory_id: MemoryId
    excerpt: str
    occur_time: datetime
    person_text: str
    personality_text: str
    is_note: bool


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was found, best first."""

    hits: tuple[Hit, ...]
    degraded: bool
    """Whether the index was away, so that Postgres searched instead."""


class Recall:
    """Finds memories. `fallback` searches while `index` is away."""

    def __init__(
        self,
        database: Database,
        meaning: Meaning,
        index: MemoryIndex,
        fallback: MemoryIndex,
        weights: Weights = WEIGHTS,
    ) -> None:
        self._database = database
        self._meaning = meaning
        self._index = index
        self._fallback = fallback
        self._weights = weights

    async def search(
        self,
        query: str,
        owner: Owner,
        *,
        where: Where,
        limit: int,
        excluded: Sight = NOTHING_IN_SIGHT,
    ) -> Recalled:
        """At most `limit` memories of the owner that fit `query` and may come up at `where`.

        Memories of what is `excluded` (in sight anyway) are left out. A hit names the persona that
        said it, which can be one of `owner.others`.
        """
        question = Question(
            text=query,
            terms=lexicon.question_terms(query),
            meaning=await self._meaning.of_question(query),
            times=times.named(query, clock.now()),
            here=where,
            excluded_turns=excluded.turns,
            excluded_messages=excluded.messages,
        )
        owner = await self._with_others(owner)
        candidates, degraded = await self._candidates(owner, question)
        async with self._database.reading() as tx:
            found = await store.load(tx, owner, question, candidates)
        best = ranking.ranked(found.candidates, question, found.vocabulary, self._weights)
        return Recalled(tuple(_hit(it, question) for it in best[:limit]), degraded)

    async def shown(
        self, persona_ids: Collection[UUID], memory_ids: Sequence[UUID]
    ) -> Sequence[Shown]:
        """What was cited once, in the order of `memory_ids`; what was forgotten is missing."""
        async with self._database.transaction() as tx:
            kept = {m.memory_id: m for m in await store.get(tx, persona_ids, memory_ids)}
        return [
            Shown(
                memory.memory_id,
                excerpt(_citable(memory)),
                memory.occur_time,
                memory.person_text,
                memory.personality_text,
                memory.is_note,
            )
            for memory_id in memory_ids
            if (memory := kept.get(MemoryId(memory_id)))
        ]

    async def _with_others(self, owner: Owner) -> Owner:
        """The same, but for others of which the character remembers nothing: there can be many."""
        if not owner.others:
            return owner
        async with self._database.reading() as tx:
            others = await store.remembered(tx, owner.others, owner.personality_id)
        return replace(owner, others=tuple(others))

    async def _candidates(
        self, owner: Owner, question: Question
    ) -> tuple[Sequence[MemoryId], bool]:
        try:
            return await self._index.candidates(owner, question), False
        except IndexUnavailable:
            log.warning("the search index is away: memories are searched in Postgres")
            return await self._fallback.candidates(owner, question), True


def _hit(ranked: Ranked, question: Question) -> Hit:
    read = {field.name: getattr(ranked.memory, field.name) for field in fields(Remembered)}
    told = ranked.memory.person_text if ranked.is_by_person else ranked.memory.personality_text
    shown = excerpt(told, question.terms)
    return Hit(**read, parts=ranked.parts, excerpt=shown, sides=ranked.sides)


def _citable(memory: Remembered) -> str:
    """What the person said, as long as they said anything."""
    return memory.person_text or memory.personality_text
