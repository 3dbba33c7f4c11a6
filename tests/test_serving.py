"""`tzurot-server` as its operator runs it: what it says, how it ends, what it leaves."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Self

import grpc.aio
import pytest
from grpc_health.v1 import health_pb2
from sqlalchemy import text

from tests.conftest import RunningServer, a_database, an_empty_database
from tests.executable import PATIENCE, Ended, run, serving, started
from tests.fakes.provider import Ending, FakeProvider, Gate, Reply
from tests.session.stage import Person, Told, set_up, until
from tzurot.account.subjects import OWNER
from tzurot.account.tokens import ALL_SCOPES, NewToken, Tokens
from tzurot.home import Home
from tzurot.serving import owner_token
from tzurot.storage.database import Database
from tzurot_client import Client, TzurotError, Unavailable, connect
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.memory.v1 import ListMemoriesRequest
from tzurot_client.gen.tzurot.personality.v1 import CreatePersonalityRequest, Personality
from tzurot_client.gen.tzurot.session.v1 import ChatEvent, TurnState

AWAY = "postgresql://127.0.0.1:1/tzurot"  # tcpmux: nobody listens there


def is_one_sentence(ended: Ended, *words: str) -> None:
    """What an operator can mend: one sentence that names it, exit code 2, no traceback."""
    assert ended.code == 2, ended
    (line,) = ended.err.splitlines()
    assert line.startswith("tzurot-server: ")
    assert line.endswith(".")
    for word in words:
        assert word in line
    assert ended.out == ""


TOKEN = ("token", "create", "--name", "bot", "--scope")
# What is run with which settings, and what the answer must name.
MISTAKES: dict[str, tuple[tuple[str, ...], dict[str, str], tuple[str, ...]]] = {
    "serve away": (("serve",), {"database_url": AWAY}, ("database", "refused")),
    "migrate away": (("migrate",), {"database_url": AWAY}, ("database", "refused")),
    "no database": (("migrate",), {}, ("TZUROT_DATABASE_URL",)),
    "no Postgres": (
        ("serve",),
        {"database_url": "mysql://secret@db/x"},
        ("TZUROT_DATABASE_URL", "postgresql://"),
    ),
    "no index": (("reindex",), {"database_url": "READY"}, ("TZUROT_WEAVIATE_URL", "index")),
    "half an endpoint": (
        ("serve",),
        {"database_url": "READY", "embedding_model": "wide"},
        ("TZUROT_EMBEDDING_MODEL", "TZUROT_EMBEDDING_BASE_URL"),
    ),
    "no master keys": (
        ("serve",),
        {"database_url": "READY", "master_keys_file": "FILE/keys"},
        ("FILE/keys", "rotate-keys"),
    ),
    "no master key": (
        ("serve",),
        {"database_url": "READY", "master_keys": "secret"},
        ("master keys", "rotate-keys"),
    ),
    "no scope": ((*TOKEN, "fly"), {"database_url": AWAY}, ("fly", "session.chat")),
    "no number": (("serve",), {"port": "many"}, ("PORT", "integer")),
    "no folder": (("serve",), {"home": "FILE/home"}, ("FILE/home", "cannot be used")),
    "port in use": (("serve",), {"database_url": "READY", "port": "TAKEN"}, ("TAKEN", "in use")),
    "behind": (
        ("serve",),
        {"database_url": "EMPTY"},
        ("revision none", "tzurot-server migrate"),
    ),
    "no revision": (("migrate", "9999"), {"database_url": "READY"}, ("9999", "release")),
}


@pytest.fixture(scope="module")
async def ends(
    postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[str, tuple[Ended, tuple[str, ...]]]]:
    """How each mistake ends; all are made at once, to save time."""
    home, file = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("file") / "file"
    file.touch()
    async with (
        a_database(postgres) as ready,
        an_empty_database(postgres) as empty,
        asyncio.TaskGroup() as tasks,
    ):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            here = {"READY": ready, "EMPTY": empty, "FILE": str(file)}
            here["TAKEN"] = str(taken.getsockname()[1])

            def filled(text: str) -> str:
                return reduce(lambda done, name: done.replace(name, here[name]), here, text)

            running = {}
            for name, (command, settings, _) in MISTAKES.items():
                given = {"home": str(home)} | {it: filled(settings[it]) for it in settings}
                running[name] = tasks.create_task(run(*command, **given))
            ended = {name: await task for name, task in running.items()}
    yield {
        name: (ended[name], tuple(map(filled, words))) for name, (_, _, words) in MISTAKES.items()
    }


class TestMistakes:
    @pytest.mark.parametrize("mistake", MISTAKES)
    def test_it_is_named_in_one_sentence(
        self, ends: dict[str, tuple[Ended, tuple[str, ...]]], mistake: str
    ) -> None:
        ended, words = ends[mistake]
        is_one_sentence(ended, *words)
        assert "secret" not in ended.err


async def test_an_owners_token_of_a_release_with_fewer_scopes_is_made_anew(
    database: Database, tmp_path: Path
) -> None:
    home, tokens = Home(tmp_path), Tokens(database)
    fewer = NewToken("owner", ALL_SCOPES - {"wallet.write"}, subject=OWNER, acts_for=("*",))
    home.write_token((await tokens.create(fewer))[1])
    await owner_token(home, tokens)
    secret = home.token_path.read_text()
    assert (await tokens.authenticate(secret, None)).scopes == ALL_SCOPES
    await owner_token(home, tokens)
    assert home.token_path.read_text() == secret


class TestProduction:
    """With a database of the operator's."""

    async def test_from_an_empty_database_to_an_indexed_memory(
        self, tmp_path: Path, postgres: str, provider: FakeProvider
    ) -> None:
        async with an_empty_database(postgres) as url, Database.open(url) as database:
            settings = {
                "database_url": url,
                "model": "scripted",
                "model_base_url": provider.base_url,
            }
            assert (await run("migrate", home=tmp_path, **settings)).code == 0
            scopes = [f"--scope={it}" for it in ("session.chat", "personality.write")]
            created = await run(
                *("token", "create", "--name", "terminal", "--subject", "local:ada", *scopes),
                home=tmp_path,
                **settings,
            )
            assert (created.code, created.err) == (0, "")
            async with serving("serve", home=tmp_path, **settings) as server:
                async with connect(server.address, created.out.strip()) as client:
                    ada = Person("Ada", "local", "local:ada", client)
                    request = CreatePersonalityRequest(personality=Personality(name="Lilith"))
                    lilith = (await client.personality.create_personality(request)).personality
                    assert lilith
                    assert (await ada.asks("I keep bees.", lilith)).how == "STOP"
                server.signal(signal.SIGTERM)
                assert (await server.ended()).code == 0

            async def waiting() -> int:
                async with database.reading() as tx:
                    return int(await tx.scalar(text("SELECT count(*) FROM index_outbox")) or 0)

            async def indexed() -> bool:
                return await waiting() == 0

            assert await waiting() == 1  # jobs are a worker's business
            async with started("worker", home=tmp_path, **settings) as worker:
                await until(indexed)
                worker.signal(signal.SIGTERM)
                assert (await worker.ended()).code == 0


@dataclass(slots=True)
class Talk:
    """What a person hears of a turn on a server that ends."""

    events: list[ChatEvent]
    rest: AsyncIterator[ChatEvent]

    @classmethod
    async def begin(cls, person: Person, to: Personality) -> Self:
        """Say something and wait for the first word."""
        rest = person.follows(person.saying("Hi", to))
        return cls([await anext(rest), await anext(rest)], rest)

    async def end(self) -> Told:
        """Hear it out; the server may be gone right after the last word."""
        with suppress(Unavailable):
            async for event in self.rest:
                self.events.append(event)
        return Told(tuple(self.events))


async def remembered_turns(client: Client) -> list[str]:
    """The turns of all memories that the caller has."""
    found: list[str] = []
    request = ListMemoriesRequest(page_size=100)
    while True:
        answer = await client.memory.list_memories(request)
        found += [memory.turn_id for memory in answer.memories]
        if not answer.next_page_token:
            return found
        request = ListMemoriesRequest(page_size=100, page_token=answer.next_page_token)


async def is_serving(address: str) -> bool:
    """What a load balancer sees."""
    async with grpc.aio.insecure_channel(address) as channel:
        check = channel.unary_unary(
            "/grpc.health.v1.Health/Check",
            request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
            response_deserializer=health_pb2.HealthCheckResponse.FromString,
        )
        answer = await check(health_pb2.HealthCheckRequest())
    return answer.status == health_pb2.HealthCheckResponse.SERVING


class TestEnd:
    async def test_on_sigterm_turns_end_or_are_cancelled_in_time(
        self, tmp_path: Path, running_server: RunningServer, provider: FakeProvider
    ) -> None:
        """The server in this process is there to look at what the other one left."""
        url = running_server.parts.database.engine.url.render_as_string(hide_password=False)
        gate = Gate()
        gate.release(2)
        settings = {"model": "scripted", "model_base_url": provider.base_url}
        async with (
            connect(running_server.address, running_server.token) as after,
            set_up(running_server, provider, after) as stage,
            serving(
                "serve", home=tmp_path, database_url=url, drain_seconds="2", **settings
            ) as server,
            connect(server.address, running_server.token) as client,
        ):
            ada, bob = stage.person("Ada"), stage.person("Bob")
            lilith = await stage.character("Lilith")
            provider.script(Reply("Until ", "then.", gate=gate))
            ending = await Talk.begin(stage.elsewhere(client, ada), lilith)
            provider.script(Reply("Well, ", ending=Ending.HANG))
            hanging = await Talk.begin(stage.elsewhere(client, bob), lilith)
            assert await is_serving(server.address)

            server.signal(signal.SIGTERM)

            async def draining() -> bool:
                return not await is_serving(server.address)

            await until(draining)
            with pytest.raises(Unavailable) as refused:
                await stage.elsewhere(client, stage.person("Eve")).says("Hi", lilith)
            assert refused.value.reason is ErrorReason.DRAINING
            gate.open()

            told, cut = await ending.end(), await hanging.end()
            assert (told.how, told.text) == ("STOP", "Until then.")
            assert (cut.how, cut.text) == ("CANCELLED", "Well, ")
            ended = await server.ended()
            assert ended.code == 0
            assert "Traceback" not in ended.err
            assert (await ada.turn(told.turn_id)).state is TurnState.ANSWERED
            assert (await bob.turn(cut.turn_id)).state is TurnState.CANCELLED
            assert len(provider.requests) == 2

    async def test_a_postgres_that_is_killed_is_started_once_more_and_not_twice(
        self, tmp_path: Path, provider: FakeProvider
    ) -> None:
        """Under load: what was acknowledged is there afterwards, once, and is remembered."""
        home, tzu = tmp_path / "home", Personality(slug="tzu")
        settings = {"model": "scripted", "model_base_url": provider.base_url}
        pid_file = home / "postgres" / "data" / "postmaster.pid"
        acknowledged: dict[str, list[str]] = {"ada": [], "bob": []}
        async with (
            serving("serve", home=home, **settings) as server,
            connect(server.address, (home / "token").read_text()) as client,
        ):
            people = {it: client.acting_for(f"local:{it}") for it in acknowledged}

            async def talk(name: str) -> None:
                person = Person(name, "local", f"local:{name}", people[name])
                while True:
                    with suppress(TzurotError):
                        told = await person.asks("I keep bees.", tzu)
                        if told.how == "STOP":
                            acknowledged[name].append(told.turn_id)
                    await asyncio.sleep(0.1)

            async def heard(more: int) -> None:
                enough = sum(map(len, acknowledged.values())) + more
                async with asyncio.timeout(PATIENCE):
                    while sum(map(len, acknowledged.values())) < enough:
                        await asyncio.sleep(0.01)

            talking = [asyncio.create_task(talk(name)) for name in acknowledged]
            await heard(4)
            first = int(pid_file.read_text().splitlines()[0])
            os.kill(first, signal.SIGKILL)
            await heard(4)
            second = int(pid_file.read_text().splitlines()[0])
            assert second != first
            for task in talking:
                task.cancel()
            await asyncio.wait(talking)

            for name, turns in acknowledged.items():
                remembered = await remembered_turns(people[name])
                assert len(remembered) == len(set(remembered))
                assert set(turns) <= set(remembered)

            os.kill(second, signal.SIGKILL)
            ended = await server.ended()
        assert ended.code == 2
        assert ended.err.splitlines()[-1].startswith("tzurot-server: Postgres ended by itself")
        assert "Traceback" not in ended.err

    async def test_on_ctrl_c_a_home_is_left_clean_for_the_next_server(
        self, tmp_path: Path, provider: FakeProvider
    ) -> None:
        home = tmp_path / "home"
        settings = {"model": "scripted", "model_base_url": provider.base_url}
        async with serving("serve", home=home, **settings) as server:
            second = await run("serve", home=home, **settings)
            is_one_sentence(second, str(server.process.pid), server.address)
            async with connect(server.address, (home / "token").read_text()) as client:
                ada = Person("Ada", "local", "local:owner", client)
                assert (await ada.asks("Hi", Personality(slug="tzu"))).how == "STOP"
            server.signal(signal.SIGINT)
            ended = await server.ended()
        assert (ended.code, ended.err) == (0, "")
        assert not (home / "server.json").exists()
        assert not (home / "postgres" / "data" / "postmaster.pid").exists()
        assert (home / "postgres" / "data" / "PG_VERSION").exists()
