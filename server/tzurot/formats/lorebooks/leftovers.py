"""What becomes of each part of a lorebook: what is used, what only its source keeps."""

from collections import Counter
from collections.abc import Iterator, Mapping

from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Lorebook, Mapped
from tzurot.formats.lorebooks.dialects import CARD, OURS, RISU, Row
from tzurot.formats.lorebooks.places import Place
from tzurot.formats.lorebooks.sillytavern import SETTINGS
from tzurot.formats.narrowing import count, is_empty, is_object, members, numbered, plain, rows

# SillyTavern's settings of an entry, by the names of `LoreEntry.extensions`, and the values that
# say nothing: its defaults, which its files spell out.
_SAYS_NOTHING: Mapping[str, tuple[object, ...]] = {
    "probability": (100,),
    "useProbability": (True, False),
    "depth": (4,),
    "group_weight": (100,),
    "position": (0, 1),
    "selectiveLogic": (0,),
    "role": (0,),
    "scan_depth": (),
}
# Those that nobody follows here.
_NOT_FOLLOWED = frozenset({"automation_id", "vectorized"})
_ENVELOPE = frozenset({"spec", "spec_version", "type", "ver", "kind", "lorebookVersion", OURS})


class Leftovers:
    """Goes through a book's rows once, counting what each says."""

    def __init__(self, place: Place, document: Json) -> None:
        self._place = place
        self._document = members(document)
        self._root = "data." if self._document.get("data") is place.header else ""
        self._words = frozenset(place.dialect.words.values())
        self._mapped: Counter[str] = Counter()
        self._aside: Counter[str] = Counter()
        self._followed: Counter[str] = Counter()
        for _, row in place.rows():
            self._count(row)
        self._aside += Counter()  # without the zeros

    def fields(self) -> tuple[Mapped, ...]:
        """What has a place in a lorebook of ours, if any row says it."""
        header = [
            Mapped(f"{self._root}{word}", f"lorebook.{word}")
            for word in sorted(self._place.words)
            if not is_empty(self._place.header.get(word))
        ]
        entries = [
            Mapped(self._path(word), f"lorebook.entries.{field}")
            for field, word in self._place.dialect.words.items()
            if self._mapped[word]
        ]
        if self._place.dialect is CARD and self._mapped["comment"]:
            path = self._path("comment")
            entries.append(Mapped(path, "lorebook.entries.name", "where an entry has no name"))
        entries += [
            Mapped(self._path(word), f"lorebook.entries.{word.removeprefix('extensions.')}")
            for word in self._followed
            if word not in self._words
        ]
        return (*header, *entries)

    def aside(self) -> tuple[Aside, ...]:
        """What only the source keeps."""
        found = [
            Aside(self._path(word), f"{_entries(number)}: kept for export, not used here")
            for word, number in self._aside.items()
        ]
        folders = len(rows(self._place.header.get(self._place.key))) if self._is_risu() else 0
        if folders := folders and folders - len(self._place.rows()):
            found.append(Aside(self._path("mode"), f"folders, not entries: {folders:,}"))
        return (*found, *self._beside())

    def warnings(self, book: Lorebook) -> tuple[str, ...]:
        """What a person should know before it is used."""
        entries = book.entries
        found = {
            "Entries that are not objects, left out: {}.": self._strange(),
            "Entries without keys that only a decorator can bring up: {}.": sum(
                not (entry.keys or entry.constant) for entry in entries
            ),
            "Entries without content, which tell nothing: {}.": sum(
                not entry.content for entry in entries
            ),
        }
        said = [line.format(f"{number:,}") for line, number in found.items() if number]
        if not book.entries:
            said.insert(0, "The lorebook has no entries.")
        return (*said, *self._unread_numbers())

    def _count(self, row: Row) -> None:
        dialect = self._place.dialect
        for word, value in row.items():
            if is_empty(value) or word == OURS:
                continue
            self._mapped[word] += 1
            if word == "extensions":
                self._count_extensions(members(value))
            elif word in dialect.settings:
                self._setting(dialect.settings[word], word, value)
            elif word == "position" and dialect is not CARD:
                self._setting(word, word, value)
            elif word not in self._words and word not in dialect.ignored:
                self._aside[word] += value is not False

    def _count_extensions(self, extensions: Mapping[str, Json]) -> None:
        for name, value in extensions.items():
            if name not in {"display_index", "case_sensitive"} and not is_empty(value):
                self._setting(name, f"extensions.{name}", value)

    def _setting(self, name: str, word: str, value: Json) -> None:
        """Count a setting of SillyTavern's; one that is followed is what the entry says."""
        if not _says(name, value):
            return
        followed = name in SETTINGS.values() or name in {"position", "character_filter"}
        if followed and name not in _NOT_FOLLOWED:
            self._followed[word] += 1
        else:
            self._aside[word] += 1

    def _beside(self) -> Iterator[Aside]:
        """What stands beside the rows."""
        known = {self._place.key, "entries", *self._place.words}
        for word, value in self._place.header.items():
            if word not in known and word not in _ENVELOPE and not is_empty(value):
                yield Aside(f"{self._root}{word}", "kept for export, not used here")
        if self._root:
            for word, value in self._document.items():
                if word not in {"data", *_ENVELOPE} and not is_empty(value):
                    yield Aside(word, "kept for export, not used here")

    def _unread_numbers(self) -> Iterator[str]:
        for word in ("scan_depth", "token_budget"):
            value = self._place.header.get(word) if word in self._place.words else None
            if value is not None and count(value) is None:
                yield f"`{word}` is not a number of 0 or more: as if it were not given."

    def _strange(self) -> int:
        held = numbered(self._place.header.get(self._place.key))
        return sum(not is_object(row) for _, row in held)

    def _is_risu(self) -> bool:
        return self._place.dialect is RISU

    def _path(self, word: str) -> str:
        return f"{self._root}{self._place.key}.*.{word}"


def _says(name: str, value: Json) -> bool:
    """Whether a setting is something else than its default."""
    return not is_empty(value) and plain(value) not in _SAYS_NOTHING.get(name, (False, 0))


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number:,} entries"
