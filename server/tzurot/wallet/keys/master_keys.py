"""The master keys: a file or a variable of lines `id key`, the first of which seals what is new.

The others open what was sealed before, until nothing needs them any more. An id is made of its key,
so that the same key has the same id everywhere, and two keys never share one by mistake.
"""

import base64
import binascii
import hashlib
import logging
import os
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tzurot.errors import StartupError
from tzurot.storage.folder import open_private

log = logging.getLogger(__name__)

KEY_BYTES = 32  # AES-256
_ID_CHARACTERS = 12


class MasterKeysUnusable(StartupError):
    """What should be the master keys is none, or is for others to read."""


class MasterKeyMissing(Exception):
    """Something is sealed with a master key that isn't here."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"the master key {key_id} is missing")
        self.key_id = key_id


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """At least one key, each by its id; the first one seals."""

    keys: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """One key, made by chance."""
        return cls({}).with_new()

    @classmethod
    def read(cls, text: str) -> Self:
        """The keys of a file or a variable.

        Raises:
            MasterKeysUnusable: a line is no key, or there is none; its key is not repeated.
        """
        lines = (line.strip() for line in text.replace(";", "\n").splitlines())
        keys = dict(_key(line) for line in lines if line and not line.startswith("#"))
        if not keys:
            raise MasterKeysUnusable("There is no master key.")
        return cls(keys)

    @property
    def current(self) -> str:
        """The id of the one that seals."""
        return next(iter(self.keys))

    def with_new(self) -> Self:
        """The same behind a new one, which seals from now on."""
        key = secrets.token_bytes(KEY_BYTES)
        return type(self)({_id(key): key, **self.keys})

    def without(self, key_id: str) -> Self:
        """The same but for one that nothing needs any more."""
        return type(self)({it: key for it, key in self.keys.items() if it != key_id})

    def written(self) -> str:
        """As `read` reads them."""
        lines = (
            f"{key_id} {base64.urlsafe_b64encode(key).decode()}"
            for key_id, key in self.keys.items()
        )
        return "\n".join(lines) + "\n"


class Ring:
    """The master keys of this process; where one is missing they are read once more.

    So every replica follows a rotation without being started again.
    """

    def __init__(self, read: Callable[[], MasterKeys]) -> None:
        self._read = read
        self._keys = read()

    @property
    def keys(self) -> MasterKeys:
        """As they were read last."""
        return self._keys

    def sealing(self) -> tuple[str, bytes]:
        """The key for what is new, by its id: as it is this moment, for a rotation drops others."""
        self.reread()
        return self._keys.current, self._keys.keys[self._keys.current]

    def opening(self, key_id: str) -> bytes:
        """The key that something was sealed with.

        Raises:
            MasterKeyMissing: it isn't here.
        """
        if key_id not in self._keys.keys:
            self._try_rereading()
        try:
            return self._keys.keys[key_id]
        except KeyError:
            raise MasterKeyMissing(key_id) from None

    def _try_rereading(self) -> None:
        """A file that is away, or not ours to read any more, is its operator's to mend."""
        try:
            self.reread()
        except MasterKeysUnusable as unusable:
            log.warning("%s", unusable)

    def reread(self) -> None:
        """Take up what has changed."""
        self._keys = self._read()


def in_file(path: Path) -> MasterKeys:
    """The keys of a file that is nobody else's.

    Raises:
        MasterKeysUnusable: it is missing, others can read it, or a line in it is no key.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise MasterKeysUnusable(
            f"The master keys {path} cannot be read: {reason}. `tzurot-server rotate-keys` makes"
            " the first ones."
        ) from None
    with os.fdopen(file) as stream:
        mode = os.fstat(stream.fileno()).st_mode & 0o777
        if mode & 0o077:
            raise MasterKeysUnusable(
                f"Other accounts can read the master keys {path} (mode {mode:o});"
                f" run: chmod 600 {path}"
            )
        return MasterKeys.read(stream.read())


def write(path: Path, keys: MasterKeys) -> None:
    """Replace the file at one stroke: whoever reads it sees all of the old keys or all of the new.

    They are on the disk before anything is sealed with them. The file stays the account's that had
    it: root may write for a server that is not root.
    """
    draft = path.with_name(f"{path.name}.new")  # one that a kill left is overwritten
    draft.unlink(missing_ok=True)
    with os.fdopen(open_private(draft, os.O_WRONLY | os.O_EXCL), "w") as stream:
        _give(stream.fileno(), path)
        stream.write(keys.written())
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _give(draft: int, path: Path) -> None:
    """Give a draft to the account that the file belongs to; a link says nothing of that."""
    try:
        owner = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISREG(owner.st_mode) and owner.st_uid != os.geteuid():
        os.fchown(draft, owner.st_uid, owner.st_gid)


def _key(line: str) -> tuple[str, bytes]:
    key_id, _, written = line.partition(" ")
    try:
        key = base64.b64decode(written.strip(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES or key_id != _id(key):
        raise MasterKeysUnusable(
            "A line of the master keys is none: each is an id and 32 bytes in Base64, as"
            " `tzurot-server rotate-keys` writes them."
        )
    return key_id, key


def _id(key: bytes) -> str:
    return hashlib.sha256(b"tzurot master key" + key).hexdigest()[:_ID_CHARACTERS]
