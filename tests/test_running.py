"""Clients beside a server: one is started, shared, left to live or ended, whoever is killed."""

import asyncio
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tzurot.home import Home
from tzurot.running import CommandMissing, ServerDied, run

# A stand-in for the real server. Its port is its pid, by which tests tell servers apart; it takes
# its leave only when nobody keeps it.
SERVER = """
import os, signal, sys, time
from pathlib import Path
from tzurot.home import Home

def leave(*_):
    (home.path / "leaving").touch()
    while (home.path / "keep").exists():
        time.sleep(0.02)
    sys.exit(0)

home = Home.open(Path(os.environ["TZUROT_HOME"]))
signal.signal(signal.SIGTERM, leave)
with home.lock():
    with (home.path / "servers").open("a") as servers:
        print(os.getpid(), file=servers)
    while (home.path / "slow").exists():
        time.sleep(0.02)
    home.announce(f"127.0.0.1:{os.getpid()}", for_chat=len(sys.argv) > 1)
    while True:
        signal.pause()
"""

# A client: says where it is, repeats what it is told, and says how it was ended.
CLIENT = """
import os, signal, sys
try:
    print(os.environ["TZUROT_ADDRESS"], os.environ["TZUROT_TOKEN_FILE"], flush=True)
    for line in sys.stdin:
        print("heard", line, end="", flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
sys.exit(7)
"""

CHAT = """
import sys
from pathlib import Path
from tzurot.home import Home
from tzurot.running import run
client, server = sys.argv[2:]
serve = [sys.executable, "-c", server, "--for-chat"]
sys.exit(run([sys.executable, "-c", client], Home.open(Path(sys.argv[1])), serve=serve))
"""


@dataclass(slots=True)
class Chat:
    process: asyncio.subprocess.Process

    async def line(self) -> str:
        assert self.process.stdout
        return (await asyncio.wait_for(self.process.stdout.readline(), 60)).decode().rstrip()

    async def server(self) -> int:
        """The pid of the server that the client was given; waits for it."""
        return int((await self.line()).split()[0].rpartition(":")[2])

    async def leave(self) -> int:
        """End the input; returns the exit code."""
        output, errors = await asyncio.wait_for(self.process.communicate(b""), 60)
        assert (output, errors) == (b"", b"")
        return self.process.returncode or 0


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    """A home, at the end of which no server may be left."""
    home = Home.open(tmp_path / "home")
    yield home
    left = home.is_locked()
    for pid in servers(home) if left else []:
        os.kill(pid, signal.SIGKILL)
    assert not left


@asynccontextmanager
async def chat(home: Home, *, client: str = CLIENT) -> AsyncGenerator[Chat]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CHAT, str(home.path), client, SERVER),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # a terminal of its own, as to Ctrl-C
    )
    try:
        yield Chat(process)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.communicate()


@asynccontextmanager
async def make_up(home: Home) -> AsyncGenerator[int]:
    """A server that no chat started; gives its pid."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, env=os.environ | {"TZUROT_HOME": str(home.path)}
    )
    try:
        await until(home.is_locked)
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


def servers(home: Home) -> list[int]:
    """The pids of all servers that ever got the lock."""
    return [int(line) for line in (home.path / "servers").read_text().split()]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_client_gets_a_server_that_ends_with_it(home: Home) -> None:
    async with chat(home) as ada:
        address, token = (await ada.line()).split()
        live = home.live_server()
        assert live
        assert (address, token) == (live.address, str(home.token_path))
        assert ada.process.stdin
        ada.process.stdin.write(b"hello\n")
        assert await ada.line() == "heard hello"
        assert await ada.leave() == 7
    assert not home.is_locked()
    assert not (home.path / "server.json").exists()


async def test_two_chats_share_a_server_until_the_last_leaves(home: Home) -> None:
    async with chat(home) as ada:
        server = await ada.server()
        async with chat(home) as ben:
            assert await ben.server() == server
            assert await ada.leave() == 7
            live = home.live_server()
            assert live
            assert live.pid == server
            await ben.leave()
    assert not home.is_locked()


async def test_chats_that_arrive_at_once_start_one_server(home: Home) -> None:
    async with chat(home) as ada, chat(home) as ben, chat(home) as cleo:
        pids = {await ada.server(), await ben.server(), await cleo.server()}
        assert list(pids) == servers(home)
        await asyncio.gather(ada.leave(), ben.leave(), cleo.leave())
    assert not home.is_locked()


async def test_a_server_that_no_chat_started_is_joined_and_left_alone(home: Home) -> None:
    async with make_up(home) as server:
        async with chat(home) as ada:
            assert await ada.server() == server
            await ada.leave()
        live = home.live_server()
        assert live
        assert live.pid == server


async def test_a_server_that_is_just_starting_is_waited_for(home: Home) -> None:
    (home.path / "slow").touch()
    async with make_up(home) as server, chat(home) as ada:
        await until((home.path / "starting.lock").exists)
        (home.path / "slow").unlink()
        assert await ada.server() == server
        await ada.leave()
        assert servers(home) == [server]


async def test_who_arrives_while_the_last_one_leaves_gets_a_new_server(home: Home) -> None:
    (home.path / "keep").touch()
    async with chat(home) as ada, chat(home) as ben:
        old = await ada.server()
        await ben.server()
        await ben.leave()
        leaving = asyncio.create_task(ada.leave())
        await until((home.path / "leaving").exists)
        async with chat(home) as cleo:
            (home.path / "keep").unlink()
            new = await cleo.server()
            assert new != old
            assert home.live_server()
            await cleo.leave()
        await leaving
    assert servers(home) == [old, new]


async def test_a_killed_chat_leaves_a_server_that_the_next_last_one_ends(home: Home) -> None:
    async with chat(home) as ada:
        server = await ada.server()
        os.killpg(ada.process.pid, signal.SIGKILL)
        await ada.process.communicate()
    live = home.live_server()
    assert live
    assert live.pid == server
    async with chat(home) as ben:
        assert await ben.server() == server
        await ben.leave()
    assert not home.is_locked()


async def test_a_client_whose_runner_was_killed_keeps_its_server(home: Home) -> None:
    async with chat(home) as ada:
        server = await ada.server()
        ada.process.kill()
        await until(lambda: ada.process.returncode is not None)
        async with chat(home) as ben:
            assert await ben.server() == server
            await ben.leave()
        assert home.live_server(), "Ada's client still talks to it"
        assert ada.process.stdin
        assert ada.process.stdout
        ada.process.stdin.write(b"still here\n")
        assert await ada.line() == "heard still here"
        ada.process.stdin.close()
        assert await ada.process.stdout.read() == b""  # the client has ended
    async with chat(home) as cleo:
        assert await cleo.server() == server
        await cleo.leave()


async def test_what_a_killed_server_left_is_ignored(home: Home) -> None:
    stale = {"address": "127.0.0.1:1", "pid": os.getpid(), "started_for_chat": True}
    (home.path / "server.json").write_text(json.dumps(stale))
    async with chat(home) as ada:
        assert await ada.server() == servers(home)[0]
        await ada.leave()


async def test_ctrl_c_is_the_clients_and_the_server_ends_after_it(home: Home) -> None:
    async with chat(home) as ada:
        await ada.server()
        os.killpg(ada.process.pid, signal.SIGINT)  # as a terminal does
        assert await ada.line() == "interrupted"
        assert await ada.leave() == 7
    assert not home.is_locked()


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGHUP])
async def test_a_terminated_chat_takes_client_and_server_with_it(
    home: Home, order: signal.Signals
) -> None:
    async with chat(home) as ada:
        await ada.server()
        ada.process.send_signal(order)
        assert await asyncio.wait_for(ada.process.wait(), 60) == 128 + order
    assert not home.is_locked()


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM])
async def test_who_gives_up_waiting_ends_the_server_that_was_starting(
    home: Home, order: signal.Signals
) -> None:
    (home.path / "slow").touch()
    async with chat(home) as ada:
        await until(lambda: (home.path / "servers").exists() and servers(home) != [])
        ada.process.send_signal(order)
        assert await asyncio.wait_for(ada.process.wait(), 60) != 0
    assert not home.is_locked()


def test_a_server_that_dies_is_told_with_its_last_words(home: Home) -> None:
    serve = [
        sys.executable,
        "-c",
        "print('loading', flush=True); import sys; sys.exit('The port is taken.')",
    ]
    with pytest.raises(
        ServerDied, match=r"^The server did not start \(exit code 1\): The port is taken\.$"
    ):
        run(["true"], home, serve=serve)


def test_a_client_that_is_not_there_is_one_clear_sentence(home: Home) -> None:
    with pytest.raises(CommandMissing, match="There is no command /no/such/client to run"):
        run(["/no/such/client"], home, serve=["false"])


async def test_a_person_at_a_terminal_sees_what_is_waited_for(home: Home) -> None:
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CHAT, str(home.path), "print('hello')", SERVER),
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    await asyncio.wait_for(process.wait(), 60)
    os.close(theirs)
    assert os.read(ours, 1000).decode() == "starting Postgres, loading the model …\r\033[K"
    os.close(ours)
