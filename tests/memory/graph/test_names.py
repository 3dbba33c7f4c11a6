"""Who and what is named: by capitals where they tell, in any form, and nothing else."""

import pytest

from tzurot.memory.graph.names import names


def found(*texts: str, known: tuple[str, ...] = ()) -> dict[str, int]:
    """In how many memories of one text each is named."""
    return {it.label: len(it.memories) for it in names([(text,) for text in texts], known)}


@pytest.mark.parametrize(
    ("texts", "named"),
    [
        (("I met Jonas.", "Then Jonas left."), {"Jonas": 2}),
        (("I met Jonas.", "It was Jonas's dog.", "Is it Jonas’ dog?"), {"Jonas": 3}),
        (("We flew to New York.", "I like New York."), {"New York": 2}),
        (("I saw Mary Smith.", "I called Mary.", "Is Mary well?"), {"Mary": 3}),
        (("I saw Ed Sheeran.", "We saw Ed Sheeran and then Sheeran left."), {"Ed Sheeran": 2}),
        (("She works at NASA.",), {"NASA": 1}),
        (("We met d'Anna and O'Brien in Ankara'da.",), {"Anna": 1, "Ankara": 1, "O'Brien": 1}),
        (("I saw Dr. Miller.",), {"Miller": 1}),
        (("Vi a Lucía en Sevilla.", "Con Lucía."), {"Lucía": 2, "Sevilla": 1}),
        (("J'ai vu Chloé à Lyon.",), {"Chloé": 1, "Lyon": 1}),
    ],
)
def test_a_capital_inside_a_sentence_names(texts: tuple[str, ...], named: dict[str, int]) -> None:
    assert found(*texts) == named


@pytest.mark.parametrize(
    "text",
    [
        "Yesterday I went home. Then I slept. Thanks!",
        "I think I'm fine. Don't worry.",
        "See you on Monday in July.",
        "THIS IS SO LOUD AND I LOVE IT",
        "My Favorite Things To Do At Home",
        "He said: Wait. She said “Stop” and *Smiles*.",
        "Я вчера спал. Потом встал.",
        "",
        "!!! 12 34 ' -",
    ],
)
def test_other_capitals_name_nothing(text: str) -> None:
    assert found(text) == {}


def test_what_is_as_often_written_small_is_no_name() -> None:
    texts = ("It is about Love.", "I love it.", "All is love.")
    assert found(*texts) == {}


def test_german_nouns_are_no_names_and_names_are() -> None:
    assert found(
        "Mein Bruder Jonas wohnt in Köln und ich habe Angst vor dem großen Hund.",
        "Gestern war ich mit Anna im Garten. Der Hund bellt.",
        "Annas Haus ist groß. Ich habe Angst und Hunger.",
        "Ich gehe mit Anna nach Hause. Die Katze heißt Minka.",
        "Der große Garten gehört Anna, und der Hund auch.",
        "Im Garten ist die Arbeit schön. Ich mag Arbeit, und Musik auch.",
        "Die Hoffnung ist da. Ich habe noch Hoffnung, und mit Hoffnung geht es.",
    ) == {"Anna": 4, "Jonas": 1, "Minka": 1}


def test_russian_cases_are_one_name() -> None:
    (masha, moscow) = names(
        [["Вчера я видел Машу в Москве."], ["Я дал Маше книгу."], ["С Машей мы уехали из Москвы."]]
    )
    assert (masha.memories, moscow.memories) == ((0, 1, 2), (0, 2))
    assert masha.label.startswith("Маш")


def test_scripts_without_capitals_are_left_alone() -> None:
    assert found("今天小李和我去公园。", "田中さんは東京に行きました。", "สวัสดีครับ") == {}


def test_those_who_talk_are_known_already() -> None:
    assert found("I told Luna about Jonas.", known=("luna",)) == {"Jonas": 1}


def test_a_name_is_told_as_it_is_written_most() -> None:
    assert found("I saw McDonald.", "It was Mcdonald.", "So McDonald left.") == {"McDonald": 3}


def test_a_text_of_nothing_but_names_costs_no_more_than_its_length() -> None:
    texts = [" ".join(f"a Name{chr(97 + it % 26)}x{'y' * it}" for it in range(300))] * 50
    assert len(names([(text,) for text in texts])) == 300
