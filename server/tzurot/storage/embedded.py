"""The embedded Postgres: on a unix socket that only we can reach, for as long as we run.

The bundled programs are run directly and their package is never imported: it would open root's
folders and the socket to every account, lock a file in /tmp for all users, and count its owners by
pids that outlive them. Here a lock on the folder says who owns it, and Postgres is our own child.
"""

import asyncio
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import psycopg

from tzurot import clock
from tzurot.errors import StartupError
from tzurot.storage.bundle import MAJOR, Bundle
from tzurot.storage.folder import ROOM, make_private, open_private
from tzurot.storage.keeping import OnLoss, kept
from tzurot.storage.postmaster import (
    ROLE,
    SOCKET,
    Cluster,
    PostgresFailed,
    address_of_running,
    end_orphans,
)

_SOCKET_PATH = 107 if sys.platform == "linux" else 103  # bytes that fit into sun_path: unix(7)


class OtherMajor(StartupError):
    """The data was written by another major version of Postgres."""


class PostgresBusy(StartupError):
    """Another process owns this folder's Postgres."""


@asynccontextmanager
async def start(
    folder: Path, *, room: int = ROOM, on_loss: OnLoss = lambda _: None
) -> AsyncGenerator[str]:
    """Run Postgres on `folder`, created if missing; leaving stops it.

    Yields the address (`postgresql+psycopg://…`) of the database `tzurot`, with the extension
    vector. Its role may create more databases. A Postgres that a killed owner left is ended first.

    Args:
        folder: absolute, ours alone; as root, somewhere that the account `pgserver` can get to.
        room: bytes that must be free.
        on_loss: see keeping.py.

    Raises:
        StartupError: one of its subclasses, which says in one sentence what to mend.
    """
    _require_major(folder / "data")
    bundle = await Bundle.prepare()
    await asyncio.to_thread(make_private, folder, owner=bundle.account.pw_uid, room=room)
    bundle.require_passage(folder)
    with _owned(folder), _sockets(folder, bundle) as sockets, _log(folder) as log:
        cluster = Cluster(folder, sockets, log, bundle)
        await end_orphans(cluster)
        await _initialize(cluster)
        async with kept(cluster, on_loss):
            await _create_database(cluster)
            yield cluster.address("tzurot", driver="+psycopg")


@asynccontextmanager
async def joined(folder: Path) -> AsyncGenerator[str]:
    """The address of the Postgres on `folder`: of the one that runs, else of one for this long.

    Raises:
        StartupError: as `start`; PostgresBusy: the one that runs is just starting or ending.
    """
    async with AsyncExitStack() as stack:
        try:
            url = await stack.enter_async_context(start(folder))
        except PostgresBusy:
            running = address_of_running(folder / "data")
            if running is None:
                raise
            url = running
        yield url


def _require_major(data: Path) -> None:
    try:
        found = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PostgresFailed(f"The folder {data} cannot be read: {reason}.") from error
    if found != MAJOR:
        raise OtherMajor(
            f"{data} holds data of PostgreSQL {found}, but this release brings {MAJOR}: use the"
            " release that wrote it, or move the folder away; nothing was changed."
        )


@contextmanager
def _owned(folder: Path) -> Generator[None]:
    """Hold the folder's lock; the kernel lets go of it however we end."""
    lock = open_private(folder / "lock", os.O_RDWR)
    try:
        _lock(lock, folder)
        yield
    finally:
        os.close(lock)


def _lock(lock: int, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise PostgresBusy(f"Another process runs the Postgres in {folder}.") from None


@contextmanager
def _sockets(folder: Path, bundle: Bundle) -> Generator[Path]:
    """The socket's folder: `folder`, or another where its path does not do for a socket.

    It may be too long, or have a comma in it, which separates hosts in an address.
    """
    if len(os.fsencode(folder / SOCKET)) <= _SOCKET_PATH and "," not in str(folder):
        yield folder
        return
    short = Path(tempfile.mkdtemp(prefix="tzurot-"))  # mode 0700
    try:
        os.chown(short, bundle.account.pw_uid, -1)
        bundle.require_passage(short)
        yield short
    finally:
        shutil.rmtree(short)


@contextmanager
def _log(folder: Path) -> Generator[int]:
    """A new log; the previous start's stays beside it."""
    log = folder / "log"
    if log.exists():
        log.replace(folder / "log.previous")
    file = open_private(log, os.O_WRONLY | os.O_APPEND)
    try:
        yield file
    finally:
        os.close(file)


async def _initialize(cluster: Cluster) -> None:
    """Create the data, as a draft first: a kill must not leave half of it under the real name."""
    if cluster.data.exists():
        return
    for abandoned in cluster.folder.glob("draft-*"):
        # Its initdb may have outlived its owner and still be writing; nobody will look at it.
        await asyncio.to_thread(shutil.rmtree, abandoned, ignore_errors=True)
    draft = cluster.folder / f"draft-{clock.uuid7()}"
    locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")  # everywhere
    process = await cluster.bundle.spawn(
        "initdb",
        *("-D", str(draft), "-U", ROLE, "--auth=reject", "--no-instructions"),
        *("--encoding=UTF8", *locale),
        output=cluster.log,
    )
    if await process.wait() != 0:
        raise PostgresFailed(f"Postgres cannot create its data: {cluster.failure()}.")
    draft.rename(cluster.data)


async def _create_database(cluster: Cluster) -> None:
    connect = psycopg.AsyncConnection[tuple[object, ...]].connect
    async with await connect(cluster.address("postgres"), autocommit=True) as maintenance:
        cursor = await maintenance.execute("SELECT 1 FROM pg_database WHERE datname = 'tzurot'")
        if await cursor.fetchone() is None:
            await maintenance.execute("CREATE DATABASE tzurot")
    async with await connect(cluster.address("tzurot"), autocommit=True) as connection:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
