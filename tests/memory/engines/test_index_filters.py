"""Recall of some memories only: a filter narrows, on both engines alike, and never cuts short."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from tests.memory.fitting import fits
from tests.memory.talk import DIRECT, Talk
from tzurot.memory import ranking, recall_store
from tzurot.memory.filters import ALL, Filter
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.port import CANDIDATES, MemoryIndex
from tzurot.memory.index.weaviate import WeaviateIndex
from tzurot.memory.meaning import WORDS_ONLY
from tzurot.memory.question import Question
from tzurot.memory.recall import Hit
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.scoring import ScoreParts
from tzurot.memory.sectors import Sector
from tzurot.memory.tables import Memory
from tzurot.memory.venues import Venue, Where

PUBLIC = Where(Venue.PUBLIC_CHANNEL, "discord", "1")
PRIVATE = Where(Venue.PRIVATE_CHANNEL, "discord", "2")
SPRING, SUMMER = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
QUERY = "What about the bees?"


@dataclass(frozen=True, slots=True)
class Life:
    """What Ada said, and as Sol, of bees."""

    ada: Owner
    """Hears Sol, too."""
    said: dict[MemoryId, str]

    def named(self, found: Sequence[MemoryId]) -> set[str]:
        return {self.said[it] for it in found}


@pytest.fixture
async def life(talk: Talk, index: MemoryIndex) -> Life:
    ada = await talk.owner()
    sol = await talk.owner(like=ada)
    said = {
        await talk.say(ada, "The bees swarmed.", sector=Sector.EPISODIC, when=SPRING): "swarm",
        await talk.say(ada, "Bees have five eyes.", where=PUBLIC, when=SPRING): "eyes",
        await talk.say(
            ada, "Bees? First smoke them.", where=PRIVATE, sector=Sector.PROCEDURAL, when=SUMMER
        ): "smoke",
        await talk.say(
            ada, "I love my bees.", sector=Sector.EMOTIONAL, when=SUMMER + timedelta(days=9)
        ): "love",
        await talk.say(sol, "Bees scare me.", sector=Sector.EMOTIONAL, when=SUMMER): "scare",
    }
    kept = [it for it, name in said.items() if name in {"eyes", "love"}]
    await talk.relay(index).drain()
    async with talk.database.transaction() as tx:
        await tx.execute(update(Memory).where(Memory.id.in_(kept)).values(locked=True))
    return Life(replace(ada, others=(sol.persona_id,)), said)


EVERYTHING = {"swarm", "eyes", "smoke", "love", "scare"}
FILTERS = [
    (ALL, EVERYTHING),
    (Filter(sectors=frozenset({Sector.EMOTIONAL})), {"love", "scare"}),
    (Filter(sectors=frozenset({Sector.EPISODIC, Sector.PROCEDURAL})), {"swarm", "smoke"}),
    (Filter(sectors=frozenset({Sector.REFLECTIVE})), set()),
    (Filter(venues=frozenset({Venue.PUBLIC_CHANNEL})), {"eyes"}),
    (Filter(venues=frozenset({Venue.DIRECT, Venue.PRIVATE_CHANNEL})), EVERYTHING - {"eyes"}),
    (Filter(occur_from=SUMMER), {"smoke", "love", "scare"}),
    (Filter(occur_until=SUMMER), {"swarm", "eyes"}),
    (Filter(occur_from=SUMMER, occur_until=SUMMER + timedelta(days=1)), {"smoke", "scare"}),
    (Filter(occur_from=SUMMER, occur_until=SPRING), set()),
    (Filter(locked=True), {"eyes", "love"}),
    (Filter(locked=False), {"swarm", "smoke", "scare"}),
    (Filter(locked=True, sectors=frozenset({Sector.EMOTIONAL}), occur_from=SUMMER), {"love"}),
]


async def test_only_what_is_meant_comes_up(talk: Talk, index: MemoryIndex, life: Life) -> None:
    question = await talk.question(QUERY)
    for filter, named in FILTERS:
        candidates = await index.candidates(life.ada, replace(question, filter=filter))
        assert life.named(candidates) == named, filter
        hits = await found(talk, index, life.ada, filter)
        assert life.named([hit.memory_id for hit in hits]) == named, filter
        assert all(fits(filter, hit) for hit in hits), filter


async def test_only_what_a_persona_said_comes_up_and_nobody_elses(
    talk: Talk, index: MemoryIndex, life: Life
) -> None:
    (sol,) = life.ada.others
    eve = await talk.owner(like=life.ada)
    await talk.say(eve, "I keep bees, too.")
    for persona_ids, named in (
        ({life.ada.persona_id}, EVERYTHING - {"scare"}),
        ({sol}, {"scare"}),
        ({sol, life.ada.persona_id, eve.persona_id}, EVERYTHING),
        ({eve.persona_id}, set[str]()),
    ):
        hits = await found(talk, index, life.ada, Filter(persona_ids=frozenset(persona_ids)))
        assert life.named([hit.memory_id for hit in hits]) == named


async def test_what_was_forgotten_does_not_come_up_under_a_filter(
    talk: Talk, index: MemoryIndex, life: Life
) -> None:
    kept = Filter(locked=True)
    async with talk.database.transaction() as tx:
        gone = next(it for it, name in life.said.items() if name == "eyes")
        await tx.execute(delete(Memory).where(Memory.id == gone))
    for _ in range(2):  # before the index knows, and after
        hits = await found(talk, index, life.ada, kept)
        assert life.named([hit.memory_id for hit in hits]) == {"love"}
        await talk.relay(index).drain()


async def test_what_may_not_come_up_somewhere_does_not_under_any_filter(
    talk: Talk, index: MemoryIndex, life: Life
) -> None:
    for filter, _ in FILTERS:
        hits = await found(talk, index, life.ada, filter, where=PUBLIC)
        assert life.named([hit.memory_id for hit in hits]) <= {"eyes"}


async def test_a_filter_never_makes_the_result_shorter_than_it_has_to_be(
    talk: Talk, index: MemoryIndex
) -> None:
    """What is meant fits worse than more memories than an engine gives."""
    ada = await talk.owner()
    for number in range(CANDIDATES + 60):
        await talk.say(ada, f"My bees gave {number} jars of honey.", sector=Sector.SEMANTIC)
    meant = {
        await talk.say(ada, "Bees make me happy.", sector=Sector.EMOTIONAL),
        await talk.say(ada, "The honey fair was sad.", sector=Sector.EMOTIONAL),
    }
    await talk.relay(index).drain()
    emotional = Filter(sectors=frozenset({Sector.EMOTIONAL}))
    asks = "How much honey do my bees give?"
    hits = await found(talk, index, ada, emotional, query=asks)
    assert {hit.memory_id for hit in hits} == meant
    by_words = replace(await talk.question(asks), meaning=WORDS_ONLY, filter=emotional)
    assert set(await PgVectorIndex(talk.database).candidates(ada, by_words)) == meant


async def test_a_lock_counts_before_the_index_knows_of_anything(
    talk: Talk, index: MemoryIndex, life: Life
) -> None:
    swarm = next(it for it, name in life.said.items() if name == "swarm")
    async with talk.database.transaction() as tx:
        await tx.execute(update(Memory).where(Memory.id == swarm).values(locked=True))
    hits = await found(talk, index, life.ada, Filter(locked=True))
    assert life.named([hit.memory_id for hit in hits]) == {"swarm", "eyes", "love"}


async def test_a_filter_needs_no_engine_beside_postgres(talk: Talk) -> None:
    ada = await talk.owner()
    told = await talk.say(ada, "I love my bees.", sector=Sector.EMOTIONAL)
    await talk.relay_all()
    emotional = Filter(sectors=frozenset({Sector.EMOTIONAL}))
    async with WeaviateIndex.open(
        "http://127.0.0.1:9", grpc_port=10, api_key=None, database=talk.database
    ) as away:
        recalled = await talk.recall(away).search(
            "bees", ada, where=DIRECT, limit=9, filter=emotional
        )
        assert [hit.memory_id for hit in recalled.hits] == [told]
        assert not recalled.degraded
        assert (await talk.recall(away).search("bees", ada, where=DIRECT, limit=9)).degraded


async def test_what_is_meant_is_ranked_as_if_there_were_nothing_else(
    talk: Talk, index: MemoryIndex
) -> None:
    """But how rare a word is counts among all: a score is the same under every filter."""
    chance = random.Random(11)  # noqa: S311 - the same each time
    ada = await talk.owner()
    for number in range(60):
        words = " ".join(chance.sample(WORDS, 4))
        await talk.say(
            ada,
            f"{words}{chance.choice('.?')}",
            chance.choice(["", "Tell me more.", f"I like {chance.choice(WORDS)}."]),
            where=chance.choice([DIRECT, PUBLIC, PRIVATE]),
            sector=chance.choice([*Sector]),
            when=SPRING + timedelta(minutes=number * chance.choice([1, 400])),
        )
    await talk.relay(index).drain()
    async with talk.database.transaction() as tx:
        some = Memory.person_text.contains(WORDS[0])
        await tx.execute(update(Memory).where(some).values(locked=True))
    for _ in range(25):
        filter, query = _some_filter(chance), f"What of {' and '.join(chance.sample(WORDS, 3))}?"
        hits = await found(talk, index, ada, filter, query=query)
        assert [(hit.memory_id, hit.parts) for hit in hits] == await _ranked(
            talk, ada, filter, query
        )


WORDS = ("bees", "honey", "rain", "boats", "music", "tea", "snow", "letters", "stars", "bread")


def _some_filter(chance: random.Random) -> Filter:
    """Each condition in about half of them."""
    edges = sorted(SPRING + timedelta(minutes=chance.randrange(24_000)) for _ in range(2))
    return Filter(
        sectors=frozenset(chance.sample([*Sector], chance.choice([0, 1, 3]))),
        venues=frozenset(chance.sample([*Venue], chance.choice([0, 0, 1, 2]))),
        occur_from=chance.choice([None, edges[0]]),
        occur_until=chance.choice([None, edges[1]]),
        locked=chance.choice([None, None, True, False]),
    )


async def _ranked(
    talk: Talk, owner: Owner, filter: Filter, query: str
) -> list[tuple[MemoryId, ScoreParts]]:
    """All that is meant, ranked, of all that there is."""
    question: Question = await talk.question(query)
    async with talk.database.reading() as tx:
        everything = await recall_store.load(tx, owner, question, await _all_of(talk, owner))
        vocabulary = await recall_store.vocabulary(tx, owner, question)
    meant = [it for it in everything if fits(filter, it.memory)]
    ranked = ranking.ranked(meant, question, vocabulary)
    return [(it.memory.memory_id, it.parts) for it in ranked if it.is_relevant]


async def _all_of(talk: Talk, owner: Owner) -> Sequence[MemoryId]:
    question = await talk.question("anything")
    return await PgVectorIndex(talk.database).candidates(owner, question)


async def found(
    talk: Talk,
    index: MemoryIndex,
    owner: Owner,
    filter: Filter,
    *,
    query: str = QUERY,
    where: Where = DIRECT,
) -> Sequence[Hit]:
    """What recall finds; nothing is away."""
    recalled = await talk.recall(index).search(query, owner, where=where, limit=99, filter=filter)
    assert not recalled.degraded
    return recalled.hits
