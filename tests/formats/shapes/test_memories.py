from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.shapes.making import IDA, JON, SHAPE, found, memory, read
from tzurot.formats import caps
from tzurot.formats.found import Container, Kind, Recollection
from tzurot.formats.shapes import memories
from tzurot.formats.unreadable import Problem, Unreadable


def test_a_memory_becomes_a_recollection():
    result = found([memory("Ida brought oil.", IDA, id="a/z")])
    assert result.kind is Kind.SHAPES_MEMORIES
    assert result.memories == (
        Recollection(
            text="Ida brought oil.",
            origin="a/z",
            senders=(IDA,),
            space_id="77",
            occur_time=datetime(2024, 5, 26, 5, 36, 31, 250000, tzinfo=UTC),
        ),
    )


def test_what_a_memory_has_no_place_for_is_told_once():
    result = found([memory("one", IDA), memory("two", IDA, mood="calm")])
    assert [it.path for it in result.dropped] == [
        "memories[].metadata.end_ts",
        "memories[].metadata.msg_ids",
        "memories[].metadata.start_ts",
        "memories[].mood",
        "memories[].shape_id",
        "memories[].summary_type",
    ]


def test_deleted_blank_and_repeated_memories_are_counted_and_left_out():
    result = found(
        [
            memory("one", IDA),
            memory("one", IDA),
            memory("one", JON),
            memory("gone", IDA, deleted=True),
            memory(" \n", IDA),
            memory(None, IDA),
        ]
    )
    assert [it.text for it in result.memories] == ["one", "one"]
    told = {name: value for name, value in result.details.items() if name != "senders"}
    assert told == {
        "memories": 6,
        "memories_importable": 2,
        "memories_deleted": 1,
        "memories_blank": 2,
        "memories_duplicate": 1,
        "memories_unreadable": 0,
        "memories_group": 0,
    }
    assert result.details["senders"] == {IDA: 5, JON: 1}


@pytest.mark.parametrize(
    ("senders", "changes", "group"),
    [
        ((IDA,), {}, False),
        ((), {}, False),
        ((IDA, JON), {}, True),
        ((IDA, IDA), {}, False),
        ((IDA,), {"group": True}, True),
        ((IDA,), {"metadata": {"senders": [JON]}}, True),
        ((), {"metadata": {"group": True}}, True),
    ],
)
def test_several_senders_are_a_group(
    senders: tuple[str, ...], changes: dict[str, object], group: bool
):
    (recollection,) = found([memory("Tea.", *senders, **changes)]).memories
    assert recollection.group is group


@pytest.mark.parametrize(
    ("written", "time"),
    [
        (1716701791.0, datetime(2024, 5, 26, 5, 36, 31, tzinfo=UTC)),
        (1716701791000, datetime(2024, 5, 26, 5, 36, 31, tzinfo=UTC)),
        ("1716701791", datetime(2024, 5, 26, 5, 36, 31, tzinfo=UTC)),
        ("2024-05-26T07:36:31+02:00", datetime(2024, 5, 26, 5, 36, 31, tzinfo=UTC)),
        ("2024-05-26", datetime(2024, 5, 26, tzinfo=UTC)),
        ("07/26/2024", datetime(2024, 7, 26, tzinfo=UTC)),
        ("26/07/2024", None),
        ("yesterday", None),
        (1e300, None),
        (True, None),
    ],
)
def test_times_of_memories(written: object, time: datetime | None):
    result = found([memory("Tea.", IDA, created_at=written, metadata={})])
    assert result.memories[0].occur_time == time
    assert bool(result.warnings) is (time is None)


def test_what_can_not_be_stored_is_taken_out_of_a_text():
    (recollection,) = found([memory("a\0b\ud800", IDA)]).memories
    assert recollection.text.rstrip("\ufffd") == "ab"


def test_no_time_is_no_warning():
    result = found([memory("Tea.", IDA, created_at="", metadata={})])
    assert result.memories[0].occur_time is None
    assert result.warnings == ()


def test_bad_rows_are_told_by_position_and_stop_nothing():
    result = found([memory("one", IDA), 7, memory({"a": 1}, IDA), None, memory("two", IDA)])
    assert [it.text for it in result.memories] == ["one", "two"]
    assert result.warnings == ("Memories without a text were skipped (rows 2, 3, 4)",)


def test_many_bad_rows_are_one_sentence():
    result = found([memory("one", IDA), *([7] * 5000)])
    assert result.warnings == (
        "Memories without a text were skipped (rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 4,990 more)",
    )


def test_what_an_exporter_read_off_the_page_has_neither_ids_nor_senders():
    result = found(
        {
            "shape": "marta-lamp",
            "exported_at": "2026-02-01T12:00:00",
            "count": 2,
            "memories": [
                {"type": "automatic", "content": "Ida and Marta spoke.", "date": "07/26/2024"},
                {"type": "unknown", "content": "Talk about gulls.", "date": ""},
            ],
        }
    )
    assert result.kind is Kind.SHAPES_MEMEXPORTER
    assert result.name == "marta-lamp"
    assert result.details["memories"] == 2
    assert [(it.text, it.origin, it.senders, it.group) for it in result.memories] == [
        ("Ida and Marta spoke.", "", (), False),
        ("Talk about gulls.", "", (), False),
    ]
    assert result.memories[0].occur_time == datetime(2024, 7, 26, tzinfo=UTC)
    assert result.memories[0].personality_name == "marta-lamp"
    assert result.warnings == ()


@pytest.mark.parametrize("word", ["items", "memories"])
@pytest.mark.parametrize(
    ("page", "warned"),
    [
        ({"pagination": {"page": 2, "total_pages": 114, "has_next": True}}, True),
        ({"meta": {"pagination": {"page": 1, "totalPages": 3}}}, True),
        ({"pagination": {"page": 1, "total": 1, "total_pages": 1, "has_next": False}}, False),
        ({}, False),
    ],
)
def test_a_page_of_the_api_says_whether_there_are_more(
    word: str, page: dict[str, object], warned: bool
):
    result = found({word: [memory("one", IDA)], **page})
    assert (result.kind, result.container) == (Kind.SHAPES_MEMORIES, Container.JSON)
    assert len(result.memories) == 1
    assert bool(result.warnings) is warned


def test_memories_are_not_in_the_stored_document():
    result = found({"items": [memory("a secret of Ida", IDA)], "pagination": {"page": 1}})
    assert b"secret" not in result.document
    assert b"pagination" in result.document


def test_more_memories_than_can_move_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(caps, "ROWS", 2)
    with pytest.raises(Unreadable) as refused:
        read([memory("one", IDA)] * 3)
    assert refused.value.problem is Problem.TOO_MANY


_ROWS = st.lists(
    st.none()
    | st.integers()
    | st.dictionaries(
        st.sampled_from(
            ["id", "result", "content", "senders", "metadata", "created_at", "deleted"]
        ),
        st.none()
        | st.booleans()
        | st.text(max_size=5)
        | st.decimals(allow_nan=False, allow_infinity=False)
        | st.lists(st.text(max_size=3), max_size=3)
        | st.dictionaries(st.sampled_from(["senders", "group", "start_ts"]), st.text(max_size=3)),
    ),
    max_size=8,
)


@given(_ROWS)
def test_every_row_is_counted_once(rows: list[object]):
    part = memories.read(rows)
    words = ("importable", "deleted", "blank", "duplicate", "unreadable")
    counts = [part.details[f"memories_{word}"] for word in words]
    assert sum(int(str(count)) for count in counts) == len(rows)
    assert len(part.memories) == counts[0]
    assert all(it.text.strip() for it in part.memories)


def test_rows_that_name_a_shape_tell_nothing_of_its_character():
    assert found([memory("one", IDA, shape_id=SHAPE)]).character is None
