"""How long recall takes, once the question is read, and what a hundred times as many change.

    python -m benchmarks.recall_latency [--memories 1000000] [--owners 1000] [--engine both]

Synthetic exchanges (synthetic.py) are put into the product's tables in an embedded Postgres, and
for Weaviate through the product's own index into a server; then questions are asked through the
`Recall.search` that a turn uses, one after the other, in direct and in public channels, about one
time in ten with a month. What they mean is prepared: reading a question costs the same whatever is
remembered. Each question is another owner's, as far as there are so many.

First with 10,000 memories of owners that have as many each: growth is the ratio of the two in one
run. Among the many are one owner with 100,000 memories more, and one with 5, who has to get all 5.

    python -m benchmarks.recall_latency --place 100 --memories 10000

One channel in which so many people have told one character so many things, among ten times as much
that was said elsewhere: each asks there, with what the others said and without.
"""

import argparse
import asyncio
import itertools
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[1]))  # also when run by its path

from benchmarks import loading
from benchmarks.synthetic import PLATFORM, Holding, World
from tests import weaviate_server
from tzurot import clock
from tzurot.llm.embeddings import Embedder
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.port import MemoryIndex
from tzurot.memory.index.weaviate import WeaviateIndex
from tzurot.memory.meaning import Asked, Meaning
from tzurot.memory.recall import Recall, Recalled
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Venue, Where
from tzurot.storage import embedded, schema
from tzurot.storage.database import Database

ENGINES = ("postgres", "weaviate")
FEW = 10_000  # memories that growth is measured from
SMALL = 5  # memories of the owner who has to get them all
SEED = 7
DIRECT = Where(Venue.DIRECT, PLATFORM, "direct", adults=True)
PUBLIC = Where(Venue.PUBLIC_CHANNEL, PLATFORM, "public")
MONTHS = [
    "January",
    "February",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
LIMIT = 10  # hits

_ABOUT = text("""
    SELECT person_text || ' ' || personality_text, embedding::text FROM memories
    WHERE persona_id = :persona_id AND personality_id = :personality_id
    ORDER BY md5(id::text || :salt) LIMIT :count
""")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured."""

    memories: int
    owners: int
    big: int
    questions: int
    engines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Asking:
    """A question of an owner's; what it means is prepared."""

    owner: Owner
    where: Where
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds of all questions of one kind, and of CPU for one."""

    p50: float
    p95: float
    p99: float
    cpu: float


class Prepared(Meaning):
    """Questions whose meaning is known."""

    def __init__(self) -> None:
        super().__init__(Embedder())
        self.known: dict[str, Asked] = {}

    async def of_question(self, text: str) -> Asked:
        return self.known[text]


async def main(plan: Plan) -> None:
    """Measure few, then many, and print the table."""
    began = time.perf_counter()
    few = max(1, round(FEW * plan.owners / plan.memories))
    size = plan.memories // plan.owners
    before = await measured(plan, [size] * few)
    sizes = [*[size] * (plan.owners - 2), plan.big, SMALL]
    after = await measured(plan, sizes)
    print("| engine | memories | p50 ms | p95 ms | p99 ms | CPU ms |")
    print("| --- | --- | --- | --- | --- | --- |")
    for engine in plan.engines:
        _print(engine, f"{few * size:,} of {few}", before[engine])
        _print(engine, f"{sum(sizes):,} of {plan.owners:,}", after[engine])
        if plan.big:
            _print(engine, f"of them the owner of {plan.big:,}", after[f"{engine}, big"])
        growth = after[engine].p50 / before[engine].p50, after[engine].p95 / before[engine].p95
        print(f"| {engine} | growth | {growth[0]:.2f}× | {growth[1]:.2f}× | | |")
    print(f"{(time.perf_counter() - began) / 60:.1f} minutes")


async def in_one_place(memories: int, people: int, questions: int) -> None:
    """What it costs that others were heard in a channel."""
    size = memories // people
    there = [Holding(Owner(clock.uuid7(), clock.uuid7()), size) for _ in range(people)]
    elsewhere = [
        Holding(Owner(clock.uuid7(), clock.uuid7()), 1_000) for _ in range(memories // 100)
    ]
    character, world, asked = there[0].owner.personality_id, World(SEED), Prepared()
    own = {it.owner.persona_id: Owner(it.owner.persona_id, character) for it in there}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database, address = await started(stack, folder)
        await loading.owners(database, [*there, *elsewhere])
        exchanges = (
            replace(it, owner=own[it.owner.persona_id], venue=PUBLIC.venue, channel_id="public")
            if it.owner.persona_id in own
            else it
            for it in world.exchanges([*there, *elsewhere])
        )
        await asyncio.to_thread(loading.into_postgres, address, exchanges)
        chance = random.Random(SEED)  # noqa: S311 - the same each time
        asking = [
            Asking(owner, PUBLIC, await _question(database, world, asked, owner, chance))
            for owner, _ in zip(itertools.cycle(own.values()), range(questions), strict=False)
        ]
        index = PgVectorIndex(database)
        alone = Recall(database, asked, index, index)
        print(
            "| what comes up | p50 ms | p95 ms | p99 ms | CPU ms |\n| --- | --- | --- | --- | --- |"
        )
        for what, recall in (
            ("own", alone),
            ("own and others'", Hearing(database, asked, index, index)),
        ):
            it = await times(recall, asking)
            print(f"| {what} | {it.p50:.1f} | {it.p95:.1f} | {it.p99:.1f} | {it.cpu:.1f} |")


class Hearing(Recall):
    """Recall in a channel where all let what they said come up for the others."""

    async def search(self, query: str, owner: Owner, **asked: Any) -> Recalled:
        here: Where = asked["where"]
        others = await self.spoke(owner.personality_id, here, owner.persona_ids)
        asked["where"] = replace(here, heard=tuple(others))
        return await super().search(query, owner, **asked)


async def measured(plan: Plan, sizes: Sequence[int]) -> dict[str, Figures]:
    """All engines over memories of owners that have so many each."""
    holdings = [Holding(Owner(clock.uuid7(), clock.uuid7()), size) for size in sizes]
    world, asked = World(SEED), Prepared()
    figures: dict[str, Figures] = {}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database, address = await started(stack, folder)
        await loading.owners(database, holdings)
        with timed(f"Postgres takes {sum(sizes):,} memories"):
            exchanges = world.exchanges(holdings)
            await asyncio.to_thread(loading.into_postgres, address, exchanges)
        typical, big = await askings(database, world, asked, plan, holdings)
        fallback = PgVectorIndex(database)
        for engine in plan.engines:
            async with opened(engine, database, folder, address, holdings) as index:
                recall = Recall(database, asked, index, fallback)
                with timed(f"{engine} answers"):
                    figures[engine] = await times(recall, typical)
                    if big:
                        figures[f"{engine}, big"] = await times(recall, big)
                await check_small(recall, database, world, asked, holdings)
    return figures


async def started(stack: AsyncExitStack, folder: Path) -> tuple[Database, str]:
    """An empty database in a folder, and where psycopg finds it."""
    folder.chmod(0o711)  # as root, Postgres runs as another account
    url = await stack.enter_async_context(embedded.start(folder / "pg"))
    await schema.migrate(url)
    return await stack.enter_async_context(Database.open(url)), url.replace("+psycopg", "")


@asynccontextmanager
async def opened(
    engine: str, database: Database, folder: Path, address: str, holdings: Sequence[Holding]
) -> AsyncIterator[MemoryIndex]:
    """An engine that has all that Postgres has."""
    if engine == "postgres":
        yield PgVectorIndex(database)
        return
    home = folder / "weaviate"
    home.mkdir()
    with ExitStack() as stack:
        server = stack.enter_context(weaviate_server.running(home))
        async with WeaviateIndex.open(
            server.url, grpc_port=server.grpc_port, api_key=server.api_key, database=database
        ) as index:
            with timed("Weaviate takes them"):
                await loading.into_index(index, database, address, holdings)
            yield index


async def askings(
    database: Database, world: World, asked: Prepared, plan: Plan, holdings: Sequence[Holding]
) -> tuple[list[Asking], list[Asking]]:
    """Questions of typical owners in turn, and of the one who has more than all others."""
    size = holdings[0].size
    typical = itertools.cycle([it.owner for it in holdings if it.size == size])
    big = itertools.cycle([it.owner for it in holdings if it.size > size])
    chance = random.Random(SEED)  # noqa: S311 - the same each time
    places = [chance.choice((DIRECT, DIRECT, PUBLIC)) for _ in range(plan.questions)]
    asking = [
        Asking(owner, where, await _question(database, world, asked, owner, chance))
        for owner, where in zip(typical, places, strict=False)
    ]
    if all(it.size <= size for it in holdings):
        return asking, []
    return asking, [
        Asking(owner, where, await _question(database, world, asked, owner, chance))
        for owner, where in zip(big, places[: plan.questions // 4], strict=False)
    ]


async def _question(
    database: Database, world: World, asked: Prepared, owner: Owner, chance: random.Random
) -> str:
    """About one of the owner's memories."""
    about = await _about(database, owner, 1, str(chance.random()))
    question, meaning = world.question(about, length=chance.randint(4, 10))
    if chance.random() < 0.1:
        question += f" in {chance.choice(MONTHS)}"
    asked.known[question] = meaning
    return question


async def _about(
    database: Database, owner: Owner, count: int, salt: str
) -> list[tuple[str, np.ndarray]]:
    """What some of the owner's memories say, and their vectors."""
    wanted = {"persona_id": owner.persona_id, "personality_id": owner.personality_id}
    async with database.reading() as tx:
        rows = await tx.execute(_ABOUT, wanted | {"salt": salt, "count": count})
        return [(said, loading.vector_of(vector)) for said, vector in rows]


async def times(recall: Recall, asking: Sequence[Asking]) -> Figures:
    """How long each question took; the first tenth is asked once before, for warm plans."""
    for it in asking[: len(asking) // 10]:
        await recall.search(it.text, it.owner, where=it.where, limit=LIMIT)
    took: list[float] = []
    cpu = _cpu()
    for it in asking:
        begun = time.perf_counter()
        await recall.search(it.text, it.owner, where=it.where, limit=LIMIT)
        took.append(time.perf_counter() - begun)
    spent = (_cpu() - cpu) / len(asking) * 1000
    return Figures(*np.percentile(np.array(took) * 1000, (50, 95, 99)).tolist(), cpu=spent)


async def check_small(
    recall: Recall, database: Database, world: World, asked: Prepared, holdings: Sequence[Holding]
) -> None:
    """Whether who has few memories among so many gets all of them."""
    for owner in (it.owner for it in holdings if it.size == SMALL):
        about = await _about(database, owner, SMALL, "")
        question, meaning = world.question(about, length=12)
        asked.known[question] = meaning
        found = await recall.search(question, owner, where=DIRECT, limit=LIMIT)
        print(f"the owner of {SMALL} gets {len(found.hits)}", flush=True)
        assert len(found.hits) == SMALL


def _cpu() -> float:
    """Seconds of CPU that we have used, and Postgres and Weaviate, which are our children."""
    own = psutil.Process()
    used = [it.cpu_times() for it in (own, *own.children(recursive=True))]
    return sum(it.user + it.system for it in used)


@contextmanager
def timed(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def _print(engine: str, memories: str, it: Figures) -> None:
    print(f"| {engine} | {memories} | {it.p50:.1f} | {it.p95:.1f} | {it.p99:.1f} | {it.cpu:.1f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memories", type=int, default=1_000_000)
    parser.add_argument("--owners", type=int, default=1_000)
    parser.add_argument("--big", type=int, default=100_000, help="memories of one owner more")
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--engine", choices=(*ENGINES, "both"), default="both")
    parser.add_argument("--place", type=int, default=0, help="people in one channel, instead")
    chosen = parser.parse_args()
    if chosen.place:
        asyncio.run(in_one_place(chosen.memories, chosen.place, chosen.questions))
        sys.exit()
    engines = ENGINES if chosen.engine == "both" else (chosen.engine,)
    asyncio.run(main(Plan(chosen.memories, chosen.owners, chosen.big, chosen.questions, engines)))
