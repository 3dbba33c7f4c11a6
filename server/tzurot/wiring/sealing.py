"""Where the master keys are, that people's keys are sealed with, and how they are rotated."""

from functools import partial
from pathlib import Path

from tzurot.config import Settings
from tzurot.home import Home
from tzurot.storage.database import Database
from tzurot.wallet.keys import master_keys, rotation
from tzurot.wallet.keys.master_keys import MasterKeys, MasterKeysUnusable, Ring
from tzurot.wallet.keys.rotation import Rotated


def ring_of(settings: Settings) -> Ring | None:
    """The master keys of the settings, else those of the home; None: there are none.

    A server with the embedded database makes its own; for another database, which has its replicas
    and its backups, the operator names them.

    Raises:
        MasterKeysUnusable: what is named is none, or is for others to read.
    """
    if path := _file(settings):
        if not path.exists() and settings.master_keys_file is None:
            master_keys.write(path, MasterKeys.new())
        return Ring(partial(master_keys.in_file, path))
    if settings.master_keys:
        return Ring(partial(_named, settings.master_keys.get_secret_value()))
    return None


async def rotate(settings: Settings, database: Database) -> str:
    """Rotate the master keys; what to tell the operator, who does the rest where there is no file.

    Raises:
        MasterKeysUnusable: there are none, and something is sealed with some.
    """
    path = _file(settings)
    if path is None:
        return await _rotate_named(settings, database)
    if not path.exists():
        if needed := await rotation.needed(database):
            raise MasterKeysUnusable(
                f"There are no master keys in {path}, but keys of people are sealed with"
                f" {', '.join(needed)}: bring the file back."
            )
        master_keys.write(path, MasterKeys.new())
        return f"{path} has a master key now: keep a copy of it apart from those of the database."
    read, write = partial(master_keys.in_file, path), partial(master_keys.write, path)
    return _told(await rotation.rotate(database, read, write))


async def _rotate_named(settings: Settings, database: Database) -> str:
    """Keys of a variable can't be changed from here: it is said what to set."""
    if settings.master_keys is None:
        if needed := await rotation.needed(database):
            raise MasterKeysUnusable(
                f"Keys of people are sealed with the master keys {', '.join(needed)}: set"
                " TZUROT_MASTER_KEYS or TZUROT_MASTER_KEYS_FILE."
            )
        return f"Set this for every server and worker:\n{_line(MasterKeys.new())}"
    keys = _named(settings.master_keys.get_secret_value())
    if len(keys.keys) == 1:
        return (
            "1. Set this for every server and worker, and start them again:\n"
            f"{_line(keys.with_new())}\n2. Run this command again, with the same variable."
        )
    rotated = await rotation.rotate(database, lambda: keys, _nowhere)
    if not rotated.dropped:
        return _told(rotated)
    return f"{_told(rotated)}\nSet this for every server and worker:\n{_line(rotated.keys)}"


def _file(settings: Settings) -> Path | None:
    if settings.master_keys_file:
        return settings.master_keys_file
    if settings.master_keys or settings.database_url is not None:
        return None
    return Home(settings.home.expanduser().absolute()).master_keys_path


def _named(text: str) -> MasterKeys:
    return MasterKeys.read(text)


def _line(keys: MasterKeys) -> str:
    return f"TZUROT_MASTER_KEYS='{keys.written().strip().replace(chr(10), ';')}'"


def _nowhere(_: MasterKeys) -> None:
    """The variable is its operator's to change."""


def _told(rotated: Rotated) -> str:
    said = [f"Sealed anew with {rotated.keys.current}: {rotated.resealed}."]
    if rotated.dropped:
        said.append(f"Nothing needs {', '.join(rotated.dropped)} any more.")
    if rotated.missing:
        said.append(
            f"Some keys are sealed with {', '.join(rotated.missing)}, which is missing: bring it"
            " back, or nobody can use them."
        )
    if rotated.broken:
        said.append(f"Changed in the database, so that nothing opens them: {rotated.broken}.")
    return "\n".join(said)
