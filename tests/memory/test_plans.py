"""What a recall reads: its owner's memories by the indexes made for it, however many others' are.

Counted by Postgres itself while `Recall.search` runs, so often that its plans are the kept ones.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import log
from typing import NamedTuple
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import delete, text, update

from benchmarks import loading
from benchmarks.recall_latency import DIRECT, PUBLIC, Prepared
from benchmarks.synthetic import Exchange, Holding, World
from tests.conftest import a_database
from tests.memory.talk import Talk
from tzurot import clock
from tzurot.memory import following_store, lexicon, overheard_store, recall_store
from tzurot.memory.filters import ALL, Filter
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.meaning import WORDS_ONLY, Asked
from tzurot.memory.question import Question
from tzurot.memory.recall import Recall
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.sectors import Sector
from tzurot.memory.tables import IndexOutbox, Memory
from tzurot.memory.times import Named
from tzurot.memory.venues import Where
from tzurot.memory.vocabulary_store import AT_MOST, FEW, NEWEST
from tzurot.storage.database import Database

OWNERS, SIZE, BIG = 19, 500, 2_500  # 12,000 memories
LATELY = datetime(2026, 1, 1, tzinfo=UTC)
REPEATS = 12  # from the tenth on Postgres may keep a plan for all parameters

_READ = text("""
    SELECT relname AS name, seq_scan AS scans, idx_tup_fetch AS rows FROM pg_stat_user_tables
    WHERE relname IN ('memories', 'memory_states')
    UNION ALL SELECT indexrelname, idx_scan, idx_tup_read FROM pg_stat_user_indexes
    WHERE relname IN ('memories', 'memory_states')
""")
_KEEP_PLACES = text("""
    CREATE TABLE places AS SELECT id, personality_id, venue, channel_id FROM memories
    WHERE persona_id = ANY(CAST(:those AS uuid[]))
""")
_GATHER = text("""
    UPDATE memories SET personality_id = :who, venue = :venue, channel_id = :channel
    WHERE persona_id = ANY(CAST(:those AS uuid[]))
""")
_SCATTER = text("""
    UPDATE memories m SET personality_id = it.personality_id, venue = it.venue,
        channel_id = it.channel_id FROM places it WHERE m.id = it.id
""")
_ANALYZE = text("ANALYZE memories")  # as autovacuum does sooner or later
_ALONE = text("""
    SELECT count(*) = 1 FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
""")


class Read(NamedTuple):
    """Of a table how often it was read from end to end, of an index how often at all; how much."""

    scans: int
    rows: int


Counts = Mapping[str, Read]
"""By table and index."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Many owners, and what each of them said."""

    database: Database
    world: World
    said: Mapping[Owner, list[Exchange]] = field(repr=False)  # asyncio shows what tasks return

    @property
    def typical(self) -> Owner:
        return next(owner for owner, its in self.said.items() if len(its) == SIZE)

    @property
    def big(self) -> Owner:
        return next(owner for owner, its in self.said.items() if len(its) == BIG)

    def about(self, owner: Owner, number: int = 7) -> tuple[str, Asked]:
        """A question about one of the owner's memories."""
        it = self.said[owner][number]
        return self.world.question([(f"{it.person_text} {it.personality_text}", it.vector)], 6)


@pytest.fixture(scope="module")
async def crowd(postgres: str) -> AsyncIterator[Crowd]:
    sizes = [SIZE] * OWNERS + [BIG]
    holdings = [Holding(Owner(clock.uuid7(), clock.uuid7()), size) for size in sizes]
    world = World(3, words=5_000)
    exchanges = list(world.exchanges(holdings))
    said: dict[Owner, list[Exchange]] = {}
    for it in exchanges:
        said.setdefault(it.owner, []).append(it)
    async with a_database(postgres) as url, Database.open(url) as database:
        await loading.owners(database, holdings)
        address = url.replace("+psycopg", "")
        await asyncio.to_thread(loading.into_postgres, address, exchanges)
        yield Crowd(database, world, said)


async def test_a_recall_reads_its_owners_memories_by_index(crowd: Crowd) -> None:
    read = await reads(crowd, crowd.typical)
    check(read, SIZE)


async def test_a_recall_with_a_filter_reads_little_more_than_its_owners_memories(
    crowd: Crowd,
) -> None:
    semantic = Filter(sectors=frozenset({Sector.SEMANTIC}), locked=False)
    for filter in (semantic, Filter(occur_from=LATELY)):
        read = await reads(crowd, crowd.typical, filter=filter)
        for table in ("memories", "memory_states"):
            assert read[table].scans == 0
        assert read["memories"].rows <= 10 * SIZE


async def test_a_recall_of_what_all_characters_were_told_reads_by_index(crowd: Crowd) -> None:
    """One persona has talked with three; the others' memories are as many as ever."""
    persona_id, *_ = (owner.persona_id for owner in crowd.said)
    three = [owner for owner in crowd.said if len(crowd.said[owner]) == SIZE][:3]
    async with crowd.database.transaction() as tx:
        for owner in three:
            its = update(Memory).where(Memory.persona_id == owner.persona_id)
            await tx.execute(its.values(persona_id=persona_id))
        await tx.execute(delete(IndexOutbox))
    try:
        asked = Owner(persona_id, three[0].personality_id)
        where = replace(DIRECT, characters_recalled=True)
        read = await reads(crowd, three[0], asked=asked, places=(where, where))
        for table in ("memories", "memory_states"):
            assert read[table].scans == 0
        assert read["memories"].rows <= 7 * 3 * SIZE
        assert read["memories_meaning_idx"].rows <= 3 * SIZE + 50
    finally:
        async with crowd.database.transaction() as tx:
            for owner in three:
                its = update(Memory).where(
                    Memory.persona_id == persona_id, Memory.personality_id == owner.personality_id
                )
                await tx.execute(its.values(persona_id=owner.persona_id))
            await tx.execute(delete(IndexOutbox))


async def test_a_recall_of_what_others_said_in_a_channel_reads_by_its_indexes(
    crowd: Crowd,
) -> None:
    """Four have told one character all of theirs in one channel."""
    four = [owner for owner in crowd.said if len(crowd.said[owner]) == SIZE][:4]
    asked, others = four[0], tuple(owner.persona_id for owner in four[1:])
    where = replace(PUBLIC, heard=others)
    async with together(crowd, four):
        read = await reads(crowd, four[1], asked=asked, places=(where, where))
        for table in ("memories", "memory_states"):
            assert read[table].scans == 0
        for index, most in (
            ("memories_said_meaning_idx", 4 * SIZE),
            ("memories_said_idx", 3 * 4 * SIZE),  # counted twice, and the newest
            ("memories_said_terms_idx", 4 * 4 * SIZE),
            ("memories_meaning_idx", 2 * SIZE),  # as it was before, too
        ):
            assert 0 < read[index].rows <= most, index
        assert read["memories"].rows <= 8 * 4 * SIZE  # pages that have just changed are looked at
        alone = await reads(crowd, asked, asked=asked, places=(PUBLIC, PUBLIC))
        assert not any(it.scans for name, it in alone.items() if "_said_" in name)


async def test_where_whoever_asks_has_said_nearly_all_little_of_it_is_read(crowd: Crowd) -> None:
    """Of a word that all of it has the index tells so many, whoever said them."""
    asked, other = crowd.big, crowd.typical
    where = replace(PUBLIC, heard=(clock.uuid7(),))  # who has said next to nothing
    counted = Counter(term for it in crowd.said[asked] for term in it.stems)
    terms = tuple(term for term, _ in counted.most_common(5))
    assert counted[terms[-1]] > 1.2 * AT_MOST
    async with together(crowd, [asked, other]):
        before = await _counts(crowd.database)
        async with crowd.database.reading() as tx:
            await overheard_store.by_words(tx, asked, question(terms, WORDS_ONLY, where))
        after = await _counts(crowd.database)
    rows = after["memories"].rows - before["memories"].rows
    there = BIG + SIZE
    assert rows <= 1.1 * len(terms) * AT_MOST + there


@asynccontextmanager
async def together(crowd: Crowd, owners: Sequence[Owner]) -> AsyncIterator[None]:
    """They have told one character, that of the first, all of theirs in one channel."""
    whose = {"those": [owner.persona_id for owner in owners]}
    there = {"who": owners[0].personality_id, "venue": PUBLIC.venue, "channel": PUBLIC.channel_id}
    async with crowd.database.transaction() as tx:
        await tx.execute(_KEEP_PLACES, whose)
        await tx.execute(_GATHER, whose | there)
        await tx.execute(_ANALYZE)
    try:
        yield
    finally:
        async with crowd.database.transaction() as tx:
            await tx.execute(_SCATTER)
            await tx.execute(text("DROP TABLE places"))
            await tx.execute(_ANALYZE)


async def test_that_an_index_is_missing_would_be_seen(crowd: Crowd) -> None:
    for index in ("memories_terms_idx", "memories_meaning_idx", "memories_owner_idx"):
        async with crowd.database.transaction() as tx:
            made = await tx.scalar(
                text("SELECT indexdef FROM pg_indexes WHERE indexname = :it"), {"it": index}
            )
            await tx.execute(text(f"DROP INDEX {index}"))
        with pytest.raises(AssertionError):
            check(await reads(crowd, crowd.typical, times=1), SIZE)
        async with crowd.database.transaction() as tx:
            await tx.execute(text(str(made)))


def check(read: Counts, size: int) -> None:
    """One recall: no table from end to end, and little more than the owner's memories."""
    for table in ("memories", "memory_states"):
        assert read[table].scans == 0
    for index, most in (
        ("memories_meaning_idx", size),
        ("memories_owner_idx", 4 * size),  # counted twice, and the newest
        ("memories_terms_idx", 5 * size),  # each term's, twice
    ):
        assert 0 < read.get(index, Read(0, 0)).rows <= most
    assert read["memories"].rows <= 5 * size
    assert read["memory_states"].rows <= 200


async def reads(
    crowd: Crowd,
    owner: Owner,
    times: int = REPEATS,
    *,
    asked: Owner | None = None,
    places: tuple[Where, Where] = (PUBLIC, DIRECT),
    filter: Filter = ALL,
) -> Counts:
    """What one of many recalls reads; `asked`: who asks what `owner` would."""
    prepared = Prepared()
    index = PgVectorIndex(crowd.database)
    recall = Recall(crowd.database, prepared, index, index)
    question, prepared.known[question] = crowd.about(owner)
    before = await _counts(crowd.database)
    for number in range(times):
        where = places[number % 2]
        await recall.search(question, asked or owner, where=where, limit=5, filter=filter)
    after = await _counts(crowd.database)
    return {
        name: Read((scans - before[name].scans) // times, (rows - before[name].rows) // times)
        for name, (scans, rows) in after.items()
    }


async def _counts(database: Database) -> Counts:
    """Connections tell what they read at the latest when they end."""
    await database.engine.dispose()
    async with database.reading() as tx:
        while not await tx.scalar(_ALONE):
            await asyncio.sleep(0.01)
        await tx.execute(text("SELECT pg_stat_clear_snapshot()"))
        return {name: Read(scans or 0, rows or 0) for name, scans, rows in await tx.execute(_READ)}


async def test_candidates_by_meaning_are_the_nearest(crowd: Crowd) -> None:
    owner = crowd.big
    _, asked = crowd.about(owner)
    found = await PgVectorIndex(crowd.database).candidates(owner, question((), asked))
    kept = np.array([it.vector for it in crowd.said[owner]]).astype(np.float16)
    assert asked.vector is not None
    nearest = np.argsort(-(kept.astype(np.float32) @ asked.vector))[: len(found)]
    assert len(found) == 90
    assert {*found} == {crowd.said[owner][number].id for number in nearest}


async def test_vectors_that_are_too_wide_for_the_index_are_compared_too(talk: Talk) -> None:
    ada = await talk.owner()
    ids = await talk.say_all(ada, [f"Note {number}." for number in range(5)])
    wide = np.eye(5, 1_200, dtype=np.float32)
    for memory_id, vector in zip(ids, wide, strict=True):
        async with talk.database.transaction() as tx:
            its = update(Memory).where(Memory.id == memory_id)
            await tx.execute(its.values(embedding=vector.tolist()))
    asked = replace(WORDS_ONLY, vector=wide[3])
    index = PgVectorIndex(talk.database)
    assert await index.candidates(ada, question((), asked), limit=2) == [ids[3]]
    async with talk.database.transaction() as tx:
        await tx.execute(delete(IndexOutbox))
    now = replace(question((), asked), times=Named(years=frozenset({clock.now().year})))
    async with talk.database.reading() as tx:
        found = await recall_store.load(tx, ada, now, [])
    assert {it.memory.memory_id for it in found} == {*ids}


@pytest.mark.parametrize("where", [DIRECT, PUBLIC])
async def test_candidates_by_words_have_the_rarest(crowd: Crowd, where: Where) -> None:
    owner = crowd.big
    its, heard = crowd.said[owner], [*_heard(crowd, owner, where)]
    text_, _ = crowd.about(owner, heard[0])
    terms = lexicon.question_terms(text_)
    found = await PgVectorIndex(crowd.database).candidates(
        owner, question(terms, WORDS_ONLY, where)
    )
    counts = {term: min(FEW, sum(term in it.stems for it in its)) for term in terms}
    rare, before = set[str](), 0
    for term in sorted(filter(counts.get, terms), key=lambda it: (counts[it], terms.index(it))):
        if not before or (counts[term] < FEW and before < NEWEST):
            rare.add(term)
        before += counts[term]
    fits = {
        its[it].id: sum(log(len(its) / counts[term]) for term in terms if term in its[it].stems)
        for it in heard
        if rare.intersection(its[it].stems)
    }
    best = sorted(fits, key=lambda it: (fits[it], it), reverse=True)[:60]
    assert len(best) > 40
    assert {*found} == {*best}


async def test_how_common_terms_are_is_counted_or_nearly(crowd: Crowd) -> None:
    for owner in (crowd.typical, crowd.big):
        its = crowd.said[owner]
        terms = (*its[3].stems, *its[9].stems, "nowhere")[: lexicon.MAX_QUESTION_TERMS]
        asked = question(tuple(dict.fromkeys(terms)), WORDS_ONLY)
        async with crowd.database.reading() as tx:
            vocabulary = await recall_store.vocabulary(tx, owner, asked)
        assert vocabulary.memory_count == len(its)
        for term, frequency in vocabulary.frequencies.items():
            true = sum(term in it.stems for it in its)
            exact = true < FEW or len(its) <= NEWEST
            assert frequency == (true if exact else pytest.approx(true, rel=0.4)), term


@pytest.mark.parametrize("join", ["nestloop", "hashjoin", "mergejoin"])
async def test_how_long_memories_are_is_told_by_the_newest(crowd: Crowd, join: str) -> None:
    """However Postgres comes by them: else a score would hang on what it knows of its tables."""
    its = sorted(crowd.said[crowd.big], key=lambda it: it.id)[-FEW:]
    async with crowd.database.transaction() as tx:
        for other in {"nestloop", "hashjoin", "mergejoin"} - {join}:
            await tx.execute(text(f"SET LOCAL enable_{other} = off"))
        vocabulary = await recall_store.vocabulary(tx, crowd.big, question(("bees",), WORDS_ONLY))
    mean = sum(len({*it.stems}) for it in its) / FEW
    assert vocabulary.mean_length == pytest.approx(mean)


async def test_how_common_terms_are_follows_what_becomes_of_memories(talk: Talk) -> None:
    chance = random.Random(5)  # noqa: S311 - the same each time
    owners = [await talk.owner(), await talk.owner()]
    said: dict[UUID, tuple[Owner, set[str]]] = {}
    asleep: set[UUID] = set()
    words = ("bees", "rain", "tea", "music")
    for _ in range(80):
        owner, told = chance.choice(owners), chance.sample(words, chance.randint(1, 3))
        known = [it for it, (whose, _) in said.items() if whose is owner]
        match (
            chance.choice(("say", "say", "reword", "forget", "sleep", "wake")) if known else "say"
        ):
            case "say":
                memory_id = await talk.say(owner, " ".join(told))
                said[memory_id] = owner, {*told}
            case "reword":
                memory_id = chance.choice(known)
                said[memory_id] = owner, {*told}
                stems = sorted({*lexicon.terms(" ".join(told)), "ada", "lilith"})
                async with talk.database.transaction() as tx:
                    text_ = {"person_text": " ".join(told)}
                    await following_store.rewrite(tx, MemoryId(memory_id), text_, stems)
            case "forget":
                memory_id = chance.choice(known)
                del said[memory_id]
                async with talk.database.transaction() as tx:
                    await tx.execute(delete(Memory).where(Memory.id == memory_id))
            case change:
                memory_id = chance.choice(known)
                (asleep.add if change == "sleep" else asleep.discard)(memory_id)
                dormant = update(Memory).where(Memory.id == memory_id)
                async with talk.database.transaction() as tx:
                    await tx.execute(dormant.values(dormant=change == "sleep"))
    for owner in owners:
        awake = {it: told for it, (whose, told) in said.items() if whose is owner}
        awake = {it: told for it, told in awake.items() if it not in asleep}
        asked = question(tuple(lexicon.terms(" ".join(words))), WORDS_ONLY)
        async with talk.database.reading() as tx:
            candidates = await recall_store.load(tx, owner, asked, list(map(MemoryId, awake)))
            vocabulary = await recall_store.vocabulary(tx, owner, asked)
        assert {it.memory.memory_id for it in candidates} == awake.keys()
        assert vocabulary.memory_count == len(awake)
        assert vocabulary.frequencies == {
            lexicon.terms(word)[0]: sum(word in told for told in awake.values()) for word in words
        }


def _heard(crowd: Crowd, owner: Owner, where: Where) -> Iterator[int]:
    """The numbers of the owner's exchanges that may come up there."""
    return (
        number
        for number, it in enumerate(crowd.said[owner])
        if where is DIRECT or it.venue == where.venue
    )


def question(terms: tuple[str, ...], asked: Asked, where: Where = DIRECT) -> Question:
    return Question(text="", terms=terms, meaning=asked, times=Named(), here=where)
