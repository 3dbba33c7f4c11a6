"""Memories as files: our own JSON Lines, and those of the memory layers mem0 and OpenMemory.

Only ours have facts beside them: what mem0 calls a memory is one.

`ours.py` reads and writes our lines without a loss and takes no line that it doesn't understand.
`layers.py` reads what other programs export, row by row; `writing.py` gives it back.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from tzurot.formats import documents
from tzurot.formats.documents import Json
from tzurot.formats.found import Container, Found
from tzurot.formats.memories import layers, ours

_BACKUP = "memories.json"  # of mem0's OpenMemory, in a ZIP with the same rows once more, packed


def read(data: bytes, document: Json | None) -> Found | None:
    """The memories of a file; none if it is something else. Without a `document` it is JSON Lines.

    Raises:
        Unreadable: it is of memories and can't be used, and why.
    """
    if ours.is_ours(data):
        return ours.read(data)
    return layers.read(data, document)


def read_zip(members: Mapping[str, bytes]) -> Found | None:
    """The memories of a backup that mem0's OpenMemory makes, by the paths of its JSON files.

    Raises:
        Unreadable: it is one and can't be used.
    """
    for path, data in members.items():
        if PurePosixPath(path).name == _BACKUP:
            found = layers.read(data, documents.loads(data))
            return replace(found, container=Container.ZIP) if found else None
    return None
