"""What comes to a character's mind: the same search for a turn and for SearchMemories.

    question → candidates from the index → their rows from Postgres → scores → the best

Rows are always read from Postgres by owner, so that what was deleted a moment ago, or is somebody
else's, cannot come up whatever an engine says. What others said in the same channel is looked for
beside it: overhearing.py.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from uuid import UUID

from tzurot import clock
from tzurot.errors import IndexUnavailable
from tzurot.memory import (
    association,
    lexicon,
    overheard_store,
    overhearing,
    owner_store,
    ranking,
    recall_store,
    store,
    times,
    waypoint_store,
)
from tzurot.memory.excerpts import excerpt
from tzurot.memory.filters import ALL, Filter
from tzurot.memory.index.port import MemoryIndex
from tzurot.memory.keywords import Vocabulary
from tzurot.memory.meaning import Reader
from tzurot.memory.overhearing import Hearing
from tzurot.memory.question import Question
from tzurot.memory.ranking import Ranked
from tzurot.memory.reading.slots import Slots
from tzurot.memory.reasons import Asking, Linked, NotTaken, reasons
from tzurot.memory.recall_store import Found
from tzurot.memory.remembering import MemoryId, Owner, Remembered
from tzurot.memory.scoring import WEIGHTS, ScoreParts, Weights
from tzurot.memory.venues import Venue, Where
from tzurot.storage.database import Database

log = logging.getLogger(__name__)

_CONSIDERED = 20  # that are told of


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
class Shown(Remembered):
    """A memory that came up before, and what to show of it."""

    excerpt: str


@dataclass(frozen=True, slots=True)
class Considered:
    """A memory that came up and was not recalled."""

    memory_id: MemoryId
    parts: ScoreParts
    why: NotTaken


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was found, best first."""

    hits: tuple[Hit, ...]
    degraded: bool
    """Whether the index was away, so that Postgres searched instead, or the model that reads, so
    that only words were looked for."""
    considered: tuple[Considered, ...] = ()
    """At most 20 of what else came up, best first."""

    def above(self, threshold: float) -> Self:
        """The same without hits of a lower score: these were only considered."""
        low = [it for it in self.hits if it.parts.final < threshold]
        passed = [Considered(it.memory_id, it.parts, NotTaken.BELOW_THRESHOLD) for it in low]
        return replace(
            self,
            hits=tuple(it for it in self.hits if it.parts.final >= threshold),
            considered=_best_considered([*passed, *self.considered]),
        )


class Recall:
    """Finds memories. `fallback` searches while `index` is away."""

    def __init__(
        self,
        database: Database,
        meaning: Slots | Reader,
        index: MemoryIndex,
        fallback: MemoryIndex,
        weights: Weights = WEIGHTS,
    ) -> None:
        self._database = database
        self._meaning = meaning
        self._index = index
        self._fallback = fallback
        self._weights = weights

    async def search(  # noqa: PLR0913  whose, where and which memories are meant are four things
        self,
        query: str,
        owner: Owner,
        *,
        where: Where,
        limit: int,
        excluded: Sight = NOTHING_IN_SIGHT,
        filter: Filter = ALL,
        threshold: float = 0.0,
    ) -> Recalled:
        """At most `limit` memories of the owner that fit `query` and may come up at `where`.

        Memories of what is `excluded` (in sight anyway) are left out, and those that do not fit the
        `filter`: the others are ranked as if there were no more than these, but that how rare a
        word is counts among all. A hit names the persona that said it, which can be one of
        `owner.others` or `where.heard`, and the character that was told it. Own ones that score
        below the `threshold` take no room from what others said.
        """
        if (narrowed := _narrowed(owner, filter)) is None:
            return Recalled((), degraded=False)
        question = Question(
            text=query,
            terms=lexicon.question_terms(query),
            meaning=await self._meaning.of_question(query),
            times=times.named(query, clock.now()),
            here=where,
            excluded_turns=excluded.turns,
            excluded_messages=excluded.messages,
            filter=replace(filter, persona_ids=ALL.persona_ids),
            spoken_to=owner.personality_id,
        )
        owner = await self._with_others(narrowed, where)
        (candidates, vocabulary, degraded), others = await asyncio.gather(
            self._candidates(owner, question),
            overhearing.brought_up(self._database, owner, question),
        )
        async with self._database.reading() as tx:
            wanted = [*candidates, *others.candidates]
            loaded = await recall_store.load(tx, owner, question, wanted)
            found = Found(loaded, others.among(vocabulary))
            if association.counts(self._weights):
                found = await association.weighed(tx, found, owner, question, self._weights)
        ranked = ranking.ranked(found.candidates, question, found.vocabulary, self._weights)
        best = overhearing.best(ranked, where, limit, threshold)
        return Recalled(
            tuple(_hit(it, question) for it in best), degraded, _considered(ranked, best)
        )

    async def spoke(
        self, personality_id: UUID, where: Where, own: Collection[UUID]
    ) -> Sequence[UUID]:
        """The personas, but for `own`, of whom the character remembers what they said there.

        Whether they may come up is not its business: `Where.heard` says that.
        """
        if where.venue is Venue.DIRECT:
            return ()
        async with self._database.reading() as tx:
            return await overheard_store.spoke(tx, personality_id, where, own)

    async def shown(
        self,
        persona_ids: Collection[UUID],
        memory_ids: Sequence[UUID],
        hearing: Hearing | None = None,
    ) -> Sequence[Shown]:
        """What came up once, in the order of `memory_ids`; what was forgotten is missing.

        What others said is there only as far as they were heard, by `hearing`.
        """
        async with self._database.transaction() as tx:
            found = [*await store.get(tx, persona_ids, memory_ids)]
            if hearing:
                found += await overhearing.kept(tx, hearing, memory_ids)
        kept = {it.memory_id: it for it in found}
        told = (kept.get(MemoryId(memory_id)) for memory_id in memory_ids)
        return [Shown(**_read(it), excerpt=excerpt(_citable(it))) for it in told if it]

    async def why(
        self, asking: Asking, told: Sequence[tuple[Remembered, ScoreParts]]
    ) -> list[list[str]]:
        """Why each of these came up, in words; in order. They came up together."""
        memories = [memory for memory, parts in told if parts.link]
        linked: Mapping[MemoryId, Linked] = {}
        if memories:
            linked = await self._linked(memories, [memory for memory, _ in told])
        return [
            reasons(asking, memory, parts, linked.get(memory.memory_id)) for memory, parts in told
        ]

    async def _linked(
        self, memories: Sequence[Remembered], beside: Sequence[Remembered]
    ) -> Mapping[MemoryId, Linked]:
        """With what beside it each memory is linked most."""
        ids, others = [it.memory_id for it in memories], {it.memory_id: it for it in beside}
        async with self._database.reading() as tx:
            links = await waypoint_store.seen(tx, {it.persona_id for it in memories}, ids)
        now = clock.now()
        strongest: dict[MemoryId, Linked] = {}
        for link in sorted(links, key=lambda it: it.weight_at(now)):
            for memory_id in ids:
                if link.other(memory_id) in others and memory_id in (link.first_id, link.second_id):
                    strongest[memory_id] = (link.kind, others[link.other(memory_id)])
        return strongest

    async def _with_others(self, owner: Owner, where: Where) -> Owner:
        """The same, but for others of which the character remembers nothing: there can be many.

        With what was said to other characters where that may come up.
        """
        own = owner.personality_id
        if where.characters_recalled:
            async with self._database.reading() as tx:
                pairs = await owner_store.owners(tx, owner.persona_ids, own)
            others = [it for it, whom in pairs if whom == own and it != owner.persona_id]
            elsewhere = tuple(pair for pair in pairs if pair[1] != own)
            return replace(owner, others=tuple(others), elsewhere=elsewhere)
        if not owner.others:
            return owner
        async with self._database.reading() as tx:
            others = await owner_store.remembered(tx, owner.others, own)
        return replace(owner, others=tuple(others))

    async def _candidates(
        self, owner: Owner, question: Question
    ) -> tuple[Sequence[MemoryId], Vocabulary, bool]:
        """With how common words are, and whether it was Postgres or words alone out of need."""
        try:
            found = await self._index.candidates_with_vocabulary(owner, question)
        except IndexUnavailable:
            log.warning("the search index is away: memories are searched in Postgres")
            return *await self._fallback.candidates_with_vocabulary(owner, question), True
        return *found, question.meaning.vector is None


def _narrowed(owner: Owner, filter: Filter) -> Owner | None:
    """The same with no other personas than the filter's; None if none is left."""
    if not filter.persona_ids:
        return owner
    heard = [it for it in owner.persona_ids if it in filter.persona_ids]
    return Owner(heard[0], owner.personality_id, tuple(heard[1:])) if heard else None


def _hit(ranked: Ranked, question: Question) -> Hit:
    memory = ranked.memory
    of_person = ranked.is_by_person or memory.persona_id in question.here.heard
    shown = excerpt(memory.person_text if of_person else memory.personality_text, question.terms)
    return Hit(**_read(ranked.memory), parts=ranked.parts, excerpt=shown, sides=ranked.sides)


def _considered(ranked: Sequence[Ranked], best: Sequence[Ranked]) -> tuple[Considered, ...]:
    """The best of those that are not among `best`, and why."""
    taken = {it.memory.memory_id for it in best}
    others = [it for it in ranked if it.memory.memory_id not in taken][:_CONSIDERED]
    return tuple(
        Considered(
            it.memory.memory_id,
            it.parts,
            NotTaken.OTHERS_FIT_BETTER if it.is_relevant else NotTaken.SAYS_LITTLE,
        )
        for it in others
    )


def _best_considered(considered: Sequence[Considered]) -> tuple[Considered, ...]:
    return tuple(sorted(considered, key=lambda it: -it.parts.final)[:_CONSIDERED])


def _read(memory: Remembered) -> dict[str, Any]:
    return {field.name: getattr(memory, field.name) for field in fields(Remembered)}


def _citable(memory: Remembered) -> str:
    """What the person said, as long as they said anything."""
    return memory.person_text or memory.personality_text
