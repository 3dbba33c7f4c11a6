"""What there is room for, and in which order it is told."""

import pytest

from tests.personality.lore.books import book, decorated, entry, judged, scene, up
from tzurot.formats.found import LoreEntry
from tzurot.personality.lore.ordering import by_weight, in_order

LONG = "la " * 8  # 8 tokens; two of them fit into 20


def test_each_book_has_its_own_budget() -> None:
    one = book(entry("tower", content=LONG), token_budget=10)
    assert up(judged(one, one)) == [0, 0]


@pytest.mark.parametrize("budget", [None, 0])
def test_without_a_budget_all_stay(budget: int | None) -> None:
    entries = [entry("tower", content=LONG)] * 5
    assert up(judged(book(*entries, token_budget=budget))) == [*range(5)]


def test_something_smaller_takes_the_room_that_something_large_had_no_use_for() -> None:
    entries = [
        entry("tower", content=LONG, priority=3),
        entry("tower", content=LONG * 3, priority=2),
        entry("tower", content=LONG, priority=1),
    ]
    assert up(judged(book(*entries, token_budget=20))) == [0, 2]


def test_who_was_called_up_gets_the_room_that_is_left() -> None:
    caller = entry("tower", content="la " * 7 + "bell", priority=1)
    called = entry("bell", content=LONG, priority=9)
    assert up(judged(book(caller, called, token_budget=16, recursive_scanning=True))) == [0, 1]
    assert up(judged(book(caller, called, token_budget=12, recursive_scanning=True))) == [0]


def test_a_comment_in_a_content_takes_no_room() -> None:
    comment = "{{// " + "la " * 99 + "}}"
    at = scene(
        fill=lambda text: text.replace(comment, ""), scanned=lambda text: text.replace(comment, "")
    )
    assert up(judged(book(entry("tower", content=comment + LONG), token_budget=10), at=at)) == [0]


def placed(order: float, position: str = "before_char") -> LoreEntry:
    return entry("tower", content=str(order), insertion_order=order, position=position)


def at_depth(order: float, depth: int) -> LoreEntry:
    extensions = {"position": 4, "depth": depth}
    return entry("tower", content=str(order), insertion_order=order, extensions=extensions)


def test_what_came_up_is_told_by_place_then_insertion_order_over_all_books() -> None:
    one = book(placed(3), placed(1, "after_char"), entry("moon"))
    other = book(placed(2), at_depth(0, 2), at_depth(9, 5))
    told = in_order(judged(one, other).verdicts)
    assert [it.content for it in told] == ["2", "3", "1", "9", "0"]


def test_entries_of_one_order_are_told_as_they_stand_in_their_books() -> None:
    one = book(placed(1), placed(1))
    told = in_order(judged(one, one).verdicts)
    assert [(it.book_id, it.position) for it in told] == [
        ("b0", 0), ("b0", 1), ("b1", 0), ("b1", 1),
    ]  # fmt: skip


def test_constant_ones_are_kept_longest_and_the_first_to_go_least() -> None:
    entries = [
        decorated("@@ignore_on_max_context", priority=99, constant=True),
        entry("tower", priority=1, insertion_order=7),
        entry("tower", priority=1, insertion_order=8),
        decorated("@@priority 5"),
        entry(constant=True),
        decorated("@@activate", insertion_order=1),
    ]
    kept = by_weight(judged(book(*entries)).verdicts)
    assert [it.position for it in kept] == [5, 4, 3, 2, 1, 0]
    assert [it.first_to_go for it in kept] == [False] * 5 + [True]
    assert [it.always for it in kept] == [True] * 2 + [False] * 3 + [True]
