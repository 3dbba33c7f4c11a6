"""Which regex scripts of a card do nothing here, and the reason that a person reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tzurot.formats.cards import scripts

RUNS = {"scriptName": "hide", "findRegex": "/a/g", "replaceString": "", "placement": [1, 2]}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ""),
        ({"placement": [5]}, ""),
        ({"placement": ["2"]}, ""),
        ({"disabled": True}, ""),  # off is no reason
        ({"promptOnly": True, "markdownOnly": True}, ""),
        ({"markdownOnly": True}, "it changes only how messages look"),
        ({"markdownOnly": "true"}, "it changes only how messages look"),
        ({"findRegex": ""}, "it looks for nothing"),
        ({"findRegex": None}, "it looks for nothing"),
        ({"findRegex": "/(/g"}, "its pattern can't be read"),
        ({"findRegex": "/{{char}}(/g", "substituteRegex": 0}, "its pattern can't be read"),
        ({"findRegex": "/{{char}}(/g", "substituteRegex": 1}, ""),  # nobody knows yet
        ({"findRegex": "a" * 10_001}, "it is too long"),
        ({"replaceString": "a" * 20_001}, "it is too long"),
        ({"trimStrings": ["a"] * 51}, "it is too long"),
        ({"trimStrings": ["a" * 1_001]}, "it is too long"),
        *(
            ({"placement": placement}, "it is for nothing that there is here")
            for placement in ([3], [6, 0], [], None, "2", {"2": 2})
        ),
    ],
)
def test_a_script_runs_or_says_why_not(changes: dict[str, object], reason: str) -> None:
    said = scripts.wont_run({**RUNS, **changes})
    assert said.startswith(reason) if reason else said == ""


@pytest.mark.parametrize(
    ("row", "title"),
    [
        ({"scriptName": "Hide"}, "Hide"),
        ({"scriptName": " ", "findRegex": "/a\n`b`/"}, "/a 'b'/"),
        ({"scriptName": "x" * 200}, "x" * 79 + "…"),
        ({}, ""),
    ],
)
def test_a_script_is_called_by_its_name_or_pattern(row: dict[str, object], title: str) -> None:
    assert scripts.title(row) == title


nonsense = some.recursive(
    some.none() | some.booleans() | some.integers() | some.decimals() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=2),
    max_leaves=5,
)


@given(
    row=some.dictionaries(some.sampled_from(["trimStrings", "substituteRegex", *RUNS]), nonsense)
)
def test_nonsense_is_judged_too(row: dict[str, object]) -> None:
    assert isinstance(scripts.wont_run(row), str)
    assert len(scripts.title(row)) <= 80
