"""The formula of recall, with its arithmetic."""

from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tzurot.memory.scoring import (
    Passages,
    ScoreParts,
    Vocabulary,
    Weights,
    is_relevant,
    keyword_share,
    score,
    score_document,
)

# Ten memories of ten terms; one has "bee", all have "keep".
BEES = Vocabulary(memory_count=10, mean_length=10.0, frequencies={"bee": 1, "keep": 10})
RARE = log(1 + (10 - 1 + 0.5) / (1 + 0.5))  # "bee": 1.992
COMMON = log(1 + (10 - 10 + 0.5) / (10 + 0.5))  # "keep": 0.047
FILLER = [f"w{n}" for n in range(8)]


@pytest.mark.parametrize(
    ("terms", "share"),
    [
        # At mean length one occurrence counts 1 / (1 + 1.2), two count 2 / (2 + 1.2).
        (["bee", "keep", *FILLER], 1 / 2.2),
        (["bee", "bee", "keep", "keep", *FILLER], 2 / 3.2),
        (["bee", "x", *FILLER], RARE / (RARE + COMMON) / 2.2),
        (["keep", "x", *FILLER], COMMON / (RARE + COMMON) / 2.2),
        (["x", "y", *FILLER], 0),
        # Two terms instead of ten: 1 / (1 + 1.2 · (.25 + .75 · .2)).
        (["bee", "keep"], 1 / (1 + 1.2 * 0.4)),
        ([], 0),
    ],
)
def test_keywords_count_by_rarity_repetition_and_length(terms: list[str], share: float) -> None:
    assert keyword_share(terms, BEES) == pytest.approx(share)


def test_a_question_without_terms_has_no_keyword_part() -> None:
    assert keyword_share(["bee"], Vocabulary(10, 10.0, {})) == 0


@pytest.mark.parametrize(
    ("cosine", "terms", "similarity", "keyword"),
    [
        (0.5, ["bee", "keep", *FILLER], 0.6 * 0.5, 0.4 / 2.2),
        (1.0, [], 0.6, 0.0),
        (-0.2, [], 0.0, 0.0),  # what points away is no worse than what has nothing to do with it
        (None, ["bee", "keep", *FILLER], 0.0, 0.4 / 2.2),
    ],
)
def test_of_a_document_meaning_and_words_count(
    cosine: float | None, terms: list[str], similarity: float, keyword: float
) -> None:
    parts = score_document(cosine, terms, BEES)
    assert parts.similarity == pytest.approx(similarity)
    assert parts.keyword == pytest.approx(keyword)
    assert parts.final == pytest.approx(similarity + keyword)


def passages(count: int = 1, **columns: object) -> Passages:
    """So many passages that say nothing, each right after the one before, but for `columns`."""
    nothing = np.zeros(count)
    silent = Passages(
        words=[[] for _ in range(count)],
        likeness=np.zeros((1, count), np.float32),
        read=np.ones(count, bool),
        cosines=nothing,
        follows=np.array([number > 0 for number in range(count)]),
        fits_time=nothing,
        fits_speaker=nothing,
        tells_time=nothing,
    )
    return replace(silent, **columns)


def scored(it: Passages) -> list[ScoreParts]:
    """The parts of passages, for a question of one token."""
    return score(it, np.ones(1, np.float32), BEES, ROUND)


# So that the arithmetic can be done in one's head.
ROUND = Weights(
    0.5, 0.3, 0.2, neighbor=0.2, second_neighbor=0.1, speaker=0.1, date=0.4, asks_when=0.05
)


def test_what_a_passage_says_is_the_sum_of_its_weighted_parts() -> None:
    (parts,) = scored(
        passages(
            words=[["bee", "keep", *FILLER]],
            likeness=np.array([[0.8]], np.float32),
            cosines=np.array([0.5]),
        )
    )
    assert (parts.wording, parts.similarity) == (pytest.approx(0.4), pytest.approx(0.15))
    assert parts.keyword == pytest.approx(0.2 / 2.2)
    assert parts.final == parts.said == pytest.approx(0.55 + 0.2 / 2.2)


def test_a_word_beside_a_passage_counts_there_too_if_less() -> None:
    near = np.array([[0, 0, 1, 0, 0]], np.float32)
    shares = [parts.wording / 0.5 for parts in scored(passages(5, likeness=near))]
    # Two and one before what has it, itself, one and two after.
    assert shares == pytest.approx([0.6, 0.7, 1, 0.9, 0.7])


def test_what_is_said_beside_a_passage_adds_to_it() -> None:
    parts = scored(passages(5, cosines=np.array([0, 0, 1.0, 0, 0])))
    assert [it.neighbors for it in parts] == pytest.approx([0.03, 0.06, 0, 0.06, 0.03])


def test_what_was_said_in_another_talk_adds_nothing() -> None:
    apart = passages(3, cosines=np.array([1.0, 0, 1.0]), follows=np.array([False, False, False]))
    assert [it.neighbors for it in scored(apart)] == [0, 0, 0]


def test_who_said_it_and_when_add_to_what_it_says() -> None:
    (parts,) = scored(
        passages(fits_speaker=np.ones(1), fits_time=np.array([0.5]), tells_time=np.ones(1))
    )
    assert (parts.speaker, parts.time, parts.said) == (0.1, pytest.approx(0.25), 0)


def test_where_only_words_are_known_they_tell_the_rest() -> None:
    words = [["bee", "keep", *FILLER]]
    (parts,) = scored(
        passages(words=words, read=np.zeros(1, bool), cosines=np.array([np.nan]), likeness=None)
    )
    share = 1 / 2.2
    assert parts.wording == pytest.approx(0.5 * 0.4 * share)
    assert parts.similarity == pytest.approx(0.3 * 0.4 * share)
    assert is_relevant(parts, is_known=False)


@given(
    cosines=some.lists(some.floats(-1, 1) | some.just(float("nan")), min_size=1, max_size=6),
    near=some.floats(0, 1),
    terms=some.lists(some.sampled_from("abcdef")),
    frequencies=some.dictionaries(some.sampled_from("abc"), some.integers(0, 50)),
    fits=some.floats(0, 1),
)
def test_a_score_is_between_0_and_1(
    cosines: list[float], near: float, terms: list[str], frequencies: dict[str, int], fits: float
) -> None:
    count = len(cosines)
    it = passages(
        count,
        words=[terms] * count,
        likeness=np.full((1, count), near, np.float32),
        cosines=np.array(cosines),
        fits_time=np.full(count, fits),
        fits_speaker=np.ones(count),
        tells_time=np.ones(count),
    )
    vocabulary = Vocabulary(50, 10.0, frequencies)
    for parts in score(it, np.ones(1, np.float32), vocabulary):
        assert 0 <= parts.said <= 1 + 1e-6
        assert 0 <= parts.final <= 1
