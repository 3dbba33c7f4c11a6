"""Strangers' patterns: what can be read, and the time that they have together."""

import pytest

from tzurot.personality.scripts import patterns
from tzurot.personality.scripts.patterns import Clock, TookTooLong


def pattern(key: str):
    found = patterns.compiled(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("key", "text", "found"),
    [
        ("/storm/", "a Storm", False),
        ("/storm/i", "a Storm", True),
        ("/storm/giy", "a Storm", True),
        (r"/a\/b/", "a/b", True),
        (r"/(?<n>a)\k<n>/", "aa", True),
        ("/a$/", "a\n", False),
        ("/a$/m", "a\nb", True),
        (r"/\bsee\b/", "oversee", False),
        ("/a.b/s", "a\nb", True),
        ("/a/x", "a", True),  # an unknown flag says nothing
    ],
)
def test_a_key_means_what_it_means_in_javascript(key: str, text: str, found: bool) -> None:
    assert patterns.is_pattern(key)
    assert Clock(60).found(pattern(key), text) is found


@pytest.mark.parametrize("key", ["a", "/a", "a/i", "//", "/a/b/", "/a/I", "/(/", "/a++/"])
def test_what_is_none_cannot_be_read(key: str) -> None:
    assert patterns.compiled(key) is None


def test_a_key_that_would_fill_the_memory_cannot_be_read() -> None:
    assert patterns.compiled(f"/{'(?:' * 40}a{'){2}' * 40}/") is None


def test_what_is_found_is_replaced_each_time_or_as_often_as_is_said() -> None:
    clock = Clock(60)
    assert clock.replaced(pattern("/a/"), "aaa", lambda found: f"<{found[0]}>") == "<a><a><a>"
    assert clock.replaced(pattern("/a/"), "aaa", lambda _: "b", count=1) == "baa"


def test_time_runs_out_for_all_searches_together() -> None:
    times = iter(range(100))
    clock = Clock(1.5, now=lambda: float(next(times)))
    assert clock.found(pattern("/a/"), "a")
    assert clock.is_over is False
    assert clock.found(pattern("/a/"), "a")
    assert clock.is_over is True
    for late in (
        lambda: clock.found(pattern("/a/"), "a"),
        lambda: clock.replaced(pattern("/a/"), "a", lambda _: "b"),
        lambda: clock.measure().__enter__(),
    ):
        with pytest.raises(TookTooLong):
            late()


def test_what_is_put_takes_time_too() -> None:
    times = iter([0.0, 0.0, 0.01, 0.2, 0.3])
    clock = Clock(1, now=lambda: next(times))
    with pytest.raises(TookTooLong):
        clock.replaced(pattern("/a/"), "aaa", lambda _: "b")
    assert clock.is_over is False


def test_a_replacement_without_an_end_is_given_up() -> None:
    with pytest.raises(TookTooLong):
        Clock(60).replaced(pattern("/(a|a)*$/"), "a" * 99 + "!", lambda _: "")
