"""Texts from strangers: macros never fail, take little time and room, and never run twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.personality.macros import chance, filling, listing, variables
from tzurot.personality.macros.listing import wont_run
from tzurot.personality.macros.parsing import parse
from tzurot.personality.macros.running import Macros
from tzurot.personality.macros.stage import Spoken, Stage
from tzurot.personality.macros.tree import Macro, Parts

LONG = 50_000  # characters

BOMBS = (
    "{{", "}}", "{{a}}", "{{user}}", "{{if 1}}", "{{if 1}}{{/if}}", "{{else}}", "{{/}}", "{{trim}}",
    "{{//}}", "{{img}}", "{{random:a,b}}", "{{setvar::a::{{getvar::a}}{{getvar::a}}x}}", "\\{", "<",
    "{{a::", "{{#each ", "{{description}}", "<user>", "{{timeDiff::May 1, 2026::May 2, 2026}}",
    "{{newline::1000}}", "{{hidden_key:x}}", "{{datetimeformat LLLL}}",
)  # fmt: skip
WORDS = [
    "{{", "}}", "::", ":", " ", ",", "\\,", "\\{\\{", "#", "/", "!", "{", "}", "<user>", "{shape}",
    "//", "if", "else", "random", "pick", "roll", "2d6+3", "setvar", "getvar", "addvar", "incvar",
    "a", "description", "user", "trim", "reverse", "time_utc+2", "datetimeformat", "LLLL", "[",
    "timediff", "2026-03-04", "hidden_key", "comment", "calc", "#when", "newline", "9", "\n",
    "lastmessage", "original",
]  # fmt: skip

texts = st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=60).map("".join))

QUOTING = Stage(
    char="Marta",
    user="Ida",
    messages=(Spoken("{{setvar::heard::1}} {{user}}"),),
    texts={
        "description": "{{personality}}" * 1_000,
        "personality": "{{scenario}}" * 1_000,
        "scenario": "{{description}}{{user}}" * 1_000,
    },
)


@given(texts, texts)
def test_no_text_makes_them_fail(text: str, original: str) -> None:
    macros = Macros(QUOTING, {"a": text})
    assert len(macros.fill(text, slot="x", original=original)) <= len(text) + filling.MAX_ADDED
    macros.scanned(text)
    wont_run(text)


@given(texts)
def test_looking_things_up_has_no_effect(text: str) -> None:
    macros = Macros(QUOTING, {"a": "1"})
    assert macros.scanned(text) == macros.scanned(text)
    assert macros.variables == {"a": "1"}
    assert macros.not_run == []


@given(st.text(st.characters(exclude_characters="{<\\")))
def test_a_text_without_braces_stays_as_it_is(text: str) -> None:
    macros = Macros(QUOTING)
    assert macros.fill(text) == text
    assert macros.scanned(text) == text
    assert wont_run(text) == ()


@given(st.text(st.characters(categories=["L", "N"]), min_size=1).map("nobody{}".format))
def test_names_that_nobody_knows_stay_however_often_they_are_filled(name: str) -> None:
    text = f"{{{{{name}:thing}}}} {{{{ {name} }}}}"
    macros = Macros(QUOTING)
    assert macros.fill(macros.fill(text)) == text
    assert macros.not_run == []
    assert wont_run(text) == ()


@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
def test_what_people_say_comes_out_as_they_said_it(said: str) -> None:
    stage = Stage(user=said, messages=(Spoken(said),), texts={"persona": said})
    macros = Macros(stage, {"v": said})
    for macro in ("{{lastMessage}}", "{{input}}", "{{user}}", "{{persona}}", "{{getvar::v}}"):
        assert macros.fill(macro) == said
        assert macros.fill("{{setvar::w::" + macro + "}}{{getvar::w}}") == said
    assert set(macros.variables) == {"v", "w"}
    assert macros.not_run == []


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_long_text_has_no_more_parts_than_characters(bomb: str) -> None:
    text = bomb * (LONG // len(bomb))
    assert _count(parse(text)) <= len(text)
    assert len(wont_run(text)) <= listing.MAX_LISTED


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_long_text_grows_by_so_much_and_no_more(bomb: str) -> None:
    text = bomb * (LONG // len(bomb))
    macros = Macros(QUOTING)
    assert len(macros.fill(text)) <= len(text) + filling.MAX_ADDED
    assert len(macros.scanned(text)) <= len(text) + filling.MAX_ADDED
    assert len(macros.not_run) <= listing.MAX_LISTED


@pytest.mark.parametrize("opening", ["{{nobody::", "{{reverse::", "{{if 1}}"])
def test_macros_within_macros_end_somewhere(opening: str) -> None:
    closing = "{{/if}}" if opening == "{{if 1}}" else "}}"
    text = opening * 5_000 + "{{user}}" + closing * 5_000
    macros = Macros(QUOTING)
    assert "{{user}}" in macros.fill(text)  # turned round an even number of times
    assert filling.TOO_DEEP in {row.reason for row in macros.not_run}
    assert "{{user}}" in macros.scanned(text)


def test_no_more_macros_run_than_ten_thousand_in_a_text() -> None:
    drawn = 0

    def chance_of_one(_: int) -> int:
        nonlocal drawn
        drawn += 1
        return 0

    macros = Macros(QUOTING, chance=chance_of_one)
    said = macros.fill("{{roll:2d6}}" * (filling.MAX_RUNS + 1))
    assert drawn == 2 * filling.MAX_RUNS
    assert said == "2" * filling.MAX_RUNS + "{{roll:2d6}}"
    assert [row.reason for row in macros.not_run] == [filling.TOO_MANY]


def test_a_text_that_is_quoted_often_is_told_once() -> None:
    drawn = iter([3])
    texts = {
        "description": "{{personality}}{{personality}}",
        "personality": "{{scenario}}{{scenario}}",
        "scenario": "{{roll:6}}",
    }
    macros = Macros(Stage(texts=texts), chance=lambda _: next(drawn))
    assert macros.fill("{{description}}{{description}}") == "4" * 8


def test_a_variable_that_doubles_stops_doubling_and_stays_whole() -> None:
    macros = Macros(QUOTING)
    for _ in range(40):
        macros.fill("{{setvar::a::{{getvar::a}}{{getvar::a}}x}}")
    assert len(macros.variables["a"]) == 2**16 - 1  # the next one has over a hundred thousand
    assert [row.reason for row in macros.not_run] == [filling.NO_ROOM]


def test_a_variable_does_not_lose_what_a_text_had_no_room_for() -> None:
    before = "x" * 90_000
    macros = Macros(QUOTING, {"a": before})
    macros.fill("{{getvar::a}}{{getvar::a}}{{setvar::a::{{getvar::a}}}}")
    assert macros.variables == {"a": before}
    assert {row.reason for row in macros.not_run} == {filling.TOO_LONG}


def test_a_conversation_has_so_many_variables_and_no_more() -> None:
    macros = Macros(QUOTING)
    for number in range(variables.MAX_VARIABLES + 1):
        macros.fill(f"{{{{setvar::{number}::1}}}}")
    assert len(macros.variables) == variables.MAX_VARIABLES
    assert macros.fill("{{incvar::0}}") == "2"
    macros.fill("{{deletevar::0}}{{setvar::new::1}}")
    assert macros.variables["new"] == "1"


def test_all_variables_together_have_so_many_characters_and_no_more() -> None:
    macros = Macros(QUOTING)
    for name in "abc":
        macros.fill(f"{{{{setvar::{name}::{'x' * 80_000}}}}}")
    assert set(macros.variables) == {"a", "b"}


def test_dice_are_of_this_world() -> None:
    assert chance.rolled(f"{chance.MAX_DICE}d{chance.MAX_SIDES}", lambda sides: sides - 1) == (
        chance.MAX_DICE * chance.MAX_SIDES
    )
    for dice in ("101d6", "1d1000001", "d0", "0", "", "d", "1e6", "2d6+", "-1", "٣", "1d6d6"):
        assert chance.rolled(dice, lambda _: 0) is None


def _count(parts: Parts) -> int:
    left, count = [*parts], 0
    while left:
        part = left.pop()
        count += 1
        if isinstance(part, Macro):
            left += (*part.inner, *(part.body or ()))
    return count
