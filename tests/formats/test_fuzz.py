"""Whatever comes in: it is read or refused in a sentence, in time, and what was read can go out.

A failure names the input; `tests/formats/fuzzing.py` tells how to have it again.
"""

import dataclasses
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.fuzzing import made, words
from tzurot.formats import chats, detection, documents, lorebooks, tzurot
from tzurot.formats.cards import charx, png, writing
from tzurot.formats.cards.outline import FIELDS, OURS
from tzurot.formats.cards.writing import Base, CardVersion
from tzurot.formats.found import (
    Character,
    Found,
    History,
    Kind,
    Lorebook,
    Recollection,
    Said,
)
from tzurot.formats.memories.line import Leaving
from tzurot.formats.memories.writing import LAYOUTS, Format, said
from tzurot.formats.unreadable import Unreadable
from tzurot.personality.avatars import pictures
from tzurot.transfer import merging

INPUTS = {
    "json": 2_000,
    "png": 800,
    "zip": 800,
    "jsonl": 1_000,
    "memories": 1_000,
    "bytes": 1_000,
}
SECONDS = 2.0  # of the CPU, for one input
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BLANK = pictures.blank()
IN_CARDS = (*FIELDS.values(), *OURS)


@pytest.mark.parametrize("family", INPUTS)
def test_a_broken_file_is_read_or_refused(family: str) -> None:
    for number in range(INPUTS[family]):
        try:
            check(made(family, number), number)
        except Exception as error:
            again = f"python -m tests.formats.fuzzing {family} {number} > input"
            raise AssertionError(f"{family} {number}: {error!r}; {again}") from error


def check(data: bytes, number: int = 0) -> None:
    """All that must be true of a file. `number` decides which ways out are tried."""
    start = time.process_time()
    try:
        found = detection.read(data)
    except Unreadable as refused:
        assert refused.sentence.strip().endswith("."), refused.sentence
        assert storable(refused.sentence), refused.sentence
        found = None
    took = time.process_time() - start
    assert took < SECONDS, f"{took:.1f} s of the CPU"
    if found is None:
        return
    strange = [text for text in texts(found) if not storable(text)]
    assert not strange, strange[:3]
    if found.character:
        _character_goes_out(found, found.character, number)
    for book in found.lorebooks:
        _book_goes_out(book, number)
    for history in found.histories:
        _history_goes_out(history, number)
    if found.kind is Kind.MEMORIES and found.memories:
        _memories_go_out(found, tuple(Format)[number % len(Format)])


def storable(text: str) -> bool:
    return merging.storable(text) == text


def texts(value: object) -> Iterator[str]:
    """All texts in a value."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for name in value.__dataclass_fields__:
            yield from texts(getattr(value, name))
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts(name)
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


# Characters


def _character_goes_out(found: Found, character: Character, number: int) -> None:
    base = _base(found)
    if base and base.format == found.format:
        _is_same(base.character, character)
    changed = (
        character,
        replace(character, description=character.description + " Edited.", tone="dry"),
        replace(character, greeting="", tags=(*character.tags, "new"), nickname="Mi"),
    )[number % 3]
    way: Callable[[Found, Character], None] = (_as_v2, _as_v3, _as_ours, _in_files)[number % 4]
    way(found, changed)


def _card(found: Found, character: Character, version: CardVersion) -> bytes:
    book = found.lorebooks[0] if found.lorebooks else None
    return writing.card(version, character, book=book, base=_base(found), now=NOW)


def _base(found: Found) -> Base | None:
    """What the stored source says, as it is read again when a character goes out."""
    try:
        source = detection.read(found.document)
    except Unreadable:
        return None
    book = source.lorebooks[0] if source.lorebooks else None
    said = source.character
    return Base(source.format, found.document, said, book) if said else None


def _as_v2(found: Found, character: Character) -> None:
    again = detection.read(_card(found, character, CardVersion.V2))
    _is_same(again.character, character)


def _as_v3(found: Found, character: Character) -> None:
    again = detection.read(_card(found, character, CardVersion.V3))
    _is_same(again.character, character)
    assert [plain(book) for book in again.lorebooks] == [plain(b) for b in found.lorebooks]


def _is_same(one: Character | None, character: Character) -> None:
    said = {name: getattr(one, name) for name in IN_CARDS}
    shown = tuple(tag for tag in character.tags if tag.strip())  # cards have no blank ones
    assert said == {name: getattr(character, name) for name in IN_CARDS} | {"tags": shown}


def _as_ours(found: Found, character: Character) -> None:
    export = tzurot.Export(
        character, found.lorebooks, found.documents, found.format, found.document
    )
    again = detection.read(tzurot.write(export))
    assert again.character == replace(character, assets=())
    assert [plain(book) for book in again.lorebooks] == [plain(b) for b in found.lorebooks]
    assert again.documents == found.documents
    if found.document and _is_json(found.document):
        assert documents.loads(again.document) == documents.loads(found.document)


def _is_json(document: bytes) -> bool:
    try:
        documents.loads(document)
    except Unreadable:
        return False
    return True


def _in_files(found: Found, character: Character) -> None:
    """As a picture and as CHARX."""
    v2, v3 = (_card(found, character, version) for version in CardVersion)
    picture = png.write(BLANK, v2, v3)
    _is_same(detection.read(picture).character, character)
    archive = charx.write(v3, original=picture, icon=BLANK)
    _is_same(detection.read(archive).character, character)


# Lorebooks and chats


def plain(book: Lorebook) -> Lorebook:
    """The book without where it came from."""
    return replace(book, format="", document=b"")


def _book_goes_out(book: Lorebook, number: int) -> None:
    changed = replace(book, name="Edited", entries=book.entries[::-1]) if number % 2 else book
    (again,) = detection.read(lorebooks.write(changed, None)).lorebooks
    assert plain(again) == plain(changed)


def _history_goes_out(history: History, number: int) -> None:
    first, *others = history.messages
    if number % 2:
        first = replace(first, text=first.text + " Edited.", alternatives=(), chosen=0)
    changed = replace(history, messages=(first, *others))
    (again,) = detection.read(chats.write_jsonl(changed)).histories
    assert [_told(said) for said in again.messages] == [_told(said) for said in changed.messages]


def _told(said: Said) -> Said:
    return replace(said, source=b"")


def _memories_go_out(found: Found, format: Format) -> None:
    """As our own lines nothing is lost; as rows of another program each keeps its values."""
    leaving = [_leaving(memory, number) for number, memory in enumerate(found.memories)]
    layout = LAYOUTS[format]
    data = (
        layout.begin(len(leaving), 0) + layout.between.join(map(layout.row, leaving)) + layout.end
    )
    again = detection.read(data)
    if format is Format.JSON_LINES:
        told = [replace(memory, origin="") for memory in again.memories]
        assert told == [replace(it.told, origin="") for it in leaving]
    else:
        assert again.format == format
        assert [it.text for it in again.memories] == [said(it) for it in leaving]


def _leaving(memory: Recollection, number: int) -> Leaving:
    """As a memory goes out that was stored, with an id and a time."""
    known = replace(memory.known, id=memory.known.id or str(number))
    when = memory.occur_time or NOW
    told = replace(memory, senders=(), known=known, occur_time=when)
    return Leaving(told, when, NOW, "persona")


# Any JSON and any bytes

TEXTS = st.text(max_size=9) | st.sampled_from(("\0", "\ud800", "9" * 20, "/a/", "2024-01-01"))
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
KEYS = st.sampled_from(words()) | st.text(max_size=3)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)
QUICK = settings(max_examples=150, derandomize=True)


@QUICK
@given(JSON, st.integers(0, 11))
def test_any_json_is_read_or_refused(value: object, number: int) -> None:
    check(json.dumps(value).encode(), number)


@QUICK
@given(st.lists(st.dictionaries(KEYS, TEXTS | NUMBERS | st.none(), max_size=5), max_size=4))
def test_any_lines_are_read_or_refused(rows: list[dict[str, object]]) -> None:
    check(b"\n".join(json.dumps(row).encode() for row in rows))


@QUICK
@given(
    st.sampled_from(
        (b"", b"{", b"PK\3\4", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xef\xbb\xbf{")
    ),
    st.binary(max_size=200),
)
def test_any_bytes_are_read_or_refused(start: bytes, rest: bytes) -> None:
    check(start + rest)
