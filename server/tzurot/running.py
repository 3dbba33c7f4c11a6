"""Running a client beside a server: join the home's, or start one and end it after the last client.

Three locks keep this free of races. Who chats holds `chats.lock` shared, from before it looks for a
server until after its client ended. Who looks or starts holds `starting.lock`: so no two start one.
Who leaves trades its shared lock for an exclusive one, which only the last can get, and holds it
until the server is gone: an arriving chat waits for that and then starts a new one. The kernel
drops all of them with their process; the client shares `chats.lock`, should we be killed first.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tzurot.errors import StartupError
from tzurot.home import Home, LiveServer
from tzurot.storage.folder import open_private

SERVE = (sys.executable, "-m", "tzurot", "serve", "--embedded", "--for-chat", "--port", "0")

_OVERRULED = {"TZUROT_TOKEN"}  # of another server: to the one here its own file is the key
_START_SECONDS = 120  # a first start on a slow disk; usually 3
_END_SECONDS = 15  # a server drains for 10 and then stops its Postgres
_POLL_SECONDS = 0.05
_ENDS = (signal.SIGTERM, signal.SIGHUP)
_LOG_BYTES = 1024 * 1024  # a longer log is put aside at the next start


class ServerDied(StartupError):
    """The server ended before it took calls; its last line says why."""

    def __init__(self, code: int, last_line: str) -> None:
        how = f"exit code {code}" if code >= 0 else f"signal {-code}"
        super().__init__(f"The server did not start ({how}): {last_line}")


class ServerSlow(StartupError):
    """The server did not take calls in time."""

    def __init__(self, log: Path) -> None:
        super().__init__(f"The server was not ready within {_START_SECONDS} s; see {log}.")


class CommandMissing(StartupError):
    """The client to run is not installed."""


def run(command: Sequence[str], home: Home, *, serve: Sequence[str] = SERVE) -> int:
    """Run `command` with a server to talk to; returns its exit code (128 + n after signal n).

    It finds TZUROT_ADDRESS and TZUROT_TOKEN_FILE in its environment. Ctrl-C reaches it from the
    terminal; SIGTERM and SIGHUP are passed on to it.

    Raises:
        ServerDied, ServerSlow: there is no server and none could be started.
        CommandMissing: there is no such command.
    """
    if shutil.which(command[0]) is None:
        raise CommandMissing(f"There is no command {command[0]} to run.")
    with _on_signals(_leave, *_ENDS), _chatting(home) as lock:
        live = _join_or_start(home, serve)
        environment = {
            "TZUROT_HOME": str(home.path),
            "TZUROT_ADDRESS": live.address,
            "TZUROT_TOKEN_FILE": str(home.token_path),
        }
        return _client(command, environment, lock)


@contextmanager
def _chatting(home: Home) -> Generator[int]:
    lock = open_private(home.chats_path, os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)  # waits while a last chat ends its server
        try:
            yield lock
        finally:
            _end_if_last(home, lock)
    finally:
        os.close(lock)


def _join_or_start(home: Home, serve: Sequence[str]) -> LiveServer:
    starting = open_private(home.starting_path, os.O_RDWR)
    try:
        fcntl.flock(starting, fcntl.LOCK_EX)
        return home.live_server() or _start(home, serve)
    finally:
        os.close(starting)


def _start(home: Home, serve: Sequence[str]) -> LiveServer:
    end = time.monotonic() + _START_SECONDS
    with _log(home) as log, _progress("starting Postgres, loading the model …"):
        while home.is_locked():  # one that no chat started is coming or going
            if live := home.live_server():
                return live
            _pause(end, home)
        since = os.fstat(log).st_size
        server = _spawn(serve, home, log)
        try:
            while not (live := home.live_server()):
                _require_life(server, home, since)
                _pause(end, home)
        except BaseException:  # Ctrl-C too: as yet nobody else knows of this server
            _stop(server)
            raise
    return live


def _pause(end: float, home: Home) -> None:
    if time.monotonic() > end:
        raise ServerSlow(home.log_path)
    time.sleep(_POLL_SECONDS)


def _require_life(server: "subprocess.Popen[bytes]", home: Home, since: int) -> None:
    """Check that a server is on its way: ours, or a faster one that made ours give up."""
    if server.poll() is not None and not home.is_locked():
        raise ServerDied(server.returncode, _last_line(home.log_path, since))


def _spawn(serve: Sequence[str], home: Home, log: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - the command is our caller's
        serve,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=os.environ | {"TZUROT_HOME": str(home.path)},
        start_new_session=True,  # Ctrl-C is for the client
    )


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _client(command: Sequence[str], environment: dict[str, str], lock: int) -> int:
    inherited = {name: value for name, value in os.environ.items() if name not in _OVERRULED}
    # Ctrl-C is left to the client. By a handler: that SIGINT is ignored, it would inherit.
    with _on_signals(lambda _number, _frame: None, signal.SIGINT):
        client = subprocess.Popen(  # noqa: S603 - running it is what we are for
            command, env=inherited | environment, pass_fds=(lock,)
        )
        with _on_signals(lambda number, _: client.send_signal(number), *_ENDS):
            code = client.wait()
    return code if code >= 0 else 128 - code


def _end_if_last(home: Home, lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # somebody else chats, and will come here after us
    live = home.live_server()
    if live and live.started_for_chat:
        with suppress(ProcessLookupError):
            os.kill(live.pid, signal.SIGTERM)
        home.retract()
        end = time.monotonic() + _END_SECONDS
        while home.is_locked():
            if time.monotonic() > end:
                print(f"tzurot: the server (pid {live.pid}) has not ended yet", file=sys.stderr)
                break
            time.sleep(_POLL_SECONDS)
    fcntl.flock(lock, fcntl.LOCK_UN)


@contextmanager
def _log(home: Home) -> Generator[int]:
    if home.log_path.exists() and home.log_path.stat().st_size > _LOG_BYTES:
        home.log_path.replace(home.log_path.with_suffix(".log.previous"))
    log = open_private(home.log_path, os.O_WRONLY | os.O_APPEND)
    try:
        yield log
    finally:
        os.close(log)


def _last_line(log: Path, since: int) -> str:
    lines = log.read_bytes()[since:].decode(errors="replace").split("\n")
    words = (line.strip().removeprefix("tzurot-server: ") for line in reversed(lines))
    return next(filter(None, words), "it said nothing")


@contextmanager
def _progress(text: str) -> Generator[None]:
    """Show what is being waited for, to a person; nothing is left of it."""
    if not sys.stderr.isatty():
        yield
        return
    print(text, end="", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


@contextmanager
def _on_signals(
    handler: Callable[[int, FrameType | None], object], *numbers: signal.Signals
) -> Generator[None]:
    """Handle these signals so, but for those that our starter had us ignore (nohup)."""
    heeded = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
    previous = {number: signal.signal(number, handler) for number in heeded}
    try:
        yield
    finally:
        for number, handled in previous.items():
            signal.signal(number, handled)


def _leave(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
