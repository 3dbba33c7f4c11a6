"""Where tests may put an embedded Postgres."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def place() -> Generator[Path]:
    """A folder to be, gone afterwards.

    Not under pytest's tmp_path: where we are root, that is closed to the account that runs
    Postgres.
    """
    folder = Path(tempfile.gettempdir()) / f"tzurot-test-{uuid4().hex[:12]}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
