"""What a request costs: whole micro-dollars, rounded up once."""

import pytest

from tzurot.wallet.catalogue.price import Price

MINI = Price(400_000, 1_600_000, 100_000)  # $.40, $1.60 and $.10 for a million tokens


@pytest.mark.parametrize(
    ("price", "tokens_in", "cached", "tokens_out", "cost"),
    [
        (MINI, 0, 0, 0, 0),
        (MINI, 1_000_000, 0, 0, 400_000),
        (MINI, 1_000_000, 1_000_000, 0, 100_000),
        (MINI, 1_000_000, 250_000, 500_000, 300_000 + 25_000 + 800_000),
        (MINI, 1, 0, 0, 1),  # .4
        (MINI, 1, 1, 1, 2),  # .1 + 1.6 = 1.7: each rounded up for itself would be 3
        (MINI, 5, 0, 0, 2),  # exactly 2
        (MINI, 10, 20, 0, 1),  # no more comes from a cache than there is: 10 * .1
        (Price(0, 0, 0), 10**6, 0, 10**6, 0),
        (Price(0, 0, 0, request_micros=5_000), 0, 0, 0, 5_000),
    ],
)
def test_a_request_costs(
    price: Price, tokens_in: int, cached: int, tokens_out: int, cost: int
) -> None:
    assert price.cost(tokens_in, cached, tokens_out) == cost


@pytest.mark.parametrize(
    ("price", "is_free"),
    [(Price(0, 0, 0), True), (Price(0, 1, 0), False), (Price(0, 0, 0, 1), False), (MINI, False)],
)
def test_free_is_what_nothing_of_costs_anything(price: Price, is_free: bool) -> None:
    assert price.is_free is is_free
