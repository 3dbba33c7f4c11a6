"""SillyTavern's chats: each form that was ever written, both ways."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.formats import caps, chats
from tzurot.formats.found import Container, Found, History, Kind, Said
from tzurot.formats.unreadable import Problem, Unreadable

DATA = Path(__file__).parents[1] / "data" / "chats"

OLD = {"user_name": "You", "character_name": "Marta", "create_date": 1674559896839}
MODERN = {"chat_metadata": {"integrity": "3f"}, "user_name": "unused", "character_name": "unused"}
HELLO = {"name": "Marta", "is_user": False, "send_date": 1674563371558, "mes": "Hello."}
HI = {"name": "Ida", "is_user": True, "send_date": "March 1, 2026 10:01am", "mes": "Hi."}
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
MESSAGES = st.builds(
    Said,
    by_person=st.booleans(),
    name=TEXTS,
    text=TEXTS,
    hidden=st.booleans(),
    time=st.none() | st.datetimes(datetime(1990, 1, 1), timezones=st.just(UTC)),
)


def lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def found(data: bytes) -> Found:
    read = chats.read(data)
    assert read is not None
    return read


def history(*rows: object) -> History:
    (only,) = found(lines(*rows)).histories
    return only


def test_a_modern_chat_is_read_whole() -> None:
    read = found((DATA / "syn_st_modern.jsonl").read_bytes())
    assert (read.kind, read.format, read.container) == (
        Kind.CHAT,
        "sillytavern_jsonl",
        Container.JSONL,
    )
    assert read.details == {
        "header": True,
        "user_name": "unused",
        "character_name": "unused",
        "messages": 4,
        "user_messages": 1,
        "system_messages": 1,
        "messages_with_swipes": 1,
        "speakers": ["Marta"],
        "bad_lines": 0,
    }
    (chat,) = read.histories
    assert (chat.character_name, chat.person_name, chat.group) == ("Marta", "Ida", False)
    first, second, third, fourth = chat.messages
    assert (first.alternatives, first.chosen) == (("Hello.", "You made it."), 1)
    assert second.time == datetime(2026, 3, 1, 10, 1, tzinfo=UTC)
    assert (third.hidden, third.text) == (True, "hidden help text")
    assert fourth.time == datetime(2026, 3, 1, 10, 2, 5, 120_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([OLD, HELLO, HI], ("Marta", "You")),
        ([MODERN, HELLO, HI], ("Marta", "Ida")),
        ([{"chat_metadata": {}}, HELLO, HI], ("Marta", "Ida")),
        ([{"note": "no header that is known"}, HELLO, HI], ("Marta", "Ida")),
        ([HELLO, HI], ("Marta", "Ida")),
        ([MODERN, HI], ("", "Ida")),
    ],
)
def test_every_form_of_header_is_known(rows: list[object], names: tuple[str, str]) -> None:
    chat = history(*rows)
    assert (chat.character_name, chat.person_name) == names
    assert len(chat.messages) == sum("mes" in str(row) for row in rows)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"no JSON",
        b"[1]\n",
        lines({"text": "a memory"}, {"text": "another"}),
        json.dumps({"spec": "chara_card_v2", "data": {"name": "Marta"}}, indent=2).encode(),
        json.dumps([HELLO] * 9, indent=2).encode(),
        b"{\n" * 50 + lines(HELLO),
    ],
)
def test_something_else_is_left_to_other_readers(data: bytes) -> None:
    assert chats.read(data) is None


def test_broken_lines_are_counted_and_the_others_read() -> None:
    data = b"\xef\xbb\xbf{broken\n\n" + lines(OLD, HELLO) + b'"text"\n{"mes": \r\n' + lines(HI)
    read = found(data)
    assert (read.details["bad_lines"], read.details["messages"]) == (3, 2)
    assert any("3" in warning for warning in read.warnings)


def test_a_header_alone_holds_nothing() -> None:
    with pytest.raises(Unreadable) as refused:
        chats.read(lines(MODERN))
    assert refused.value.problem is Problem.NOTHING_INSIDE


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        chats.read(lines(HELLO) + b"x\n" * (caps.ROWS + 1))
    assert refused.value.problem is Problem.TOO_MANY


def test_a_line_ends_with_a_newline_and_nothing_else() -> None:
    row = {**HELLO, "mes": "One\u2028two\u0085three"}
    data = json.dumps(row, ensure_ascii=False).encode()
    assert found(data).histories[0].messages[0].text == row["mes"]


@pytest.mark.parametrize(
    ("row", "alternatives", "chosen"),
    [
        ({"mes": "b", "swipes": ["a", "b"], "swipe_id": 1}, ("a", "b"), 1),
        ({"mes": "edited", "swipes": ["a", "b"], "swipe_id": 0}, ("edited", "b"), 0),
        ({"mes": "b", "swipes": ["a", "b"], "swipe_id": 9}, ("a", "b"), 1),
        ({"mes": "c", "swipes": ["a", "b"], "swipe_id": None}, ("a", "b", "c"), 2),
        ({"mes": "a", "swipes": ["a"], "swipe_id": 0}, (), 0),
        ({"mes": "a", "swipes": "no"}, (), 0),
    ],
)
def test_the_message_that_was_shown_is_the_chosen_swipe(
    row: dict[str, object], alternatives: tuple[str, ...], chosen: int
) -> None:
    (said,) = history({"name": "Marta", **row}).messages
    assert (said.text, said.alternatives, said.chosen) == (row["mes"], alternatives, chosen)


def test_a_chat_of_several_characters_is_a_group() -> None:
    chat = history(MODERN, HELLO, {**HELLO, "name": "Bela", "original_avatar": "b.png"}, HI)
    assert chat.group
    assert history(MODERN, {**HELLO, "is_group": True}).group
    assert not history(MODERN, HELLO, {**HELLO, "name": "Help", "is_system": True}).group


def test_pictures_inside_a_message_are_told_with_their_size() -> None:
    row = {**HELLO, "extra": {"image": "data:image/png;base64," + "A" * 5000}}
    (aside,) = [a for a in found(lines(row)).kept_aside if a.path == "extra.image"]
    assert "5,022" in aside.reason  # 22 characters of "data:image/png;base64," + 5,000
    assert json.loads(history(row).messages[0].source) == row


def test_a_longer_export_and_a_branch_share_the_key() -> None:
    short = history(OLD, HELLO, HI)
    branch = {**HELLO, "mes": "Other.", "extra": {"bookmark_link": "Branch 1"}}
    assert history(MODERN, HELLO).key == short.key
    assert history(MODERN, HELLO, HI, HELLO).key == short.key
    assert history(MODERN, HELLO, branch).key == short.key
    assert history(OLD, {**HELLO, "send_date": 1}, HI).key != short.key
    assert history(OLD, {**HELLO, "mes": "Hey."}, HI).key != short.key


def test_without_a_date_the_second_message_is_counted_in() -> None:
    undated = {**HELLO, "send_date": ""}
    assert history(undated, HI).key == history(undated, HI, HELLO).key
    assert history(undated, HI).key != history(undated, HELLO).key


@pytest.mark.parametrize("header", [OLD, MODERN])
def test_what_was_read_comes_back_byte_for_byte(header: dict[str, object]) -> None:
    odd = {**HI, "force_avatar": "a.png", "extra": {"n": 1.50}, "swipe_info": [{"extra": {}}]}
    data = lines(header, HELLO, odd)
    assert chats.write_jsonl(found(data).histories[0]) == data


def test_only_what_differs_is_written() -> None:
    row = {**HELLO, "swipes": ["Hello.", "Hey."], "swipe_id": 0, "extra": {"model": "x"}}
    chat = history(OLD, row, HI)
    first = replace(chat.messages[0], text="Hey.", chosen=1, hidden=True)
    changed = replace(chat, messages=(first, chat.messages[1]), character_name="Marta Lamp")
    header, one, two = map(json.loads, chats.write_jsonl(changed).splitlines())
    assert header == {**OLD, "character_name": "Marta Lamp"}
    assert one == {**row, "mes": "Hey.", "swipe_id": 1, "is_system": True}
    assert two == HI


def test_a_chat_of_our_own_is_written_with_iso_dates() -> None:
    at = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    said = Said(by_person=False, name="Marta", text="b", alternatives=("a", "b"), chosen=1, time=at)
    header, row = map(json.loads, chats.write_jsonl(History((said,), "", "Marta")).splitlines())
    assert header["character_name"] == "Marta"
    assert header["user_name"] == "unused"
    assert row["send_date"] == "2026-03-01T10:00:00.000Z"
    assert (row["swipes"], row["swipe_id"], row["mes"]) == (["a", "b"], 1, "b")


@given(st.lists(MESSAGES, min_size=1, max_size=5))
def test_whatever_was_said_is_read_again(messages: list[Said]) -> None:
    written = chats.write_jsonl(History(tuple(messages), "", "Marta", "Ida"))
    (chat,) = found(written).histories
    assert [replace(said, source=b"") for said in chat.messages] == messages
    assert (chat.character_name, chat.person_name) == ("Marta", "Ida")
    assert chats.write_jsonl(chat) == written


@given(st.lists(MESSAGES, min_size=1, max_size=4), st.data())
def test_any_change_to_a_chat_is_read_again(messages: list[Said], data: st.DataObject) -> None:
    chat = history(OLD, *[{**HELLO, "swipes": ["Hello.", "Hey."], "swipe_id": 0}] * len(messages))
    changed = replace(
        chat,
        messages=tuple(
            replace(said, source=was.source)
            for said, was in zip(messages, chat.messages, strict=True)
        ),
    )
    (again,) = found(chats.write_jsonl(changed)).histories
    assert [replace(said, source=b"") for said in again.messages] == messages


@given(st.binary() | st.binary().map(lambda tail: lines(OLD, HELLO) + tail))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    read = chats.read(data)
    assert read is None or read.details["messages"] == len(read.histories[0].messages)
