"""Private folders: nobody else's, writable, with room to grow."""

import os
import shutil
import stat
import tempfile
from pathlib import Path

from tzurot.errors import StartupError

ROOM = 200 * 1024 * 1024  # bytes; an empty database with its write-ahead log takes about 60 MB


class FolderUnusable(StartupError):
    """A folder cannot be made, cannot be written, or is not ours alone."""


class DiskFull(StartupError):
    """Too little space is left where a folder lies."""

    def __init__(self, folder: Path, free: int, room: int) -> None:
        super().__init__(
            f"Only {free // 2**20} MB are free where {folder} lies; at least {room // 2**20} MB"
            " are needed."
        )


def make_private(folder: Path, *, owner: int | None = None, room: int = ROOM) -> None:
    """Create `folder` with mode 0700, or check that it is `owner`'s (a uid; else ours) alone.

    An empty folder is tightened. One with files in it is not: it may be somebody's shared folder,
    named by mistake.

    Raises:
        FolderUnusable: says what is wrong and, where it is the mode, how to mend it.
        DiskFull: less than `room` bytes are free.
    """
    try:
        _make(folder, os.geteuid() if owner is None else owner)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"written")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise FolderUnusable(
            f"The folder {folder} cannot be used: {(error.strerror or str(error)).lower()}."
        ) from error
    if free < room:
        raise DiskFull(folder, free, room)


def open_private(path: Path, flags: int) -> int:
    """Open or create a file with mode 0600, never through a symbolic link; the caller closes it.

    The link matters to root: another account could have laid it in a folder of its own.
    """
    return os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _make(folder: Path, owner: int) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    closed = not stat.S_IMODE(found.st_mode) & 0o077
    if found.st_uid == owner and closed:
        return
    if found.st_uid not in {owner, os.geteuid()}:
        raise FolderUnusable(
            f"The folder {folder} belongs to another account (uid {found.st_uid})."
        )
    if any(folder.iterdir()):
        raise FolderUnusable(
            f"Other accounts can reach into {folder} (mode {stat.S_IMODE(found.st_mode):o});"
            f" run: chmod 700 {folder}"
        )
    folder.chmod(0o700)
    os.chown(folder, owner, -1)
