"""What stays, what rests, and what is remembered from one answer to the next."""

import dataclasses
import json
from collections.abc import Mapping

from tests.personality.lore.books import book, decorated, entry, judged, scene
from tzurot.formats.found import Lorebook, LoreEntry
from tzurot.personality.lore.scene import Timed


class Talk:
    """A conversation that grows or shrinks, and remembers."""

    def __init__(self, *entries: LoreEntry, **of_book: object) -> None:
        self.book: Lorebook = book(*entries, **of_book)
        self.timings: Mapping[str, Timed] = {}

    def told(self, count: int, said: str) -> bool:
        at = scene(said, message_count=count, timings=self.timings)
        judgement = judged(self.book, at=at)
        self.timings = judgement.timings
        return judgement.verdicts[0].activated


def timed(**extensions: object) -> LoreEntry:
    return entry("bell", extensions=extensions)


def test_sticky_stays_for_so_many_messages() -> None:
    talk = Talk(timed(sticky=2))
    told = [talk.told(n, "bell" if n == 3 else "calm") for n in range(1, 8)]
    assert told == [False, False, True, True, False, False, False]


def test_a_cooldown_rests_for_so_many_messages_even_where_the_key_stands() -> None:
    talk = Talk(timed(cooldown=3))
    assert [talk.told(n, "bell") for n in range(1, 9)] == [True, False, False] * 2 + [True, False]


def test_a_cooldown_begins_when_sticky_ends() -> None:
    talk = Talk(timed(sticky=2, cooldown=3))
    assert [talk.told(n, "bell") for n in range(1, 8)] == [True] * 2 + [False] * 3 + [True] * 2


def test_sticky_is_not_prolonged_by_its_key() -> None:
    talk = Talk(timed(sticky=2, cooldown=1))
    assert [talk.told(n, "bell") for n in range(1, 7)] == [True, True, False] * 2


def test_the_same_message_answered_anew_is_decided_anew() -> None:
    talk = Talk(timed(cooldown=5))
    assert [talk.told(4, "bell") for _ in range(3)] == [True] * 3
    assert not talk.told(6, "bell")
    assert not talk.told(6, "bell")


def test_messages_that_were_deleted_take_their_timings_with_them() -> None:
    talk = Talk(timed(sticky=50, cooldown=50))
    assert talk.told(40, "bell")
    assert talk.told(42, "calm")
    assert not talk.told(10, "calm")
    assert talk.timings == {}


def test_what_was_told_only_later_was_not_told_before() -> None:
    talk = Talk(decorated("@@dont_activate_after_match", keys=("bell",)))
    assert [talk.told(n, "bell") for n in (4, 4, 6, 3, 5)] == [True, True, False, True, False]


def test_kept_since_it_was_told_once() -> None:
    talk = Talk(decorated("@@keep_activate_after_match", keys=("bell",)))
    told = [talk.told(n, "bell" if n == 2 else "calm") for n in (1, 2, 3, 90)]
    assert told == [False, True, True, True]


def test_a_setting_that_is_gone_holds_nothing() -> None:
    talk = Talk(timed(cooldown=50))
    assert talk.told(1, "bell")
    talk.book = book(timed())
    assert talk.told(2, "bell")


def test_what_was_left_out_neither_stays_nor_rests_nor_counts_as_told() -> None:
    large = decorated("@@keep_activate_after_match", keys=("bell",))
    large = dataclasses.replace(
        large, content=large.content + "la " * 99, extensions={"sticky": 3, "cooldown": 3}
    )
    talk = Talk(large, token_budget=20)
    assert not talk.told(1, "bell")
    assert talk.timings == {}


def test_a_content_that_its_macros_make_too_long_is_left_out_and_not_remembered() -> None:
    which = entry("bell", content="{{story}}", extensions={"cooldown": 3})
    at = scene("bell", fill=lambda text: text.replace("{{story}}", "la " * 99))
    judgement = judged(book(which, token_budget=20), at=at)
    (verdict,) = judgement.verdicts
    assert (verdict.activated, verdict.left_out, dict(judgement.timings)) == (False, True, {})


def test_other_books_are_still_remembered_until_it_is_over() -> None:
    timings = {
        "gone:7": Timed(matched=True, sticky_until=20, since=3, matched_since=3),
        "gone:8": Timed(cooldown_until=9, since=3),
        "gone:9": Timed(cooldown_until=40, since=30),
    }
    at = scene("calm", message_count=10, timings=timings)
    assert dict(judged(book(timed()), at=at).timings) == {"gone:7": timings["gone:7"]}


def test_timings_are_plain_json() -> None:
    timings = judged(
        book(timed(sticky=2, cooldown=1), decorated("@@keep_activate_after_match", keys=("bell",))),
        at=scene("bell", message_count=4),
    ).timings
    written = json.dumps({name: dataclasses.asdict(it) for name, it in timings.items()})
    assert {name: Timed(**it) for name, it in json.loads(written).items()} == timings
    assert len(timings) == 2
