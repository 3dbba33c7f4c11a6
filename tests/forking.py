"""A process that has what takes long to load, and forks for each command: seconds less for each.

Each command is a process of its own, in a session of its own, with its own output, environment and
exit code, as if it were started anew by `python -m`. That it starts without that is tested where
the docs' commands are, and where `make chat` is.
"""

import asyncio
import atexit
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from asyncio import StreamReader
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parent.parent


class Forked:
    """A command that was started: what asyncio's Process is for one that was not forked."""

    def __init__(self, pid: int, stdout: StreamReader, stderr: StreamReader) -> None:
        self.pid, self.stdout, self.stderr = pid, stdout, stderr
        self.returncode: int | None = None
        self._ending: asyncio.Task[None] | None = None

    def watch(self, told: StreamReader, connection: asyncio.StreamWriter) -> None:
        """Learn how it ends; a signal's number is below zero."""

        async def watching() -> None:
            self.returncode = int(await told.readline())
            connection.close()

        self._ending = asyncio.create_task(watching())

    async def wait(self) -> int:
        """Wait until it has ended; its exit code."""
        assert self._ending
        await asyncio.shield(self._ending)
        assert self.returncode is not None
        return self.returncode

    async def communicate(self) -> tuple[bytes, bytes]:
        """Wait until it has ended; what else it wrote and complained of."""
        out, err, _ = await asyncio.gather(self.stdout.read(), self.stderr.read(), self.wait())
        return out, err

    def send_signal(self, number: int) -> None:
        """To the process alone; nothing happens if it has ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """As SIGTERM does it."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """As SIGKILL does it."""
        self.send_signal(signal.SIGKILL)


class Forks:
    """The process that has `modules` loaded: it ends with the one that asks it."""

    def __init__(self, *modules: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tzurot-forks-")
        self._path = str(Path(self._folder.name) / "socket")
        kept = ("PATH", "HOME", "LANG")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        self._loaded = subprocess.Popen(
            [sys.executable, "-m", "tests.forking", self._path, *modules],
            cwd=ROOT,
            env=environment | {"GRPC_VERBOSITY": "NONE"},  # gRPC asks that when it is loaded
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._loaded.stdout
        self._loaded.stdout.readline()  # it listens
        atexit.register(self._loaded.kill)

    async def start(self, module: str, *arguments: str, env: Mapping[str, str]) -> Forked:
        """What `python -m module` starts, with nothing on its input."""
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(self._path)
        out, err = os.pipe(), os.pipe()
        asked = json.dumps([module, list(arguments), dict(env)]).encode()
        socket.send_fds(connection, [asked], [out[1], err[1]])
        for theirs in (out[1], err[1]):
            os.close(theirs)
        told, writer = await asyncio.open_unix_connection(sock=connection)
        started = Forked(int(await told.readline()), await _reader(out[0]), await _reader(err[0]))
        started.watch(told, writer)
        return started


async def _reader(descriptor: int) -> StreamReader:
    reader = StreamReader()
    pipe: IO[bytes] = os.fdopen(descriptor, "rb", buffering=0)
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, pipe)
    return reader


def _serve(path: str, modules: list[str]) -> None:
    """Fork for each command, until nobody is left who could ask."""
    for module in modules:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # what is never looked through is never copied
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that ended
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen(64)
        print("ready", flush=True)
        while listening in select.select([listening, sys.stdin], [], [])[0]:
            connection, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                return _keep(connection)
            connection.close()


def _keep(connection: socket.socket) -> None:
    """Start the command that was asked for, and tell how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked, descriptors, *_ = socket.recv_fds(connection, 1024 * 1024, 2)
    pid = os.fork()
    if pid == 0:
        return _become(connection, asked, descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with suppress(BrokenPipeError):  # whoever asked may be gone
        connection.send(f"{code}\n".encode())
    os._exit(0)


def _become(connection: socket.socket, asked: bytes, descriptors: list[int]) -> None:
    """Be the command, and end as it ends."""
    module, arguments, environment = json.loads(asked)
    os.setsid()  # a terminal of its own, as to Ctrl-C
    connection.send(f"{os.getpid()}\n".encode())
    connection.close()
    for number, descriptor in enumerate((os.open(os.devnull, os.O_RDONLY), *descriptors)):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(*(2, "w", 1), encoding="utf-8", errors="backslashreplace", closefd=False)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2:])
