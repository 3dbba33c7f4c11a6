"""What lies in `$TZUROT_HOME`: who serves it, the owner's token, keys, log and database.

At most one server runs for a home. A lock says whether one does, never a pid: the kernel drops the
lock with the process that held it, while a pid may come to name another.
"""

import fcntl
import json
import os
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from tzurot import clock
from tzurot.errors import StartupError
from tzurot.storage.bundle import shared_folder
from tzurot.storage.folder import ROOM, FolderUnusable, make_private, open_private

_PROBE_SECONDS = 1  # `live_server` holds the lock for microseconds; a server, for its life


class ServerRunning(StartupError):
    """This home has a server already."""

    def __init__(self, home: Path, live: "LiveServer | None") -> None:
        who = f"pid {live.pid}, at {live.address}" if live else "it is just starting or ending"
        super().__init__(f"A server for {home} is running already ({who}).")


@dataclass(frozen=True, slots=True)
class LiveServer:
    """A server that takes calls."""

    address: str
    """`host:port`, on loopback."""
    pid: int
    started_for_chat: bool
    """Whether a chat started it, so that the last chat ends it."""


class Home:
    """A folder that is its owner's alone (mode 0700)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.token_path = path / "token"
        self.master_keys_path = path / "master-keys"
        self.log_path = path / "server.log"
        self.chats_path = path / "chats.lock"
        self.starting_path = path / "starting.lock"
        self._lock_path = path / "server.lock"
        self._live_path = path / "server.json"

    @classmethod
    def open(cls, path: Path, *, room: int = ROOM) -> Self:
        """The home at `path`, created if missing; `room` bytes must be free there.

        Raises:
            FolderUnusable: it cannot be made or written, or other accounts can reach into it.
            DiskFull: there is too little room.
        """
        home = cls(path.expanduser().absolute())
        make_private(home.path, room=room)
        return home

    @contextmanager
    def lock(self) -> Generator[None]:
        """Be the server of this home; at the end `server.json` goes, and the lock with it.

        Raises:
            ServerRunning: another one is; names its pid and address.
        """
        file = open_private(self._lock_path, os.O_RDWR)
        try:
            self._take(file)
            self.retract()  # a killed server left it
            try:
                yield
            finally:
                self.retract()
        finally:
            os.close(file)

    def announce(self, address: str, *, for_chat: bool) -> None:
        """Tell chats that the holder of the lock takes calls at `address` (`host:port`)."""
        live = LiveServer(address, os.getpid(), for_chat)
        self._write(self._live_path, json.dumps(asdict(live)))

    def retract(self) -> None:
        """Take the announcement back: from now on nobody new should call."""
        self._live_path.unlink(missing_ok=True)

    def live_server(self) -> LiveServer | None:
        """The server that holds the lock and takes calls, if there is one."""
        if not self.is_locked():
            return None
        with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            live = LiveServer(**json.loads(self._live_path.read_text()))
            os.kill(live.pid, 0)  # between taking the lock and clearing a killed server's file
            return live
        return None

    def is_locked(self) -> bool:
        """Whether a server runs here, be it starting, serving or ending."""
        file = open_private(self._lock_path, os.O_RDWR)
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(file)
        return False

    def write_token(self, secret: str) -> None:
        """Keep the owner's token, readable by nobody else."""
        self._write(self.token_path, secret)

    @property
    def postgres_folder(self) -> Path:
        """Where the embedded Postgres keeps its data.

        Not in a home of root's, where the account that runs Postgres could not reach it: there a
        link leads to a folder outside. A new home gets a new one, whatever its path.

        Raises:
            FolderUnusable: the link leads nowhere; to begin anew could not be what was wanted.
            BundleUnusable: the folder outside cannot be made.
        """
        link = self.path / "postgres"
        if os.geteuid() != 0:
            return link
        if not link.is_symlink():
            outside = shared_folder() / str(clock.uuid7())
            make_private(outside, room=0)
            try:
                link.symlink_to(outside)
            except FileExistsError:  # another start was faster
                outside.rmdir()
        if not link.exists():
            raise FolderUnusable(
                f"The database of {self.path} is missing from {link.readlink()}: bring it back, or"
                f" remove {link} to begin with an empty one."
            )
        return link.resolve()

    def _take(self, file: int) -> None:
        end = time.monotonic() + _PROBE_SECONDS
        while True:
            with suppress(BlockingIOError):
                return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if time.monotonic() > end:
                raise ServerRunning(self.path, self.live_server())
            time.sleep(0.02)

    def _write(self, path: Path, text: str) -> None:
        """Replace a file at one stroke: a reader sees all of the old text or all of the new."""
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.unlink(missing_ok=True)
        file = open_private(draft, os.O_WRONLY | os.O_EXCL)
        with os.fdopen(file, "w") as stream:
            stream.write(text)
        draft.replace(path)
