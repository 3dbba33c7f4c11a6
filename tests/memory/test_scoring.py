"""The formula of recall, with its arithmetic."""

from dataclasses import astuple, fields, replace
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tzurot.memory.keywords import Vocabulary, first_told, keyword_share, keyword_shares
from tzurot.memory.scoring import Passages, ScoreParts, Scores, Weights, score, score_document
from tzurot.memory.v1 import memory_pb2

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
    """So many memories of one passage that says nothing, each right after the one before.

    But for `columns`.
    """
    nothing = np.zeros(count)
    silent = Passages(
        keyword=nothing,
        likeness=np.zeros((1, count), np.float32),
        read=np.ones(count, bool),
        cosines=nothing,
        follows=np.array([number > 0 for number in range(count)]),
        within=np.zeros(count, bool),
        fits_time=nothing,
        fits_speaker=nothing,
        tells_time=nothing,
        first_told=nothing,
        opens=np.zeros(count, bool),
        asks=np.zeros(count, bool),
        specific=nothing,
        recency=nothing,
        salience=nothing,
        link=nothing,
    )
    return replace(silent, **columns)


def scored(it: Passages) -> list[ScoreParts]:
    """The parts of passages, for a question of one token."""
    scores = score(it, np.ones(1, np.float32), ROUND)
    return [scores.of(number) for number in range(len(it.read))]


# So that the arithmetic can be done in one's head.
ROUND = Weights(
    0.5,
    0.3,
    0.2,
    neighbor=0.2,
    second_neighbor=0.1,
    speaker=0.1,
    date=0.4,
    asks_when=0.05,
    first_told=0.5,
    opens=0.2,
    asks=-0.1,
    specific=0.2,
)


def test_what_a_passage_says_is_the_sum_of_its_weighted_parts() -> None:
    (parts,) = scored(
        passages(
            keyword=np.array([1 / 2.2]),
            likeness=np.array([[0.8]], np.float32),
            cosines=np.array([0.5]),
        )
    )
    assert (parts.wording, parts.similarity) == (pytest.approx(0.4), pytest.approx(0.15))
    assert parts.keyword == pytest.approx(0.2 / 2.2)
    assert parts.final == parts.said == pytest.approx(0.55 + 0.2 / 2.2)


def test_a_word_beside_a_passage_counts_there_too_if_less() -> None:
    near = np.array([[0, 0, 1, 0, 0]], np.float32)
    found = scored(passages(5, likeness=near))
    # Two and one before what has it, itself, one and two after.
    assert [parts.said / 0.5 for parts in found] == pytest.approx([0.63, 0.7, 1, 0.87, 0.57])
    assert [parts.wording > 0 for parts in found] == [False, False, True, False, False]


def test_what_another_passage_of_a_memory_says_is_its_own() -> None:
    """Of three memories the second has two passages; what fits is the first of these."""
    near = np.array([[0, 1, 0, 0]], np.float32)
    within = np.array([False, False, True, False])
    found = scored(passages(4, likeness=near, within=within))
    assert [parts.wording / 0.5 for parts in found] == pytest.approx([0, 1, 0.87, 0])
    assert [parts.beside / 0.5 for parts in found] == pytest.approx([0.7, 0, 0, 0.57])
    said = [0.35, 0.5, 0.435, 0.285]
    assert [parts.rest for parts in found] == pytest.approx([0, 0.2 * said[2], 0.2 * said[1], 0])
    assert [parts.neighbors for parts in found] == pytest.approx(
        [
            0.2 * said[1] + 0.1 * said[2],
            0.2 * said[0] + 0.1 * said[3],
            0.2 * said[3] + 0.1 * said[0],
            0.2 * said[2] + 0.1 * said[1],
        ]
    )


def test_what_is_asked_is_what_the_answer_is_about() -> None:
    near = np.array([[0, 1, 0, 0]], np.float32)
    asks = np.array([False, True, False, False])
    shares = [parts.said / 0.5 for parts in scored(passages(4, likeness=near, asks=asks))]
    assert shares == pytest.approx([0.7, 1, 1, 0.57])


def test_news_counts_more_and_a_question_less() -> None:
    parts = scored(
        passages(
            4,
            cosines=np.array([1.0, 1.0, 1.0, 0.0]),
            first_told=np.array([0.5, 0.0, 0.0, 1.0]),
            opens=np.array([True, False, False, True]),
            asks=np.array([False, False, True, False]),
        )
    )
    assert [it.news for it in parts] == pytest.approx([0.3 * 0.25, 0, -0.03, 0])
    assert [it.opening for it in parts] == pytest.approx([0.3 * 0.2, 0, 0, 0])


def test_names_and_numbers_count_by_how_well_the_rest_fits() -> None:
    parts = scored(passages(2, cosines=np.array([1.0, 0.0]), specific=np.array([0.5, 1.0])))
    assert [it.detail for it in parts] == pytest.approx([0.3 * 0.2 * 0.5, 0])


@pytest.mark.parametrize(
    ("fits", "comes_up"),
    [(0.0, False), (0.5, False), (0.7, True), (1.0, True)],  # .11 - .03 · fits is the floor
)
def test_what_was_said_at_the_time_that_is_named_need_say_a_little_less(
    fits: float, comes_up: bool
) -> None:
    it = passages(cosines=np.array([0.09 / 0.3]), fits_time=np.array([fits]))
    assert score(it, np.ones(1, np.float32), ROUND).relevant().tolist() == [comes_up]


def test_what_is_told_first_is_what_nothing_before_has() -> None:
    common, rare = log(1 + 3 / 3), log(1 + 3 / 1)
    told = [frozenset(it) for it in (["bee", "hive"], ["bee"], ["bee", "wax"])]
    assert first_told(told) == pytest.approx(
        [
            (common + rare) / (3 + common + rare),
            0,
            rare / (3 + common + rare),
        ]
    )
    assert list(first_told([frozenset(), frozenset()])) == [0, 0]
    assert list(first_told([])) == []


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
    share = 1 / 2.2
    it = passages(
        keyword=np.array([share]),
        read=np.zeros(1, bool),
        cosines=np.array([np.nan]),
        likeness=None,
    )
    (parts,) = scored(it)
    assert parts.guessed == pytest.approx((0.5 + 0.3) * 0.4 * share)
    assert (parts.wording, parts.similarity) == (0, 0)
    assert score(it, np.ones(1, np.float32), ROUND).relevant().tolist() == [True]


def test_where_only_the_vector_is_known_it_tells_the_wording_and_words_the_rest() -> None:
    keyword, likely = np.array([1 / 2.2]), 0.4 / 2.2
    for cosine in (0.5, 0.1):
        (parts,) = scored(
            passages(
                keyword=keyword,
                read=np.zeros(1, bool),
                cosines=np.array([cosine]),
                likeness=None,
            )
        )
        assert parts.wording == pytest.approx(0.5 * cosine)
        assert parts.guessed == pytest.approx(0.5 * max(0, likely - cosine))


def test_the_contract_has_fewer_parts_of_the_same_sum() -> None:
    names = [it.name for it in fields(ScoreParts)]
    parts = ScoreParts(**{name: 0.01 + number / 1_000 for number, name in enumerate(names)})
    assert (
        sum(parts.told.values()) == pytest.approx(parts.final) == pytest.approx(sum(astuple(parts)))
    )
    assert {*parts.told, "final"} == {it.name for it in memory_pb2.ScoreParts.DESCRIPTOR.fields}


@pytest.mark.parametrize(("keyword", "comes_up"), [(0.0, False), (0.06, False), (0.08, True)])
def test_a_greeting_brings_up_only_what_has_its_words(keyword: float, comes_up: bool) -> None:
    names = [it.name for it in fields(ScoreParts)]
    table = np.array([[{"similarity": 0.2, "keyword": keyword}.get(name, 0.0)] for name in names])
    said = np.array([0.2 + keyword])
    scores = Scores(table, said, said, known=np.ones(1, bool), fits_time=np.zeros(1))
    assert scores.relevant().tolist() == [True]
    assert scores.relevant(is_pleasantry=True).tolist() == [comes_up]


WORDS = some.lists(some.sampled_from("abcdefgh"), max_size=9)


@given(
    told=some.lists(WORDS, max_size=8),
    frequencies=some.dictionaries(some.sampled_from("abcx"), some.integers(0, 50)),
)
def test_what_is_counted_of_all_passages_at_once_is_what_each_has(
    told: list[list[str]], frequencies: dict[str, int]
) -> None:
    vocabulary, distinct = Vocabulary(50, 3.0, frequencies), [frozenset(it) for it in told]
    assert list(keyword_shares(told, distinct, vocabulary)) == [
        pytest.approx(_keyword_share(terms, vocabulary)) for terms in told
    ]
    known: set[str] = set()
    for words, share in zip(distinct, first_told(distinct), strict=True):
        rarity = {it: log(1 + len(told) / sum(it in other for other in distinct)) for it in words}
        new = sum(rarity[it] for it in words - known)
        assert share == pytest.approx(new / (3 + sum(rarity.values())))
        known |= words


def _keyword_share(terms: list[str], vocabulary: Vocabulary) -> float:
    """BM25 word by word, as the book has it."""
    reached = most = 0.0
    for term, frequency in vocabulary.frequencies.items():
        rarity = log(1 + (vocabulary.memory_count - frequency + 0.5) / (frequency + 0.5))
        most += rarity
        count, length = terms.count(term), len(set(terms)) / vocabulary.mean_length
        reached += rarity * count / (count + 1.2 * (0.25 + 0.75 * length)) if count else 0.0
    return reached / most if most else 0.0


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
        keyword=np.full(count, keyword_share(terms, Vocabulary(50, 10.0, frequencies))),
        likeness=np.full((1, count), near, np.float32),
        cosines=np.array(cosines),
        fits_time=np.full(count, fits),
        fits_speaker=np.ones(count),
        tells_time=np.ones(count),
        specific=np.ones(count),
    )
    scores = score(it, np.ones(1, np.float32))
    for number in range(count):
        parts = scores.of(number)
        assert 0 <= parts.said <= 1 + 1e-6
        assert 0 <= parts.final <= 1
        assert (parts.said, parts.final) == pytest.approx(
            (scores.said[number], scores.final[number])
        )
