"""How flows tell what a memory is."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.memory.test_reasons import memory
from tzurot.flow.kinds import telling
from tzurot.memory.fading import Recalls
from tzurot.memory.sectors import Sector

NOW = datetime(2026, 7, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("salience", "words"),
    [(1.0, "very much"), (0.5, "clearly"), (0.49, "somewhat"), (0.1, "hardly"), (0.0, "hardly")],
)
def test_how_much_it_stands_out_is_told_in_words(salience: float, words: str) -> None:
    recalls = Recalls(salience, 2, NOW)
    told = telling.standing(memory("Hi."), recalls, NOW)
    assert told == (
        f"Tells what is so; stands out {words}; was recalled 2 times, last at 2026-07-10 12:00 UTC."
    )


@pytest.mark.parametrize("sector", list(Sector))
def test_each_sector_has_its_words(sector: Sector) -> None:
    told = telling.standing(memory("Hi.", sector=sector), Recalls(0.9, 1, NOW), NOW)
    assert told.startswith("Tells ")
    assert "recalled once" in told


def test_what_fades_is_told_as_it_is_now() -> None:
    later = NOW + timedelta(days=4000)
    told = telling.standing(memory("Hi."), Recalls(1.0, 1, NOW), later)
    assert "stands out hardly" in told
