"""Runs the real `tzurot` as a process: through pipes, or on a terminal of its own."""

import asyncio
import contextlib
import os
import pty
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.clients.cli.forking import Forks
from tests.clients.stub_server import TOKEN

COMMAND = (sys.executable, "-m", "tzurot_cli")
PATIENCE = 60  # seconds; a process of Python on a busy machine

# A process that opens a terminal as the leader of a new session owns it: then Ctrl-C reaches it.
_ON_A_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "tzurot_cli", *sys.argv[1:]])
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def environment(home: Path, **more: str) -> dict[str, str]:
    """Nothing of the developer's own."""
    base = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm", "LANG": "C.UTF-8"}
    return base | more


async def tzurot(
    *arguments: str, home: Path, address: str = "", said: str = "", env: Mapping[str, str] = {}
) -> Ended:
    """Run a command to its end; with an address it has a good token too."""
    known = {"TZUROT_ADDRESS": address, "TZUROT_TOKEN": TOKEN} if address else {}
    around = environment(home, **known) | dict(env)
    async with asyncio.timeout(PATIENCE):
        code, out, err = await _forks().run(arguments, around, said.encode())
    return Ended(code, out.decode(), err.decode())


@cache
def _forks() -> Forks:
    return Forks()


class Terminal:
    """A terminal with `tzurot` on it: what it shows, and keys to type."""

    def __init__(self, screen: int, process: Process) -> None:
        self._screen = screen
        self._process = process
        self._changed = asyncio.Event()
        self._read = 0  # how much of what was shown a test has waited for
        self.shown = ""

    def type(self, keys: str) -> None:
        os.write(self._screen, keys.encode())

    async def see(self, text: str) -> str:
        """Wait until the text is shown after what was seen last; what is between."""
        async with asyncio.timeout(PATIENCE):
            while (found := self.shown.find(text, self._read)) < 0:
                self._changed.clear()
                await self._changed.wait()
        start, self._read = self._read, found + len(text)
        return self.shown[start : self._read]

    async def ended(self) -> int:
        async with asyncio.timeout(PATIENCE):
            return await self._process.wait()

    async def interrupted(self) -> int:
        """Press Ctrl-C at the prompt until it ends.

        Faster than any hand: CPython's readline misses a signal that comes between the prompt and
        its waiting for a key, and takes the next one.
        """
        async with asyncio.timeout(PATIENCE):
            while self._process.returncode is None:
                self.type("\x03")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._process.wait(), 1)
        assert self._process.returncode is not None
        return self._process.returncode

    def take(self) -> None:
        try:
            piece = os.read(self._screen, 65536)
        except OSError:  # Linux: nobody holds the other side any more
            piece = b""
        if not piece:
            asyncio.get_running_loop().remove_reader(self._screen)
        self.shown += piece.decode(errors="replace").replace("\r\n", "\n")
        self._changed.set()


@asynccontextmanager
async def terminal(
    *arguments: str, home: Path, address: str, more: Mapping[str, str] = {}
) -> AsyncGenerator[Terminal, None]:
    """`tzurot` on a terminal of 80 columns, with `more` in its environment."""
    screen, inside = pty.openpty()
    os.set_blocking(screen, False)
    env = environment(home, TZUROT_ADDRESS=address, TZUROT_TOKEN=TOKEN, COLUMNS="80", LINES="24")
    env |= more
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _ON_A_TERMINAL, *arguments),
        stdin=inside,
        stdout=inside,
        stderr=inside,
        env=env,
        start_new_session=True,
    )
    os.close(inside)
    watched = Terminal(screen, process)
    loop = asyncio.get_running_loop()
    loop.add_reader(screen, watched.take)
    try:
        yield watched
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        loop.remove_reader(screen)
        os.close(screen)
