"""Memories as mem0 and OpenMemory have them: a row goes back as it came, but for what changed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.memories import making
from tests.formats.memories.making import NOON, leaving, told
from tzurot.formats import detection
from tzurot.formats.found import Recalled, Recollection
from tzurot.formats.memories.writing import LAYOUTS, Format, said

OTHERS = (Format.MEM0, Format.OPENMEMORY)
LISTS = {Format.MEM0: "results", Format.OPENMEMORY: "items"}
WORDS = {Format.MEM0: "memory", Format.OPENMEMORY: "content"}
EDITED = datetime(2026, 4, 1, tzinfo=UTC)


def written(format: Format, memories: Sequence[Recollection]) -> bytes:
    """A file of these memories."""
    layout = LAYOUTS[format]
    rows = layout.between.join(layout.row(leaving(it)) for it in memories)
    return layout.begin(len(memories), 0) + rows + layout.end


def rows_of(format: Format, memories: Sequence[Recollection]) -> list[dict[str, Any]]:
    """What stands in that file."""
    return json.loads(written(format, memories))[LISTS[format]]


def row(format: Format, **more: Any) -> dict[str, Any]:
    """A row as the program has it."""
    plain: dict[Format, dict[str, Any]] = {
        Format.MEM0: {"id": "m", "memory": "Lives by the sea.", "hash": "h", "user_id": "ida"},
        Format.OPENMEMORY: {
            "id": "o",
            "content": "Lives by the sea.",
            "primary_sector": "episodic",
            "tags": ["home"],
            "metadata": {"page": 7},
            "created_at": 1772359200000,
            "decay_lambda": 0.005,
            "version": 3,
        },
    }
    return plain[format] | more


@st.composite
def files(draw: st.DrawFn) -> tuple[Format, list[dict[str, Any]]]:
    """Rows with any values that their programs, or others, may have put there."""
    format = draw(st.sampled_from(OTHERS))
    texts = making.TEXTS.filter(str.strip)
    free = st.dictionaries(st.sampled_from(("metadata", "tags", "agent_id", "x")), making.JSON)
    several = draw(st.lists(st.tuples(texts, free), min_size=1, max_size=4))
    return format, [
        row(format, id=str(number), **more) | {WORDS[format]: text}
        for number, (text, more) in enumerate(several)
    ]


@settings(deadline=None)
@given(files())
def test_rows_go_back_with_every_value_that_they_had(
    file: tuple[Format, list[dict[str, Any]]],
) -> None:
    format, rows = file
    read = detection.read(json.dumps({LISTS[format]: rows}).encode())
    assert read.format == format
    assert rows_of(format, read.memories) == rows
    again = detection.read(written(format, read.memories))
    assert again.memories == read.memories


@pytest.mark.parametrize("format", OTHERS)
def test_numbers_keep_all_their_digits(format: Format) -> None:
    number = "0.1000000000000000055511151231257827"
    data = json.dumps([row(format, x="N")]).replace('"N"', number).encode()
    assert number.encode() in written(format, detection.read(data).memories)


def test_what_was_worded_otherwise_here_is_changed_and_nothing_else() -> None:
    (mem0,) = detection.read(json.dumps([row(Format.MEM0, updated_at=None)]).encode()).memories
    now = replace(mem0, text="Moved inland.", known=replace(mem0.known, edit_time=EDITED))
    assert rows_of(Format.MEM0, [now]) == [
        row(Format.MEM0)
        | {
            "memory": "Moved inland.",
            "hash": hashlib.md5(b"Moved inland.", usedforsecurity=False).hexdigest(),
            "updated_at": "2026-04-01T00:00:00+00:00",
        }
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [(1772359200000, 1775001600000), ("2026-03-01T10:00:00Z", "2026-04-01T00:00:00+00:00")],
)
def test_an_edit_is_dated_in_the_way_of_the_row(before: object, after: object) -> None:
    data = json.dumps([row(Format.OPENMEMORY, updated_at=before)]).encode()
    (read,) = detection.read(data).memories
    now = replace(read, known=replace(read.known, edit_time=EDITED))
    assert rows_of(Format.OPENMEMORY, [now]) == [row(Format.OPENMEMORY, updated_at=after)]


def test_what_was_said_here_becomes_a_row_of_mem0() -> None:
    known = {"character_slug": "lilith", "character_name": "Lilith", "persona_name": "Mira"}
    text = "Mira: I live in Bergen.\nLilith: By the sea?"
    assert rows_of(Format.MEM0, [told(id="7", **known)]) == [
        {
            "id": "7",
            "memory": text,
            "hash": hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(),
            "metadata": {
                "persona": "Mira",
                "character": "Lilith",
                "venue": "direct",
                "kind": "exchange",
            },
            "created_at": "2026-03-01T12:00:00+00:00",
            "updated_at": None,
            "user_id": "00000000-0000-0000-0000-000000000007",
            "agent_id": "lilith",
        }
    ]


def test_what_was_said_here_becomes_a_row_of_openmemory() -> None:
    recalls = Recalled(2, 0.5, EDITED)
    memory = told(id="7", sector="episodic", other_sectors=("emotional",), recalls=recalls)
    (made,) = rows_of(Format.OPENMEMORY, [memory])
    assert (made["primary_sector"], made["sectors"]) == ("episodic", ["episodic", "emotional"])
    assert (made["created_at"], made["last_seen_at"]) == (1772366400000, 1775001600000)
    assert (made["salience"], made["tags"]) == (0.4, [])


@settings(deadline=None)
@given(making.files(), st.sampled_from(OTHERS))
def test_what_is_made_of_ours_is_read_and_goes_back_the_same(
    memories: list[Recollection], format: Format
) -> None:
    read = detection.read(written(format, memories))
    assert [it.text for it in read.memories] == [said(leaving(it)) for it in memories]
    assert rows_of(format, read.memories) == rows_of(format, memories)


@pytest.mark.parametrize("format", OTHERS)
def test_a_row_of_one_program_is_none_of_the_others(format: Format) -> None:
    (read,) = detection.read(json.dumps([row(format)]).encode()).memories
    (other,) = set(OTHERS) - {format}
    (made,) = rows_of(other, [replace(read, occur_time=NOON)])
    assert made[WORDS[other]] == "Lives by the sea."
    assert "hash" not in made or made["hash"] != "h"


@pytest.mark.parametrize(
    ("person", "personality", "text"),
    [
        (("Mira", "Hi."), ("", ""), "Hi."),
        (("", ""), ("Lilith", "Hi."), "Hi."),
        (("", "Hi."), ("", "Ho."), "Hi.\nHo."),
        (("Mira", "Hi."), ("Lilith", "Ho."), "Mira: Hi.\nLilith: Ho."),
    ],
)
def test_both_sides_become_one_text(
    person: tuple[str, str], personality: tuple[str, str], text: str
) -> None:
    memory = Recollection(
        person[1], personality[1], person_name=person[0], personality_name=personality[0]
    )
    assert said(leaving(memory)) == text
