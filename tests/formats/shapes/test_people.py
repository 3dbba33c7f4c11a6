from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.shapes.making import SHAPE, chat_row, found
from tzurot.formats import documents
from tzurot.formats.found import Kind
from tzurot.formats.shapes import people
from tzurot.formats.shapes.people import Shape


def test_a_personalization_becomes_a_persona_for_this_character_alone():
    row = {"backstory": "{user} repairs boats.", "preferred_name": "Ida", "pronouns": "she/her"}
    result = found({**row, "engine_model": "x/y", "user_id": "SECRET"})
    assert result.kind is Kind.SHAPES_PERSONALIZATION
    (face,) = result.personas
    assert (face.name, face.description, face.pronouns) == (
        "Ida",
        "{{user}} repairs boats.",
        "she/her",
    )
    assert face.for_character
    assert face.private
    assert documents.loads(face.source) == {**row, "engine_model": "x/y"}
    assert [it.path for it in result.kept_aside] == ["engine_model"]
    assert "SECRET" not in repr(result)
    assert result.document == b""


def test_an_unnamed_person_is_me():
    result = found({"backstory": "repairs boats", "preferred_name": None, "pronouns": ""})
    assert result.personas[0].name == "Me"
    assert "called Me" in result.warnings[0]


def test_an_empty_personalization_is_nobody():
    result = found({"backstory": "", "preferred_name": None, "pronouns": ""})
    assert result.personas == ()
    assert result.details == {"has_personalization": False}


def test_a_chat_is_in_the_order_of_time():
    result = found(
        [
            chat_row("r2", 1716701800.0, None, "Bring oil."),
            chat_row("r1", 1716701700.5, "[Audio Message] hello <:lamp:1>", "Who is there?"),
        ]
    )
    assert result.kind is Kind.SHAPES_CHAT
    (history,) = result.histories
    assert [(it.by_person, it.text) for it in history.messages] == [
        (True, "[Audio Message] hello <:lamp:1>"),
        (False, "Who is there?"),
        (False, "Bring oil."),
    ]
    assert history.messages[0].time == datetime(2024, 5, 26, 5, 35, 0, 500000, tzinfo=UTC)
    assert result.details == {"chat_messages": 2, "chat_importable": 3}


def test_a_row_without_a_time_stays_behind_the_one_before_it():
    result = found(
        [
            chat_row("r3", 1716701900.0, "three", None),
            chat_row("r1", 1716701700.0, "one", None),
            chat_row("r2", None, "two", None),
        ]
    )
    assert [it.text for it in result.histories[0].messages] == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("reply", "again", "alternatives", "chosen"),
    [
        ("Yes.", [], (), 0),
        ("Yes.", ["No.", "Well."], ("No.", "Well.", "Yes."), 2),
        ("Yes.", ["Yes.", "No."], ("Yes.", "No."), 0),
        ("Yes.", ["Yes."], (), 0),
        (None, ["No.", "Yes."], ("No.", "Yes."), 1),
        ("Yes.", [None, "", {"reply": "No."}], ("No.", "Yes."), 1),
        ("Yes.", "odd", (), 0),
    ],
)
def test_replies_told_anew_are_alternatives(
    reply: str | None, again: object, alternatives: tuple[str, ...], chosen: int
):
    row = chat_row("r1", 1.0, "Storm?", reply, regenerated_replies=again)
    said = found([row]).histories[0].messages[1]
    assert (said.text, said.alternatives, said.chosen) == ("Yes.", alternatives, chosen)


def test_the_first_message_of_a_row_carries_it():
    row = chat_row("r1", 1.5, "Storm?", "Yes.", fallback_model_used=True)
    first, second = found([row]).histories[0].messages
    assert documents.loads(first.source) == documents.loads(documents.dumps(row))
    assert second.source == b""


def test_a_picture_alone_is_told_as_its_address():
    row = chat_row("r1", 1.0, None, None, attachment_url="https://f.example/a.png")
    result = found([row, chat_row("r2", 2.0, "Look.", "I see.")])
    assert result.histories[0].messages[0].text == "https://f.example/a.png"
    assert [it.path for it in result.kept_aside] == ["chat_history[].attachment_url"]


def test_rows_that_came_twice_count_once_and_empty_ones_not():
    result = found(
        [
            chat_row("r1", 1.0, "one", "two"),
            chat_row("r1", 1.0, "one", "two"),
            chat_row("r2", 2.0, " ", None),
        ]
    )
    assert len(result.histories[0].messages) == 2
    assert result.warnings == ("Chat rows without any text were skipped (row 3)",)


def test_the_key_of_a_chat_is_the_same_for_a_later_and_longer_one():
    first = [chat_row("r1", 1.0, "one", "two")]
    later = [*first, chat_row("r2", 2.0, "three", "four")]
    keys = {found(rows).histories[0].key for rows in (first, later)}
    assert keys == {"shapes:chat:r1"}
    named = [chat_row("r1", 1.0, "one", "two", shape_id=SHAPE)]
    assert found(named).histories[0].key == f"shapes:{SHAPE}"


_NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
_VALUES = st.none() | st.booleans() | _NUMBERS | st.text(max_size=5) | st.lists(st.text())
_ROW = st.dictionaries(
    st.sampled_from(["id", "message", "reply", "ts", "regenerated_replies", "attachment_url"]),
    _VALUES,
)


@given(st.lists(st.none() | st.integers() | _ROW, max_size=8))
def test_no_row_breaks_a_chat(rows: list[object]):
    part = people.read_chat(rows, Shape("Marta", "shapes:x"))
    for history in part.histories:
        assert all(said.text.strip() for said in history.messages)
        for said in history.messages:
            if said.alternatives:
                assert said.alternatives[said.chosen] == said.text
        times = [said.time for said in history.messages if said.time]
        assert times == sorted(times)
