"""Card JSON in V2 or V3: the stored source with what differs, or a fresh card where it is none.

Unknown fields, their order and the digits of numbers stay as they came; a source that says the
same in the same version comes back byte for byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tzurot.formats import documents, lorebooks
from tzurot.formats.cards import conversion, own, sillytavern
from tzurot.formats.cards.outline import ALIASES, FIELDS, OURS, Format, Outline, outline
from tzurot.formats.documents import Json
from tzurot.formats.found import Character, Lorebook
from tzurot.formats.narrowing import is_object
from tzurot.formats.unreadable import Unreadable

_CARDS = frozenset({*Format, "tzurot_character_v1"})  # what ours was made from may be a card
_SOURCE_DEPTH = 5  # objects around a source document inside of a card


class CardVersion(StrEnum):
    """The versions that are written, by their `spec_version`."""

    V2 = "2.0"
    V3 = "3.0"

    @property
    def spec(self) -> Format:
        """What `spec` says of it."""
        return Format.V3 if self == CardVersion.V3 else Format.V2


@dataclass(frozen=True, slots=True)
class Base:
    """A stored source, and what reading it gives: what differs from that was changed here."""

    format: str
    document: bytes
    character: Character
    book: Lorebook | None = None


@dataclass(frozen=True, slots=True)
class _Changes:
    """What is said now and wasn't in the source."""

    fields: Mapping[str, Json]
    ours: Mapping[str, Json]
    sillytavern: bool
    book: bool

    def __bool__(self) -> bool:
        return bool(self.fields or self.ours or self.sillytavern or self.book)


def card(
    version: CardVersion,
    current: Character,
    *,
    book: Lorebook | None,
    base: Base | None,
    now: datetime,
) -> bytes:
    """The card of a character and its lorebook, as JSON in UTF-8. `base`: where it came from."""
    document = _parsed(base.document) if base and base.format in _CARDS else None
    source = outline(document)
    if base is None or source is None or not is_object(document):
        return _fresh(version, current, book=book, base=base, now=now)
    changes = _changes(current, base.character, _differ(book, base.book))
    if not changes and source.spec == version.spec and source.wrapped:
        return base.document
    data = {**source.data, **changes.fields}
    _put_ours(data, changes.ours)
    if changes.sillytavern:
        data["extensions"] = sillytavern.put(data.get("extensions"), current, base.character)
    if changes.book:
        _put_book(data, book)
    if version == CardVersion.V3:
        conversion.to_v3(data, source, book)
    else:
        conversion.to_v2(data, source)
    if changes and version == CardVersion.V3:
        data["modification_date"] = int(now.timestamp())
    return documents.dumps(_enveloped(version, source, document, data), indent=2)


def _parsed(document: bytes) -> Json:
    try:
        return documents.loads(document)
    except Unreadable:
        return None  # a source that is no JSON is no card


def _changes(current: Character, before: Character, book: bool) -> _Changes:
    said = {key: _json(getattr(current, field)) for key, field in FIELDS.items()}
    was = {key: _json(getattr(before, field)) for key, field in FIELDS.items()}
    ours, before_ours = _ours(current), _ours(before)
    return _Changes(
        {key: value for key, value in said.items() if value != was[key]},
        {key: value for key, value in ours.items() if value != before_ours[key]},
        sillytavern.differ(current, before),
        book,
    )


def _ours(character: Character) -> dict[str, Json]:
    """All that cards have no place for, by our names."""
    texts: dict[str, Json] = {key: getattr(character, key) for key in OURS}
    return texts | own.said(character)


def _json(value: str | tuple[str, ...]) -> Json:
    return value if isinstance(value, str) else list(value)


def _differ(one: Lorebook | None, other: Lorebook | None) -> bool:
    if one is None or other is None:
        return one is not other
    return replace(one, format="", document=b"") != replace(other, format="", document=b"")


def _put_ours(data: dict[str, Json], ours: Mapping[str, Json]) -> None:
    """Put what cards have no place for under our name into the extensions."""
    if not ours:
        return
    extensions = data.get("extensions")
    extensions = {**extensions} if is_object(extensions) else {}
    before = extensions.pop("tzurot", None)
    mine = {**(before if is_object(before) else {}), **ours}
    mine = {key: value for key, value in mine.items() if value or key not in ours}
    data["extensions"] = {**extensions, "tzurot": mine} if mine else extensions


def _put_book(data: dict[str, Json], book: Lorebook | None) -> None:
    before = data.pop("character_book", None)
    if book is not None:
        known = before if is_object(before) else None
        data["character_book"] = lorebooks.write_character_book(book, known)


def _enveloped(
    version: CardVersion, source: Outline, document: dict[str, Json], data: dict[str, Json]
) -> dict[str, Json]:
    """`data` with what stands around it; copies of fields at the root follow what they copy."""
    root: dict[str, Json] = {"spec": "", "spec_version": "", "data": {}}
    if source.wrapped:
        root = {**document}
    root |= {key: _copied(key, value, source, data) for key, value in source.root.items()}
    root["data"] = data
    if source.spec != version.spec or "spec_version" not in root:
        root |= {"spec": str(version.spec), "spec_version": str(version)}
    return root


def _copied(key: str, value: Json, source: Outline, data: dict[str, Json]) -> Json:
    field = ALIASES.get(key, key)
    is_copy = field in FIELDS and field in source.data and value == source.data[field]
    return data[field] if is_copy else value


def _fresh(
    version: CardVersion,
    current: Character,
    *,
    book: Lorebook | None,
    base: Base | None,
    now: datetime,
) -> bytes:
    """A card that was none before, with its source inside, if it has one."""
    said = {key: _json(getattr(current, field)) for key, field in FIELDS.items()}
    mine: dict[str, Json] = {key: value for key, value in _ours(current).items() if value}
    if base and base.document:
        mine["source"] = {"format": base.format, "document": _embedded(base.document)}
    extensions = sillytavern.put({"tzurot": mine} if mine else {}, current, Character(""))
    data: dict[str, Json] = {**said, "extensions": extensions}
    if book is not None:
        data["character_book"] = lorebooks.write_character_book(book)
    if version == CardVersion.V3:
        data["creation_date"] = data["modification_date"] = int(now.timestamp())
    else:
        conversion.to_v2(data, None)
        for key in conversion.V3_ONLY & data.keys():
            if not data[key]:
                del data[key]
    root: dict[str, Json] = {"spec": str(version.spec), "spec_version": str(version)}
    return documents.dumps({**root, "data": data}, indent=2)


def _embedded(document: bytes) -> Json:
    """A source as JSON, or as a text where it is none or would be nested too deep."""
    around = _SOURCE_DEPTH
    try:
        documents.loads(b"[" * around + document.removeprefix(b"\xef\xbb\xbf") + b"]" * around)
        return documents.loads(document)
    except Unreadable:
        return document.decode("utf-8", "replace")
