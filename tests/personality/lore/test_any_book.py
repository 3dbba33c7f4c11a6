"""What holds for any book of strangers: it ends, in time, and never fails."""

import dataclasses
import json
from collections.abc import Iterator
from itertools import count

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.personality.lore.books import SAID, book, entry, judged, scene, up, volumes
from tzurot.formats.found import Lorebook, LoreEntry
from tzurot.llm import tokens
from tzurot.personality.lore.index import Index
from tzurot.personality.lore.judging import Judgement, judge
from tzurot.personality.lore.scene import Heard, Scene, Timed
from tzurot.personality.scripts.patterns import Clock, TookTooLong

WORDS = ("bell", "Harbor", "tower", "ada", "moon", "é", "港", "a b")
NAMES = [
    "activate",
    "dont_activate",
    "keep_activate_after_match",
    "dont_activate_after_match",
    "depth",
    "scan_depth",
    "reverse_depth",
    "role",
    "position",
    "is_greeting",
    "is_user_icon",
    "activate_only_after",
    "activate_only_every",
    "additional_keys",
    "exclude_keys",
    "exclude_keys_all",
    "ignore_on_max_context",
    "disable_ui_prompt",
    "probability",
    "priority",
    "recursive",
    "unrecursive",
    "no_recursive_search",
    "match_full_word",
    "instruct_depth",
    "nonsense",
]
SETTINGS = [
    "probability",
    "useProbability",
    "depth",
    "role",
    "position",
    "selectiveLogic",
    "exclude_recursion",
    "prevent_recursion",
    "delay_until_recursion",
    "group",
    "group_override",
    "group_weight",
    "use_group_scoring",
    "scan_depth",
    "match_whole_words",
    "sticky",
    "cooldown",
    "delay",
    "match_scenario",
    "triggers",
    "outlet_name",
    "ignore_budget",
    "characterFilter",
    "character_filter",
    "case_sensitive",
]

words = st.sampled_from(WORDS)
odd = st.text(max_size=6) | st.sampled_from(["/(/", "/a+/i", "/b.l{2}/i", "{{user}}", "\ud800", ""])
keys = st.lists(words | odd, max_size=3).map(tuple)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(0, 4)
    | st.floats()
    | st.sampled_from(["g", "g, h", "true", "1", "75", "x", "normal"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["isExclude", "names", "tags"]), inner, max_size=3)
    ),
    max_leaves=4,
)
decorator_lines = st.builds(
    "{}{} {}".format,
    st.sampled_from(["@@", "@@@"]),
    st.sampled_from(NAMES),
    st.sampled_from(["", "1", "-2", "3", "1.0", "9" * 12, "a,b", "bell", "user", "scenario", "x"]),
)
contents = st.builds(
    lambda lines, said: "\n".join((*lines, " ".join(said))),
    st.lists(decorator_lines, max_size=3),
    st.lists(words, max_size=4),
)
entries = st.builds(
    LoreEntry,
    keys=keys,
    content=contents,
    secondary_keys=keys,
    name=st.sampled_from(["", "Name"]),
    enabled=st.sampled_from([True, True, True, False]),
    constant=st.sampled_from([False, False, False, True]),
    selective=st.booleans(),
    use_regex=st.booleans(),
    case_sensitive=st.none() | st.booleans(),
    insertion_order=st.integers(-3, 3),
    priority=st.none() | st.integers(-3, 3),
    extensions=st.dictionaries(st.sampled_from(SETTINGS), values, max_size=5),
)
books = st.builds(
    Lorebook,
    entries=st.lists(entries, max_size=8).map(tuple),
    scan_depth=st.none() | st.integers(0, 5),
    token_budget=st.none() | st.integers(0, 20),
    recursive_scanning=st.none() | st.booleans(),
    format=st.sampled_from(["", "st_world_info"]),
)
timings = st.dictionaries(
    st.builds("b{}:{}".format, st.integers(0, 2), st.integers(0, 8)),
    st.builds(
        Timed,
        matched=st.booleans(),
        sticky_until=st.integers(0, 9),
        cooldown_until=st.integers(0, 9),
        since=st.integers(0, 9),
        matched_since=st.integers(0, 9),
    ),
)
scenes = st.builds(
    Scene,
    messages=st.lists(
        st.builds(
            Heard, st.lists(words | odd, max_size=5).map(" ".join), st.booleans(), st.just("")
        ),
        max_size=4,
    ),
    message_count=st.integers(0, 9),
    scan_depth=st.integers(0, 5),
    seed=st.sampled_from("abc"),
    trigger=st.sampled_from(["normal", "swipe"]),
    character_names=st.just(["Ada"]),
    texts=st.just({"scenario": "The harbor."}),
    timings=timings,
)


def ids(judgement: Judgement) -> set[tuple[str, str]]:
    return {(it.book_id, it.entry_id) for it in judgement.verdicts if it.activated}


@settings(max_examples=150)
@given(shelf=st.lists(books, max_size=2), at=scenes)
def test_any_book_gets_a_verdict_on_each_entry_the_same_each_time(
    shelf: list[Lorebook], at: Scene
) -> None:
    held = volumes(*shelf)
    judgement = judge(held, at)
    assert [it.entry for it in judgement.verdicts] == [it for one in shelf for it in one.entries]
    for it in judgement.verdicts:
        assert it.reason
        assert not (it.activated and (not it.entry.enabled or not it.content))
        assert not (it.activated and it.left_out)
        assert it.placement.depth >= 0
    json.dumps({name: dataclasses.asdict(it) for name, it in judgement.timings.items()})
    again = judge(held, at)
    assert [(it.activated, it.reason) for it in again.verdicts] == [
        (it.activated, it.reason) for it in judgement.verdicts
    ]
    assert again.timings == judgement.timings


@settings(max_examples=100)
@given(one=books, at=scenes)
def test_a_budget_is_never_exceeded_but_by_what_takes_no_part_in_it(
    one: Lorebook, at: Scene
) -> None:
    at = dataclasses.replace(at, fill=lambda text: text.replace("bell", "bell " * 9))
    told = [it for it in judge(volumes(one), at).verdicts if it.activated]
    paid = [
        tokens.estimate(it.content)
        for it in told
        if it.entry.extensions.get("ignore_budget") in (None, False, 0, "x", "g", "g, h", "75", "1")
    ]
    if one.token_budget:
        assert sum(paid) <= one.token_budget


plain = st.builds(
    lambda key, said, extensions: LoreEntry((key,), " ".join(said), extensions=extensions),
    words,
    st.lists(words, min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(["exclude_recursion", "prevent_recursion"]), st.booleans()),
)


@settings(max_examples=100)
@given(one=st.lists(plain, max_size=8), at=scenes)
def test_recursion_only_adds_and_all_that_it_adds_was_called_up(
    one: list[LoreEntry], at: Scene
) -> None:
    at = dataclasses.replace(at, timings={})
    without = judged(book(*one, recursive_scanning=False), at=at)
    found = judged(book(*one, recursive_scanning=True), at=at)
    added = ids(found) - ids(without)
    assert ids(without) <= ids(found)
    for it in found.verdicts:
        called = it.reason.startswith("called up by ")
        assert called == ((it.book_id, it.entry_id) in added)
        assert not (called and it.entry.extensions.get("exclude_recursion"))


def test_entries_that_call_each_other_end() -> None:
    ring = [entry(f"word{n}.", content=f"word{(n + 1) % 15}.") for n in range(15)]
    assert up(judged(book(*ring, recursive_scanning=True), at=scene("word7."))) == [*range(15)]


def test_a_chain_is_followed_only_so_far() -> None:
    chain = [entry(f"word{n}.", content=f"word{n + 1}.") for n in range(200)]
    assert up(judged(book(*chain, recursive_scanning=True), at=scene("word0."))) == [*range(21)]


class TestTime:
    """The clock is counted, not waited for: each look at it is some seconds later."""

    def seconds(self, each: float) -> Iterator[float]:
        return (number * each for number in count())

    def test_all_searches_have_one_limit(self) -> None:
        ticks = self.seconds(0.01)  # a search looks twice: before and after
        entries = [entry("/moon/", use_regex=True)] * 100
        found = judged(book(*entries), at=scene("x"), clock=Clock(0.25, lambda: next(ticks)))
        late = [it.reason == "its pattern took too long" for it in found.verdicts]
        assert late == [False] * 25 + [True] * 75

    def test_recursion_is_within_the_same_limit(self) -> None:
        ticks = self.seconds(0.01)
        entries = [entry("word", content="word")] + [entry("/moon/", use_regex=True)] * 20
        clock = Clock(0.25, lambda: next(ticks))
        found = judged(book(*entries, recursive_scanning=True), at=scene("word"), clock=clock)
        late = [it.reason == "its pattern took too long" for it in found.verdicts[1:]]
        assert late == [False] * 5 + [True] * 15

    def test_plain_keys_are_found_when_no_time_is_left(self) -> None:
        entries = [entry("/tower/", use_regex=True), entry("tower")]
        assert up(judged(book(*entries), clock=Clock(0))) == [1]

    @pytest.mark.parametrize(
        ("pattern", "text"),
        [
            ("/(a|aa)+$/", "a" * 5000 + "b"),
            ("/(x+x+)+y/", "x" * 20_000),
            ("/(?:(?:hello world foo){e<=8})/", "z" * 20_000),
            (f"/{'(' * 400}{')' * 400}/", "a"),
        ],
    )
    def test_a_pattern_without_an_end_is_given_up(self, pattern: str, text: str) -> None:
        entries = [*[entry(pattern, use_regex=True)] * 200, entry("tower")]
        assert up(judged(book(*entries), at=scene(text, *SAID))) == [200]

    def test_a_pattern_that_took_too_long_says_so(self) -> None:
        found = judged(book(entry("/(x+x+)+y/", use_regex=True)), at=scene("x" * 9000))
        assert found.verdicts[0].reason == "its pattern took too long"

    def test_a_search_that_begins_in_time_may_take_what_is_left(self) -> None:
        ticks = self.seconds(1)
        clock = Clock(1.5, lambda: next(ticks))
        assert clock.found(regex.compile("a"), "a")
        assert clock.found(regex.compile("a"), "a")
        with pytest.raises(TookTooLong):
            clock.found(regex.compile("a"), "a")


@given(
    many=st.lists(st.text("abcé港 ", max_size=6), max_size=12).map(tuple),
    text=st.text("abcé港 ", max_size=40),
)
def test_the_index_finds_the_keys_that_a_search_of_each_finds(
    many: tuple[str, ...], text: str
) -> None:
    assert sorted(Index(many).standing(text)) == sorted(key for key in many if key in text)
