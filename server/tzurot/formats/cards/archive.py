"""A ZIP from a stranger: found by its end record, every member inflated once and counted.

Nothing is believed that the headers say about sizes, and nothing is ever unpacked to a path.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from tzurot.formats import caps
from tzurot.formats.unreadable import Problem, Unreadable

_CENTRAL = b"PK\x01\x02"  # begins each entry of the directory
_PIECE = 1024 * 1024
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OverflowError,  # an offset of 64 bits
    ValueError,
)
_OUTSIDE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:[/\\]")


class Archive:
    """The members of a ZIP by their names, exactly as spelled; folders aside."""

    def __init__(self, data: bytes) -> None:
        """Check the whole ZIP.

        Raises:
            Unreadable: CORRUPT, ENCRYPTED, TOO_LARGE or TOO_MANY.
        """
        # Counted before a list of them is built; texts and nested ZIPs may hold it by chance.
        if data.count(_CENTRAL) > 4 * caps.ZIP_MEMBERS:
            raise _too_many()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise Unreadable(Problem.CORRUPT, "The ZIP is damaged or cut off.") from error
        infos = [info for info in self._zip.infolist() if not info.filename.endswith("/")]
        if len(infos) > caps.ZIP_MEMBERS:
            raise _too_many()
        for info in infos:
            _require_plain(info)
        self.members = {info.filename: info for info in infos}
        self.repeated = len(infos) - len(self.members)
        """Names that occur again; of equal ones the last counts."""
        self.start = min((info.header_offset for info in infos), default=0)
        """Where the ZIP begins behind what stands before it."""
        self._require_bounded(infos)

    def read(self, name: str) -> bytes:
        """What a member holds; its size was checked."""
        return b"".join(self._pieces(self.members[name]))

    def _require_bounded(self, infos: list[zipfile.ZipInfo]) -> None:
        total = 0
        for info in infos:
            for piece in self._pieces(info):
                total += len(piece)
                if total > caps.ZIP_TOTAL:
                    raise Unreadable(
                        Problem.TOO_LARGE,
                        f"The ZIP holds more than {caps.ZIP_TOTAL // 1024 // 1024} MiB.",
                    )

    def _pieces(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._zip.open(info) as member:
                yield from _read(member)
        except _BROKEN as error:
            sentence = f"A file in the ZIP is damaged: {info.filename[:200]}."
            raise Unreadable(Problem.CORRUPT, sentence) from error


def _read(member: IO[bytes]) -> Iterator[bytes]:
    while piece := member.read(_PIECE):
        yield piece


def _require_plain(info: zipfile.ZipInfo) -> None:
    name = info.filename[:200]
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable(Problem.ENCRYPTED, "The ZIP is encrypted. Export it without a password.")
    if info.compress_type not in _METHODS:
        raise Unreadable(Problem.NOT_SUPPORTED, f"The ZIP packs {name} in an unusual way.")
    if _OUTSIDE.search(info.filename):
        raise Unreadable(Problem.CORRUPT, f"The ZIP names a file outside of itself: {name}.")


def _too_many() -> Unreadable:
    return Unreadable(Problem.TOO_MANY, f"The ZIP has more than {caps.ZIP_MEMBERS:,} files.")
