"""The terms of texts in several languages and scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tzurot.memory import lexicon


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I keep bees", "keeping a bee"),
        ("two dogs", "my Dog"),
        ("Hunde", "Hund"),
        ("las abejas", "una abeja"),
        ("les araignées", "une araignée"),
        ("люблю рыбалку", "рыбалка"),
        ("СОБАКИ", "собака"),
        ("我的猫叫小白", "猫叫"),
        ("京都に住んでいます", "京都"),
    ],
)
def test_forms_of_a_word_share_a_term(one: str, other: str) -> None:
    assert set(lexicon.terms(one)) & set(lexicon.terms(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("schon", "schön"),
        ("Reis", "Rose"),
        ("casa", "cosa"),
        ("дом", "дым"),
        ("keep", "weep"),
        ("3 May", "5 March"),
    ],
)
def test_different_words_share_none(one: str, other: str) -> None:
    assert not set(lexicon.terms(one)) & set(lexicon.terms(other))


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("What is my name?", ("name",)),
        ("Wie heißen meine Hunde?", ("heißen", "hund")),
        ("¿Dónde vive mi madre?", ("vive", "madr")),
        ("Как меня зовут?", ("зовут",)),
        ("Where do bees keep honey, and why bees?", ("bee", "keep", "honey")),
        ("Who are you?", ("who", "are", "you")),  # nothing but function words: better than nothing
        ("?!", ()),
    ],
)
def test_a_question_asks_for_its_telling_words(question: str, terms: tuple[str, ...]) -> None:
    assert lexicon.question_terms(question) == terms


def test_a_long_question_asks_for_no_more_than_32_terms() -> None:
    assert len(lexicon.question_terms(" ".join(f"word{n}" for n in range(500)))) == 32


def test_what_is_too_long_for_a_word_is_cut() -> None:
    assert lexicon.terms("x" * 5000) == ["x" * 64]


@given(some.text())
def test_every_term_can_be_looked_for_as_it_is(text: str) -> None:
    # They go into a tsquery between quotes, and into Weaviate separated by spaces.
    assert all(term.isalnum() for term in lexicon.terms(text))
