"""What models answer, in whatever it comes wrapped."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.session.learning.answers import MAX_ENTITY, MAX_TEXT, MOST, Found, found

BEES = {
    "text": "Ada keeps bees.",
    "entity": "Ada",
    "fictional": False,
    "supersedes": None,
    "source": 1,
}
READ = Found("Ada keeps bees.", "Ada", False, None, 1)
PLAIN = json.dumps({"facts": [BEES]})


@pytest.mark.parametrize(
    "answer",
    [
        PLAIN,
        f"```json\n{PLAIN}\n```",
        f"Here is what I found {{as you asked}}:\n\n{PLAIN}\n\nAnything else?",
        json.dumps([BEES]),
        json.dumps(BEES),
        f"```\n{json.dumps(BEES)}\n```",
        PLAIN[:-1] + ', {"text": "Ada is',  # cut in the middle of another one
        PLAIN[:-2],
        json.dumps({"facts": [BEES | {"source": "1", "supersedes": "none"}]}),
        json.dumps({"facts": [BEES | {"why": "They said so."}]}),
        f'{{"thought": "[hm"}} {PLAIN}',
    ],
)
def test_a_fact_is_read_wherever_it_stands(answer: str) -> None:
    assert found(answer) == [READ]


@pytest.mark.parametrize("answer", ['{"facts": []}', "[]", "```json\n[]\n```", "{}"])
def test_none_is_an_answer(answer: str) -> None:
    assert found(answer) == []


@pytest.mark.parametrize("answer", ["", "I found nothing.", "{facts: none}", "{{{{", "null"])
def test_what_is_no_json_is_no_answer(answer: str) -> None:
    assert found(answer) is None


@pytest.mark.parametrize(
    "broken",
    [
        {"text": ""},
        {"text": " "},
        {"text": "x" * (MAX_TEXT + 1)},
        {"text": None},
        {"text": ["Ada"]},
        {"source": None},
        {"source": True},
        {"source": "first"},
        {"source": 1.5},
    ],
)
def test_one_that_is_broken_takes_no_other_along(broken: dict[str, object]) -> None:
    assert found(json.dumps({"facts": [BEES | broken, BEES]})) == [READ]


def test_what_is_too_long_is_cut() -> None:
    many = [BEES | {"source": number, "entity": "x" * 200} for number in range(1, 20)]
    read = found(json.dumps({"facts": many}))
    assert read is not None
    assert len(read) == MOST
    assert {len(it.entity) for it in read} == {MAX_ENTITY}


@given(st.text(alphabet='{}[]",:factsx1 \\\n'))
def test_nothing_breaks_it(answer: str) -> None:
    read = found(answer)
    assert read is None or len(read) <= MOST
