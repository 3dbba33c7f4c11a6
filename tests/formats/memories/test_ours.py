"""Our own memories as lines: read as they were written, or refused with the line that is wrong."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.memories import making
from tests.formats.memories.making import leaving, told
from tzurot.formats import caps, detection
from tzurot.formats.found import Container, Found, Kind, KnownFact, Recollection, SourceRow
from tzurot.formats.memories import fact_line, line, ours
from tzurot.formats.memories.fact_line import FactLeaving
from tzurot.formats.unreadable import Problem, Unreadable

HEADER = b'{"format":"tzurot.memories","version":1}'


def written(*memories: Recollection, facts: Sequence[KnownFact] = (), end: bytes = b"\n") -> bytes:
    """A file of these memories and facts."""
    rows = (line.write(leaving(it)) for it in memories)
    more = (fact_line.write(FactLeaving(it, making.NOON)) for it in facts)
    return end.join((ours.header(len(memories), len(facts)), *rows, *more, b""))


def row(**changed: Any) -> bytes:
    """A line of one memory, with some of its values changed; `...` takes one away."""
    plain = {"id": "1", "text": "I live in Bergen.", "occur_time": "2026-03-01T12:00:00Z"}
    return json.dumps({key: it for key, it in (plain | changed).items() if it != ...}).encode()


def file(*lines: bytes) -> bytes:
    """A file of these lines, its header before them."""
    return b"\n".join((HEADER, *lines))


def refusal(data: bytes) -> tuple[Problem, str]:
    """Why a file is refused."""
    with pytest.raises(Unreadable) as refused:
        detection.read(data)
    return refused.value.problem, refused.value.sentence


def as_told(read: Found) -> Sequence[Recollection]:
    """What was read, without what the reader says of where it comes from."""
    return [replace(it, origin="") for it in read.memories]


@settings(deadline=None)
@given(making.files_with_facts())
def test_what_is_written_is_read_as_it_was(
    both: tuple[list[Recollection], list[KnownFact]],
) -> None:
    memories, facts = both
    read = detection.read(written(*memories, facts=facts))
    assert (read.kind, read.format, read.container) == (
        Kind.MEMORIES,
        "tzurot_memories",
        Container.JSONL,
    )
    assert as_told(read) == memories
    assert list(read.facts) == facts
    assert written(*read.memories, facts=read.facts) == written(*memories, facts=facts)
    assert read.warnings == ()


@pytest.mark.parametrize(
    "deep", [b'{"memory": null, "metadata": {}}', b'{"a":' * 63 + b'"\\ud800"' + b"}" * 63]
)
def test_the_row_of_another_program_stays_with_a_memory(deep: bytes) -> None:
    memory = replace(told(id="1"), source=SourceRow("mem0", deep))
    (read,) = detection.read(written(memory)).memories
    assert read.source is not None
    assert (read.source.format, json.loads(read.source.row)) == ("mem0", json.loads(deep))


@pytest.mark.parametrize("end", [b"\r\n", b"\n\n", b"\r\n \n"])
def test_line_ends_and_a_bom_make_no_difference(end: bytes) -> None:
    memories = [told(id="1"), told("\u2028 \r", id="2")]
    data = b"\xef\xbb\xbf" + written(*memories, end=end)
    assert as_told(detection.read(data)) == memories


def test_only_id_text_and_time_are_needed() -> None:
    (read,) = detection.read(file(row())).memories
    assert (read.text, read.answer, read.known.venue) == ("I live in Bergen.", "", "direct")
    assert read.occur_time == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_what_can_not_be_stored_is_taken_off_the_words() -> None:
    (read,) = detection.read(file(row(text="a\0b", answer="\ud800"))).memories
    assert (read.text, read.answer) == ("ab", "���")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"id": ...}, "it has no `id`"),
        ({"id": 7}, "`id` is no text"),
        ({"id": "1" * 65}, "`id` has more than 64 characters"),
        ({"text": "", "answer": " "}, "neither `text` nor `answer` says anything"),
        ({"text": ["x"]}, "`text` is no text"),
        ({"text": "x" * (caps.TEXT + 1)}, "`text` has more than 200,000 characters"),
        ({"occur_time": ...}, "`occur_time` is no time that can be kept"),
        ({"occur_time": 1_772_359_200}, "`occur_time` is no time that can be kept"),
        ({"occur_time": "2026-02-30"}, "`occur_time` is no time that can be kept"),
        ({"occur_time": "0001-01-01T12:00:00Z"}, "`occur_time` is no time that can be kept"),
        ({"occur_time": "9999-12-31T12:00:00Z"}, "`occur_time` is no time that can be kept"),
        ({"edit_time": "soon"}, "`edit_time` is no time that can be kept"),
        ({"venue": "everywhere"}, "`venue` is none of direct, private_channel, public_channel"),
        ({"sector": []}, "`sector` is none of episodic"),
        ({"other_sectors": ["odd"]}, "`other_sectors` has something that is no sector"),
        ({"other_sectors": "semantic"}, "`other_sectors` is no list of texts"),
        ({"salience": 1.5}, "`salience` is no number from 0 to 1"),
        ({"salience": True}, "`salience` is no number from 0 to 1"),
        ({"salience": "0.5"}, "`salience` is no number from 0 to 1"),
        ({"locked": 1}, "`locked` is neither true nor false"),
        ({"character": "lilith"}, "`character` is no object"),
        ({"persona": {}}, "`persona` is no text"),
        ({"platform": "x" * 33}, "`platform` has more than 32 characters"),
        ({"recalls": {"count": 0}}, "`last_time` is no time that can be kept"),
        ({"recalls": {"count": 2**31, "salience": 1, "last_time": "2026-01-01"}}, "whole number"),
        ({"recalls": {"count": 1, "last_time": "2026-01-01"}}, "`recalls` has no `salience`"),
        ({"kind": "dream"}, "`kind` is none of exchange, reflection"),
        ({"kind": "reflection"}, "reflections have `source_ids`"),
        ({"source_ids": ["2"]}, "reflections have `source_ids`"),
        ({"source": {"format": "mem0", "row": "{"}}, "`source.row` is no JSON"),
        ({"source": {"format": "mem0", "row": []}}, "`source.row` is no object"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(changed: dict[str, Any], why: str) -> None:
    problem, sentence = refusal(file(row(id="0"), b"", row(**changed)))
    assert problem is Problem.WRONG_TYPE
    assert sentence.startswith("Line 4 is no memory of ours: ")
    assert why in sentence


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"id": ...}, "it has no `id`"),
        ({"text": " "}, "`text` says nothing"),
        ({"text": "x" * 501}, "`text` has more than 500 characters"),
        ({"valid_from": ...}, "`valid_from` is no time that can be kept"),
        (
            {"state": "superseded", "valid_until": "2026-01-01T00:00:00Z"},
            "`valid_until` is before `valid_from`",
        ),
        ({"state": "forgotten"}, "`state` is none of current, proposed, superseded"),
        ({"origin": "guessed"}, "`origin` is none of learnt, told"),
        ({"fictional": "no"}, "`fictional` is neither true nor false"),
        ({"venue": "everywhere"}, "`venue` is none of direct"),
        ({"source_ids": "1"}, "`source_ids` is no list of texts"),
        ({"state": "superseded"}, "what is superseded has a `valid_until`"),
        ({"valid_until": "2026-03-02T00:00:00Z"}, "what is superseded has a `valid_until`"),
        ({"superseded_by_id": "8"}, "only what is superseded has a `superseded_by_id`"),
        ({"replaces_id": "8"}, "only what is proposed has a `replaces_id`"),
        ({"state": "proposed", "replaces_id": "9"}, "it takes its own place"),
        ({"id": "0"}, "line 2 has its `id`, too"),
    ],
)
def test_what_is_wrong_with_a_fact_is_said_with_its_line(changed: dict[str, Any], why: str) -> None:
    plain = {"kind": "fact", "id": "9", "valid_from": "2026-03-01T12:00:00Z"}
    problem, sentence = refusal(file(row(id="0"), row(**(plain | changed))))
    assert problem is Problem.WRONG_TYPE
    assert sentence.startswith("Line 3 is no fact of ours: ")
    assert why in sentence


def succeeding(**later: str) -> bytes:
    """A file of facts that are superseded, each with the one that it names as the later one."""
    plain = {"kind": "fact", "valid_from": "2026-03-01T12:00:00Z"}
    over = {"state": "superseded", "valid_until": "2026-03-02T12:00:00Z"}
    links = [plain | over | {"id": it, "superseded_by_id": to} for it, to in later.items()]
    waiting = plain | {"id": "waits", "state": "proposed", "replaces_id": "a"}
    return file(*(row(**it) for it in (*links, plain | {"id": "now"}, waiting)))


def test_facts_that_took_the_place_of_each_other_are_refused() -> None:
    problem, sentence = refusal(succeeding(a="b", b="c", c="a"))
    assert (problem, sentence) == (
        Problem.WRONG_TYPE,
        "The fact `a` has come in its own place, by way of others.",
    )


def test_a_fact_names_only_those_of_the_file_that_were_so_or_are() -> None:
    read = detection.read(succeeding(a="b", b="now", c="gone", d="waits"))
    assert {it.id: it.superseded_by_id or it.replaces_id for it in read.facts} == {
        "a": "b", "b": "now", "c": "", "d": "", "now": "", "waits": "",
    }  # fmt: skip


def test_more_facts_than_are_read_in_time_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps, "FACTS", 3)
    assert detection.read(succeeding(a="now")).facts
    assert refusal(succeeding(a="now", b="now")) == (
        Problem.TOO_MANY,
        "The file has more than 3 facts.",
    )


def test_a_file_of_facts_alone_is_read() -> None:
    fact = row(kind="fact", valid_from="2026-03-01T12:00:00Z", mood="calm")
    read = detection.read(file(fact))
    assert [it.text for it in read.facts] == ["I live in Bergen."]
    assert [it.path for it in read.dropped] == ["create_time", "mood", "occur_time"]


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (row()[:-9], Problem.NOT_JSON),
        (b"NaN", Problem.NOT_JSON),
        (row().replace(b'"1"', b"NaN"), Problem.NOT_JSON),
        (b"[]", Problem.NOT_JSON),
        (b"\xff\xfe{}", Problem.NOT_JSON),
        (row() + b"\r" + row(id="2"), Problem.NOT_JSON),
        (b'{"a":' * 99 + b"1" + b"}" * 99, Problem.TOO_DEEP),
        (b'{"a":' * 99_999, Problem.TOO_DEEP),
    ],
)
def test_a_broken_line_is_said_with_its_number(broken: bytes, problem: Problem) -> None:
    found, sentence = refusal(file(row(id="0"), broken, row(id="3")))
    assert (found, sentence[:6]) == (problem, "Line 3")


def test_an_id_and_a_source_come_once() -> None:
    assert "line 2 has its `id`, too" in refusal(file(row(), row(text="x")))[1]
    gathered = {"kind": "reflection", "source_ids": ["1", "2"]}
    twice = file(row(id="3", **gathered), row(id="4", **gathered))
    assert "line 2 has one of its `source_ids`, too" in refusal(twice)[1]


def test_a_file_that_lost_lines_says_so() -> None:
    data = written(told(id="1"), told(id="2"))
    read = detection.read(data[: data.rindex(b"\n", 0, -1) + 1])
    assert read.warnings == ("The file says that it has 2 memories, and has 1.",)


def test_another_version_and_an_empty_file_are_refused() -> None:
    newer = HEADER.replace(b"1", b"2") + b"\n" + row()
    assert refusal(newer)[0] is Problem.NOT_SUPPORTED
    assert refusal(HEADER + b"\n")[0] is Problem.NOTHING_INSIDE
    assert refusal(HEADER)[0] is Problem.NOTHING_INSIDE


def test_too_many_are_refused() -> None:
    many = file(*[b"{}"] * (caps.ROWS + 2))
    assert refusal(many)[0] is Problem.TOO_MANY


def test_what_a_later_version_may_say_is_named_as_dropped() -> None:
    read = detection.read(file(row(mood="calm", create_time="2026-03-02T00:00:00Z")))
    assert [it.path for it in read.dropped] == ["create_time", "mood"]


@given(st.binary(max_size=60), st.integers(0, 400))
def test_no_bytes_break_the_reader(noise: bytes, at: int) -> None:
    data = written(told(id="1"), told(id="2"))
    try:
        read = detection.read(data[:at] + noise + data[at:])
    except Unreadable as refused:
        assert refused.sentence
    else:
        assert read.kind in set(Kind)
