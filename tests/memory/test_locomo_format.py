"""The benchmark reads LoCoMo's files as they are: untidy, and in any language."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.locomo import Conversation, exchanges, read


def line(speaker: str, dia_id: str, text: str = "words") -> dict[str, Any]:
    return {"speaker": speaker, "dia_id": dia_id, "text": text}


def conversation(folder: Path, questions: list[dict[str, Any]], **sessions: object) -> Conversation:
    file = folder / "locomo.json"
    talk = {"speaker_a": "Анна", "speaker_b": "Lilith", **sessions}
    file.write_text(json.dumps([{"conversation": talk, "qa": questions}]), encoding="utf-8")
    return read(file)[0]


def test_an_exchange_is_what_the_person_said_and_what_was_answered(tmp_path: Path) -> None:
    lines = [("Lilith", "1"), ("Анна", "2"), ("Анна", "3"), ("Lilith", "4"), ("Анна", "5")]
    talk = conversation(tmp_path, [], session_1=[line(who, f"D1:{n}") for who, n in lines])
    cut = [[line.id[1] for line in each] for each in exchanges(talk.sessions[0], talk.person)]
    assert cut == [[1], [2, 3, 4], [5]]


def test_sessions_come_in_their_order_with_their_times(tmp_path: Path) -> None:
    talk = conversation(
        tmp_path,
        [],
        session_10=[line("Анна", "D10:1")],
        session_2=[line("Анна", "D2:1")],
        session_2_date_time="1:56 pm on 8 May, 2023",
        session_10_date_time="eines Tages",
    )
    second, tenth = talk.lines
    assert (second.id, tenth.id) == ((2, 1), (10, 1))
    assert f"{second.when:%Y-%m-%d %H}" == "2023-05-08 13"
    assert tenth.when > second.when


def test_a_picture_counts_by_its_caption(tmp_path: Path) -> None:
    shown = line("Анна", "D1:1", "Look!") | {"blip_caption": "a hive"}
    (said,) = conversation(tmp_path, [], session_1=[shown]).lines
    assert said.text == "Look! [shares a hive]"


@pytest.mark.parametrize(
    "evidence",
    [["D1:1", "D1:2"], ["D1:01; D1:2"], ["D:1:1 D1:2"], "D1:1, D1:2", ["D1:1", "D1:2", "D9:9"]],
)
def test_evidence_is_found_however_it_is_written(tmp_path: Path, evidence: object) -> None:
    lines = [line("Анна", "D1:1"), line("Lilith", "D1:2")]
    asked = {"question": "Кто?", "evidence": evidence}
    (question,) = conversation(tmp_path, [asked], session_1=lines).questions
    assert {(1, 1), (1, 2)} <= question.evidence
    assert question.category == ""


@pytest.mark.parametrize(
    "asked",
    [
        {"question": "Wer?"},
        {"question": "Wer?", "evidence": []},
        {"question": "Wer?", "evidence": ["D9:9"]},
        {"question": "Wer?", "evidence": ["D1:1"], "category": 5},
    ],
)
def test_what_has_no_evidence_is_not_asked(tmp_path: Path, asked: dict[str, Any]) -> None:
    talk = conversation(tmp_path, [asked], session_1=[line("Анна", "D1:1")])
    assert not talk.questions
