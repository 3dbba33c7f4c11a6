"""After a year of changing, correcting and forgetting, nothing is offered as true that is not.

`TZUROT_WRITE_YEAR=1 make test ARGS=tests/memory/year` writes the page of the docs anew.
"""

import os
from collections.abc import Sequence

import pytest

from tests.memory.year import judging, script
from tests.memory.year.conftest import Lived
from tests.memory.year.judging import Line
from tests.memory.year.page import PAGE, page
from tests.memory.year.script import EXCHANGES, Is

SCRIPT = script.read()

questions = pytest.mark.parametrize(
    "number",
    range(len(SCRIPT.questions)),
    ids=[f"{nth}-{it.who}-{it.where}" for nth, it in enumerate(SCRIPT.questions, 1)],
)


def test_it_is_a_whole_year() -> None:
    lines = [it.says for it in SCRIPT.exchanges]
    assert (len(lines), SCRIPT.subjects, len(SCRIPT.questions)) == (EXCHANGES, 40, 60)
    assert len(set(lines)) == EXCHANGES
    assert (SCRIPT.exchanges[-1].when - SCRIPT.exchanges[0].when).days > 355
    assert {it.worth for it in SCRIPT.claims.values()} == set(Is)


def test_nothing_is_claimed_but_where_it_is_told() -> None:
    """Else something would count as told that is not."""
    talk = [it for it in SCRIPT.exchanges if not it.tells]
    words = [*(it.says for it in talk), *(it.asks for it in SCRIPT.questions)]
    claimed = [(key, it) for key, claim in SCRIPT.claims.items() for it in words if claim.is_in(it)]
    assert claimed == []


def test_what_is_so_is_known_and_what_was_so_is_superseded(lived: Lived) -> None:
    """Of each fact that the script has learnt, told or corrected. Else little would be at stake."""
    known = {it.text for it in lived.facts}
    so = {it.text for it in lived.script.claims.values() if it.worth is Is.SO}
    assert so - known == set()
    instead = {it.instead for one in lived.script.exchanges for it in one.finds if it.instead}
    was_so = {it.text for it in lived.script.claims.values() if it.worth is Is.SUPERSEDED}
    assert instead <= {it.text for it in lived.superseded} <= was_so


@questions
def test_recall_offers_what_is_so_and_nothing_else(lived: Lived, number: int) -> None:
    answer = lived.answers[number]
    assert judging.wrongs(answer.question, answer.recalled, lived.script.claims) == []


@questions
def test_a_prompt_offers_what_is_so_and_nothing_else(lived: Lived, number: int) -> None:
    answer = lived.answers[number]
    assert judging.wrongs(answer.question, answer.prompt, lived.script.claims) == []


def test_each_prompt_tells_memories_or_facts(lived: Lived) -> None:
    """Else the lines were not told apart, and nothing was looked at."""
    assert all(_listed(it.prompt) for it in lived.answers if it.question.told)


def test_some_prompts_tell_in_short_what_was_said_before(lived: Lived) -> None:
    """Else nothing was summed up, and no summary was held against anything."""
    summed_up = [it for it in lived.answers if any(_is_summary(line) for line in it.prompt)]
    assert {it.question.where for it in summed_up} >= {"direct", "meadow"}


def test_the_page_tells_what_came(lived: Lived) -> None:
    told = page(lived.script, lived.answers)
    if os.environ.get("TZUROT_WRITE_YEAR"):
        PAGE.write_text(told, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == told, "write the page anew: see this module"


def _listed(lines: Sequence[Line]) -> bool:
    return any(it.source in (judging.Source.FACT, judging.Source.EPISODE) for it in lines)


def _is_summary(line: Line) -> bool:
    return line.source is judging.Source.SUMMARY
