"""Plain text: nothing that a model says steers a terminal, and words are broken between words."""

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.clients.scripted_talk import identity
from tzurot_cli.console import clean, day, one_line
from tzurot_cli.screen import Words, learnt_line, memory_line
from tzurot_client.gen.tzurot.session.v1 import FactLearnt, MemoryCited

HARMFUL = st.text(st.sampled_from("ab \n\t\x1b[]0;31m\x07\x9b\x9c\x9d\\P?\x08\r\u202e"))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain, Grüße, 日本, 🐝", "plain, Grüße, 日本, 🐝"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;https://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bP+q\x1b\\after", "after"),
        ("\x1bcreset", "reset"),
        ("bell\x07 back\x08 return\r null\x00", "bell back return null"),
        ("right\u202eleft\u2066", "rightleft"),
        ("an open \x1b", "an open "),
    ],
)
def test_what_a_terminal_would_obey_is_taken_out(text: str, plain: str) -> None:
    assert clean(text) == plain


@given(HARMFUL)
def test_no_control_character_is_left_but_newline_and_tab(text: str) -> None:
    left = {one for one in clean(text) if unicodedata.category(one) == "Cc"}
    assert left <= {"\n", "\t"}


@given(HARMFUL)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text, 10)) <= 10
    assert "\n" not in one_line(text)


def written(pieces: list[str], width: int) -> str:
    shown: list[str] = []
    words = Words(shown.append, width)
    words.begin(0)
    for piece in pieces:
        words.add(piece)
    words.end()
    return "".join(shown)


@given(st.text(st.sampled_from("abcde  \n"), max_size=80), st.integers(1, 7))
def test_the_pieces_in_which_a_text_comes_do_not_show(text: str, size: int) -> None:
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert written(pieces, 20) == written([text], 20)


@given(st.lists(st.text(st.sampled_from("abcé日"), min_size=1, max_size=6), max_size=20))
def test_lines_are_broken_between_words_and_no_word_is_lost(words: list[str]) -> None:
    lines = written([" ".join(words)], 16).split("\n")
    assert all(cell_len(line) <= 16 for line in lines)
    assert " ".join(lines).split() == words


def test_a_sequence_that_comes_in_two_pieces_is_taken_out_too() -> None:
    assert written(["one \x1b[3", "1mtwo\x1b]0;a ti", "tle\x07 three"], 80) == "one two three\n"


def test_a_text_without_spaces_is_not_held_back() -> None:
    shown: list[str] = []
    words = Words(shown.append, 80)
    words.begin(0)
    words.add("日" * 30)
    assert shown == ["日" * 30]


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "today"), (1, "yesterday"), (2, "2 days ago"), (30, "30 days ago"), (31, "2026-02-28")],
)
def test_days_are_told_as_somebody_would_say_them(days: int, told: str) -> None:
    today = date(2026, 3, 31)
    noon = datetime(2026, 3, 31, 12).astimezone()
    assert day(noon - timedelta(days=days), today) == told


def test_a_memory_line_fits_into_one_line() -> None:
    now = datetime.now(UTC)
    cited = [
        MemoryCited(memory_id=identity(text), excerpt=text, score=score, occur_time=now)
        for text, score in (("short", 0.1), ("a long one " * 9, 0.9), ("middling", 0.5))
    ]
    line = memory_line(cited, 60)
    assert cell_len(line) <= 60
    assert line.startswith('remembers: "a long one')
    assert line.endswith("2 more")
    assert memory_line(cited[::2], 80) == ('remembers: "middling" (today) · "short" (today)')


def test_what_somebody_else_said_is_told_with_their_name() -> None:
    moment = datetime.now().astimezone()
    hers = MemoryCited(excerpt="bees", score=0.5, occur_time=moment, speaker_name="Bo\x1b[31m\n")
    own = MemoryCited(excerpt="rain", score=0.4, occur_time=moment)
    assert memory_line([hers, own], 80) == 'remembers: Bo said "bees" (today) · "rain" (today)'


@pytest.mark.parametrize(
    ("learnt", "line"),
    [
        (FactLearnt(text="Ada sings."), 'learnt: "Ada sings." (undo: /memory undo)'),
        (
            FactLearnt(text="Ada\x1b[2J quit.", superseded_text="Ada sings."),
            'learnt: "Ada quit." (before: "Ada sings.") (undo: /memory undo)',
        ),
        (
            FactLearnt(text="Ada sings.", proposed=True),
            'is this so? "Ada sings." (yes or no: /memory facts)',
        ),
    ],
)
def test_what_was_learnt_says_how_to_take_it_back(learnt: FactLearnt, line: str) -> None:
    assert learnt_line(learnt) == line
