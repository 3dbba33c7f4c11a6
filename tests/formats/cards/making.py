"""Cards in every wrapping that programs have made, built for one test."""

import base64
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from tzurot.formats import cards, documents
from tzurot.formats.found import Character, Found, Lorebook
from tzurot.formats.unreadable import Problem, Unreadable

SAMPLES = Path(__file__).parents[1] / "data" / "cards"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def v1(**fields: object) -> dict[str, object]:
    """A whole V1 card."""
    card = {
        "name": "Mira",
        "description": "A lamp keeper.",
        "personality": "patient",
        "scenario": "A coast.",
        "first_mes": "You made it, {{user}}.",
        "mes_example": "<START>\n{{user}}: Hello\n{{char}}: Mind the stairs.",
    }
    return {**card, **fields}


def v2(**fields: object) -> dict[str, object]:
    """A whole V2 card; `fields` go into its data."""
    data = v1(
        creator_notes="",
        system_prompt="",
        post_history_instructions="",
        alternate_greetings=[],
        tags=[],
        creator="",
        character_version="",
        extensions={},
    )
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": {**data, **fields}}


def v3(**fields: object) -> dict[str, object]:
    """A whole V3 card; `fields` go into its data."""
    card = v2(**{"group_only_greetings": [], **fields})
    return {**card, "spec": "chara_card_v3", "spec_version": "3.0"}


def text(card: object) -> bytes:
    return json.dumps(card, ensure_ascii=False).encode()


def wrapped(card: object) -> bytes:
    return base64.b64encode(text(card))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def text_chunk(keyword: bytes, content: bytes) -> bytes:
    return chunk(b"tEXt", keyword + b"\0" + content)


def png(*before: bytes, after: tuple[bytes, ...] = ()) -> bytes:
    """A gray pixel with chunks before and after its data."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixel = chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return b"".join((SIGNATURE, header, *before, pixel, *after, chunk(b"IEND", b"")))


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return out.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return {name: source.read(name) for name in source.namelist()}


def read(data: bytes) -> Found:
    """The card in a file of any kind."""
    if data.startswith(SIGNATURE):
        return cards.read_png(data)
    if data.startswith((b"PK", b"\xff\xd8")):
        found = cards.read_zip(data)
    else:
        found = cards.read_json(data, documents.loads(data))
    assert found is not None, "it is no card"
    return found


def character(found: Found) -> Character:
    assert found.character is not None
    return found.character


def book(found: Found) -> Lorebook | None:
    return found.lorebooks[0] if found.lorebooks else None


def problem(data: bytes) -> Problem:
    """What is wrong with a file that can't be read."""
    try:
        found = read(data)
    except Unreadable as unreadable:
        assert unreadable.sentence.endswith(".")
        return unreadable.problem
    raise AssertionError(f"it was read: {found.name}")
