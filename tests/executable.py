"""`tzurot-server` as its operator runs it: a process, its output, its exit code."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.forking import Forked, Forks

PATIENCE = 60.0  # seconds: a first start beside much else
NOBODY = "http://127.0.0.1:9"  # the discard port: no Ollama of the developer's


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def environment(home: Path | str, **settings: str) -> Mapping[str, str]:
    """Nothing of the developer's own; `model=…` becomes TZUROT_MODEL."""
    given = {f"TZUROT_{name.upper()}": value for name, value in settings.items()}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"TZUROT_HOME": str(home), "TZUROT_OLLAMA_URL": NOBODY} | given


async def run(*arguments: str, home: Path | str, **settings: str) -> Ended:
    """Run a command that ends by itself."""
    process = await _start("tzurot", *arguments, env=environment(home, **settings))
    try:
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate()
    finally:
        await _end(process)
    return Ended(await process.wait(), out.decode(), err.decode())


@dataclass(slots=True)
class Serving:
    """A server that runs as a process of its own."""

    process: Forked
    address: str = ""

    async def says(self, pattern: str) -> str:
        """Wait for a line of its output; the first group of `pattern` in it."""
        async with asyncio.timeout(PATIENCE):
            while line := (await self.process.stdout.readline()).decode():
                if found := re.search(pattern, line):
                    return found[1]
        raise AssertionError((await self.process.stderr.read()).decode())

    def signal(self, number: signal.Signals) -> None:
        """To the whole group, as a terminal does it."""
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """The server alone: what it started is left behind."""
        os.kill(self.process.pid, signal.SIGKILL)

    async def ended(self) -> Ended:
        """Wait until it has ended."""
        async with asyncio.timeout(PATIENCE):
            out, err = await self.process.communicate()
        return Ended(await self.process.wait(), out.decode(), err.decode())


@asynccontextmanager
async def started(
    *arguments: str, home: Path, module: str = "tzurot", **settings: str
) -> AsyncGenerator[Serving]:
    """A process that runs until it is told not to; killed at the end if it still does."""
    process = await _start(module, *arguments, env=environment(home, **settings))
    try:
        yield Serving(process)
    finally:
        await _end(process)


@asynccontextmanager
async def serving(
    *arguments: str, home: Path, module: str = "tzurot", **settings: str
) -> AsyncGenerator[Serving]:
    """A server on a free port, from its first call on."""
    settings = {"port": "0"} | settings
    async with started(*arguments, home=home, module=module, **settings) as server:
        server.address = await server.says(r"Tzurot serves on (\S+);")
        yield server


async def _start(module: str, *arguments: str, env: Mapping[str, str]) -> Forked:
    return await _forks().start(module, *arguments, env=env)


@cache
def _forks() -> Forks:
    return Forks("tzurot.running", "tzurot.serving")


async def _end(process: Forked) -> None:
    if process.returncode is None:
        process.kill()
        await process.communicate()
