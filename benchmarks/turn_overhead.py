"""What a turn costs besides model and embedding, beside the floor, in one run.

    python -m benchmarks.turn_overhead [--turns 200]

Twenty-five people talk, each in a new conversation every time and about something new, while a
worker indexes what they said. The floor is a bare grpc.aio stream of the same 41 events with one
INSERT, once as fast as it can and once paced as the provider's words are. All servers are
processes of their own; their CPU is the kernel's count. The provider client (one request, 39
words) is measured by itself and listed apart: it is the openai package's, not the turn's.
"""

import argparse
import asyncio
import json
import os
import resource
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import grpc.aio

from tzurot import clock
from tzurot.account.tokens import ALL_SCOPES, NewToken, Tokens
from tzurot.common.v1 import venue_pb2
from tzurot.llm.openai_compatible import OpenAICompatibleModel, connections
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import ChatMessage, ModelRequest, Role
from tzurot.personality import starter
from tzurot.session.v1 import session_service_pb2
from tzurot.storage import embedded, schema
from tzurot.storage.database import Database

CHAT = "/tzurot.session.v1.SessionService/Chat"
PEOPLE = 25
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one server: per turn, in milliseconds; turns per second."""

    cpu: float
    p50: float
    events: float
    alone: float
    at_50: float
    before_request: float | None = None


async def main(turns: int) -> None:
    """Measure both servers and the client, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # as root, Postgres runs as another account
        async with embedded.start(Path(folder) / "pg") as url, _provider() as (provider, report):
            await schema.migrate(url)
            token = await _prepare(url)
            environment = {
                "TZUROT_DATABASE_URL": url,
                "TZUROT_PORT": "0",
                "TZUROT_MODEL": "paced",
                "TZUROT_MODEL_BASE_URL": provider,
                "TZUROT_OLLAMA_URL": "http://127.0.0.1:9",
            }
            async with (
                _server(["benchmarks.bare_server"], environment) as bare,
                _server(["benchmarks.bare_server", "paced"], environment) as paced,
                _server(["benchmarks.turn_server"], environment) as ours,
                _worker(environment),
            ):
                metadata = (("authorization", f"Bearer {token}"),)
                floor = await _measure(bare, turns, (), report)
                slow = await _measure(paced, turns, (), report)
                turn = await _measure(ours, turns, metadata, report)
        client = await _client(turns)
    _print(floor, slow, turn, client)


async def _prepare(url: str) -> str:
    async with Database.open(url) as database:
        await starter.ensure(database)
        _, secret = await Tokens(database).create(
            NewToken("benchmark", ALL_SCOPES, acts_for=("local:*",))
        )
    return secret


@asynccontextmanager
async def _worker(environment: dict[str, str]) -> AsyncGenerator[None]:
    """Indexes what was said, as in production in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.turn_server", "worker"],
        env=os.environ | environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


async def _measure(
    server: tuple[str, int],
    turns: int,
    metadata: tuple[tuple[str, str], ...],
    report: Callable[[], Awaitable[list[float]]],
) -> Figures:
    address, pid = server
    async with grpc.aio.insecure_channel(address) as channel:
        chat = channel.unary_stream(
            CHAT,
            request_serializer=session_service_pb2.ChatRequest.SerializeToString,
            response_deserializer=None,
        )

        numbers = count()

        async def one() -> tuple[float, float, int]:
            sent, began, events = time.time(), time.perf_counter(), 0
            person = ("tzurot-subject", f"local:person-{next(numbers) % PEOPLE}")
            async for _ in chat(_request(), metadata=(*metadata, person), timeout=60):
                events += 1
            return sent, time.perf_counter() - began, events

        for _ in range(PEOPLE * 2):
            await one()
        await report()
        cpu, began = _cpu(pid), time.perf_counter()
        single = [await one() for _ in range(turns)]
        alone = turns / (time.perf_counter() - began)
        cpu_each = (_cpu(pid) - cpu) / turns * 1000
        arrived = await report()
        gate = asyncio.Semaphore(50)

        async def gated() -> None:
            async with gate:
                await one()

        began = time.perf_counter()
        await asyncio.gather(*(gated() for _ in range(turns * 2)))
        at_50 = turns * 2 / (time.perf_counter() - began)
    before = [a - s[0] for a, s in zip(arrived, single, strict=False)]
    return Figures(
        cpu=cpu_each,
        p50=statistics.median(s[1] for s in single) * 1000,
        events=statistics.mean(s[2] for s in single),
        alone=alone,
        at_50=at_50,
        before_request=statistics.median(before) * 1000 if before else None,
    )


def _request() -> session_service_pb2.ChatRequest:
    """A new conversation each time, so that no history grows."""
    request = session_service_pb2.ChatRequest(request_id=str(clock.uuid7()))
    request.place.platform, request.place.channel_id = "terminal", clock.uuid7().hex
    request.place.venue = venue_pb2.VENUE_DIRECT
    request.utterance.text = " ".join(secrets.token_hex(3) for _ in range(8))
    request.addressees.add().slug = starter.SLUG
    return request


async def _client(turns: int) -> float:
    """CPU of the provider client alone, milliseconds a reply."""
    async with _provider() as (base_url, _), connections() as http:
        speaker = Speaker(SpeakerKind.CONFIGURED, "paced", "paced", base_url=base_url)
        model = OpenAICompatibleModel(speaker, http)
        request = ModelRequest((ChatMessage(Role.USER, "How is the light tonight?"),))
        began = 0.0
        for number in range(turns + 20):
            if number == 20:
                began = _own_cpu()
            async for _ in model.stream(request, timeout=30):
                pass
        return (_own_cpu() - began) / turns * 1000


@asynccontextmanager
async def _server(
    module: list[str], environment: dict[str, str]
) -> AsyncGenerator[tuple[str, int]]:
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        line = await asyncio.to_thread(process.stdout.readline)
        yield line.split("serves on ")[1].split(";")[0], process.pid
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


@asynccontextmanager
async def _provider() -> AsyncGenerator[tuple[str, Callable[[], Awaitable[list[float]]]]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.paced_provider"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        port, reports = json.loads(await asyncio.to_thread(process.stdout.readline))

        async def report() -> list[float]:
            reader, writer = await asyncio.open_connection("127.0.0.1", reports)
            told = json.loads(await reader.read())
            writer.close()
            return told

        yield f"http://127.0.0.1:{port}/v1", report
    finally:
        process.terminate()
        process.wait()


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has used, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _print(floor: Figures, paced: Figures, turn: Figures, client: float) -> None:
    ours = turn.cpu - client
    rows = [
        ("", "floor", "paced", "turn", "÷ floor", "÷ paced", "aim"),
        ("events a turn", f"{floor.events:.1f}", f"{paced.events:.1f}", f"{turn.events:.1f}"),
        ("CPU of the server, ms", f"{floor.cpu:.1f}", f"{paced.cpu:.1f}", f"{turn.cpu:.1f}"),
        ("  of it provider client, ms", "", "", f"{client:.1f}"),
        (
            "  without it, ms",
            f"{floor.cpu:.1f}",
            f"{paced.cpu:.1f}",
            f"{ours:.1f}",
            f"{ours / floor.cpu:.2f}",
            f"{ours / paced.cpu:.2f}",
            "≤ 2",
        ),
        (
            "before the request leaves, p50 ms",
            *("", "", f"{turn.before_request or 0:.1f}", "", "", "< 10"),
        ),
        ("whole turn alone, p50 ms", f"{floor.p50:.1f}", f"{paced.p50:.1f}", f"{turn.p50:.1f}"),
        ("turns/s, one at a time", f"{floor.alone:.0f}", f"{paced.alone:.0f}", f"{turn.alone:.0f}"),
        (
            "turns/s, 50 at once",
            f"{floor.at_50:.0f}",
            f"{paced.at_50:.0f}",
            f"{turn.at_50:.0f}",
            f"{turn.at_50 / floor.at_50:.2f}",
            f"{turn.at_50 / paced.at_50:.2f}",
            "≥ 0.5",
        ),
    ]
    for name, *values in rows:
        print(f"{name:<36}" + "".join(f"{value:>9}" for value in values))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=200)
    asyncio.run(main(parser.parse_args().turns))
