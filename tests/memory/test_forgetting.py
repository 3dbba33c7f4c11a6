"""Deletion really deletes: a sentence that went everywhere is nowhere, whichever door it left by.

It is said in a turn, embedded, indexed in Weaviate, linked, gathered into a reflection, dreamt of,
learnt as a fact, cited in a later turn, and shown in dialogues that are still open; jobs wait.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import grpc.aio
import pytest
from sqlalchemy import text

from tests.calling import Client, request_for
from tests.conftest import RunningServer, a_database, a_server
from tests.fakes.provider import FakeProvider
from tests.flow.dialogue import Dialogue
from tests.memory.reflection.gathering import tables_with
from tests.memory.sweeping import dump, objects
from tests.session.stage import Person, Stage, set_up, until
from tests.weaviate_server import WeaviateServer
from tzurot import clock
from tzurot.memory.facts.fact_tables import Fact, FactSource
from tzurot.memory.linking import Linking
from tzurot.memory.reflection import reflection
from tzurot.memory.reflection.dreams import Dreams
from tzurot.memory.reflection.dreamt import Gathered
from tzurot.memory.reflection.reflection import Reflection
from tzurot.memory.reflection.reflection_store import ENOUGH
from tzurot.memory.remembering import INDEX_JOB, MemoryId, Owner
from tzurot_client import connect
from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import Place

CANARY = "zyxwv"  # a word, and its own stem
SAID = f"My {CANARY} honeybees live on the roof."
ALIKE = "Honeybees on the roof swarmed."
ASKED = "Which animals live above my house?"  # and no word of it

# What was said where it was said: the message, what other characters there may see of it for some
# hours, and the prompts of the turns that followed it there.
CONVERSATION = {"public.messages", "public.channel_lines", "public.traces"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A server with one person, whose sentence went everywhere."""

    running: RunningServer
    url: str
    weaviate: WeaviateServer
    client: Client
    memory_id: str
    message_id: str

    async def call(self, name: str, **fields: Any) -> Any:
        return await self.client.call(name, request_for(name, **fields))

    async def tables(self) -> set[str]:
        return await tables_with(self.running.parts.database, CANARY)

    async def in_dump(self) -> bool:
        """Whether it is in a dump, as letters or as the digits of bytes."""
        dumped = await dump(self.url)
        return CANARY in dumped or CANARY.encode().hex() in dumped

    async def until_the_index_knows(self) -> None:
        query = text("SELECT 1 FROM index_outbox LIMIT 1")

        async def knows() -> bool:
            async with self.running.parts.database.reading() as tx:
                return await tx.scalar(query) is None

        await until(knows)

    async def in_weaviate(self) -> bool:
        return any(CANARY in it for it in await objects(self.weaviate))


@pytest.fixture
async def kept(
    postgres: str, provider: FakeProvider, weaviate_server: WeaviateServer, tmp_path: Path
) -> AsyncIterator[Kept]:
    """Somebody told it, and all has happened that happens to what is told."""
    settings = {
        "model": "scripted",
        "model_base_url": provider.base_url,
        "weaviate_url": weaviate_server.url,
        "weaviate_grpc_port": weaviate_server.grpc_port,
        "weaviate_api_key": weaviate_server.api_key,
    }
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(a_database(postgres))
        running = await stack.enter_async_context(a_server(url, tmp_path, **settings))
        client = await stack.enter_async_context(connect(running.address, running.token))
        stage = await stack.enter_async_context(set_up(running, provider, client))
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(running.address))
        ada, lilith = stage.person("Ada"), await stage.character("Lilith")
        caller = Client(channel, running.token, ada.subject)
        yield await went_everywhere(stage, ada, lilith, (url, weaviate_server, caller))


async def went_everywhere(
    stage: Stage, ada: Person, lilith: Personality, where: tuple[str, WeaviateServer, Client]
) -> Kept:
    url, weaviate, caller = where
    database, jobs = stage.server.parts.database, stage.server.parts.jobs
    stage.model.script(*["Hm."] * 3)
    told, _ = await ada.asks(SAID, lilith), await ada.asks(ALIKE, lilith)
    ((memory_id, persona_id, message_id),) = await stage.rows(
        "SELECT id, persona_id, message_id FROM memories WHERE turn_id = :id", id=told.turn_id
    )
    owner = Owner(UUID(str(persona_id)), UUID(lilith.id))
    for number in range(ENOUGH):
        request = request_for("CreateMemory", personality_id=lilith.id, text=f"{number}.")
        await caller.call("CreateMemory", request)
    await stage.indexed()
    await Linking(database).tend()
    await Reflection(database, jobs).reflect()  # the server's worker looks

    async def is_gathered() -> bool:
        return bool(await stage.rows("SELECT 1 FROM memories WHERE kind = 'reflection'"))

    await until(is_gathered)
    ((gathered,),) = await stage.rows("SELECT id FROM memories WHERE kind = 'reflection'")
    gist = [Gathered(MemoryId(UUID(str(gathered))), owner, "")]
    assert await Dreams(database).keep(owner, f"I was a {CANARY} bee.", gist, clock.now())
    async with database.transaction() as tx:
        fact = learnt(owner)
        tx.add(fact)
        await tx.flush()
        tx.add(FactSource(fact_id=fact.id, memory_id=memory_id))
    elsewhere = Place(platform="local", channel_id="elsewhere", venue=Venue.DIRECT)
    later = await ada.asks(ASKED, lilith, place=elsewhere)
    assert SAID in later.cited
    for path, more in (("memory browse", {}), ("memory search", {"query": "roof"})):
        dialogue = await Dialogue.start(caller, path, character=lilith.slug, **more)
        item = next(it.key for it in dialogue.view.items if CANARY in it.text)
        await dialogue.answer(dialogue.view.item_action, item=item)
        assert CANARY in str(dialogue.view)
    async with database.transaction() as tx:
        for name in (INDEX_JOB, reflection.REFLECT_JOB):
            await jobs.defer(tx, name)
    await stage.indexed()
    return Kept(stage.server, url, weaviate, caller, str(memory_id), str(message_id))


def learnt(owner: Owner) -> Fact:
    """What a model made of it."""
    now = clock.now()
    return Fact(
        id=clock.uuid7(),
        persona_id=owner.persona_id,
        personality_id=owner.personality_id,
        text=f"Ada keeps {CANARY} honeybees.",
        state="current",
        origin="learnt",
        venue="direct",
        valid_from=now,
        embedding=[0.1, 0.2],
        create_time=now,
    )


async def delete(kept: Kept) -> None:
    await kept.call("DeleteMemory", memory_id=kept.memory_id)


async def purge(kept: Kept) -> None:
    confirmation = (await kept.call("PurgeMemories")).confirmation
    await kept.call("PurgeMemories", confirmation=confirmation)


async def take_back_and_purge(kept: Kept) -> None:
    await kept.call("DeleteMessage", message={"id": kept.message_id})
    assert await kept.tables() == set(), "of what was taken back nothing is left to purge"
    await purge(kept)


async def word_otherwise(kept: Kept) -> None:
    await kept.call("UpdateMemory", memory_id=kept.memory_id, text="My bees live on the roof.")


@pytest.mark.parametrize(
    ("door", "left"),
    [
        (delete, CONVERSATION),
        (purge, CONVERSATION),
        (word_otherwise, CONVERSATION),
        (take_back_and_purge, set[str]()),
    ],
)
async def test_nothing_is_left_but_what_was_said_where_it_was_said(
    kept: Kept, door: Callable[[Kept], Awaitable[None]], left: set[str]
) -> None:
    derived = {"public.memories", "public.dreams", "public.facts"}
    assert await kept.tables() == CONVERSATION | derived
    assert await kept.in_dump()
    assert await kept.in_weaviate()
    await door(kept)
    assert await kept.tables() == left
    assert await kept.in_dump() is bool(left)
    await kept.until_the_index_knows()
    assert not await kept.in_weaviate()
