"""Where tests may put an embedded Postgres, and what homes that had one leave."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tzurot.storage.bundle import SHARED


@contextmanager
def place() -> Generator[Path]:
    """A folder to be, gone afterwards; in memory where there is enough, as syncing takes long.

    Not under pytest's tmp_path: where we are root, that is closed to the account that runs
    Postgres.
    """
    memory = Path("/dev/shm")  # noqa: S108 - the name below cannot be guessed
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    parent = memory if roomy else Path(tempfile.gettempdir())
    folder = parent / f"tzurot-test-{uuid4().hex}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove the databases that homes under `folder` have outside of it, where we are root."""
    for link in folder.rglob("postgres"):
        if link.is_symlink() and link.readlink().parent == SHARED:
            shutil.rmtree(link.readlink(), ignore_errors=True)
