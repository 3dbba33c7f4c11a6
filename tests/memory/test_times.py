"""Times that questions name, and what is said of times, in four languages."""

from datetime import UTC, datetime

import pytest

from tzurot.memory import times

NOW = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)  # a Wednesday


def at(day: str) -> datetime:
    """Noon of a day."""
    return datetime.fromisoformat(f"{day}T12:00+00:00")


@pytest.mark.parametrize(
    ("question", "day", "fit"),
    [
        ("What did I do in July?", "2025-07-20", 0.6),
        ("What did I do in July 2023?", "2025-07-20", 0.0),
        ("Was war im März?", "2024-03-05", 0.6),
        ("¿Qué hice en agosto?", "2024-08-31", 0.6),
        ("Qu'ai-je fait en février ?", "2024-02-01", 0.6),
        ("What happened on July 20th?", "2025-07-20", 1.0),
        ("What happened on 20 July 2025?", "2025-07-23", 0.7),
        ("Where was I on 1 July?", "2025-07-30", 0.3),
        ("What did I do in July?", "2025-08-09", 0.3),  # it is told in the two weeks after
        ("What did I do in July?", "2025-08-20", 0.0),
        ("What did I buy in 2024?", "2024-02-01", 0.6),
        ("What may I eat?", "2025-05-05", 0.0),  # a verb
        ("What was on May 5?", "2025-05-05", 1.0),
        ("What did I say yesterday?", "2026-11-17", 1.0),
        ("What did I say yesterday?", "2026-11-18", 0.0),
        ("Was habe ich heute gesagt?", "2026-11-18", 1.0),
        ("¿Qué dije ayer?", "2026-11-17", 1.0),
        ("Qu'ai-je dit la semaine dernière ?", "2026-11-10", 1.0),
        ("What did I do last week?", "2026-10-30", 0.0),
        ("What do I keep?", "2026-11-17", 0.0),
    ],
)
def test_a_moment_fits_the_time_that_a_question_names(question: str, day: str, fit: float) -> None:
    assert times.named(question, NOW).fit(at(day)) == pytest.approx(fit)


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("When did I move?", True),
        ("How long have I lived here?", True),
        ("Wann bin ich umgezogen?", True),
        ("¿Cuándo me mudé?", True),
        ("Quand ai-je déménagé ?", True),
        ("Where do I live?", False),
        ("Who keeps bees?", False),
    ],
)
def test_it_is_seen_whether_a_question_asks_for_a_time(question: str, asks: bool) -> None:
    assert times.asks_when(question) is asks


@pytest.mark.parametrize(
    ("words", "tells"),
    [
        ("We moved last week.", True),
        ("Wir sind im Oktober umgezogen.", True),
        ("Nos mudamos el lunes.", True),
        ("Nous avons déménagé hier.", True),
        ("You may keep bees.", False),
        ("I like honey.", False),
    ],
)
def test_it_is_seen_whether_words_tell_a_time(words: str, tells: bool) -> None:
    assert times.tells_time(words) is tells
