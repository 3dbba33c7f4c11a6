"""Regex scripts of cards: when each runs, what it puts, and that none takes long or grows far."""

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tzurot.personality.scripts import patterns, scripts
from tzurot.personality.scripts.patterns import Clock
from tzurot.personality.scripts.scripts import Placement, Ran, Script

EVERYWHERE = frozenset(Placement)
ENOUGH = 60.0  # seconds: a machine under load is no pattern without an end


def filled(text: str) -> str:
    """A person's and a character's names, and a macro that shows what it was given."""
    values = {"{{user}}": "Ann", "<user>": "Ann", "{{char}}": "M.(i)", "{{x}}": ""}
    for macro, value in {**values, "{{secret}}": "SECRET"}.items():
        text = text.replace(macro, value)
    return re.sub(r"\{\{say::(.*?)\}\}", r"[\1]", text, flags=re.DOTALL)


def script(find: str, put: str = "", **more: object) -> Script:
    return replace(Script("s", find, put, placements=EVERYWHERE), **more)


def ran(text: str, *rules: Script, placement: Placement = Placement.OUTPUT, **more: object) -> Ran:
    """What is left of a reply before it is kept."""
    said: dict[str, Any] = {"depth": 0, "for_prompt": False, "clock": Clock(ENOUGH), **more}
    return scripts.run(rules, text, placement, fill=filled, **said)


@pytest.mark.parametrize(
    ("find", "put", "text", "left"),
    [
        ("a", "b", "aaa", "baa"),  # no flags: the first
        ("/a/g", "b", "aaa", "bbb"),
        ("/A/gi", "b", "aA", "bb"),
        (r"/<t>[\s\S]*?<\/t>\s*/g", "", "<t>\nhm</t> Hi.", "Hi."),
        (r"/\*(.+?)\*/g", "_$1_", "*a* and *b*", "_a_ and _b_"),
        (r"/(\w+) (\w+)/", "$2 $1$3$99$10000", "one two", "two one"),
        (r"/(?<first>\w+) (?<last>\w+)/", "$<last>, $<first>$<none>", "Ann Lee", "Lee, Ann"),
        (r"/(?<x>a)|(?<x>b)/g", "[$<x>$1$2]", "ab", "[aa][bb]"),
        ("a", "{{match}}{{MATCH}}$0", "a", "aaa"),
        ("a", "$$ $& $` $ $x", "a", "$$ $& $` $ $x"),  # nothing but groups is special
        ("a", "\\1 \\g<0>", "a", "\\1 \\g<0>"),
        ("/^/gm", "> ", "a\nb", "> a\n> b"),
        ("/$/", "!", "a\n", "a\n!"),
        ("/x*/g", "-", "ab", "-a-b-"),
        ("/😀/g", ":)", "a😀", "a:)"),
        ("a", "b", "", ""),
    ],
)
def test_what_is_found_is_replaced(find: str, put: str, text: str, left: str) -> None:
    assert ran(text, script(find, put)) == Ran(left)


def test_scripts_run_one_after_the_other() -> None:
    assert ran("a", script("a", "b"), script("b", "c")).text == "c"


@pytest.mark.parametrize(
    ("trim", "left"),
    [(('"',), "(hi)"), (('"', "i"), "(h)"), (("", "{{x}}"), '("hi")'), (('"hi"',), "()")],
)
def test_what_is_trimmed_is_put_back_without_it(trim: tuple[str, ...], left: str) -> None:
    assert ran('a "hi"', script('/a (".*")/', "($1)", trim=trim)).text == left


def test_macros_in_what_is_trimmed_are_filled() -> None:
    assert ran("Ann: hi", script("/.*/", "$0", trim=("{{user}}: ",))).text == "hi"


@pytest.mark.parametrize(
    ("put", "left"),
    [
        ("{{user}}: $1", "Ann: it"),
        ("<user>: $1", "Ann: it"),
        ("{{say::$1}}", "[it]"),  # a macro is given what was found
        ("{{say::{{match}}}}", "[(it)]"),
    ],
)
def test_macros_of_a_replacement_run(put: str, left: str) -> None:
    assert ran("(it)", script(r"/\((.*)\)/", put)).text == left


@pytest.mark.parametrize("put", ["$1", "{{user}} $1", "{$1}", "{{say::$1", "<user>$1"])
@pytest.mark.parametrize("said", ["{{secret}}", "{secret}}", "x}}{{secret}}", "{{{{secret}}}}"])
def test_what_was_found_is_never_run_as_a_macro(put: str, said: str) -> None:
    left = ran(said, script("/(.*)/s", put)).text
    assert "SECRET" not in left
    assert "\ufdd0" not in left


@pytest.mark.parametrize(
    ("find", "substitute", "text", "left"),
    [
        ("{{user}}", 0, "Ann {{user}}", "Ann -"),
        ("/{{user}}/g", 1, "Ann, Ann", "-, -"),
        ("{{char}}", 1, "M.(i) Mxi", "M.(i) -"),
        ("{{char}}", 2, "M.(i) Mxi", "- Mxi"),
        ("{{unknown}}", 2, "{{unknown}}", "-"),
    ],
)
def test_macros_in_what_is_looked_for(find: str, substitute: int, text: str, left: str) -> None:
    assert ran(text, script(find, "-", substitute=substitute)).text == left


WHEN = [
    # placement, for the prompt: a plain script runs, one for the prompt alone runs
    (Placement.OUTPUT, False, True, False),
    (Placement.OUTPUT, True, False, True),
    (Placement.INPUT, False, False, False),  # what a person said is kept as it was said
    (Placement.INPUT, True, True, True),
    (Placement.LORE, True, True, True),
]


@pytest.mark.parametrize(("placement", "for_prompt", "plain", "prompt_only"), WHEN)
def test_a_script_runs_once_and_where_it_should(
    placement: Placement, for_prompt: bool, plain: bool, prompt_only: bool
) -> None:
    for rule, runs in (
        (script("a", "b"), plain),
        (script("a", "b", prompt_only=True), prompt_only),
        (script("a", "b", prompt_only=True, display_only=True), prompt_only),
        (script("a", "b", display_only=True), False),
        (script("a", "b", enabled=False), False),
        (script("a", "b", placements=EVERYWHERE - {placement}), False),
        (script("", "b"), False),
    ):
        left = ran("a", rule, placement=placement, for_prompt=for_prompt)
        assert left == Ran("b" if runs else "a"), rule


@pytest.mark.parametrize(
    ("least", "most", "depth", "runs"),
    [
        (None, None, 9, True),
        (2, None, 1, False),
        (2, None, 2, True),
        (None, 2, 2, True),
        (None, 2, 3, False),
        (0, 0, 0, True),
        (3, 1, 2, False),
        (2, 3, None, True),  # it is no message
    ],
)
def test_depths_count_for_the_prompt_alone(
    least: int | None, most: int | None, depth: int | None, runs: bool
) -> None:
    rule = script("a", "b", min_depth=least, max_depth=most)
    told = ran("a", rule, placement=Placement.INPUT, depth=depth, for_prompt=True)
    assert told.text == ("b" if runs else "a")
    assert ran("a", rule, depth=depth).text == "b"


@pytest.mark.parametrize(
    ("find", "text"),
    [
        ("/(a+)+$/", "a" * 40 + "!"),
        ("/(a|aa)+c/", "a" * 5_000 + "b"),
        (r"/(\w+\s?)*!/", "word " * 500 + "?"),
        (r"/^(([a-z])+.)+[A-Z]([a-z])+$/", "a" * 100),
        (r"/(?:[^<]|<(?!\/))*<q/g", "<a>" * 16_000),
    ],
)
def test_a_pattern_without_an_end_leaves_the_text_as_it_was(find: str, text: str) -> None:
    rule = script(find, "-")
    began = time.perf_counter()
    left = ran(text, *[rule] * 100, script("/$/", "."), clock=Clock())
    assert time.perf_counter() - began < 20  # without a limit it ends in no lifetime
    assert left.text.rstrip(".") == text


def test_a_pattern_that_took_too_long_is_named_and_the_next_one_runs() -> None:
    slow = script("/(a|a)*$/", "-", name="hide `thoughts`")
    left = ran("a" * 99 + "!", slow, script("!", "?"))
    assert left.text == "a" * 99 + "?"
    assert left.notes == ("The script `hide 'thoughts'` took too long.",)


def test_without_time_nothing_runs_and_each_script_says_so() -> None:
    left = ran("a", script("a", "b", name="one"), clock=Clock(0))
    assert left == Ran("a", ("The script `one` did not run: no time was left.",))


@pytest.mark.parametrize("find", ["/(/g", "a**", "(?i)a", "{{user}}("])
def test_what_is_no_pattern_is_named(find: str) -> None:
    left = ran("a", script(find, "b"), script("a", "c", substitute=1))
    assert left == Ran("c", ("The script `s` can't be run: its pattern can't be read.",))


@pytest.mark.parametrize(
    ("find", "put", "text"),
    [
        ("/a/g", "b" * 20_000, "aa"),
        ("/.*/s", "$0" * 9_000, "a" * 10_000),
        ("/()/g", "b" * 100, "a" * 3_000),
    ],
)
def test_a_text_does_not_grow_without_bound(find: str, put: str, text: str) -> None:
    left = ran(text, script(find, put))
    assert left == Ran(text, ("The script `s` would make the text too long.",))


def test_scripts_together_do_not_let_it_grow_either() -> None:
    left = ran("a", *[script("/$/", "b" * 9_000)] * 100)
    assert len(left.text) <= 20_001
    assert len(left.notes) == 98


def test_a_long_text_may_become_four_times_as_long() -> None:
    text = "a" * 10_000  # replaced in few steps, so that no limit of time is near
    assert len(ran(text, script("/a{100}/g", "aaaa" * 100)).text) == 40_000
    assert ran(text, script("/a{100}/g", "aaaaa" * 100)).notes


def test_a_text_without_an_end_and_a_script_too_long_are_left_alone() -> None:
    text = "a" * (patterns.MAX_REPLACED + 1)
    assert ran(text, script("a", "b")) == Ran(
        text, ("The script `s` did not run: the text is too long.",)
    )
    assert ran("a", script("a", "b" * 20_001)) == Ran(
        "a", ("The script `s` can't be run: it is too long.",)
    )


def test_a_hundred_scripts_run() -> None:
    assert ran("", script("/$/", "a")).text == ""
    assert ran("b", *[script("/$/", "a")] * 150).text == "b" + "a" * 100


ROW: Mapping[str, object] = {
    "id": "x",
    "scriptName": "Hide",
    "findRegex": "/a/g",
    "replaceString": "b",
    "trimStrings": ["c"],
    "placement": [1, 2, 3],
    "disabled": False,
    "markdownOnly": True,
    "promptOnly": False,
    "minDepth": 1,
    "maxDepth": None,
    "substituteRegex": 2,
}
HIDE = Script(
    name="Hide",
    find="/a/g",
    replace="b",
    trim=("c",),
    placements=frozenset({Placement.INPUT, Placement.OUTPUT}),
    min_depth=1,
    substitute=2,
    display_only=True,
)


def test_a_row_is_read_and_written() -> None:
    assert Script.from_dict(ROW) == HIDE
    assert Script.from_dict(HIDE.as_dict()) == HIDE
    assert HIDE.onto(ROW) == ROW
    changed = replace(HIDE, find="b", enabled=False).onto(ROW)
    assert changed == {**ROW, "findRegex": "b", "disabled": True}


@pytest.mark.parametrize(
    ("key", "value", "field", "read"),
    [
        ("minDepth", -1, "min_depth", None),
        ("minDepth", "2", "min_depth", 2),
        ("maxDepth", "", "max_depth", None),
        ("maxDepth", 3.0, "max_depth", 3),
        ("maxDepth", [3], "max_depth", None),
        ("substituteRegex", True, "substitute", 1),
        ("substituteRegex", 7, "substitute", 0),
        ("placement", None, "placements", frozenset()),
        ("placement", [5, None, {}, "5"], "placements", frozenset({Placement.LORE})),
        ("trimStrings", "c", "trim", ()),
        ("trimStrings", ["", None, 7], "trim", ("7",)),
        ("disabled", "true", "enabled", False),
        ("promptOnly", 1, "prompt_only", True),
        ("findRegex", None, "find", ""),
        ("replaceString", {}, "replace", ""),
    ],
)
def test_nonsense_is_not_set(key: str, value: object, field: str, read: object) -> None:
    assert getattr(Script.from_dict({**ROW, key: value}), field) == read


nonsense = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=9),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=2),
    max_leaves=5,
)
rows = some.dictionaries(some.sampled_from(list(ROW)), nonsense)


@given(row=rows)
def test_any_row_is_a_script(row: dict[str, object]) -> None:
    read = Script.from_dict(row)
    assert Script.from_dict(read.as_dict()) == read
    assert read.onto(row) == row


signs = some.text(alphabet="ab{}()[]$1<>*+?|^\\/.g ☃\n", max_size=20)
rules = some.builds(
    script,
    signs,
    signs,
    trim=some.lists(signs, max_size=2).map(tuple),
    substitute=some.integers(0, 2),
    min_depth=some.none() | some.integers(0, 3),
)


@given(rules=some.lists(rules, max_size=4), text=signs, placement=some.sampled_from(Placement))
@settings(max_examples=300)
def test_any_script_ends_within_its_bounds(
    rules: list[Script], text: str, placement: Placement
) -> None:
    left = ran(text, *rules, placement=placement, for_prompt=placement != Placement.OUTPUT)
    assert len(left.text) <= max(4 * len(text), len(text) + 20_000)
    assert len(left.notes) <= len(rules)
