"""Texts and pictures of our files, within what may be kept."""

import base64
import binascii
import re
from collections.abc import Mapping

from tzurot.formats import caps, narrowing
from tzurot.formats.documents import Json
from tzurot.formats.unreadable import Problem, Unreadable

_DATA_URI = re.compile(r"data:[^,]{0,100};base64,")


def picture(value: Json, path: str) -> tuple[bytes | None, tuple[str, ...]]:
    """The bytes of a picture in base64 or in a data: URI, or none and why not."""
    written = narrowing.text(value)
    if header := _DATA_URI.match(written):
        written = written[header.end() :]
    if not written:
        return None, ()
    if len(written) > caps.PICTURE * 4 // 3 + 4:
        return None, (f"`{path}` is larger than {caps.PICTURE // 1024 // 1024} MiB; left out.",)
    try:
        return base64.b64decode(written, validate=True), ()
    except (binascii.Error, ValueError):
        return None, (f"`{path}` is not base64; the character comes without it.",)


def require_short(texts: Mapping[str, str]) -> None:
    """Refuse a text that is too long, by its name.

    Raises:
        Unreadable: TOO_LARGE.
    """
    for name, text in texts.items():
        if len(text) > caps.TEXT:
            raise Unreadable(
                Problem.TOO_LARGE,
                f"`{name}` has {len(text):,} characters; at most {caps.TEXT:,} can be kept.",
            )
