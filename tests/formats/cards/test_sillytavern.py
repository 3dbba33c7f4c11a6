"""The note between messages and the regex scripts of a card, there and back."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.formats.cards.making import SAMPLES, character, problem, read, text, v1, v2, v3
from tzurot.formats import documents
from tzurot.formats.cards.writing import Base, CardVersion, card
from tzurot.formats.found import Character, Found
from tzurot.formats.unreadable import Problem

NOW = datetime(2026, 1, 2, tzinfo=UTC)
HIDE: dict[str, object] = {
    "id": "0b0c",
    "scriptName": "Hide thoughts",
    "findRegex": "/<think>[\\s\\S]*?<\\/think>/g",
    "replaceString": "",
    "trimStrings": [],
    "placement": [2],
    "disabled": False,
    "markdownOnly": False,
    "promptOnly": True,
    "runOnEdit": True,
    "substituteRegex": 0,
    "minDepth": None,
    "maxDepth": 4,
    "of others": 1.5,
}
LOOK = {**HIDE, "scriptName": "Status bar", "markdownOnly": True, "promptOnly": False}


def extended(**extensions: object) -> Found:
    return read(text(v2(extensions=extensions)))


def written(found: Found, version: CardVersion = CardVersion.V2, **changes: object) -> bytes:
    base = Base(found.format, found.document, character(found))
    return card(version, replace(character(found), **changes), book=None, base=base, now=NOW)


def extensions_of(document: bytes) -> dict[str, Any]:
    return json.loads(document)["data"]["extensions"]


def note(found: Found) -> tuple[str, int, str]:
    it = character(found)
    return it.depth_prompt, it.depth_prompt_depth, it.depth_prompt_role


def asides(found: Found) -> set[str]:
    return {aside.path for aside in found.kept_aside}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"prompt": "Cold.", "depth": 2, "role": "user"}, ("Cold.", 2, "user")),
        ({"prompt": "Cold."}, ("Cold.", 4, "system")),
        ({"prompt": "Cold.", "depth": "0", "role": 2}, ("Cold.", 0, "assistant")),
        ({"prompt": "Cold.", "depth": -1, "role": "narrator"}, ("Cold.", 4, "system")),
        ({"prompt": "Cold.", "depth": 99_999, "role": "Assistant"}, ("Cold.", 10_000, "assistant")),
        ({"prompt": "Cold.", "depth": 2.0, "role": None}, ("Cold.", 2, "system")),
        ({"prompt": 7, "depth": [], "role": {}}, ("7", 4, "system")),
        ({"prompt": ["Cold."], "depth": 3}, ("", 3, "system")),
        ({"prompt": "", "depth": 4, "role": "system"}, ("", 4, "system")),
        ({}, ("", 4, "system")),
        ("Cold.", ("", 4, "system")),
        (None, ("", 4, "system")),
    ],
)
def test_a_note_between_messages_is_read(said: object, expected: tuple[str, int, str]) -> None:
    found = extended(depth_prompt=said)
    assert note(found) == expected
    assert written(found) == found.document


def test_a_note_says_where_its_parts_went_and_what_stays() -> None:
    found = extended(depth_prompt={"prompt": "Cold.", "depth": 2, "role": "user", "x": 1})
    mapped = {it.source: it.destination for it in found.fields}
    assert mapped["data.extensions.depth_prompt.prompt"] == "depth_prompt"
    assert mapped["data.extensions.depth_prompt.depth"] == "depth_prompt_depth"
    assert mapped["data.extensions.depth_prompt.role"] == "depth_prompt_role"
    assert asides(found) == {"data.extensions.depth_prompt.x"}


def test_an_empty_note_is_nothing() -> None:
    found = extended(depth_prompt={"prompt": "", "depth": 4, "role": "system"})
    assert not any("depth_prompt" in it.source for it in found.fields)
    assert asides(found) == set()
    assert asides(extended(depth_prompt={"prompt": ["x"]})) == {
        "data.extensions.depth_prompt.prompt"
    }
    assert asides(extended(depth_prompt="x")) == {"data.extensions.depth_prompt"}


def test_a_note_as_long_as_a_book_is_refused() -> None:
    source = v2(extensions={"depth_prompt": {"prompt": "x" * 200_001}})
    assert problem(text(source)) == Problem.TOO_LARGE


def test_a_v1_card_has_its_note_too() -> None:
    found = read(text(v1(extensions={"depth_prompt": {"prompt": "Cold."}})))
    assert note(found) == ("Cold.", 4, "system")


def test_a_sample_has_its_note() -> None:
    assert note(read((SAMPLES / "quirk_bom.json").read_bytes())) == ("It is cold.", 4, "system")


def test_a_changed_note_changes_alone() -> None:
    found = extended(a=1, depth_prompt={"prompt": "Cold.", "depth": "2", "role": 1, "x": 1}, b=2)
    out = extensions_of(written(found, depth_prompt="Warm."))
    assert out == {
        "a": 1,
        "depth_prompt": {"prompt": "Warm.", "depth": "2", "role": 1, "x": 1},
        "b": 2,
    }
    assert list(out) == ["a", "depth_prompt", "b"]
    gone = extensions_of(written(found, depth_prompt="", depth_prompt_depth=9))
    assert gone["depth_prompt"] == {"prompt": "", "depth": 9, "role": 1, "x": 1}


@pytest.mark.parametrize("version", CardVersion)
@pytest.mark.parametrize("source", [v1(), v2(), v3(), v2(extensions=None), v2(extensions=[1])])
def test_a_new_note_goes_into_any_card(source: dict[str, object], version: CardVersion) -> None:
    out = written(read(text(source)), version, depth_prompt="Warm.", depth_prompt_role="user")
    assert extensions_of(out)["depth_prompt"] == {"prompt": "Warm.", "depth": 4, "role": "user"}
    assert note(read(out)) == ("Warm.", 4, "user")


@pytest.mark.parametrize("version", CardVersion)
def test_a_character_of_our_own_takes_both_along(version: CardVersion) -> None:
    mira = Character("Mira", depth_prompt="Warm.", depth_prompt_depth=0, regex_scripts=(HIDE,))
    out = card(version, mira, book=None, base=None, now=NOW)
    assert extensions_of(out) == {
        "depth_prompt": {"prompt": "Warm.", "depth": 0, "role": "system"},
        "regex_scripts": [HIDE],
    }
    assert character(read(out)) == mira


def test_scripts_are_read_as_their_rows() -> None:
    found = extended(regex_scripts=[HIDE, LOOK])
    assert character(found).regex_scripts == (HIDE, LOOK)
    assert ("data.extensions.regex_scripts", "regex_scripts") in {
        (it.source, it.destination) for it in found.fields
    }
    assert asides(found) == set()
    assert written(found) == found.document


def test_a_preview_warns_of_scripts_that_do_nothing_here() -> None:
    broken = {**HIDE, "scriptName": "", "findRegex": "/(/"}
    off = {**LOOK, "disabled": True}
    assert extended(regex_scripts=[HIDE, LOOK, broken, off]).warnings == (
        "The regex script `Status bar` won't run here: it changes only how messages look.",
        "The regex script `/(/` won't run here: its pattern can't be read.",
    )


def test_what_is_no_script_stays_in_the_card() -> None:
    huge = {**LOOK, "replaceString": "x" * 200_001}
    found = extended(regex_scripts=["x", HIDE, huge, None])
    assert character(found).regex_scripts == (HIDE,)
    assert asides(found) == {
        "data.extensions.regex_scripts[0]",
        "data.extensions.regex_scripts[2]",
    }
    assert asides(extended(regex_scripts={"a": 1})) == {"data.extensions.regex_scripts"}
    out = extensions_of(written(found, regex_scripts=(LOOK,)))
    assert out["regex_scripts"] == [LOOK, "x", huge, None]


def test_a_card_has_a_hundred_scripts() -> None:
    rows = [{**HIDE, "id": number} for number in range(102)]
    found = extended(regex_scripts=rows)
    assert list(character(found).regex_scripts) == rows[:100]
    assert [(it.path, it.reason) for it in found.kept_aside] == [
        (f"data.extensions.regex_scripts[{number}]", "There can be 100 scripts.")
        for number in (100, 101)
    ]
    fewer = extensions_of(written(found, regex_scripts=character(found).regex_scripts[1:]))
    assert fewer["regex_scripts"] == rows[1:]


def test_scripts_that_stay_keep_every_digit() -> None:
    source = text(v2(extensions={"regex_scripts": [{**HIDE, "x": 0}, LOOK]}))
    source = source.replace(b'"x": 0', b'"x": 1.10, "y": 123456789012345678901.50')
    found = read(source)
    first, second = character(found).regex_scripts
    assert first["x"] == 1.1
    out = written(found, regex_scripts=({**second, "disabled": True}, first))
    assert b'"x": 1.10' in out
    assert b'"y": 123456789012345678901.50' in out
    assert extensions_of(out)["regex_scripts"][0] == {**LOOK, "disabled": True}
    assert extensions_of(written(found, regex_scripts=()))["regex_scripts"] == []


nonsense = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.decimals(allow_nan=False, allow_infinity=False)
    | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
    max_leaves=8,
)
notes = some.dictionaries(some.sampled_from(["prompt", "depth", "role", "x"]), nonsense)
rows = some.dictionaries(some.sampled_from(list(HIDE)), nonsense)


@given(said=nonsense | notes, scripts=nonsense | some.lists(rows | nonsense), traits=some.text())
@settings(max_examples=200)
def test_nonsense_is_read_and_comes_back(said: object, scripts: object, traits: str) -> None:
    source = documents.dumps(v2(extensions={"depth_prompt": said, "regex_scripts": scripts}))
    found = read(source)
    prompt, depth, role = note(found)
    assert isinstance(prompt, str)
    assert 0 <= depth <= 10_000
    assert role in {"system", "user", "assistant"}
    json.dumps(character(found).regex_scripts)
    again = documents.loads(written(found, traits=f"{traits}."))
    before = documents.loads(source)
    assert isinstance(again, dict)
    assert isinstance(before, dict)
    assert again["data"]["extensions"] == before["data"]["extensions"]
