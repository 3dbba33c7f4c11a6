"""Exchanges that say what is forgotten come to mind no more, whoever of both said it.

What a fact was learnt from is known by its sources. What says it besides is looked for when the
fact is forgotten, while its words are still there: among the memories that a search for it finds,
sentence by sentence. An exchange that is new, or has new words, is looked at before it is read for
the index: by then nothing is left of the fact but what recognizes it. There only the character's
side counts, and only if its person doesn't say it again themselves.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from tzurot import clock
from tzurot.llm.embeddings import Vector
from tzurot.memory import lexicon
from tzurot.memory.facts import fact_store, forgotten_store, sayings, withholding_store
from tzurot.memory.facts.fact import Fact
from tzurot.memory.facts.forgetting import Forgotten, forgotten
from tzurot.memory.facts.sayings import Saying
from tzurot.memory.facts.withholding_store import Spoken
from tzurot.memory.index.port import MemoryIndex
from tzurot.memory.meaning import Meaning
from tzurot.memory.question import Question
from tzurot.memory.reading.slots import Slots
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.times import Named
from tzurot.memory.venues import Where
from tzurot.storage.database import Database

# Of one fact so many memories are looked at: 300 by its meaning, 200 by its words.
_LOOKED_AT = 500

_EVERYWHERE = Where.direct(adults=True)


class _Side(StrEnum):
    PERSON = "person"
    CHARACTER = "character"


@dataclass(frozen=True, slots=True)
class Found:
    """What says a fact, as far as a search for it tells."""

    by_person: Sequence[MemoryId]
    """Where the person said it, whatever was answered."""
    by_character: Sequence[Spoken]
    """Where only the answer says it."""
    after: UUID
    """An id: whatever is younger was not looked at."""


@dataclass(frozen=True, slots=True)
class _Possible:
    """A part of an exchange that can say what is forgotten, going by its words."""

    spoken: Spoken
    side: _Side
    saying: Saying
    gone: Sequence[Forgotten]


class Withholding:
    """Finds what says forgotten facts.

    `meaning` is the bundled model, which facts are compared by; `slots` and `index` find memories
    by the one that reads them. The index is the database's own, whichever engine recall asks: that
    one is always there, and knows all.
    """

    def __init__(
        self, database: Database, meaning: Meaning, slots: Slots, index: MemoryIndex
    ) -> None:
        self._database = database
        self._meaning = meaning
        self._slots = slots
        self._index = index

    async def find(self, facts: Sequence[Fact]) -> Found:
        """What says facts of one owner that are about to be forgotten."""
        after, owner = clock.uuid7(), facts[0].owner
        near = {memory_id for it in facts for memory_id in await self._near(it)}
        async with self._database.reading() as tx:
            spoken = await withholding_store.spoken(tx, near)
            names = await fact_store.names(tx, owner)
        gone = [forgotten(it.text, it.vector, names) for it in facts]
        said = await self._said(spoken, {owner: gone}, {owner: names})
        return Found(
            [it.memory_id for it, sides in said.items() if _Side.PERSON in sides],
            [it for it, sides in said.items() if _Side.PERSON not in sides],
            after,
        )

    async def look(self, memory_ids: Collection[MemoryId]) -> None:
        """Withhold those of these exchanges in which a character repeats what is forgotten."""
        gone: dict[Owner, Sequence[Forgotten]] = {}
        names: dict[Owner, Collection[str]] = {}
        async with self._database.reading() as tx:
            spoken = await withholding_store.spoken_to_forgetful(tx, memory_ids)
            for owner in {it.owner for it in spoken}:
                gone[owner] = [it for _, it in await forgotten_store.forgotten(tx, owner)]
                names[owner] = await fact_store.names(tx, owner)
        said = await self._said(spoken, gone, names)
        repeated = [it for it, sides in said.items() if _Side.PERSON not in sides]
        if repeated:
            async with self._database.transaction() as tx:
                await withholding_store.withhold_answers(tx, repeated)

    async def _near(self, fact: Fact) -> Sequence[MemoryId]:
        """The memories of a fact's owner that are most like it, wherever they were said."""
        question = Question(
            text=fact.text,
            terms=lexicon.question_terms(fact.text),
            meaning=await self._slots.of_question(fact.text),
            times=Named(),
            here=_EVERYWHERE,
        )
        return await self._index.candidates(fact.owner, question, limit=_LOOKED_AT)

    async def _said(
        self,
        spoken: Sequence[Spoken],
        gone: Mapping[Owner, Sequence[Forgotten]],
        names: Mapping[Owner, Collection[str]],
    ) -> Mapping[Spoken, set[_Side]]:
        """Of those exchanges that say what is forgotten, who says it."""
        # Some 100 µs a sentence: seconds for many long exchanges.
        possible = await asyncio.to_thread(_possible, spoken, gone, names)
        said: dict[Spoken, set[_Side]] = defaultdict(set)
        vectors: dict[str, Vector] = {}
        for it in possible:
            if it.side in said[it.spoken]:
                continue
            words = it.saying.told
            if words not in vectors:
                vectors[words] = await self._meaning.of_statement(words)
            if any(one.recognizes(it.saying.sense, vectors[words]) for one in it.gone):
                said[it.spoken].add(it.side)
        return {it: sides for it, sides in said.items() if sides}


def _possible(
    spoken: Sequence[Spoken],
    gone: Mapping[Owner, Sequence[Forgotten]],
    names: Mapping[Owner, Collection[str]],
) -> Sequence[_Possible]:
    """What can say something of it, going by words; the rest needs no vector."""
    found: list[_Possible] = []
    for it in spoken:
        called = names[it.owner]
        name = it.person_name or min(called, default="Somebody")
        sides = (
            (_Side.PERSON, sayings.by_person(it.by_person, name, called)),
            (_Side.CHARACTER, sayings.by_character(it.by_character, name, called)),
        )
        for side, said in sides:
            for saying in said:
                can_be = [one for one in gone[it.owner] if one.can_be(saying.sense)]
                if can_be:
                    found.append(_Possible(it, side, saying, can_be))
    return found
