"""What a file is, by its content alone, never by its name; and what it holds.

Read `_read` from top to bottom: the containers by their first bytes, then texts. Among JSON the
order of `READERS` decides: each asks for what no other format has, the strictest first.
"""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

from tzurot.formats import (
    caps,
    cards,
    chats,
    documents,
    lorebooks,
    memories,
    personas,
    shapes,
    showing,
    tzurot,
)
from tzurot.formats.cards.archive import Archive
from tzurot.formats.documents import Json
from tzurot.formats.found import Found
from tzurot.formats.narrowing import is_object
from tzurot.formats.unreadable import Problem, Unreadable

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_BOM = b"\xef\xbb\xbf"
_RCC = b"rcc||"
_SPACE = b" \t\r\n"
_LISTED = 10  # names in one warning

_PICTURES = {
    "GIF": re.compile(rb"GIF8[79]a"),
    "WebP": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "AVIF or HEIC": re.compile(rb".{4}ftyp(?:avif|heic|mif1)", re.DOTALL),
    "BMP": re.compile(rb"BM.{4}\0{4}", re.DOTALL),
    "TIFF": re.compile(rb"II\*\0|MM\0\*"),
}
_SAYS_SOMETHING = re.compile(rb"[^ \t\r\n]")
_UTF16 = re.compile(rb"\xff\xfe|\xfe\xff|[{\[<\"]\0|\0[{\[<\"]")
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"\x1f\x8b", "packed with gzip; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "packed with 7-Zip; pack it as a ZIP"),
    (b"Rar!", "packed with RAR; pack it as a ZIP"),
    (b"SQLite format 3\0", "a database"),
)
_LINE_WORDS = frozenset(
    ("mes", "chat_metadata", "user_name", "character_name", "memory", "content", "text")
)
_UNDERSTOOD = (
    "These are understood: character cards (PNG, JSON, CHARX), lorebooks, chats of SillyTavern, "
    "Agnai, Character.AI and Oobabooga, exports of PluralKit and Tupperbox, backups of shapes.inc "
    "(JSON or ZIP), characters of Tzurot, and memories of Tzurot, mem0 and OpenMemory."
)

_Reader = Callable[[bytes, Json], Found | None]
READERS: tuple[_Reader, ...] = (
    tzurot.read_own,
    tzurot.read_v2,
    shapes.read,
    cards.read_json,
    lorebooks.read,
    chats.read_json,
    personas.read,
    memories.read,
)


def read(data: bytes) -> Found:
    """What a file holds.

    Raises:
        Unreadable: it can't be used, and why.
    """
    return showing.bounded(_read(data))


def _read(data: bytes) -> Found:
    if not data.strip(_SPACE + b"\0"):
        raise Unreadable(Problem.NOTHING_INSIDE, "The file is empty.")
    if len(data) > caps.FILE:
        raise Unreadable(
            Problem.TOO_LARGE, f"The file is larger than {caps.FILE // 1024 // 1024} MiB."
        )
    if data.startswith(_PNG):
        return cards.read_png(data)
    if _is_zip(data):
        return _zip(data)
    _refuse_binary(data)
    _refuse_text(data.removeprefix(_BOM).lstrip(_SPACE))
    return _lines(data) if _is_lines(data) else _json(data)


def _is_zip(data: bytes) -> bool:
    """Also with something before it; a JPEG is told by the same reader that it has none."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return True
    return not _begins_json(data) and zipfile.is_zipfile(io.BytesIO(data))


def _begins_json(data: bytes) -> bool:
    return data.removeprefix(_BOM).lstrip(_SPACE).startswith((b"{", b"["))


def _zip(data: bytes) -> Found:
    archive = Archive(data)
    names = list(archive.members)
    if "card.json" in archive.members and (card := cards.read_zip(data)):
        return card
    texts = {name: path for name in names if (path := _json_path(name))}
    if sum(archive.members[name].file_size for name in texts) > caps.DOCUMENT:
        raise Unreadable(
            Problem.TOO_LARGE,
            f"The ZIP holds more than {caps.DOCUMENT // 1024 // 1024} MiB of JSON.",
        )
    members = {path: archive.read(name) for name, path in texts.items()}
    found = shapes.read_zip(members) or memories.read_zip(members)
    if found is None:
        _refuse_known({path.lower() for path in texts.values()})
        raise Unreadable(
            Problem.NOT_RECOGNIZED,
            "The ZIP is neither a CHARX nor a backup of shapes.inc or OpenMemory. If it holds "
            f"several files, unpack it and give them one by one. {_UNDERSTOOD}",
        )
    left_out = [name for name in names if name not in texts]
    return replace(found, warnings=(*found.warnings, *_left_out(left_out)))


def _json_path(name: str) -> str:
    """The path of a JSON file with plain slashes; empty for others and for what macOS adds."""
    path = name.replace("\\", "/").removeprefix("./")
    last = path.rpartition("/")[2]
    foreign = path.startswith("__MACOSX/") or last.startswith("._")
    return path if path.lower().endswith(".json") and not foreign else ""


def _left_out(names: list[str]) -> tuple[str, ...]:
    if not names:
        return ()
    more = len(names) - _LISTED
    listed = ", ".join(name[:100] for name in names[:_LISTED])
    return (f"Left out of the ZIP: {listed}{f' and {more:,} more' if more > 0 else ''}.",)


def _refuse_known(paths: set[str]) -> None:
    if "manifest.json" in paths:
        raise Unreadable(
            Problem.NOT_SUPPORTED,
            "This is a Backyard AI archive (BYAF), which can't be read. Export the character as "
            "a PNG card there.",
        )
    if "package.json" in paths or any(path.startswith("characters/") for path in paths):
        raise Unreadable(
            Problem.NOT_SUPPORTED,
            "This is a Voxta package (voxpkg), which can't be read. Export the character as a "
            "PNG card there.",
        )


def _refuse_binary(data: bytes) -> None:
    for name, beginning in _PICTURES.items():
        if beginning.match(data):
            raise Unreadable(
                Problem.NO_CARD,
                f"A {name} picture holds no character card. Many sites show one and give the "
                "card as PNG: look for a download of the character.",
            )
    if data.startswith(_JPEG):
        raise Unreadable(
            Problem.NO_CARD,
            "This JPEG holds no character card. Download the character as PNG.",
        )
    for magic, what in _OTHERS:
        if data.startswith(magic):
            raise Unreadable(Problem.NOT_SUPPORTED, f"The file is {what}. {_UNDERSTOOD}")
    if _UTF16.match(data):
        raise Unreadable(
            Problem.NOT_SUPPORTED,
            "The text is not in UTF-8 but looks like UTF-16. Save it again as UTF-8.",
        )


def _refuse_text(text: bytes) -> None:
    if text.startswith(_RCC):
        raise Unreadable(
            Problem.NOT_SUPPORTED,
            "This is a character of RisuAI in its encoding RCC, which can't be read. Export it "
            "there as a Character Card V3.",
        )
    if text.startswith(b"<"):
        raise Unreadable(
            Problem.NOT_SUPPORTED,
            "This is a web page or XML and not the file itself: the link may have expired, or "
            "needs you to be logged in. Download the file again.",
        )
    if text.startswith((b"# ", b"## ", b"---")):
        raise Unreadable(
            Problem.NOT_SUPPORTED,
            "This is Markdown, which is made for reading. Export the same as JSON; of shapes.inc "
            "with `/shapes export`, format json.",
        )


def _is_lines(data: bytes) -> bool:
    """Whether the first line is an object by itself, and not the last one."""
    start = data.removeprefix(_BOM).lstrip(_SPACE)
    end = start.find(b"\n")
    if end < 0 or not _SAYS_SOMETHING.search(start, end):
        return False
    first = start[:end].rstrip(_SPACE)
    if not (first.startswith(b"{") and first.endswith(b"}")):
        return False
    try:
        documents.loads(first)
    except Unreadable:
        return False
    return True


def _lines(data: bytes) -> Found:
    found = chats.read(data) or memories.read(data, None)
    if found is None:
        raise _not_recognized()
    return found


def _json(data: bytes) -> Found:
    if not _begins_json(data):
        raise _not_recognized()
    try:
        document = documents.loads(data)
    except Unreadable as error:
        # A chat may begin with a broken line, which its reader skips.
        if error.problem is Problem.NOT_JSON and (found := chats.read(data)):
            return found
        raise
    if not document:
        raise Unreadable(Problem.NOTHING_INSIDE, "The JSON is empty: there is nothing inside.")
    for reader in READERS:
        if found := reader(data, document):
            return found
    one_line = is_object(document) and _LINE_WORDS & document.keys()  # of a kind of lines
    if one_line and (found := chats.read(data) or memories.read(data, None)):
        return found
    raise _not_recognized()


def _not_recognized() -> Unreadable:
    return Unreadable(Problem.NOT_RECOGNIZED, f"This file is not recognized. {_UNDERSTOOD}")
