"""What a call costs, in micro-dollars: the arithmetic stands beside each row."""

import math
from dataclasses import replace

import pytest

from tzurot import clock
from tzurot.llm.chunks import ChunkReader
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import ModelFinished, ModelRequest
from tzurot.wallet.catalogue.price import FREE, Price
from tzurot.wallet.usage.attempts import Attempted, Tokens, price_of

PRICE = Price(input_micros=3_000_000, output_micros=15_000_000, cached_input_micros=300_000)
KEEPING = replace(PRICE, cache_write_micros=3_750_000)


@pytest.mark.parametrize(
    ("tokens_in", "cached", "tokens_out", "micros"),
    [
        (0, 0, 0, 0),
        (1, 0, 0, 3),
        (0, 0, 1, 15),
        (1, 1, 0, 1),  # 0.3, rounded up
        (10, 10, 0, 3),
        (11, 1, 1, 46),  # 30 + 0.3 + 15 = 45.3, rounded up once
        (1_000_000, 500_000, 100_000, 3_150_000),  # 1.5 + 0.15 + 1.5 dollars
        (5, 9, 0, 2),  # more cached than there was: 5 × 0.3
    ],
)
def test_a_call_costs_what_its_tokens_cost_rounded_up_once(
    tokens_in: int, cached: int, tokens_out: int, micros: int
) -> None:
    assert PRICE.cost(tokens_in, cached, tokens_out) == micros


@pytest.mark.parametrize(
    ("took", "price", "cost"),
    [
        (Tokens(10, 2), PRICE, 60),  # 10 × 3 + 2 × 15
        (Tokens(10, 2, cost_micros=7), PRICE, 7),  # what the provider says counts
        (Tokens(10, 2, cost_micros=0), PRICE, 0),
        (Tokens(10, 2, cost_micros=7), None, 7),
        (Tokens(10, 2), None, None),  # nobody knows: that is not 0
        (Tokens(), None, 0),  # nothing was taken
        (Tokens(10, 2), FREE, 0),
        (Tokens(10, 2, cached=4, written=5), PRICE, 50),  # 6 × 3 + 4 × 0.3 + 2 × 15
        (Tokens(10, 2, cached=4, written=5), KEEPING, 53),  # 1 × 3 + 5 × 3.75 + 4 × 0.3 + 2 × 15
        (Tokens(10, 2, written=99), KEEPING, 68),  # 10 × 3.75 + 2 × 15: no more than the prompt
    ],
)
def test_what_a_provider_says_counts_before_its_price(
    took: Tokens, price: Price | None, cost: int | None
) -> None:
    attempt = Attempted("p", "m", clock.now(), 1.0, "answered", took, price)
    assert attempt.cost_micros == cost


@pytest.mark.parametrize("kind", list(SpeakerKind))
def test_what_runs_on_ones_own_machine_costs_nothing(kind: SpeakerKind) -> None:
    own = kind in (SpeakerKind.OLLAMA, SpeakerKind.GGUF, SpeakerKind.BUNDLED)
    known = {(kind.value, "m"): PRICE}
    price = price_of(Speaker(kind, "p", "m"), lambda *named: known.get(named))
    assert price == (FREE if own else PRICE)


@pytest.mark.parametrize(
    ("told", "micros"),
    [
        (0.0015, 1_500),
        (0, 0),
        (0.0000001, 1),  # a tenth of a micro-dollar, rounded up
        (0.1 + 0.2, 300_000),  # not 300,001 for the error of floats
        (-1, None),
        (math.inf, None),
        (math.nan, None),
        ("0.1", None),
        (None, None),
    ],
)
def test_a_cost_is_read_from_the_last_chunk(told: object, micros: int | None) -> None:
    reader = ChunkReader(ModelRequest(()))
    list(reader.read({"choices": [{"delta": {"content": "Hi"}, "finish_reason": "stop"}]}))
    list(reader.read({"choices": [], "usage": {"prompt_tokens": 1, "cost": told}}))
    (finished,) = reader.finish()
    assert isinstance(finished, ModelFinished)
    assert finished.cost_micros == micros
