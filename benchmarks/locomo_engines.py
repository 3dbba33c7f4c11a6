"""Do both engines find the same? LoCoMo's first conversation, asked through each.

    python benchmarks/locomo_engines.py FILE [--conversations N]

FILE is LoCoMo's own JSON, as for locomo_recall.py. Weaviate is found or started as the tests do it
(tests/weaviate_server.py). Printed for each engine: recall at 5, 10 and 20 turns; and for both: how
many of the ten best memories they share, on average and at worst.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).parents[1]))  # also when run by its path

from benchmarks.locomo import Conversation, read
from benchmarks.locomo_recall import PLACE, Outcome, Room, figures, outcome, side_by_side
from tests import weaviate_server
from tzurot.llm.embeddings import Embedder
from tzurot.memory.index.outbox import Relay
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.reindexing import Reindexing
from tzurot.memory.index.weaviate import WeaviateIndex
from tzurot.memory.meaning import Meaning
from tzurot.memory.reading.slots import Slots
from tzurot.memory.recall import Recall, Recalled
from tzurot.storage import embedded, schema
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs

TOP = 10


@dataclass(slots=True)
class Engines:
    """The memory room over both, on one database."""

    room: Room
    relay: Relay
    recalls: dict[str, Recall]

    async def compare(self, talk: Conversation) -> tuple[dict[str, list[Outcome]], list[int]]:
        """The outcomes of each engine, and how many of the best ten they share, by question."""
        owner = await self.room._people()
        said = await self.room._store(talk, owner)
        await self.relay.drain()
        outcomes: dict[str, list[Outcome]] = {name: [] for name in self.recalls}
        shared: list[int] = []
        for question in talk.questions:
            evidence = {n for n, line in enumerate(talk.lines) if line.id in question.evidence}
            best: list[set[object]] = []
            for name, recall in self.recalls.items():
                found = await recall.search(
                    question.text, owner, where=PLACE, limit=len(talk.lines)
                )
                assert not found.degraded, name
                ranking = side_by_side(found.hits, said, talk)
                outcomes[name].append(outcome(question, evidence, ranking))
                best.append(best_of(found))
            shared.append(TOP - max(len(best[0] - best[1]), len(best[1] - best[0])))
        return outcomes, shared


def best_of(found: Recalled) -> set[object]:
    """The ids of the ten best."""
    return {hit.memory_id for hit in found.hits[:TOP]}


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Engines]:
    """Both engines, empty."""
    embedder = Embedder()
    with weaviate_server.running(folder / "weaviate") as server:
        async with embedded.start(folder / "pg") as url:
            await schema.migrate(url)
            async with (
                Database.open(url) as database,
                Jobs.open(url) as jobs,
                WeaviateIndex.open(
                    server.url,
                    grpc_port=server.grpc_port,
                    api_key=server.api_key,
                    database=database,
                ) as engine,
            ):
                slots, exact = Slots(database, Meaning(embedder)), PgVectorIndex(database)
                relay = Relay(database, slots, engine)
                await Reindexing(database, slots, engine, relay).run()
                room = Room(database, jobs, embedder, {})
                room._relay = relay
                recalls = {
                    name: Recall(database, slots, index, exact)
                    for name, index in (("postgres", exact), ("weaviate", engine))
                }
                yield Engines(room, relay, recalls)
    embedder.close()


async def main(file: Path, conversations: int) -> None:
    """Print how far the engines agree."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)  # as root, Postgres runs as another account
        (folder / "weaviate").mkdir()
        async with opened(folder) as engines:
            for number, talk in enumerate(read(file)[:conversations], 1):
                outcomes, shared = await engines.compare(talk)
                print(f"conversation {number}: {len(talk.questions)} questions")
                for engine, found in outcomes.items():
                    print(f"  {engine:9}", *(f"{n} {it:.3f}" for n, it in figures(found).items()))
                few = sum(it < TOP - 1 for it in shared)
                print(
                    f"  of the best {TOP} both have {mean(shared):.2f} on average,"
                    f" {min(shared)} at worst; less than {TOP - 1} for {few} questions"
                )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--conversations", type=int, metavar="N", default=1, help="the first N")
    arguments = parser.parse_args()
    asyncio.run(main(arguments.file, arguments.conversations))
