"""The Postgres server process: launched, awaited, stopped, also where a killed owner left one."""

import asyncio
import os
import signal
import time
from asyncio.subprocess import Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from tzurot.errors import StartupError
from tzurot.storage.bundle import Bundle, account_of_ours
from tzurot.storage.folder import open_private

ROLE = "tzurot"
SOCKET = ".s.PGSQL.5432"  # Postgres's own name for it

_READY_SECONDS = 60  # replaying the log after a crash takes its time; else it is 0.1 s
_STOPS = (  # PostgreSQL documentation, "Shutting Down the Server": fast, immediate, by force
    (signal.SIGINT, 10),  # seconds
    (signal.SIGQUIT, 5),
    (signal.SIGKILL, 5),
)
_OPTIONS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "log_min_messages": "log",  # errors quote what people wrote; who made one is told it anyway
    "log_checkpoints": "off",
    "wal_level": "minimal",  # nobody replicates from here
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
}


class PostgresFailed(StartupError):
    """Postgres did not start; its own words say why."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One Postgres: where its files lie and who runs it."""

    folder: Path
    sockets: Path
    log: int
    """File descriptor of the file `log` in the folder, which is this start's alone."""
    bundle: Bundle

    @property
    def data(self) -> Path:
        """What Postgres itself owns."""
        return self.folder / "data"

    @property
    def name(self) -> str:
        """Stands in the command line of each of its processes, and of no other's."""
        found = self.folder.stat()
        return f"tzurot-{found.st_dev:x}-{found.st_ino:x}-postgres"

    def address(self, database: str, *, driver: str = "") -> str:
        """`postgresql://…` over the socket; the kernel vouches for us, so there is no password."""
        return _address(str(self.sockets), database, driver)

    def failure(self) -> str:
        """What the log says went wrong."""
        lines = (self.folder / "log").read_text(errors="replace").splitlines()
        for line in reversed(lines):
            for mark in ("FATAL:", "PANIC:", "error:"):
                if mark in line:
                    return line.partition(mark)[2].strip()
        return lines[-1].strip() if lines else "it said nothing"


def address_of_running(data: Path) -> str | None:
    """The address of the database `tzurot` of whoever runs on `data`, once it takes connections.

    Its pid file has the socket's folder in line 5 and the status in line 8 (its miscadmin.h).
    """
    with suppress(FileNotFoundError):
        lines = (data / "postmaster.pid").read_text().splitlines()
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return _address(lines[4], "tzurot", "+psycopg")
    return None


def _address(sockets: str, database: str, driver: str) -> str:
    host = quote(sockets, safe="")
    return f"postgresql{driver}://{ROLE}@/{database}?host={host}&port=5432"


async def launch(cluster: Cluster) -> Process:
    """Start the server; nobody but our own account is let in, on the kernel's word for who asks."""
    _write(cluster, "pg_hba.conf", f"local all {ROLE} peer map=owner\n")
    _write(cluster, "pg_ident.conf", f'owner "{account_of_ours().pw_name}" {ROLE}\n')
    options = _OPTIONS | {
        "cluster_name": cluster.name,
        "unix_socket_directories": f'"{cluster.sockets}"',
        "hba_file": str(cluster.folder / "pg_hba.conf"),
        "ident_file": str(cluster.folder / "pg_ident.conf"),
    }
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return await cluster.bundle.spawn(
        "postgres", "-D", str(cluster.data), *flags, output=cluster.log
    )


async def until_ready(postgres: Process, cluster: Cluster) -> None:
    """Wait until the server takes connections.

    Raises:
        PostgresFailed: it ended, or took too long.
    """
    end = time.monotonic() + _READY_SECONDS
    while not _ready(cluster.data / "postmaster.pid", postgres.pid):
        if postgres.returncode is not None:
            raise PostgresFailed(f"Postgres did not start: {cluster.failure()}.")
        if time.monotonic() > end:
            raise PostgresFailed(
                f"Postgres was not ready within {_READY_SECONDS} s; see {cluster.folder}/log."
            )
        await asyncio.sleep(0.02)


async def stop(postgres: Process) -> None:
    """End the server and wait for it; harder where it does not listen."""
    for order, seconds in _STOPS:
        if postgres.returncode is None:
            postgres.send_signal(order)
        with suppress(TimeoutError):
            await asyncio.wait_for(postgres.wait(), seconds)
            return


async def end_orphans(cluster: Cluster) -> None:
    """End what a killed owner left; its lock is ours now, so nobody else needs it.

    A pid file that is still there is stale, but its number may by now be another process's of ours
    (in a container it often is), which Postgres would take for a living server: so it goes. Not if
    that process is a Postgres too, one that somebody started by hand; then Postgres refuses.

    Raises:
        PostgresFailed: some process does not end.
    """
    for order, seconds in _STOPS:
        end = time.monotonic() + seconds
        left = await asyncio.to_thread(_processes, cluster)
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(order)
        while left and time.monotonic() < end:
            await asyncio.sleep(0.05)
            left = await asyncio.to_thread(_processes, cluster)
        if not left:
            break
    else:
        raise PostgresFailed(f"An earlier Postgres in {cluster.folder} does not end.")
    for stale in (cluster.data / "postmaster.pid", cluster.sockets / f"{SOCKET}.lock"):
        if not _names_a_postgres(stale):
            stale.unlink(missing_ok=True)


def _processes(cluster: Cluster) -> list[psutil.Process]:
    name, uid = cluster.name, cluster.bundle.account.pw_uid
    return [
        process
        for process in psutil.process_iter(["name", "cmdline", "uids"])
        if process.info["name"] == "postgres"
        and name in " ".join(process.info["cmdline"] or ())
        and process.info["uids"].real == uid
    ]


def _names_a_postgres(pid_file: Path) -> bool:
    with suppress(FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        pid = int(pid_file.read_text().splitlines()[0])
        process = psutil.Process(pid)
        return process.name() == "postgres" and process.cmdline() != []  # a dead one's is empty
    return False


def _write(cluster: Cluster, name: str, text: str) -> None:
    file = open_private(cluster.folder / name, os.O_WRONLY | os.O_TRUNC)
    try:
        os.fchown(file, cluster.bundle.account.pw_uid, -1)
        os.write(file, text.encode())
    finally:
        os.close(file)


def _ready(pid_file: Path, pid: int) -> bool:
    """Whether the server says so in its pid file: pid in line 1, status in 8 (its miscadmin.h)."""
    with suppress(FileNotFoundError):
        lines = pid_file.read_text().splitlines()
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"
    return False
