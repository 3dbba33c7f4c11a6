"""Long replies in pieces: nothing lost, nothing torn, code fences whole in each piece."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot_bots.splitting import cut, split
from tzurot_discord.outgoing import MAX_CONTENT

LIMIT = 80  # small, so that a handful of words already needs several pieces

words = st.sampled_from(
    ["bee", "honey. ", "\n", "\n\n", " ", "`", "``", "```", "```py\n", "\n```\n", "x" * 100, "é🐝"]
)
texts = st.lists(words, max_size=60).map("".join)


@given(texts)
def test_the_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in cut(text, LIMIT)) == text


@given(texts)
def test_every_message_is_short_enough_balanced_and_not_blank(text: str) -> None:
    for message in split(text, LIMIT):
        assert 0 < len(message) <= LIMIT
        assert message.count("```") % 2 == 0
        assert message.strip()


@given(texts, texts)
def test_a_growing_text_leaves_full_messages_as_they_are(text: str, more: str) -> None:
    full, after = split(text, LIMIT)[:-1], split(text + more, LIMIT)
    assert after[: len(full)] == full


@given(st.text(alphabet=st.characters(exclude_characters="`"), max_size=400))
def test_without_code_the_messages_hold_every_letter_and_nothing_else(text: str) -> None:
    assert "".join("".join(split(text, LIMIT)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("short", ["short"]),
        ("", []),
        ("  \n ", []),
        ("a" * 50 + ". " + "b" * 50, ["a" * 50 + ". ", "b" * 50]),  # at the end of a sentence
        ("a" * 50 + "\n\n" + "b" * 50, ["a" * 50, "b" * 50]),  # between paragraphs
        ("a" * 100, ["a" * 76, "a" * 24]),  # 80 less the end of a fence and its line break
        (
            "```py\n" + "x = 1\n" * 14 + "```",
            ["```py\n" + "x = 1\n" * 10 + "x = 1\n```", "```py\n" + "x = 1\n" * 3 + "```"],
        ),
    ],
)
def test_where_it_cuts(text: str, messages: list[str]) -> None:
    assert split(text, LIMIT) == messages


def test_nothing_is_cut_that_fits_into_one_message_with_its_fence() -> None:
    assert len(split("word " * ((MAX_CONTENT - 4) // 5), MAX_CONTENT)) == 1
