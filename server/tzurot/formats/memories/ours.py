"""Our own memories as JSON Lines: a header, then a line for each memory and for each fact.

    {"format": "tzurot.memories", "version": 1, "memories": 2, "facts": 1}
    {"id": …, "character": {"slug": …, "name": …}, "persona": …, "text": …, "answer": …, …}
    {"kind": "fact", "id": …, "character": …, "persona": …, "text": …, "state": …, …}

What is written is read back as it was. A line that isn't understood refuses the file: a backup that
comes in with holes is worse than one that says where it is broken.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tzurot.formats import caps, documents, lines, narrowing
from tzurot.formats.documents import Json
from tzurot.formats.found import (
    Aside,
    Container,
    Found,
    Kind,
    KnownFact,
    Mapped,
    Recollection,
)
from tzurot.formats.memories import fact_line, line, succession
from tzurot.formats.memories.strict import Wrong
from tzurot.formats.unreadable import Problem, Unreadable

FORMAT = "tzurot.memories"
VERSION = 1
_MARK = FORMAT.encode()
_LOOKED_AT = 1_000  # bytes of a first line


def header(memories: int, facts: int = 0) -> bytes:
    """The first line of a file with so many of both."""
    told = {"format": FORMAT, "version": VERSION, "memories": memories, "facts": facts}
    return documents.dumps(told)


def is_ours(data: bytes) -> bool:
    """Whether a file begins with our header."""
    start = data[:_LOOKED_AT]
    if _MARK not in start:
        return False
    first = next(lines.numbered(start), None)
    row = lines.object_of(first[1]) if first else None
    return row is not None and row.get("format") == FORMAT


def read(data: bytes) -> Found:
    """The memories and facts of a file of ours.

    Raises:
        Unreadable: the first line that is not understood, facts in a circle, or NOTHING_INSIDE,
            TOO_LARGE, TOO_MANY.
    """
    documents.require_few(data)
    numbered = lines.numbered(data)
    _, first = next(numbered)
    header = narrowing.members(documents.loads(first))
    if header.get("version") != VERSION:
        raise Unreadable(
            Problem.NOT_SUPPORTED,
            f"The file is of version {narrowing.text(header.get('version')) or 'unknown'} of "
            f"Tzurot's format; this server reads version {VERSION}.",
        )
    rows = _Rows()
    for number, written in numbered:
        rows.add(number, _row(number, written))
        if len(rows.facts) > caps.FACTS:
            raise Unreadable(Problem.TOO_MANY, f"The file has more than {caps.FACTS:,} facts.")
    if not (rows.memories or rows.facts):
        raise Unreadable(Problem.NOTHING_INSIDE, "The file has no memories.")
    return _found(rows, header)


class _Once:
    """What no two lines of a file have in common."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._sources: dict[str, int] = {}

    def check(self, number: int, id: str, gathered_from: Sequence[str] = ()) -> None:
        """Refuse an id that comes again, and what is a source of two reflections."""
        if id in self._ids:
            raise Wrong(f"line {self._ids[id]:,} has its `id`, too")
        self._ids[id] = number
        for source in gathered_from:
            if self._sources.setdefault(source, number) != number:
                raise Wrong(f"line {self._sources[source]:,} has one of its `source_ids`, too")


class _Rows:
    """What the lines of a file tell."""

    def __init__(self) -> None:
        self.memories: list[Recollection] = []
        self.facts: list[KnownFact] = []
        self.unknown: Counter[str] = Counter()
        self._once = _Once()

    def add(self, number: int, row: Mapping[str, Json]) -> None:
        """One more line.

        Raises:
            Unreadable: it can't be used, and why.
        """
        is_fact = row.get("kind") == fact_line.KIND
        try:
            self._fact(number, row) if is_fact else self._memory(number, row)
        except Wrong as wrong:
            what = "fact" if is_fact else "memory"
            sentence = f"Line {number:,} is no {what} of ours: {wrong}."
            raise Unreadable(Problem.WRONG_TYPE, sentence) from wrong

    def _fact(self, number: int, row: Mapping[str, Json]) -> None:
        fact = fact_line.read(row)
        self._once.check(number, fact.id)
        self.facts.append(fact)
        self._note_unknown(row.keys() - fact_line.FIELDS)

    def _memory(self, number: int, row: Mapping[str, Json]) -> None:
        memory = line.read(row)
        self._once.check(number, memory.known.id, memory.known.source_ids)
        self.memories.append(memory)
        self._note_unknown(row.keys() - line.FIELDS.keys())

    def _note_unknown(self, names: Iterable[str]) -> None:
        self.unknown.update(name for name in names if name not in line.ASIDE)


def _found(rows: _Rows, header: Mapping[str, Json]) -> Found:
    memories, facts = rows.memories, succession.settled(rows.facts)
    known = [*(it.known for it in memories), *facts]
    return Found(
        kind=Kind.MEMORIES,
        format="tzurot_memories",
        container=Container.JSONL,
        spec_version=str(VERSION),
        memories=tuple(memories),
        facts=tuple(facts),
        fields=tuple(Mapped(name, f"memory.{place}") for name, place in line.FIELDS.items()),
        dropped=(
            *(Aside(name, reason) for name, reason in line.ASIDE.items()),
            *(Aside(it, "this version has no place for it") for it in sorted(rows.unknown)),
        ),
        warnings=(*_short(header, "memories", memories), *_short(header, "facts", facts)),
        details={
            "memories": len(memories),
            "facts": len(facts),
            "characters": dict(Counter(it.character_slug or it.character_name for it in known)),
            "personas": dict(Counter(it.persona_name for it in known)),
        },
    )


def _short(header: Mapping[str, Json], what: str, found: Sequence[object]) -> Iterator[str]:
    """Whether lines are missing, as far as the header says how many there were."""
    told = narrowing.count(header.get(what))
    if told is not None and told != len(found):
        yield f"The file says that it has {told:,} {what}, and has {len(found):,}."


def _row(number: int, written: bytes) -> Mapping[str, Json]:
    try:
        row = documents.loads(written)
    except Unreadable as error:
        if error.problem is not Problem.NOT_JSON:
            raise Unreadable(error.problem, f"Line {number:,}: {error.sentence}") from error
        row = None
    if not narrowing.is_object(row):
        raise Unreadable(
            Problem.NOT_JSON,
            f"Line {number:,} is no JSON object: the file may have been cut off or changed.",
        )
    return row
