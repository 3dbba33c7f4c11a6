"""The formula of recall, with its arithmetic."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tzurot.memory.scoring import Vocabulary, keyword_share, score

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
def test_a_score_is_the_sum_of_its_weighted_parts(
    cosine: float | None, terms: list[str], similarity: float, keyword: float
) -> None:
    parts = score(cosine, terms, BEES)
    assert parts.similarity == pytest.approx(similarity)
    assert parts.keyword == pytest.approx(keyword)
    assert parts.final == pytest.approx(similarity + keyword)


@given(
    cosine=some.floats(-1, 1),
    terms=some.lists(some.sampled_from("abcdef")),
    frequencies=some.dictionaries(some.sampled_from("abc"), some.integers(0, 50)),
    mean_length=some.floats(0, 100),
)
def test_a_score_is_between_0_and_1(
    cosine: float, terms: list[str], frequencies: dict[str, int], mean_length: float
) -> None:
    final = score(cosine, terms, Vocabulary(50, mean_length, frequencies)).final
    assert 0 <= final <= 1
