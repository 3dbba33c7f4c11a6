"""Assets of a V3 card: what they are, their bytes, and which one is the portrait.

Character Card V3, "assets": `embeded://` is the specification's own spelling; both are read.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tzurot.formats import caps, narrowing
from tzurot.formats.cards.notes import Notes
from tzurot.formats.cards.values import text
from tzurot.formats.documents import Json
from tzurot.formats.found import Asset
from tzurot.formats.narrowing import is_empty, is_list, is_object
from tzurot.formats.unreadable import Problem, Unreadable

Files = Callable[[str], bytes | None]
"""The bytes that a URI means inside the file that the card came in; None: it holds none."""

EMBEDDED = ("embeded://", "embedded://")
_DATA_URL = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)
_EXT = re.compile(r"[a-z0-9]{1,10}")
_URL = 2_048  # characters
_CONTENTS = 4 * caps.PICTURE  # bytes of all assets together; the file keeps what is beyond


@dataclass(frozen=True, slots=True)
class Portrait:
    """What the character looks like: bytes or an address, and which part of the source said so."""

    source: str = ""
    picture: bytes | None = None
    url: str = ""


def assets(value: Json, source: str, notes: Notes) -> tuple[Asset, ...]:
    """The assets of a card, without their bytes; what is none stays in the source.

    Raises:
        Unreadable: WRONG_TYPE or TOO_MANY.
    """
    if is_empty(value):
        return ()
    if not is_list(value):
        raise Unreadable(Problem.WRONG_TYPE, f"`{source}` has to be a list.")
    if len(value) > caps.ZIP_MEMBERS:
        raise Unreadable(Problem.TOO_MANY, f"`{source}` has more than {caps.ZIP_MEMBERS:,}.")
    return tuple(_asset(item, f"{source}[{n}]", notes) for n, item in enumerate(value))


def check(found: Sequence[Asset], notes: Notes) -> None:
    """Say what breaks the rules of the specification without making a card unreadable."""
    icons = [asset for asset in found if asset.type == "icon"]
    mains = sum(icon.name == "main" for icon in icons)
    if len(icons) > 1 and mains != 1:
        notes.warn(f"Of {len(icons)} icons {mains} are named `main`; it should be exactly one.")
    if sum(asset.type == "background" and asset.name == "main" for asset in found) > 1:
        notes.warn("More than one background is named `main`; the first counts.")
    if any(asset.ext and not _EXT.fullmatch(asset.ext) for asset in found):
        notes.warn("Some assets have an `ext` that is no lower-case file ending.")
    if any(asset.uri.lower().startswith("http://") for asset in found):
        notes.warn("Assets behind `http:` addresses aren't fetched.")


def with_contents(found: Sequence[Asset], files: Files) -> tuple[Asset, ...]:
    """The assets with those bytes that came along, icons first, within a bound."""
    left = _CONTENTS
    contents: dict[str, bytes | None] = {}
    for asset in sorted(found, key=lambda asset: (asset.type != "icon", asset.name != "main")):
        if asset.uri in contents or left <= 0:
            continue
        content = _content(asset.uri, files)
        left -= len(content or b"")  # of what is too large, too: it was read all the same
        kept = content is not None and left >= 0 and len(content) <= caps.PICTURE
        contents[asset.uri] = content if kept else None
    return tuple(replace(asset, content=contents.get(asset.uri)) for asset in found)


def portrait(found: Sequence[Asset], picture: bytes | None, source: str) -> Portrait:
    """The main icon, or else the first icon that can be had; `picture` is what holds the card."""
    icons = [(n, asset) for n, asset in enumerate(found) if asset.type == "icon"]
    for n, icon in sorted(icons, key=lambda pair: pair[1].name != "main"):
        uri = icon.uri.lower()
        if icon.content is not None:
            return Portrait(f"{source}[{n}]", picture=icon.content)
        if uri.startswith("ccdefault:") and picture is not None:
            return Portrait(f"{source}[{n}]", picture=picture)
        if is_address(icon.uri):
            return Portrait(f"{source}[{n}]", url=icon.uri)
    return Portrait("(the picture)", picture=picture) if picture is not None else Portrait()


def is_address(uri: str) -> bool:
    """Whether a picture may be fetched from there: https, and no longer than addresses are."""
    return uri.lower().startswith("https://") and len(uri) <= _URL


def embedded_path(uri: str) -> str | None:
    """The path inside the ZIP that a URI names, exactly as it is spelled; None: another scheme."""
    for scheme in EMBEDDED:
        if uri.lower().startswith(scheme):
            return uri[len(scheme) :]
    return None


def _asset(item: Json, source: str, notes: Notes) -> Asset:
    fields = item if is_object(item) else {}
    kind, name, ext = (
        text(fields.get(key), f"{source}.{key}", notes.warnings) for key in ("type", "name", "ext")
    )
    uri = fields.get("uri")
    if not (isinstance(uri, str) and uri and kind and name and ext):
        notes.warn(f"`{source}` lacks a type, name, ext or uri.")
    # No bound for its length: data: URLs are long.
    return Asset(kind, name, ext, narrowing.text(uri) if isinstance(uri, str) else "")


def _content(uri: str, files: Files) -> bytes | None:
    header = _DATA_URL.match(uri)
    if header is None:
        return files(uri)
    if (len(uri) - header.end()) * 3 // 4 > caps.PICTURE:
        return None
    try:
        return base64.b64decode(uri[header.end() :])
    except (binascii.Error, ValueError):
        return None
