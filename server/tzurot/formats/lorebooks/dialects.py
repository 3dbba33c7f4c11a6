"""How each program writes an entry: SillyTavern, Risu, Agnai, NovelAI and the card format.

A dialect reads one row into a `LoreEntry` and puts one field back into a row. What it has no word
for goes under `tzurot` in the row, in the words of Character Card V3, and is read from there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from tzurot.formats.documents import Json
from tzurot.formats.found import LoreEntry
from tzurot.formats.lorebooks import sillytavern, smaller, v3
from tzurot.formats.narrowing import members

OURS = "tzurot"
FIELDS = tuple(field.name for field in fields(LoreEntry) if field.compare)
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
    frozenset({"id", "mode", "bookVersion"}),
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
    was = entry_of(dialect, row)
    if was == entry:
        return row
    row = dict(row)
    if dialect is not CARD and row.pop(OURS, None) is not None:
        was = dialect.read(row)
    if was.extensions != entry.extensions:
        dialect.put(row, "extensions", entry)
        was = dialect.read(row)  # a position among them beats `position`
    for name in _differing(was, entry):
        dialect.put(row, name, entry)
    left = _differing(dialect.read(row), entry) if dialect is not CARD else []
    if left:
        said = v3.written(entry)
        row[OURS] = {name: said.get(name) for name in left}
    return row


def new(dialect: Dialect, entry: LoreEntry) -> Row:
    """A row for an entry that is not in the source."""
    return rewritten(dialect, dialect.blank(), entry)


def _differing(one: LoreEntry, other: LoreEntry) -> list[str]:
    return [name for name in FIELDS if getattr(one, name) != getattr(other, name)]
