"""Chats of Agnai, Character.AI and Oobabooga."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tzurot.formats import chats, documents
from tzurot.formats.found import Found
from tzurot.formats.unreadable import Problem, Unreadable

DATA = Path(__file__).parents[1] / "data" / "chats"


def found(value: object) -> Found:
    read = chats.read_json(json.dumps(value).encode(), value)
    assert read is not None
    return read


def told(read: Found) -> list[list[tuple[str, str]]]:
    """Who said what in each chat; `>` before the person's."""
    return [
        [(f"{'>' * said.by_person}{said.name}", said.text) for said in chat.messages]
        for chat in read.histories
    ]


def test_agnai_tells_people_by_their_user_id() -> None:
    data = (DATA / "syn_agnai.json").read_bytes()
    read = chats.read_json(data, documents.loads(data))
    assert read is not None
    assert told(read) == [[(">You", "Bell?"), ("Marta", "Bronze.")]]
    assert (read.format, read.details["messages"], read.details["user_messages"]) == ("agnai", 2, 1)
    assert read.document == data


def test_character_ai_has_several_chats() -> None:
    marta = {"is_human": False, "name": "Marta"}
    rows = [
        {"src": marta, "text": "Hello.", "created": "2023-05-01T10:00:00Z"},
        {"src": {"is_human": True, "name": "Ida"}, "text": "Hi."},
    ]
    one, two, empty = {"msgs": rows}, {"msgs": [{"src": marta, "text": "Again."}]}, {"msgs": []}
    read = found({"histories": {"histories": [one, two, empty, "odd"]}})
    assert told(read) == [[("Marta", "Hello."), (">Ida", "Hi.")], [("Marta", "Again.")]]
    assert read.details["histories"] == 2
    assert read.histories[0].messages[0].time == datetime(2023, 5, 1, 10, tzinfo=UTC)
    assert read.histories[0].key != read.histories[1].key
    assert (read.histories[0].character_name, read.histories[0].person_name) == ("Marta", "Ida")


@pytest.mark.parametrize("word", ["data_visible", "visible"])
@pytest.mark.parametrize("first", ["", "<|BEGIN-VISIBLE-CHAT|>"])
def test_oobaboogas_first_question_was_asked_by_nobody(word: str, first: str) -> None:
    read = found({word: [[first, "Hello."], ["a &lt;b&gt;?", "Yes."], [None, ""]], "internal": []})
    assert told(read) == [[("", "Hello."), (">", "a <b>?"), ("", "Yes.")]]


@pytest.mark.parametrize(
    "value",
    [
        {"messages": [{"message": "Hi.", "reply": None}]},
        {"messages": "no"},
        {"visible": "yes"},
        {"visible": [["a"], "b"]},
        {"histories": []},
        {"name": "Marta"},
        [],
        None,
    ],
)
def test_something_else_is_left_to_other_readers(value: object) -> None:
    assert chats.read_json(b"", value) is None


@pytest.mark.parametrize("value", [{"visible": [["", ""]]}, {"histories": {"histories": []}}])
def test_a_chat_without_messages_is_refused(value: object) -> None:
    with pytest.raises(Unreadable) as refused:
        chats.read_json(b"", value)
    assert refused.value.problem is Problem.NOTHING_INSIDE


def test_a_foreign_chat_is_written_as_sillytaverns() -> None:
    chat = found({"visible": [["", "Hello."], ["Hi.", "Yes."]]}).histories[0]
    again = chats.read(chats.write_jsonl(chat))
    assert again is not None
    assert told(again) == [[("", "Hello."), (">", "Hi."), ("", "Yes.")]]
    assert again.histories[0].key == chat.key
