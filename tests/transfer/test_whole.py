"""All of a file or nothing: what a caller who leaves, a failure or `kill -9` leave behind."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import grpc.aio
import pytest
from sqlalchemy import text

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.executable import serving
from tests.transfer import backup
from tests.transfer.handing import Mover, done, mover, parts, sample

MANY = 40  # memories
PATIENCE = 60  # seconds


@pytest.fixture(scope="module")
def content() -> bytes:
    """A character with many memories of one person."""
    memories = [
        backup.memory(f"m{number}", f"Note {number} of the keeper.", backup.ME, day=1 + number % 28)
        for number in range(MANY)
    ]
    config = json.loads(sample("shapes/marta_config.json"))
    whole = {
        "exportedAt": "2026-01-01T00:00:00.000Z",
        "sourceSlug": "marta-lamp",
        "config": config,
        "memories": memories,
        "stories": backup.STORIES,
        "userPersonalization": backup.PERSON,
        "stats": {"memoriesCount": MANY, "storiesCount": 3},
    }
    return json.dumps(whole).encode()


@asynccontextmanager
async def halted(served: Served) -> AsyncGenerator[None]:
    """Let every import stop where it stores its memories: the last of what it does."""
    async with served.running.parts.database.transaction() as tx:
        await tx.execute(text("LOCK TABLE imported_memories IN SHARE MODE"))
        yield


async def start(client: Client, content: bytes) -> AsyncGenerator[Any]:
    """An import that has come to its memories."""
    async for response in client.stream("ImportPersonality", parts(content)):
        if response.progress.label == "storing memories":
            yield response


@pytest.mark.parametrize("only", [True, False])
async def test_it_is_told_how_far_a_file_of_many_memories_is(served: Served, only: bool) -> None:
    lines = [json.dumps({"text": f"I keep {number} bees."}) for number in range(1_200)]
    content = "\n".join(lines).encode()
    me = mover(served)
    created = await me.client.call(
        "CreatePersonality", request_for("CreatePersonality", personality={"name": "Keeper"})
    )
    keeper = {"id": created.personality.id}
    asked = parts(content, personality=keeper, validate_only=only, name="memories.jsonl")
    told = [response async for response in me.client.stream("ImportPersonality", asked)]
    label = "looking at memories" if only else "storing memories"
    progress = [it.progress for it in told if it.HasField("progress")]
    counts = [(it.done_count, it.total_count) for it in progress if it.label == label]
    assert counts == [(0, 1_200), (500, 1_200), (1_000, 1_200)]
    assert told[-1].WhichOneof("event") == ("preview" if only else "result")


async def test_a_caller_who_leaves_in_the_middle_leaves_nothing(
    content: bytes, served: Served
) -> None:
    me = mover(served)
    async with halted(served):
        async with asyncio.timeout(PATIENCE), aclosing(start(me.client, content)) as told:
            await anext(told)
        await _is_empty(me)
    await _is_empty(me)
    await _comes_whole(me, content)


async def test_a_server_that_is_killed_in_the_middle_leaves_nothing(
    content: bytes, served: Served, tmp_path: Path
) -> None:
    me = mover(served)
    url = served.running.parts.database.engine.url.render_as_string(hide_password=False)
    settings = {"model": "scripted", "model_base_url": served.provider.base_url}
    async with (
        serving("serve", home=tmp_path, database_url=url, **settings) as doomed,
        grpc.aio.insecure_channel(doomed.address) as channel,
    ):
        there = Client(channel, served.running.token, me.client.subject)
        async with halted(served):
            async with asyncio.timeout(PATIENCE), aclosing(start(there, content)) as told:
                await anext(told)
                doomed.kill()
                await doomed.ended()
                with suppress(grpc.aio.AioRpcError, StopAsyncIteration):
                    await anext(told)
            await _is_empty(me)
    await _comes_whole(me, content)


async def test_a_failure_in_the_middle_leaves_nothing(content: bytes, served: Served) -> None:
    me = mover(served)
    async with served.running.parts.database.transaction() as tx:
        await tx.execute(
            text(
                "ALTER TABLE memories ADD CONSTRAINT of_a_test"
                " CHECK (person_text <> 'Note 7 of the keeper.') NOT VALID"
            )
        )
    refusal = await me.is_refused(content)
    async with served.running.parts.database.transaction() as tx:
        await tx.execute(text("ALTER TABLE memories DROP CONSTRAINT of_a_test"))
    assert refusal.reason == "INTERNAL"
    await _is_empty(me)
    await _comes_whole(me, content)


async def test_twins_at_the_same_time_make_one_character(content: bytes, served: Served) -> None:
    me = mover(served)
    twins = await asyncio.gather(*(me.imports(content) for _ in range(3)))
    assert len({twin.personality.id for twin in twins}) == 1
    assert [done(twin).get(("create", "memory"), 0) for twin in twins].count(MANY) == 1
    assert len(await me.lists("ListPersonalities", mine=True)) == 1


async def _is_empty(me: Mover) -> None:
    for rpc in ("ListMemories", "ListLorebooks", "ListConversations"):
        assert await me.lists(rpc) == []
    assert await me.lists("ListPersonalities", mine=True) == []
    assert len(await me.lists("ListPersonas")) == 1  # the default one


async def _comes_whole(me: Mover, content: bytes) -> None:
    """It goes in once, and nothing doubles."""
    assert done(await me.imports(content)) == {
        ("create", "personality"): 1,
        ("create", "persona"): 1,
        ("create", "document"): 1,
        ("create", "memory"): MANY,
    }
    assert {verb for verb, _ in done(await me.imports(content))} == {"keep"}
