"""Personas that people kept with another program: PluralKit, Tupperbox or SillyTavern.

These files are private, often about health: remarks name a member by position and id, never by
name. Each row stands for itself: one that can't be used is reported, and the others go on.
"""

from tzurot.formats.documents import Json
from tzurot.formats.found import Found
from tzurot.formats.personas import pluralkit, sillytavern, tupperbox


def read(data: bytes, document: Json) -> Found | None:
    """The personas that a document holds; none if it is something else. `data` is its bytes.

    Raises:
        Unreadable: TOO_MANY, or NOT_SUPPORTED (a list made by some other bot).
    """
    return (
        pluralkit.read(data, document)
        or tupperbox.read(data, document)
        or sillytavern.read(data, document)
    )
