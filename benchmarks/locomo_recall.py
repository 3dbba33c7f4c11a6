"""How much of what matters is recalled? LoCoMo's questions, asked through the product's recall.

    python benchmarks/locomo_recall.py FILE [--conversations N] [--ablate]

FILE is LoCoMo's own JSON (Maharana et al. 2024, arXiv:2402.17753), in any language. Speaker A is
the person, B the character: an utterance and its answer become one exchange, stored through the
memory room; every question is asked through the `Recall.search` that a turn uses.

Measured: which share of the evidence is among the first 5, 10, 20 turns, and the reciprocal rank of
the first that is. k counts LoCoMo's turns: an exchange uses up as many as it has. Beside it in the
same run, over single turns: BM25 (stems, no function words) and the plain cosine of the same model.
Recall tells how well each side of an exchange fits, and by that its turns are ordered; the line
`as said` shows what the order of speaking makes of the same hits. With --ablate all questions are
asked again without each part of the score, too: what a part is worth is what is lost without it.
Parts that are off are switched on instead.
"""

import argparse
import asyncio
import json
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from statistics import mean

import numpy as np
from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).parents[1]))  # also when run by its path

from benchmarks.locomo import CATEGORIES, Conversation, Line, Question, exchanges, read
from tzurot import clock
from tzurot.account.tables import Person, Persona
from tzurot.llm.embeddings import Embedder, Reading, Vector
from tzurot.memory import lexicon
from tzurot.memory.index.outbox import Relay
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.linking import Linking
from tzurot.memory.meaning import Meaning
from tzurot.memory.reading.slots import Slots
from tzurot.memory.recall import Hit, Recall
from tzurot.memory.remembering import Exchange, MemoryId, Owner, remember
from tzurot.memory.scoring import WEIGHTS, Weights
from tzurot.memory.venues import Venue, Where
from tzurot.personality.tables import Personality
from tzurot.storage import embedded, schema
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs

CUTS = (5, 10, 20)
TUNED_ON = 3  # conversations of LoCoMo's that most weights were chosen by; see docs on the others
SWITCHED_ON = 0.1  # the weight of a part that is off otherwise
PLACE = Where(Venue.DIRECT, "locomo", "benchmark")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one ranking did for one question."""

    category: str
    recalls: tuple[float, ...]  # at CUTS
    reciprocal_rank: float
    aside: bool = False
    """Whether its conversation had no say in the choice of most weights."""


async def main(file: Path, conversations: int | None, *, ablate: bool) -> None:
    """Run the conversations of the file; the last line printed is one JSON object."""
    talks = read(file)[:conversations]
    outcomes: dict[str, list[Outcome]] = {}
    embedder = Embedder()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # as root, Postgres runs as another account
        async with embedded.start(Path(folder) / "pg") as url:
            await schema.migrate(url)
            async with Database.open(url) as database, Jobs.open(url) as jobs:
                room = Room(database, jobs, embedder, ablations() if ablate else {})
                for number, talk in enumerate(talks, 1):
                    size = f"{len(talk.lines)} turns, {len(talk.questions)} questions"
                    print(f"conversation {number} of {len(talks)}: {size}", flush=True)
                    aside = number > TUNED_ON
                    for name, found in (await room.run(talk)).items():
                        outcomes.setdefault(name, []).extend(
                            replace(each, aside=aside) for each in found
                        )
    embedder.close()
    report(outcomes)


def ablations() -> dict[str, Weights]:
    """The weights, each without one part, or with one that is off."""
    found: dict[str, Weights] = {}
    for part in fields(Weights):
        counts = getattr(WEIGHTS, part.name) != 0
        name = f"{'no' if counts else 'with'} {part.name}"
        found[name] = replace(WEIGHTS, **{part.name: 0.0 if counts else SWITCHED_ON})
    return found


class Room:
    """The memory room on a database of its own."""

    def __init__(
        self, database: Database, jobs: Jobs, embedder: Embedder, others: Mapping[str, Weights]
    ) -> None:
        """`others` are further ways to weigh the parts of a score."""
        self._database = database
        self._jobs = jobs
        self._embedder = embedder
        index, meaning = PgVectorIndex(database), Slots(database, Meaning(embedder))
        self._relay = Relay(database, meaning, index)
        self._recalls = {
            name: Recall(database, meaning, index, index, weights)
            for name, weights in {"ours": WEIGHTS, **others}.items()
        }

    async def run(self, talk: Conversation) -> dict[str, list[Outcome]]:
        """Store a conversation and ask its questions: the outcomes of each ranking."""
        owner = await self._people()
        said = await self._store(talk, owner)
        lines = talk.lines
        bm25, dense = Bm25(lines), await Dense.over(lines, self._embedder)
        outcomes: dict[str, list[Outcome]] = {}
        for question in talk.questions:
            hits = {
                name: (
                    await recall.search(question.text, owner, where=PLACE, limit=len(lines))
                ).hits
                for name, recall in self._recalls.items()
            }
            rankings = {name: side_by_side(its, said, talk) for name, its in hits.items()}
            rankings |= {
                "as said": [turn for hit in hits["ours"] for turn in said[hit.memory_id]],
                "bm25": best_first(bm25.scores(question.text)),
                "dense": best_first(await dense.scores(question.text)),
            }
            evidence = {n for n, line in enumerate(lines) if line.id in question.evidence}
            for name, ranking in rankings.items():
                outcomes.setdefault(name, []).append(outcome(question, evidence, ranking))
        return outcomes

    async def _people(self) -> Owner:
        person_id, owner = clock.uuid7(), Owner(clock.uuid7(), clock.uuid7())
        async with self._database.transaction() as tx:
            await tx.execute(insert(Person).values(id=person_id))
            await tx.execute(insert(Persona).values(id=owner.persona_id, person_id=person_id))
            character = {"slug": str(owner.personality_id), "name": "B"}
            await tx.execute(insert(Personality).values(id=owner.personality_id, **character))
        return owner

    async def _store(self, talk: Conversation, owner: Owner) -> dict[MemoryId, list[int]]:
        """Remember all exchanges; the numbers of the turns in each."""
        said: dict[MemoryId, list[int]] = {}
        count = 0
        for session in talk.sessions:
            for exchange in exchanges(session, talk.person):
                async with self._database.transaction() as tx:
                    memory = await remember(tx, exchange_of(exchange, talk, owner), self._jobs)
                said[memory] = list(range(count, count + len(exchange)))
                count += len(exchange)
        await self._relay.drain()
        await Linking(self._database).tend()
        return said


def exchange_of(lines: Sequence[Line], talk: Conversation, owner: Owner) -> Exchange:
    """Lines of both as the product stores an exchange."""
    return Exchange(
        persona_id=owner.persona_id,
        personality_id=owner.personality_id,
        turn_id=None,
        message_id=None,
        venue=PLACE.venue,
        platform=PLACE.platform,
        channel_id=PLACE.channel_id,
        person_name=talk.person,
        person_text="\n".join(line.text for line in lines if line.speaker == talk.person),
        personality_name=talk.character,
        personality_text="\n".join(line.text for line in lines if line.speaker != talk.person),
        occur_time=lines[0].when,
    )


class Bm25:
    """Okapi BM25 over single turns, k1 = 1.2, b = .75."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._counts = [Counter(lexicon.terms(f"{line.speaker} {line.text}")) for line in lines]
        self._frequencies = Counter(term for counts in self._counts for term in counts)
        self._mean_length = mean(counts.total() for counts in self._counts)

    def scores(self, question: str) -> list[float]:
        """One for each turn."""
        weights = {term: self._weight(term) for term in lexicon.question_terms(question)}
        return [self._score(weights, counts) for counts in self._counts]

    def _weight(self, term: str) -> float:
        frequency = self._frequencies[term]
        return math.log(1 + (len(self._counts) - frequency + 0.5) / (frequency + 0.5))

    def _score(self, weights: dict[str, float], counts: Counter[str]) -> float:
        norm = 1.2 * (0.25 + 0.75 * counts.total() / self._mean_length)
        return sum(
            weight * 2.2 * counts[term] / (counts[term] + norm) for term, weight in weights.items()
        )


@dataclass(frozen=True, slots=True)
class Dense:
    """The model's own cosines over single turns."""

    embedder: Embedder
    vectors: Vector

    @classmethod
    async def over(cls, lines: Sequence[Line], embedder: Embedder) -> "Dense":
        """Embed all turns, each with its speaker."""
        readings = await embedder.passages([[f"{it.speaker}: {it.text}"] for it in lines])
        return cls(embedder, np.stack([pooled(reading) for reading in readings]))

    async def scores(self, question: str) -> list[float]:
        """One for each turn."""
        return list(self.vectors @ pooled(await self.embedder.question(question)))


def pooled(reading: Reading) -> Vector:
    """The vector of a text, of length 1."""
    mean = np.asarray(reading.states.mean(axis=0), np.float32)
    return mean / np.float32(np.linalg.norm(mean))


def side_by_side(
    hits: Sequence[Hit], said: dict[MemoryId, list[int]], talk: Conversation
) -> list[int]:
    """The turns of all hits, by how well the side fits that they are on."""
    lines = talk.lines
    sides = [
        (hit.sides[lines[turn].speaker != talk.person], turn)
        for hit in hits
        for turn in said[hit.memory_id]
    ]
    return [turn for _, turn in sorted(sides, key=lambda it: (-it[0], it[1]))]


def best_first(scores: Sequence[float]) -> list[int]:
    """Numbers of turns by falling score; among equals the earlier."""
    return sorted(range(len(scores)), key=lambda number: -scores[number])


def outcome(question: Question, evidence: set[int], ranking: Sequence[int]) -> Outcome:
    """Recall at each cut, and the reciprocal rank of the first turn that is evidence, or 0."""
    ranks = [rank for rank, turn in enumerate(ranking, 1) if turn in evidence]
    return Outcome(
        question.category,
        tuple(sum(rank <= cut for rank in ranks) / len(evidence) for cut in CUTS),
        1 / ranks[0] if ranks else 0.0,
    )


def report(outcomes: dict[str, list[Outcome]]) -> None:
    """A table of all rankings, and the JSON object."""
    print(f"\n{'ranking':18} {'category':12} {'questions':>9}  r@5   r@10  r@20  mrr")
    for name, all_of in outcomes.items():
        groups = [
            ("all", all_of),
            ("tuned on", [each for each in all_of if not each.aside]),
            ("set aside", [each for each in all_of if each.aside]),
            *by_category(all_of).items(),
        ]
        for category, some in groups:
            label = f"{name:18} {CATEGORIES.get(category, category):12} {len(some):9}"
            print(label, *(f"{value:.3f}" for value in figures(some).values()), sep="  ")
    result = {
        name: figures(all_of)
        | {"by_category": {key: figures(some) for key, some in by_category(all_of).items()}}
        for name, all_of in outcomes.items()
        if name != "as said"
    }
    print(json.dumps(result, ensure_ascii=False))


def by_category(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """Outcomes under their category, as the file calls it; those without one are left out."""
    names = sorted({each.category for each in outcomes} - {""})
    return {name: [each for each in outcomes if each.category == name] for name in names}


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Means over questions; without any, zeros."""
    recalls = [each.recalls for each in outcomes] or [(0.0,) * len(CUTS)]
    columns = zip(CUTS, zip(*recalls, strict=True), strict=True)
    means = {f"r@{cut}": mean(column) for cut, column in columns}
    means["mrr"] = mean([each.reciprocal_rank for each in outcomes] or [0.0])
    return {name: round(value, 4) for name, value in means.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--conversations", type=int, metavar="N", help="only the first N")
    parser.add_argument("--ablate", action="store_true", help="also without each part of the score")
    arguments = parser.parse_args()
    asyncio.run(main(arguments.file, arguments.conversations, ablate=arguments.ablate))
