"""Inputs that nobody would write: real files with their structure broken on purpose, by a seed.

`made(family, number)` is the same bytes for ever. To have one that failed:

    python -m tests.formats.fuzzing png 1234 > input
"""

import base64
import io
import json
import random
import re
import struct
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.formats.cards import making as cards
from tests.formats.lorebooks.making import EVERY as LOREBOOKS
from tests.formats.shapes import making as shapes
from tzurot.formats import tzurot
from tzurot.formats.found import Character, Document, Lorebook, LoreEntry

Random = random.Random
Holder = dict[str, object] | list[object]
_DATA = Path(__file__).parent / "data"
_RAW = "\x01raw:"  # marks what is no JSON value of Python's: it is put into the text as it stands
_ASSET = base64.b64encode(cards.png())
_MORE: Mapping[str, object] = {
    "v1": cards.v1(avatar="https://example.com/a.png"),
    "pygmalion": {"char_name": "Mira", "char_persona": "calm", "char_greeting": "Hi"},
    "v3_all": cards.v3(
        nickname="Mi",
        group_only_greetings=["Both of you!"],
        creator_notes_multilingual={"en": "x"},
        character_book=LOREBOOKS["v2_character_book"],
        assets=[
            {"type": "icon", "name": "main", "ext": "png", "uri": "embeded://assets/a.png"},
            {"type": "icon", "name": "b", "ext": "png", "uri": "__asset:0"},
            {"type": "x", "name": "c", "ext": "png", "uri": f"data:image/png;base64,{_ASSET!s}"},
        ],
        extensions={"tzurot": {"tone": "dry", "birthday": "03-14"}, "chub": {"id": 7}},
    ),
    "tzurot_v2": {
        "name": "Marta",
        "slug": "marta-lamp",
        "characterInfo": "A keeper.",
        "personalityTraits": "calm",
        "avatarData": _ASSET.decode(),
        "tags": ["sea"],
        "customFields": {"birthday": "1990-03-14", "initialMessage": "Hi", "keywords": []},
    },
    "tupperbox": {
        "tuppers": [
            {"id": 1, "name": "Ida", "brackets": ["i:", ""], "birthday": "2000-03-14", "user_id": 9}
        ],
        "groups": [],
    },
    "pluralkit": {
        "version": 2,
        "id": "abcde",
        "name": "Us",
        "webhook_url": "https://example.com",
        "members": [
            {
                "id": "aaaaa",
                "name": "Ida",
                "birthday": "0004-03-14",
                "proxy_tags": [{"prefix": "i:", "suffix": None}],
                "privacy": {"visibility": "private"},
            }
        ],
        "groups": [],
        "switches": [{"timestamp": "2024-01-01T00:00:00Z", "members": ["aaaaa"]}],
    },
    "mem0": {"results": [{"id": "1", "memory": "Ida likes tea.", "user_id": "u"}]},
    "openmemory": [{"id": 1, "content": "Tea.", "tags": ["a"], "created_at": 1716701791}],
    "oobabooga": {"data_visible": [["hi &amp; ho", "ho"], ["", "again"]], "data": []},
    "character_ai": {
        "histories": {
            "histories": [
                {
                    "msgs": [
                        {"src": {"name": "Mira", "is_human": False}, "text": "Hi", "created": 1e9},
                        {"src": {"name": "Ida", "is_human": True}, "text": "Ho"},
                    ]
                }
            ]
        }
    },
    "shapes_export": {
        "sourceSlug": "marta-lamp",
        "config": {"name": "Marta", "username": "marta-lamp", "jailbreak": "Be {shape}."},
        "memories": [shapes.memory("Ida brought oil.", shapes.IDA)],
        "stories": [shapes.story("The lamp was lit in 1871.", urls=["https://example.com"])],
        "userPersonalization": {"preferred_name": "Ida", "backstory": "{user} repairs boats."},
        "chat_history": [],
    },
    "shapes_memories": {
        "items": [shapes.memory("one", shapes.IDA), shapes.memory("two", shapes.JON, shapes.IDA)],
        "pagination": {"has_next": True, "total_pages": 3, "page": 1},
    },
    "shapes_memexporter": {
        "shape": "marta-lamp",
        "memories": [{"type": "automatic", "content": "one", "date": "07/26/2024"}],
    },
    "shapes_knowledge": [shapes.story("Lit."), shapes.story("Insert general knowledge here")],
    "shapes_chat": [
        shapes.chat_row("r1", 1.0, "hi", "ho", regenerated_replies=["ho", {"text": "hm"}]),
        shapes.chat_row("r2", "2024-01-01", None, "oh"),
    ],
    "shapes_training": {"training": [{"shape_id": shapes.SHAPE, "prompt": "a"}], "total": 1},
    "shapes_person": {"preferred_name": "Ida", "backstory": "boats", "pronouns": "she/her"},
    **{f"lorebook {name}": value for name, value in LOREBOOKS.items()},
}
_LINES = {
    "memories": [{"text": "Tea.", "occur_time": "2024-01-01"}, {"text": "Oil.", "answer": "Yes."}],
    "mem0": [{"id": "1", "memory": "Tea.", "user_id": "u"}, {"id": 2, "memory": "x"}],
    "bare chat": [{"name": "Ida", "is_user": True, "mes": "Hi", "swipes": ["Hi", "Ho"]}] * 3,
}
_MEM0 = {
    "id": "1",
    "memory": "Tea.",
    "hash": "h",
    "metadata": {"a": [1]},
    "user_id": "u",
    "created_at": "2024-01-01T00:00:00-07:00",
    "updated_at": None,
}
_MEMORY_ROWS = {
    "our memories": [
        {"format": "tzurot.memories", "version": 1, "memories": 2},
        {
            "id": "1",
            "character": {"slug": "mira", "name": "Mira"},
            "persona": "Ida",
            "text": "Tea?",
            "answer": "Yes.",
            "occur_time": "2024-01-01T00:00:00Z",
            "sector": "semantic",
            "other_sectors": ["episodic"],
            "salience": 0.5,
            "recalls": {"count": 1, "salience": 0.5, "last_time": "2024-01-02T00:00:00Z"},
            "locked": True,
            "source": {"format": "mem0", "row": {"memory": None}},
        },
        {
            "id": "2",
            "text": "Much is of tea.",
            "occur_time": "2024-01-01T00:00:00Z",
            "kind": "reflection",
            "source_ids": ["1"],
        },
    ],
    "mem0 lines": [_MEM0, {**_MEM0, "id": "2", "memory": "Oil."}],
    "mem0": [{"results": [_MEM0, {**_MEM0, "id": 2}], "relations": []}],
    "openmemory": [
        {
            "items": [
                {
                    "id": "1",
                    "content": "Tea.",
                    "primary_sector": "semantic",
                    "sectors": ["semantic", "emotional"],
                    "tags": ["a"],
                    "metadata": {"a": 1},
                    "salience": 0.5,
                    "decay_lambda": 0.005,
                    "created_at": 1716701791000,
                    "version": 1,
                }
            ]
        }
    ],
}


@cache
def samples() -> dict[str, bytes]:
    """Whole files of every kind by a name."""
    found = {file.name: file.read_bytes() for file in sorted(_DATA.glob("*/*"))}
    found = {name: data for name, data in found.items() if not name.endswith(".md")}
    found |= {f"{name}.json": json.dumps(value).encode() for name, value in _MORE.items()}
    for name, rows in _LINES.items():
        found[f"{name}.jsonl"] = b"\n".join(json.dumps(row).encode() for row in rows)
    found["ours.json"] = tzurot.write(
        tzurot.Export(
            Character("Mira", tags=("sea",), avatar=cards.png(), slug="mira"),
            (Lorebook((LoreEntry(("bell",), "Bronze."),), document=b'{"entries":{}}'),),
            (Document("The lamp was lit.", title="Lamp"),),
            "chara_card_v2",
            cards.text(cards.v2()),
        )
    )
    found["backup.zip"] = cards.zipped(shapes.backup())
    found["risu.charx"] = cards.zipped(
        {"card.json": cards.text(_MORE["v3_all"]), "assets/a.png": cards.png(), "x.json": b"{}"}
    )
    found["behind.jpeg"] = b"\xff\xd8\xff\xe0" + bytes(60) + found["risu.charx"]
    found["risu.png"] = cards.png(
        cards.text_chunk(b"chara", cards.wrapped(_MORE["v3_all"])),
        cards.text_chunk(b"chara-ext-asset_:0", _ASSET),
    )
    return found


@cache
def words() -> tuple[str, ...]:
    """All keys of all samples, once each."""
    found: set[str] = set()
    for name in _json_names():
        for holder, key in _places(_parsed(name)):
            found |= {str(key)} if isinstance(holder, dict) else set()
    return tuple(sorted(found))


def made(family: str, number: int) -> bytes:
    """Input `number` of a family: `json`, `png`, `zip`, `jsonl`, `memories` or `bytes`."""
    rng = Random(f"{family} {number}")
    return _FAMILIES[family](rng)


# JSON

_ODD = tuple(json.dumps(value) for value in (
    None, True, False, 0, 1, -1, 7, 2**31, 2**63, -(10**30), 0.5, 1e308, "", " ", "x", "true", "0",
    "\0", "a\0b", "\ud800", "\udc00\ud800", "\ud83d", "😀", "\u2028", "\uf000folder:a", "\x7f\x1b",
    "https://example.com/a.png", "http://[", "data:image/png;base64,####", "__asset:0",
    "ccdefault:", "embeded://../a", "/a(b|c)*/i", "@@depth 4\n@@@x\ntext",
    "{user} {{char}} {shape}",
    "2026-02-30", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "1716701791", "9" * 16,
    "9" * 5000, "March 1, 2026 10:01am", "2024-01-15 @14h 30m 15s 123ms", "٣", "NaN", "sNaN", "3.0",
    "a, b,, c", "x" * 2100, "chara_card_v3", "lorebook_v3", "risu", [], {}, [[]], [None], [{}],
    {"": None},
    [""], {"\0": "\ud800"}, ["\ud800", 1, None, {}], {"id": None}, [[1, 2], [3]],
    {"a": {"b": {"c": []}}},
))  # fmt: skip
_TOKENS = (
    "1e400", "-1e400", "1E+999999999", "1e-999999999", "1e99999999999999999999", "-0.0", "NaN",
    "Infinity", "0.1000000000000000055511151231257827", "9" * 4000, "9" * 5000, "1.0", "0e0", "1e5",
    "01", "+1", ".5", "'x'", "undefined", '"\\u0000"', '"\\ud83d\\ude00"', '"\\x41"', '"\t"',
    "[" * 62
    + "]" * 62, "[" * 70 + "]" * 70, '{"a":' * 40 + "1" + "}" * 40, '"\\', "{", "]", ",", "",
)  # fmt: skip
_MARK = re.compile(r'"\\u0001raw:(\d+)"')
_TWICE = re.compile(r'"\\u0001twice:')


@cache
def _json_names() -> tuple[str, ...]:
    return tuple(name for name in samples() if name.endswith(".json"))


def _parsed(name: str) -> object:
    return json.loads(samples()[name].removeprefix(b"\xef\xbb\xbf"))


def _places(value: object) -> list[tuple[Holder, str | int]]:
    """Where values stand: each with the object or list that holds it."""
    found: list[tuple[Holder, str | int]] = []
    waiting: list[Any] = [value]
    while waiting:
        held = waiting.pop()
        pairs = held.items() if isinstance(held, dict) else enumerate(held)
        for key, inner in pairs:
            found.append((held, key))
            if isinstance(inner, dict | list):
                waiting.append(inner)
    return found


def _json(rng: Random, name: str = "") -> bytes:
    """A document of some format with up to four places changed, then its text."""
    value = _parsed(name or rng.choice(_json_names()))
    root = [value]
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        if places := _places(root):
            _change(rng, *rng.choice(places))
    text = json.dumps(root[0] if root else None, indent=rng.choice((None, None, 1)))
    text = _TWICE.sub('"', _MARK.sub(lambda mark: _TOKENS[int(mark[1])], text))
    if rng.random() < 0.1:
        text = _odd_text(rng, text)
    return text.encode("utf-8", "surrogatepass")


def _odd(rng: Random) -> object:
    return json.loads(rng.choice(_ODD))  # a new one each time: it may be changed in its turn


def _change(rng: Random, holder: Holder, key: str | int) -> None:
    place: dict[object, object] = holder  # type: ignore[assignment] - both take their own keys
    roll = rng.random()
    if roll < 0.4:
        place[key] = _odd(rng)
    elif roll < 0.52:
        place[key] = f"{_RAW}{rng.randrange(len(_TOKENS))}"
    elif roll < 0.6:
        del place[key]
    elif roll < 0.66:
        place[key] = rng.choice(([place[key]], {"a": place[key]}, [place[key]] * 3))
    elif roll < 0.76:
        other, name = rng.choice(_places([_parsed(rng.choice(_json_names()))]))
        place[key] = other[name]  # type: ignore[index] - a place of its own holder
    elif isinstance(holder, dict):
        word = rng.choice((*words(), "\x01twice:" + str(rng.choice(list(holder))), "9" * 4400))
        holder[word] = holder.pop(str(key)) if roll < 0.88 else _odd(rng)
    else:
        holder.insert(rng.randrange(len(holder) + 1), _odd(rng))


def _odd_text(rng: Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    return rng.choice(
        (
            text[:at],
            text[at:],
            text[:at] + rng.choice('\0"\\{}[],:\ud800é\n😀') + text[at:],
            "\ufeff\n" + text,
            text + text,
            text + rng.choice(("\0", "\n{}", "]", "\x1a")),
        )
    )


# PNG


@cache
def _png_names() -> tuple[str, ...]:
    return tuple(name for name in samples() if name.endswith(".png"))


def _png(rng: Random) -> bytes:
    chunks = _chunks(samples()[rng.choice(_png_names())])
    if rng.random() < 0.7:
        chunks.insert(rng.randrange(len(chunks) + 1), _card_chunk(rng))
    for _ in range(rng.choice((1, 1, 2, 3))):
        _change_chunks(rng, chunks)
    parts = [cards.SIGNATURE, *(_written(rng, kind, data) for kind, data in chunks)]
    data = b"".join(parts)
    roll = rng.random()
    if roll < 0.08:
        return data[: rng.randrange(len(data))]
    return data + samples()["risu.charx"] if roll < 0.12 else data


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, start = [], 8
    while start + 12 <= len(data):
        length = int.from_bytes(data[start : start + 4])
        found.append((data[start + 4 : start + 8], data[start + 8 : start + 8 + length]))
        start += 12 + length
    return found


def _card_chunk(rng: Random) -> tuple[bytes, bytes]:
    """A text with some JSON in it, in one of the ways that there are, or almost."""
    content = _json(rng, rng.choice(("v3_all.json", "tk_full_v2_card.json", "v1.json", "")))
    content = rng.choice((base64.b64encode, base64.b64encode, _almost_base64(rng), bytes))(content)
    keyword = rng.choice(
        (b"ccv3", b"ccv3", b"chara", b"Chara", b"CCV3", b"ccv3 ", b"", b"chara-ext-asset_:0")
    )
    kind = rng.choice((b"tEXt", b"tEXt", b"zTXt", b"iTXt"))
    packed = rng.random() < 0.5
    if kind == b"zTXt" or (kind == b"iTXt" and packed):
        content = (
            _broken(rng, zlib.compress(content, 1))
            if rng.random() < 0.3
            else zlib.compress(content, 1)
        )
    middle = {b"tEXt": b"", b"zTXt": b"\0", b"iTXt": bytes([packed, 0]) + b"en\0\0"}[kind]
    return kind, keyword + b"\0" + middle + content


def _almost_base64(rng: Random) -> Callable[[bytes], bytes]:
    return rng.choice(
        (
            lambda data: base64.b64encode(data).rstrip(b"="),
            lambda data: base64.b64encode(data)[:-1],
            base64.urlsafe_b64encode,
            base64.encodebytes,
            lambda data: base64.b64encode(base64.b64encode(data)),
            lambda data: _broken(rng, base64.b64encode(data)),
            lambda data: b"rcc||" + base64.b64encode(data),
            lambda data: b"\xef\xbb\xbf " + base64.b64encode(b"\xef\xbb\xbf" + data) + b"\0",
        )
    )


def _change_chunks(rng: Random, chunks: list[tuple[bytes, bytes]]) -> None:
    at = rng.randrange(len(chunks)) if chunks else 0
    kind, data = chunks[at] if chunks else (b"tEXt", b"")
    match rng.randrange(8):
        case 0:
            rng.shuffle(chunks)
        case 1:
            chunks[at:at] = [(kind, data)] * rng.choice((1, 9))
        case 2:
            del chunks[at : at + 1]
        case 3:
            chunks[at : at + 1] = [
                (rng.choice((b"tEXt", b"zTXt", b"iTXt", b"IEND", b"\xff\0")), data)
            ]
        case 4:
            chunks[at : at + 1] = [(kind, data[: rng.randrange(len(data) + 1)])]
        case 5:
            chunks[at : at + 1] = [
                (kind, data.swapcase() if len(data) < 200 else _broken(rng, data))
            ]
        case 6:
            chunks.append((b"tEXt", rng.choice((b"", b"\0", b"ccv3", b"ccv3\0", b"chara\0e30="))))
        case _:
            chunks.insert(at, _card_chunk(rng))


def _written(rng: Random, kind: bytes, data: bytes) -> bytes:
    length, checksum = len(data), zlib.crc32(kind + data)
    roll = rng.random()
    if roll < 0.03:
        length = rng.choice((0, 2**31, 2**32 - 1, max(0, length - 1), length + 1))
    elif roll < 0.06:
        checksum ^= 1
    return struct.pack(">I", length) + kind + data + struct.pack(">I", checksum)


# ZIP


@cache
def _zip_names() -> tuple[str, ...]:
    return tuple(name for name in samples() if name.endswith((".zip", ".charx", ".jpeg")))


_NAMES = (
    "card.json", "Card.json", "../card.json", "a/../../b.json", "/etc/x.json", "C:\\x.json",
    "a\\..\\card.json", "", "x\ud7ff\0y.json", "😀.json", "a/", "._a.json", "__MACOSX/card.json",
    "manifest.json", "package.json", "marta-lamp/marta-lamp.json", "marta-lamp_memories.json",
    "module.risum", "a" * 300 + ".json", "shapes.json", "brain.json", "assets/a.png",
)  # fmt: skip


def _zip(rng: Random) -> bytes:
    source = samples()[rng.choice(_zip_names())]
    if rng.random() < 0.45:
        return _headers_changed(rng, source)
    held = list(cards.members(source).items())
    for _ in range(rng.choice((1, 2, 3))):
        _change_members(rng, held)
    data = _packed(rng, held)
    data = b"\xff\xd8\xff" + bytes(rng.randrange(99)) + data if rng.random() < 0.2 else data
    return _headers_changed(rng, data) if rng.random() < 0.3 else data


def _change_members(rng: Random, held: list[tuple[str, bytes]]) -> None:
    at = rng.randrange(len(held)) if held else 0
    name, content = held[at] if held else ("card.json", b"{}")
    match rng.randrange(6):
        case 0 | 1:
            held[at : at + 1] = [(name, _json(rng))]
        case 2:
            held[at : at + 1] = [(rng.choice(_NAMES), content)]
        case 3:
            held.append((rng.choice((name, rng.choice(_NAMES))), _json(rng)))
        case 4:
            del held[at : at + 1]
        case _:
            held[at : at + 1] = [(name, _broken(rng, content))]


def _packed(rng: Random, held: list[tuple[str, bytes]]) -> bytes:
    out, method = io.BytesIO(), rng.choice((0, 8, 8, 8))
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as target:
        warnings.simplefilter("ignore")  # names that come twice are meant
        for name, content in held:
            info = zipfile.ZipInfo("x")
            info.filename = name  # the constructor would cut it at NUL
            info.compress_type = method if rng.random() < 0.98 else zipfile.ZIP_BZIP2
            target.writestr(info, content, compresslevel=1)
        if rng.random() < 0.1:
            target.comment = b"PK\x05\x06" * rng.choice((1, 999))
    return out.getvalue()


_RECORDS = re.compile(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)")
_LENGTHS = {b"\x01\x02": 46, b"\x03\x04": 30, b"\x05\x06": 22}


def _headers_changed(rng: Random, data: bytes) -> bytes:
    """One or two fields of headers overwritten: sizes, offsets, flags, lengths of names."""
    changed = bytearray(data)
    records = [found.start() for found in _RECORDS.finditer(data)]
    for _ in range(rng.choice((1, 1, 2))):
        start = rng.choice(records)
        field = start + rng.randrange(4, _LENGTHS[data[start + 2 : start + 4]] - 3, 2)
        width = rng.choice((1, 2, 4))
        new = rng.choice((0, 1, 8, 255, 2**16 - 1, 2**31, 2**32 - 1, rng.getrandbits(32)))
        changed[field : field + width] = (new % 256**width).to_bytes(width, "little")
    if rng.random() < 0.15:
        _to_zip64(rng, changed)
    return bytes(changed) if rng.random() < 0.85 else bytes(changed[: rng.randrange(len(changed))])


def _to_zip64(rng: Random, data: bytearray) -> None:
    """The end of the directory once more in 64 bits, with an offset or a size that lies."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0:
        return
    numbers = [rng.choice((0, 1, 46, 2**32, 2**63 - 1, 2**64 - 1)) for _ in range(4)]
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, *numbers)
    data[end:end] = record + struct.pack("<4sIQI", b"PK\x06\x07", 0, rng.choice((end, 0)), 1)


# JSON Lines and bytes


@cache
def _line_names() -> tuple[str, ...]:
    return tuple(name for name in samples() if name.endswith(".jsonl"))


def _jsonl(rng: Random) -> bytes:
    return _broken_lines(rng, samples()[rng.choice(_line_names())].split(b"\n"))


def _memories(rng: Random) -> bytes:
    """Memories of ours and of other programs, in one document or in lines."""
    rows = rng.choice(tuple(_MEMORY_ROWS.values()))
    return _broken_lines(rng, [json.dumps(row).encode() for row in rows])


def _broken_lines(rng: Random, rows: list[bytes]) -> bytes:
    for _ in range(rng.choice((1, 2, 3))):
        at = rng.randrange(len(rows))
        match rng.randrange(7):
            case 0:
                rng.shuffle(rows)
            case 1:
                rows[at] = rows[at][: rng.randrange(len(rows[at]) + 1)]
            case 2:
                rows[at:at] = samples()[rng.choice(_line_names())].split(b"\n")[
                    : rng.randrange(1, 4)
                ]
            case 3:
                rows[at] = rng.choice((b"", b"[]", b"{}", b"null", b"\xff", b"\0", b"{", b'"x"'))
            case 4:
                rows[at : at + 1] = [rows[at]] * rng.choice((2, 12))
            case _:
                rows[at] = _row(rng, rows[at])
    return rng.choice((b"\n", b"\n", b"\r\n", b"\n\n", b"\r", b" ")).join(rows)


def _row(rng: Random, row: bytes) -> bytes:
    try:
        value = json.loads(row)
    except ValueError:
        return row
    root = [value]
    _change(rng, *rng.choice(_places(root)))
    text = json.dumps(root[0] if root else None, ensure_ascii=True)
    return _TWICE.sub('"', _MARK.sub(lambda mark: _TOKENS[int(mark[1])], text)).encode()


def _bytes(rng: Random) -> bytes:
    data = samples()[rng.choice(tuple(samples()))]
    for _ in range(rng.choice((1, 1, 2, 4))):
        data = _broken(rng, data)
    return data


def _broken(rng: Random, data: bytes) -> bytes:
    """A few bytes changed, taken out, put in or doubled."""
    at = rng.randrange(len(data) + 1)
    end = at + rng.choice((1, 1, 2, 4, 30))
    match rng.randrange(6):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + data[end:]
        case 2:
            return data[:at] + data[at:end] * 3 + data[end:]
        case 3:
            return data[:at] + rng.choice((b"\0", b"\xff", b'"', b"\\", b"PK\x05\x06")) + data[at:]
        case _:
            flipped = bytes(byte ^ 1 << rng.randrange(8) for byte in data[at : at + 1])
            return data[:at] + flipped + data[at + 1 :]


_FAMILIES: Mapping[str, Callable[[Random], bytes]] = {
    "json": _json,
    "memories": _memories,
    "png": _png,
    "zip": _zip,
    "jsonl": _jsonl,
    "bytes": _bytes,
}

if __name__ == "__main__":
    sys.stdout.buffer.write(made(sys.argv[1], int(sys.argv[2])))
