"""How each program writes an entry: SillyTavern, Risu, Agnai, NovelAI and the card format.

A dialect reads one row into a `LoreEntry` and puts one field back into a row. What it has no word
for goes under `tzurot` in the row, in the words of Character Card V3, and is read from there.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace

from tzurot.formats.documents import Json
from tzurot.formats.found import LoreEntry
from tzurot.formats.lorebooks import sillytavern, smaller, v3
from tzurot.formats.narrowing import members

OURS = "tzurot"
FIELDS = tuple(field.name for field in fields(LoreEntry))
Row = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one program writes an entry. `words`: our field → its key, where it is one key."""

    words: Mapping[str, str]
    read: Callable[[Row], LoreEntry]
    put: Callable[[Row, str, LoreEntry], None]
    blank: Callable[[], Row]
    ignored: frozenset[str]
    """Keys of a row that say nothing about it: numbers, dates."""
    settings: Mapping[str, str]
    """SillyTavern's setting by its name in a row → its name in `LoreEntry.extensions`."""


CARD = Dialect(v3.WORDS, v3.read, v3.put, v3.blank, v3.IGNORED, {})
SILLYTAVERN = Dialect(
    sillytavern.WORDS,
    sillytavern.read,
    sillytavern.put,
    sillytavern.blank,
    sillytavern.IGNORED,
    sillytavern.SETTINGS,
)
RISU = Dialect(
    smaller.RISU,
    smaller.read_risu,
    smaller.put_risu,
    smaller.blank_risu,
    frozenset({"id", "bookVersion"}),
    {"activationPercent": "probability"},
)
AGNAI = Dialect(
    smaller.AGNAI,
    smaller.read_agnai,
    smaller.put_agnai,
    smaller.blank_agnai,
    frozenset({"id", "_id"}),
    {},
)
NOVELAI = Dialect(
    smaller.NOVELAI,
    smaller.read_novelai,
    smaller.put_novelai,
    smaller.blank_novelai,
    frozenset({"id", "lastUpdatedAt"}),
    {},
)


def entry_of(dialect: Dialect, row: Row) -> LoreEntry:
    """What a row says."""
    entry = dialect.read(row)
    ours = members(row.get(OURS)) if dialect is not CARD else {}
    said = {name: value for name, value in ours.items() if name in FIELDS}
    return v3.read({**v3.written(entry), **said}) if said else entry


def rewritten(dialect: Dialect, row: Row, entry: LoreEntry) -> Row:
    """A row that says `entry`: the same one where it does already, else with what differs."""
    if entry_of(dialect, row) == entry:
        return row
    row = {name: value for name, value in row.items() if name != OURS or dialect is CARD}
    _put(dialect, row, entry, ["extensions"])  # first: a position among them beats `position`
    _put(dialect, row, entry, FIELDS)
    said = v3.written(entry)
    left = _differing(dialect.read(row), entry, FIELDS) if dialect is not CARD else []
    if left:
        row[OURS] = {name: said.get(name) for name in left}
    return row


def new(dialect: Dialect, entry: LoreEntry) -> Row:
    """A row for an entry that is not in the source."""
    return rewritten(dialect, dialect.blank(), entry)


def normal(entry: LoreEntry) -> LoreEntry:
    """The entry as any file of it is read: no blank keys."""
    return replace(
        entry,
        keys=tuple(key for key in entry.keys if key.strip()),
        secondary_keys=tuple(key for key in entry.secondary_keys if key.strip()),
    )


def _put(dialect: Dialect, row: Row, entry: LoreEntry, names: Iterable[str]) -> None:
    for name in _differing(dialect.read(row), entry, names):
        dialect.put(row, name, entry)


def _differing(one: LoreEntry, other: LoreEntry, names: Iterable[str]) -> list[str]:
    return [name for name in names if getattr(one, name) != getattr(other, name)]
