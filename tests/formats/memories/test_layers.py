"""Exports of memory layers: whose a row is, when it was, what is left out."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.formats import caps, detection, memories
from tzurot.formats.found import Container, Found, Kind, Known, Recollection
from tzurot.formats.unreadable import Problem, Unreadable

MEM0 = {
    "id": "m1",
    "memory": "Likes the sea.",
    "user_id": "ida",
    "created_at": "2026-03-01T10:00:00.000-07:00",
    "updated_at": None,
    "metadata": {"source": "chat"},
    "categories": ["likes"],
}
OPEN = {
    "id": "o1",
    "content": "Likes the sea.",
    "primary_sector": "semantic",
    "tags": [],
    "created_at": 1772359200000,
}
OURS = {"text": "Likes the sea.", "answer": "So do I.", "occur_time": "2026-03-01T10:00:00Z"}
AT = datetime(2026, 3, 1, 10, tzinfo=UTC)


def document(value: object) -> Found:
    read = memories.read(json.dumps(value).encode(), value)
    assert read is not None
    return read


def lines(*rows: object) -> Found:
    read = memories.read(b"".join(json.dumps(row).encode() + b"\n" for row in rows), None)
    assert read is not None
    return read


@pytest.mark.parametrize(
    ("row", "wrapped", "form", "expected"),
    [
        (
            MEM0,
            {"results": [MEM0]},
            "mem0",
            Recollection("Likes the sea.", origin="mem0:m1", occur_time=AT.replace(hour=17)),
        ),
        (
            OPEN,
            {"memories": [OPEN], "user": {"id": "u"}},
            "openmemory",
            Recollection("Likes the sea.", origin="openmemory:o1", occur_time=AT),
        ),
        (
            OURS,
            {"memories": [OURS]},
            "tzurot_memories",
            Recollection("Likes the sea.", answer="So do I.", occur_time=AT),
        ),
    ],
)
def test_every_layer_in_every_wrapping(
    row: object, wrapped: object, form: str, expected: Recollection
) -> None:
    for read in (document(wrapped), document([row]), lines(row)):
        (told,) = read.memories
        assert (read.kind, read.format) == (Kind.MEMORIES, form)
        assert replace(told, known=Known(), source=None) == expected
    assert (lines(row).container, document([row]).container) == (Container.JSONL, Container.JSON)


@pytest.mark.parametrize(("row", "word"), [(MEM0, "memory"), (OPEN, "content")])
def test_a_row_stays_with_its_memory_and_the_text_is_kept_once(
    row: dict[str, object], word: str
) -> None:
    (told,) = document([row]).memories
    assert told.source is not None
    kept = json.loads(told.source.row)
    assert (kept, list(kept)) == ({**row, word: None}, list(row))


def test_our_plain_lines_have_no_row() -> None:
    (told,) = lines(OURS).memories
    assert told.source is None


def test_what_openmemory_knows_of_a_memory_is_known_here() -> None:
    row = {**OPEN, "sectors": ["emotional", "semantic", "odd"], "salience": 0.7}
    (told,) = document([row]).memories
    assert (told.known.sector, told.known.other_sectors) == ("semantic", ("emotional",))
    assert told.known.salience == pytest.approx(0.7)


@pytest.mark.parametrize(
    "odd", [{"salience": 7}, {"salience": "x"}, {"salience": None}, {"primary_sector": "odd"}]
)
def test_what_it_knows_otherwise_than_here_is_as_the_words_show(odd: dict[str, object]) -> None:
    (told,) = document([{**OPEN, **odd}]).memories
    assert told.known.salience is None
    assert told.known.sector == ("" if "primary_sector" in odd else "semantic")


def test_what_a_document_has_beside_its_memories_is_said_to_be_dropped() -> None:
    read = document({"results": [MEM0], "relations": [{"source": "ida"}], "next": None})
    assert [each.path for each in read.dropped] == ["relations"]


def test_a_broken_line_is_named() -> None:
    read = memories.read(json.dumps(MEM0).encode() + b"\r\n\r\n{oops\r\n7\n", None)
    assert read is not None
    assert any("2 (lines 3, 4)" in said for said in read.warnings)


def test_one_user_is_the_importer_and_several_are_told_apart() -> None:
    other = {**MEM0, "id": "m2", "user_id": "ben"}
    assert [memory.senders for memory in document([MEM0, MEM0]).memories] == [(), ()]
    read = document([MEM0, other])
    assert [memory.senders for memory in read.memories] == [("ida",), ("ben",)]
    assert any("2 users" in said for said in read.warnings)


def test_what_says_nothing_or_was_forgotten_is_left_out() -> None:
    blank, gone = {**MEM0, "memory": " "}, {**MEM0, "state": "deleted"}
    read = document([MEM0, blank, gone, 7])
    assert read.details == {"memories": 3, "importable": 1, "users": 1}
    assert len(read.warnings) == 3
    assert {each.path for each in read.kept_aside} >= {"metadata", "categories"}


def test_broken_lines_are_counted_and_the_others_read() -> None:
    data = b"\xef\xbb\xbf{oops\n\n" + json.dumps(OURS).encode() + b'\n"text"\n'
    read = memories.read(data, None)
    assert read is not None
    assert len(read.memories) == 1
    assert any("2" in said for said in read.warnings)


@pytest.mark.parametrize(
    "value",
    [
        {"memories": [{"type": "x", "content": "y", "date": "01/02/2025"}], "shape": "s"},
        {"memories": [{"id": "a", "result": "y"}]},
        {"results": []},
        [{"name": "Marta", "text": "x"}],
        [{"keys": ["a"], "content": "b", "id": 1}],
        {"id": "a", "content": "b", "created_at": "x"},
        {},
        [],
        7,
    ],
)
def test_something_else_is_left_to_other_readers(value: object) -> None:
    assert memories.read(b"", value) is None


def test_chats_and_other_lines_are_left_to_other_readers() -> None:
    assert memories.read(b'{"user_name": "a"}\n{"mes": "b"}\n', None) is None
    assert memories.read(b"x\n" * 99, None) is None


def test_too_many_are_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        memories.read(b"", [OURS] * (caps.ROWS + 1))
    assert refused.value.problem is Problem.TOO_MANY


@given(st.binary() | st.binary().map(lambda tail: json.dumps(OURS).encode() + b"\n" + tail))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    read = memories.read(data, None)
    assert read is None or len(read.memories) <= read.details["memories"]  # pyright: ignore[reportOperatorIssue] - a count


def test_a_backup_of_openmemory_is_read_from_its_zip() -> None:
    backup = {
        "user": {"id": "u", "user_id": "ida"},
        "apps": [{"id": "a", "name": "editor"}],
        "memories": [
            {
                "id": "o1",
                "user_id": "u",
                "app_id": "a",
                "content": "Likes the sea.",
                "metadata": {},
                "state": "active",
                "created_at": "2026-03-01T10:00:00+00:00",
                "archived_at": None,
                "category_ids": ["c"],
            }
        ],
        "export_meta": {"version": "1"},
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("memories.json", json.dumps(backup))
        archive.writestr("memories.jsonl.gz", b"\x1f\x8b")
    read = detection.read(packed.getvalue())
    assert (read.format, read.container) == ("openmemory", Container.ZIP)
    (told,) = read.memories
    assert (told.text, told.origin, told.occur_time) == ("Likes the sea.", "openmemory:o1", AT)
    assert [each.path for each in read.dropped] == ["user", "apps", "export_meta"]
    assert any("memories.jsonl.gz" in said for said in read.warnings)
