"""How specific a text is, by its names and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tzurot.memory.specifics import specifics

ADA = frozenset({"ada"})


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("My sister married in Porto.", 1 / 3),
        ("Porto is where she married.", 0),  # each sentence begins with a capital letter
        ("Really? Porto! How lovely.", 0),
        ("We saw Porto, Lisbon, Faro and Braga.", 1),  # four of three
        ("I told Ada that it costs 30 euros.", 1 / 3),  # who talks is no news
        ("Hello, Ada!", 0),
        ("It is 3.5 km from there.", 1 / 3),
        ("We met on 2024-05-01 at 18:30.", 2 / 3),
        ("My favourite film is “Casablanca” (by Curtiz).", 2 / 3),
        ("Քույրս ապրում է Երևանում։", 1 / 3),
        ("Chị tôi sống ở Ấn Độ.", 2 / 3),
        ("Mi hermana vive en Ávila, y tiene dos gatos.", 1 / 3),
        ("J'ai lu Zola et Éluard.", 2 / 3),
        ("Я живу в Казани.", 1 / 3),
        ("Meine Schwester hat einen Hund.", 2 / 3),  # German's nouns: see specifics.py
        ("我在上海当老师，2019年开始。", 1 / 3),
        ("NO WAY, I NEVER SAID THAT", 0),  # nor does who shouts name anything
        ("", 0),
    ],
)
def test_names_within_sentences_and_numbers_are_specific(text: str, share: float) -> None:
    assert list(specifics([text], ADA)) == pytest.approx([share])


@given(some.lists(some.text(some.characters(exclude_characters="\0")), min_size=1, max_size=5))
def test_a_text_says_the_same_whatever_stands_beside_it(texts: list[str]) -> None:
    assert list(specifics(texts, ADA)) == [specifics([text], ADA)[0] for text in texts]
