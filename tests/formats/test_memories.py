"""Exports of memory layers: whose a row is, when it was, what is left out."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.formats import caps, memories
from tzurot.formats.found import Container, Found, Kind, Recollection
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
        assert (read.kind, read.format, read.memories) == (Kind.MEMORIES, form, (expected,))
    assert (lines(row).container, document([row]).container) == (Container.JSONL, Container.JSON)


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
