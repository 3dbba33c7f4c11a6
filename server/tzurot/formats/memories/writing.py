"""Memories on their way out: our own lines, or as mem0 and OpenMemory have theirs.

A row that came from one of them goes back to it with every value that it had; what was changed here
since is changed. Of a memory that didn't, a row is made: their words have one text, no sides.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from tzurot.formats import documents, narrowing
from tzurot.formats.documents import Json
from tzurot.formats.memories import fact_line, line, ours
from tzurot.formats.memories.fact_line import FactLeaving
from tzurot.formats.memories.line import Leaving
from tzurot.formats.memories.programs import MEM0, OPENMEMORY, Layer

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Format(StrEnum):
    """What memories can go out as."""

    JSON_LINES = "jsonl"
    MEM0 = "mem0"
    OPENMEMORY = "openmemory"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is put together: a beginning, rows with something between them, an end."""

    extension: str
    media_type: str
    begin: Callable[[int, int], bytes]
    """Of a file with so many memories and facts."""
    row: Callable[[Leaving], bytes]
    between: bytes
    end: bytes
    fact: Callable[[FactLeaving], bytes] | None = None
    """None: it has no facts beside memories."""


def said(leaving: Leaving) -> str:
    """A memory as one text: of an exchange each side with its name."""
    told = leaving.told
    if not (told.text and told.answer):
        return told.text or told.answer
    sides = ((told.person_name, told.text), (told.personality_name, told.answer))
    return "\n".join(f"{name}: {text}" if name else text for name, text in sides)


def _mem0(leaving: Leaving) -> bytes:
    known, text = leaving.told.known, said(leaving)
    edited = known.edit_time.isoformat() if known.edit_time else None
    row = _brought(leaving, MEM0)
    if row is not None:
        if edited and "hash" in row:
            row["hash"] = _hash(text)
        row.setdefault("id", known.id)
        return _again(row, MEM0, text, {"updated_at": edited} if edited else {})
    return documents.dumps(
        {
            "id": known.id,
            "memory": text,
            "hash": _hash(text),
            "metadata": _beside(leaving),
            "created_at": leaving.occur_time.isoformat(),
            "updated_at": edited,
            "user_id": leaving.persona_id,
            "agent_id": known.character_slug,
        }
    )


def _openmemory(leaving: Leaving) -> bytes:
    known, text = leaving.told.known, said(leaving)
    occurred = _milliseconds(leaving.occur_time)
    edited = _milliseconds(known.edit_time) if known.edit_time else occurred
    row = _brought(leaving, OPENMEMORY)
    if row is not None:
        in_writing = isinstance(row.get("updated_at"), str)
        updated = known.edit_time.isoformat() if in_writing and known.edit_time else edited
        changed: dict[str, Json] = {"updated_at": updated} if known.edit_time else {}
        row.setdefault("id", known.id)
        row.setdefault("created_at", occurred)
        return _again(row, OPENMEMORY, text, changed)
    seen = _milliseconds(known.recalls.last_time) if known.recalls else edited
    return documents.dumps(
        {
            "id": known.id,
            "user_id": leaving.persona_id,
            "content": text,
            "primary_sector": known.sector,
            "sectors": [known.sector, *known.other_sectors],
            "tags": [],
            "metadata": _beside(leaving),
            "salience": known.salience,
            "created_at": occurred,
            "updated_at": edited,
            "last_seen_at": seen,
        }
    )


def _list(word: str) -> Callable[[int, int], bytes]:
    """The beginning of a document that has its rows under a word."""

    def begin(memories: int, facts: int) -> bytes:
        del memories, facts
        return f'{{"{word}": [\n'.encode()

    return begin


LAYOUTS = {
    Format.JSON_LINES: Layout(
        "jsonl",
        "application/jsonl",
        lambda memories, facts: ours.header(memories, facts) + b"\n",
        lambda leaving: line.write(leaving) + b"\n",
        b"",
        b"",
        lambda leaving: fact_line.write(leaving) + b"\n",
    ),
    Format.MEM0: Layout("json", "application/json", _list("results"), _mem0, b",\n", b"\n]}\n"),
    Format.OPENMEMORY: Layout(
        "json", "application/json", _list("items"), _openmemory, b",\n", b"\n]}\n"
    ),
}


def _brought(leaving: Leaving, layer: Layer) -> dict[str, Json] | None:
    """The row that a memory came with, if it came from this program."""
    source = leaving.told.source
    if source is None or source.format != layer.format:
        return None
    return narrowing.members(documents.loads(source.row))


def _again(row: dict[str, Json], layer: Layer, text: str, changed: dict[str, Json]) -> bytes:
    return documents.dumps({**row, layer.text_word: text, **changed})


def _beside(leaving: Leaving) -> dict[str, Json]:
    """What those programs have no field for."""
    known = leaving.told.known
    return {
        "persona": known.persona_name,
        "character": known.character_name,
        "venue": known.venue,
        "kind": known.kind,
    }


def _hash(text: str) -> str:
    """As mem0 has it: MD5 of the text, to tell whether it changed."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _milliseconds(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds() * 1000)
