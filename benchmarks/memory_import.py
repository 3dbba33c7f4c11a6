"""How many memories a second a server takes in from a file and gives out, without reading them.

    python -m benchmarks.memory_import [--memories 20000]

A file of our own JSON Lines (synthetic.py) goes to a running server as `tzurot memory import FILE`
sends it: first the preview, then the import, then the same file again, of which nothing is new. No
worker runs, so nothing is embedded. Beside the rate: the CPU of the server and of Postgres for each
memory, how often the server tells how far it is, and the longest that it says nothing. Then all of
them go out in each format: beside the rate, how much more memory the server holds meanwhile, looked
at every 50 ms.
"""

import argparse
import asyncio
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc.aio
import psutil

from benchmarks.synthetic import Holding, World
from tzurot import clock
from tzurot.account.tokens import ALL_SCOPES, NewToken, Tokens
from tzurot.memory.remembering import Owner
from tzurot.personality import starter
from tzurot.personality.v1 import personality_pb2
from tzurot.storage import embedded, schema
from tzurot.storage.database import Database
from tzurot.transfer.v1 import transfer_service_pb2, transfer_service_pb2_grpc

CHUNK = 64 * 1024
SECONDS = 3600  # that an upload may take

Part = transfer_service_pb2.ImportPersonalityRequest
Stub = transfer_service_pb2_grpc.TransferServiceStub


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one call: seconds, of CPU too, and what was told meanwhile."""

    seconds: float
    server: float
    postgres: float
    told: int
    silence: float


async def main(count: int) -> None:
    """Measure, and print the table."""
    content = file_of(count)
    print(f"{count:,} memories, {len(content) / 2**20:.1f} MiB")
    head = "a second | CPU ms of the server | of Postgres | told | longest silence s"
    print(f"| | {head} |\n|" + " --- |" * 6)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # as root, Postgres runs as another account
        async with embedded.start(Path(folder) / "pg") as url:
            await schema.migrate(url)
            token = await _token(url)
            postmaster = int((Path(folder) / "pg/data/postmaster.pid").read_text().split()[0])
            async with _server(url) as (address, server), _stub(address) as stub:
                for name, only in (("preview", True), ("import", False), ("again", False)):
                    call = _call(stub, token, content, only=only)
                    it = await _measure(call, server, psutil.Process(postmaster))
                    _print(name, count, it)
                print("\n| | a second | MiB | CPU ms of the server | more MiB held |")
                print("|" + " --- |" * 5)
                for name in ("JSON_LINES", "MEM0", "OPENMEMORY"):
                    await _taken(stub, token, name, count, server)


async def _taken(stub: Stub, token: str, name: str, count: int, server: psutil.Process) -> None:
    """One export, and its line of the table."""
    request = transfer_service_pb2.ExportMemoriesRequest(format=f"MEMORY_FORMAT_{name}")
    used, held, began = _cpu(server), server.memory_info().rss, time.perf_counter()
    peak = asyncio.create_task(_peak(server))
    size = 0
    async for part in stub.ExportMemories(request, metadata=_as_them(token), timeout=SECONDS):
        size += len(part.chunk)
    seconds, cpu = time.perf_counter() - began, _cpu(server) - used
    peak.cancel()
    more = max(0, await peak - held) / 2**20
    print(
        f"| {name} | {count / seconds:.0f} | {size / 2**20:.1f} | {cpu / count * 1000:.2f}"
        f" | {more:.0f} |",
        flush=True,
    )


async def _peak(server: psutil.Process) -> int:
    """The most bytes that a server held until this is cancelled."""
    most = 0
    try:
        while True:
            most = max(most, server.memory_info().rss)
            await asyncio.sleep(0.05)
    except asyncio.CancelledError:
        return most


def file_of(count: int) -> bytes:
    """Our own lines."""
    nobody = Owner(clock.uuid7(), clock.uuid7())
    return "\n".join(
        json.dumps(
            {
                "id": str(it.id),
                "text": it.person_text,
                "answer": it.personality_text,
                "occur_time": it.occur_time.isoformat(),
            }
        )
        for it in World(1).exchanges([Holding(nobody, count)])
    ).encode()


def _call(
    stub: Stub, token: str, content: bytes, *, only: bool
) -> grpc.aio.StreamStreamCall[Part, transfer_service_pb2.ImportPersonalityResponse]:
    parts = _parts(content, only=only)
    return stub.ImportPersonality(parts, metadata=_as_them(token), timeout=SECONDS)


def _as_them(token: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {token}"), ("tzurot-subject", "local:benchmark"))


def _parts(content: bytes, *, only: bool) -> Iterator[Part]:
    yield Part(
        header=transfer_service_pb2.ImportHeader(
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            personality=personality_pb2.PersonalityRef(slug=starter.SLUG),
            validate_only=only,
            name="memories.jsonl",
        )
    )
    for start in range(0, len(content), CHUNK):
        yield Part(chunk=content[start : start + CHUNK])


async def _measure(
    call: grpc.aio.StreamStreamCall[Part, transfer_service_pb2.ImportPersonalityResponse],
    server: psutil.Process,
    postgres: psutil.Process,
) -> Figures:
    used, theirs = _cpu(server), _cpu(postgres)
    began = last = time.perf_counter()
    told, silence = 0, 0.0
    async for response in call:
        now = time.perf_counter()
        told += response.HasField("progress")
        silence, last = max(silence, now - last), now
    seconds = time.perf_counter() - began
    return Figures(seconds, _cpu(server) - used, _cpu(postgres) - theirs, told, silence)


def _cpu(process: psutil.Process) -> float:
    """Seconds of CPU of a process and its children."""
    used = [it.cpu_times() for it in (process, *process.children())]
    return sum(it.user + it.system for it in used)


def _print(name: str, count: int, it: Figures) -> None:
    cpu = f"{it.server / count * 1000:.2f} | {it.postgres / count * 1000:.2f}"
    print(
        f"| {name} | {count / it.seconds:.0f} | {cpu} | {it.told} | {it.silence:.1f} |", flush=True
    )


async def _token(url: str) -> str:
    async with Database.open(url) as database:
        await starter.ensure(database)
        _, secret = await Tokens(database).create(
            NewToken("benchmark", ALL_SCOPES, acts_for=("local:*",))
        )
    return secret


@asynccontextmanager
async def _server(url: str) -> AsyncGenerator[tuple[str, psutil.Process]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tzurot", "serve"],
        env=os.environ | {"TZUROT_DATABASE_URL": url, "TZUROT_PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        line = await asyncio.to_thread(process.stdout.readline)
        yield line.split("serves on ")[1].split(";")[0], psutil.Process(process.pid)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


@asynccontextmanager
async def _stub(address: str) -> AsyncGenerator[Stub]:
    async with grpc.aio.insecure_channel(address) as channel:
        yield Stub(channel)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memories", type=int, default=20_000)
    asyncio.run(main(parser.parse_args().memories))
