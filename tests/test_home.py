"""The home folder: whose it is, who serves it, and where the database of root's home lies."""

import asyncio
import json
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.place import sweep
from tzurot.home import Home, LiveServer, ServerRunning
from tzurot.storage import embedded
from tzurot.storage.folder import DiskFull, FolderUnusable

ROOT = os.geteuid() == 0

SERVER = """
import sys, time
from pathlib import Path
from tzurot.home import Home
home = Home.open(Path(sys.argv[1]))
with home.lock():
    home.announce("127.0.0.1:50551", for_chat=True)
    print("serving", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A new home; what it has outside as root's goes with it."""
    home = Home.open(tmp_path / "home")
    yield home
    sweep(tmp_path)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_is_made_with_its_parents_and_closed_to_others(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "data" / "tzurot")
    assert mode(home.path) == 0o700
    assert home.path.is_absolute()


def test_an_empty_folder_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    assert mode(Home.open(tmp_path / "home").path) == 0o700


def test_a_folder_with_files_that_others_reach_is_refused_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o755)
    (tmp_path / "shared" / "letter.txt").touch()
    with pytest.raises(FolderUnusable, match=f"mode 755.*chmod 700 {tmp_path}/shared"):
        Home.open(tmp_path / "shared")
    assert mode(tmp_path / "shared") == 0o755


@pytest.mark.skipif(not ROOT, reason="only root can give a folder to another account")
def test_a_folder_of_another_account_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    os.chown(tmp_path / "home", 12345, -1)
    with pytest.raises(FolderUnusable, match=r"belongs to another account \(uid 12345\)"):
        Home.open(tmp_path / "home")


@pytest.mark.parametrize("place", ["/proc/tzurot", "{file}", "{file}/home"])
def test_a_home_that_cannot_be_made_is_one_clear_sentence(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = Path(place.format(file=tmp_path / "file"))
    with pytest.raises(FolderUnusable, match=rf"^The folder {path} cannot be used: [a-z ]+\.$"):
        Home.open(path)


def test_a_nearly_full_disk_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(DiskFull, match=r"^Only \d+ MB are free where .* at least \d+ MB"):
        Home.open(tmp_path / "home", room=1 << 60)


def test_a_second_server_is_told_who_serves(home: Home) -> None:
    with home.lock():
        home.announce("127.0.0.1:50551", for_chat=False)
        with (
            pytest.raises(ServerRunning, match=rf"pid {os.getpid()}, at 127\.0\.0\.1:50551"),
            home.lock(),
        ):
            pass
        assert home.live_server(), "the refused one took nothing with it"


def test_a_second_server_is_refused_while_the_first_is_starting(home: Home) -> None:
    with home.lock(), pytest.raises(ServerRunning, match="just starting or ending"), home.lock():
        pass


def test_a_live_server_is_known_from_its_announcement_to_its_end(home: Home) -> None:
    assert home.live_server() is None
    with home.lock():
        assert home.live_server() is None
        assert home.is_locked()
        home.announce("127.0.0.1:50551", for_chat=True)
        assert home.live_server() == LiveServer("127.0.0.1:50551", os.getpid(), True)
        assert mode(home.path / "server.json") == 0o600
        home.retract()
        assert home.live_server() is None
        home.announce("127.0.0.1:50551", for_chat=True)
    assert not (home.path / "server.json").exists()
    assert not home.is_locked()


def test_an_announcement_without_the_lock_is_ignored_though_its_pid_lives(home: Home) -> None:
    stale = {"address": "127.0.0.1:1", "pid": os.getpid(), "started_for_chat": True}
    (home.path / "server.json").write_text(json.dumps(stale))
    assert home.live_server() is None
    with home.lock():
        assert home.live_server() is None


async def test_a_killed_server_leaves_a_home_that_can_be_served(home: Home) -> None:
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SERVER, str(home.path)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert server.stdout
    await asyncio.wait_for(server.stdout.readline(), 60)
    assert home.live_server() == LiveServer("127.0.0.1:50551", server.pid, True)
    server.kill()
    await server.communicate()
    assert (home.path / "server.json").exists()
    assert home.live_server() is None
    with home.lock():
        assert not (home.path / "server.json").exists()


def test_who_looks_for_a_server_is_in_no_servers_way(home: Home) -> None:
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            home.live_server()

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(50):
            with home.lock():
                home.announce("127.0.0.1:50551", for_chat=False)
    finally:
        done.set()
        looking.join()


def test_a_token_is_its_owners_alone_and_replaced_at_one_stroke(home: Home) -> None:
    home.write_token("first")
    with home.token_path.open() as reader:
        home.write_token("second")
        assert reader.read() == "first"
    assert home.token_path.read_text() == "second"
    assert mode(home.token_path) == 0o600
    assert [path.name for path in home.path.iterdir()] == ["token"]


@pytest.mark.skipif(ROOT, reason="root's databases lie outside its home")
def test_the_database_lies_in_the_home(home: Home) -> None:
    assert home.postgres_folder == home.path / "postgres"


@pytest.mark.skipif(not ROOT, reason="only root's databases lie outside their home")
class TestOfRoot:
    def test_the_database_lies_outside_and_stays_there(self, home: Home) -> None:
        folder = home.postgres_folder
        assert home.path not in folder.parents
        assert Home.open(home.path).postgres_folder == folder

    def test_a_new_home_at_an_old_path_finds_no_old_database(self, home: Home) -> None:
        old = home.postgres_folder
        shutil.rmtree(home.path)
        assert Home.open(home.path).postgres_folder != old
        old.rmdir()

    def test_a_database_that_is_gone_is_not_silently_begun_anew(self, home: Home) -> None:
        home.postgres_folder.rmdir()
        with pytest.raises(FolderUnusable, match=r"is missing from /.*: bring it back, or remove"):
            _ = home.postgres_folder


async def test_postgres_runs_for_a_home_and_opens_nothing_of_it(home: Home) -> None:
    before = {path: mode(path) for path in (home.path, *home.path.parents)}
    async with embedded.start(home.postgres_folder):
        assert mode(home.postgres_folder) == 0o700
        assert {path: mode(path) for path in (home.path, *home.path.parents)} == before
