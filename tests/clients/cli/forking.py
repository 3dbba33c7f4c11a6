"""A process that has `tzurot` loaded and forks for each command: half a second less for each.

Each command is a process of its own with its own streams, environment and exit code, as if it were
started anew. That it starts at all is tested where terminals and pipes of a shell are.
"""

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path


class Forks:
    """The loaded process, started with the first command of a test process."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tzurot-forks-")
        self._path = str(Path(self._folder.name) / "socket")
        command = [sys.executable, "-m", "tests.clients.cli.forking", self._path]
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        self._loaded = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        assert self._loaded.stdout
        self._loaded.stdout.readline()  # it listens
        atexit.register(self._loaded.kill)

    async def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], said: bytes
    ) -> tuple[int, bytes, bytes]:
        """A command's exit code, what it wrote, and what it complained of."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self._path)
            stdin, out, err = os.pipe(), os.pipe(), os.pipe()
            asked = json.dumps([list(arguments), dict(environment)]).encode()
            socket.send_fds(connection, [asked], [stdin[0], out[1], err[1]])
            for theirs in (stdin[0], out[1], err[1]):
                os.close(theirs)
            writing, *reading = (
                asyncio.to_thread(_write, stdin[1], said),
                asyncio.to_thread(_read, out[0]),
                asyncio.to_thread(_read, err[0]),
                asyncio.to_thread(connection.recv, 16),
            )
            _, wrote, complained, code = await asyncio.gather(writing, *reading)
        return int(code or b"-1"), wrote, complained


def _write(descriptor: int, said: bytes) -> None:
    try:
        with open(descriptor, "wb") as stream:
            stream.write(said)
    except BrokenPipeError:
        pass  # it reads no more, as some commands don't at all


def _read(descriptor: int) -> bytes:
    with open(descriptor, "rb") as stream:
        return stream.read()


def _serve(path: str) -> None:
    """Fork for each command, until killed."""
    import tzurot_cli.__main__  # noqa: F401 - what takes long to load

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that ended
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen(64)
        print("ready", flush=True)
        while True:
            connection, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _become(connection)
            connection.close()


def _become(connection: socket.socket) -> None:
    """Be the command that was asked for, and tell how it ended."""
    from tzurot_cli.__main__ import main

    asked, descriptors, *_ = socket.recv_fds(connection, 1024 * 1024, 3)
    arguments, environment = json.loads(asked)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["tzurot", *arguments]
    code = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # as the interpreter tells of it
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    connection.send(str(code).encode())
    os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1])
