"""Parts of a card that have no place here, and why, in words for the person who imports it."""

from collections.abc import Mapping

from tzurot.formats import caps
from tzurot.formats.cards import own, sillytavern
from tzurot.formats.cards.notes import LISTED, Notes, path
from tzurot.formats.cards.outline import FIELDS, OURS, Outline
from tzurot.formats.documents import Json
from tzurot.formats.narrowing import is_empty, is_list, is_object
from tzurot.formats.unreadable import Problem, Unreadable

_UNKNOWN = "An unknown field; it stays in the card."
_OTHER_PROGRAM = "A setting of another program; it stays in the card."
_DATA: Mapping[str, str] = {
    "creator_notes_multilingual": "Notes in several languages; one text is kept here.",
    "source": "Where the card was published; it stays in the card.",
    "creation_date": "When the card was made; it stays in the card.",
    "modification_date": "When the card was last changed; it stays in the card.",
    "avatar": "The name of a picture that isn't part of the card.",
}
_EXTENSIONS: Mapping[str, str] = {
    "talkativeness": "How often the character speaks in groups of SillyTavern.",
    "fav": "A mark as favorite in SillyTavern.",
    "world": "The name of a lorebook outside the card; import its file, too.",
    "chub": "What chub.ai knows of the card, such as related lorebooks.",
    "risuai": "Settings of RisuAI, such as scripts and triggers.",
    "agnai": "Settings of Agnai.",
}
_ROOT: Mapping[str, str] = {
    "chat": "The name of a chat file of SillyTavern.",
    "create_date": "When the card was made; it stays in the card.",
    "metadata": "What the editor of the card noted about itself.",
    "avatar": "The name of a picture that isn't part of the card.",
    "fav": _EXTENSIONS["fav"],
    "talkativeness": _EXTENSIONS["talkativeness"],
}
_BOOK = {"name", "description", "scan_depth", "token_budget", "recursive_scanning", "entries"}
_ENTRY = {
    *("keys", "content", "secondary_keys", "name", "enabled", "constant", "selective"),
    *("use_regex", "case_sensitive", "insertion_order", "priority", "position", "extensions"),
}


def note(found: Outline, notes: Notes) -> None:
    """Note all parts of a card that only its stored source keeps; assets are noted elsewhere.

    Raises:
        Unreadable: TOO_MANY.
    """
    for fields in (found.root, found.data, found.data.get("extensions")):
        if is_object(fields) and len(fields) > caps.ENTRIES:
            sentence = f"One object of the card has more than {caps.ENTRIES:,} fields."
            raise Unreadable(Problem.TOO_MANY, sentence)
    known = {*FIELDS, "character_book", "extensions", "assets"}
    mapped = {field.source for field in notes.fields}
    for key, value in found.data.items():
        if key not in known and found.path(key) not in mapped:
            notes.keep(found.path(key), value, _DATA.get(key, _UNKNOWN))
    _extensions(found, notes)
    _book(found, notes)
    for key, value in found.root.items():
        notes.keep(key, value, _at_the_root(found, key))


def keys(fields: Mapping[str, Json]) -> list[str]:
    """The names of the fields, in order of the alphabet, as many as a preview can show."""
    return [path(key) for key in sorted(fields)[:LISTED]]


def _at_the_root(found: Outline, key: str) -> str:
    if found.wrapped and key in {*FIELDS, "creatorcomment"}:
        return "A copy for old programs; what is in `data` counts."
    return _ROOT.get(key, _UNKNOWN)


def _extensions(found: Outline, notes: Notes) -> None:
    source, value = found.path("extensions"), found.data.get("extensions")
    if not is_object(value):
        if not is_empty(value):
            notes.warn(f"`{source}` is no object; it stays in the card.")
        notes.keep(source, value, "It is no object.")
        return
    for key, setting in value.items():
        if key == "tzurot" and is_object(setting):
            _ours(setting, f"{source}.tzurot", notes)
        elif key in sillytavern.NAMES:
            continue  # it says itself what it keeps aside
        elif not (key == "chub" and is_object(setting) and setting.keys() == {"id"}):
            notes.keep(f"{source}.{key}", setting, _EXTENSIONS.get(key, _OTHER_PROGRAM))


def _ours(fields: dict[str, Json], source: str, notes: Notes) -> None:
    for key, value in fields.items():
        if key == "source":
            notes.keep(f"{source}.source", value, "The document that this card was made from.")
        elif key not in OURS and key not in own.NAMES:
            notes.keep(f"{source}.{key}", value, _UNKNOWN)


def _book(found: Outline, notes: Notes) -> None:
    """Parts of the lorebook, each kind of them once and not for every entry."""
    source, book = found.path("character_book"), found.data.get("character_book")
    if not is_object(book):
        return
    for key, value in book.items():
        if key not in _BOOK:
            notes.keep(f"{source}.{key}", value, _OTHER_PROGRAM)
    entries = book.get("entries")
    seen: dict[str, Json] = {}
    for entry in entries if is_list(entries) else []:
        if is_object(entry):
            known = (
                _ENTRY if entry.get("name") else {*_ENTRY, "comment"}
            )  # the name of a nameless one
            seen |= {k: v for k, v in entry.items() if k not in known and not is_empty(v)}
    for key, value in seen.items():
        notes.keep(f"{source}.entries[].{key}", value, "It stays in the entries of the card.")
