"""Skills: whatever a model asks for, it is told what came of it."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from tests.conftest import Served
from tzurot import clock
from tzurot.errors import StorageUnavailable
from tzurot.skill.builtin.memory_search import Found, MemorySearch, Search
from tzurot.skill.skills import Occasion, Result, Skills

HERE = Occasion(clock.uuid7(), clock.uuid7(), "terminal", "1", "direct", ())


class Dice:
    """A skill that says what it was given, or what goes wrong."""

    name = "dice"
    private = False
    description = "Roll dice."
    parameters: Mapping[str, object] = {
        "type": "object",
        "properties": {"sides": {"type": "integer", "minimum": 2}},
        "required": ["sides"],
        "additionalProperties": False,
    }

    def __init__(self, error: Exception | None = None, *, stuck: bool = False) -> None:
        self.error = error
        self.stuck = stuck
        self.stopped = False

    async def invoke(self, arguments: Mapping[str, object], occasion: Occasion) -> str:
        assert occasion is HERE
        if self.error:
            raise self.error
        if self.stuck:
            try:
                await asyncio.Event().wait()
            finally:
                self.stopped = True
        return f"rolled {arguments['sides']}"


async def test_a_skill_gets_its_arguments_and_its_answer_goes_to_the_model() -> None:
    assert await _invoke('{"sides": 6}') == Result("rolled 6", succeeded=True)


async def test_a_skill_that_does_not_exist_is_told_by_name() -> None:
    result = await Skills([Dice()]).invoke("cards", "{}", HERE)
    assert result == Result("There is no skill 'cards'.", succeeded=False)


@pytest.mark.parametrize("arguments", ["{", "sides: 6", '{"sides": 6', "\ud800", "[" * 100_000])
async def test_arguments_that_are_no_json_are_told_so(arguments: str) -> None:
    assert await _invoke(arguments) == Result("The arguments are not JSON.", succeeded=False)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("", "'sides' is a required property"),
        ("{}", "'sides' is a required property"),
        ('{"sides": 1}', "1 is less than the minimum of 2"),
        ('{"sides": "six"}', "'six' is not of type 'integer'"),
        ('{"sides": 6, "color": "red"}', "'color' was unexpected"),
        ("[6]", "[6] is not of type 'object'"),
        ("null", "None is not of type 'object'"),
        ('"6"', "'6' is not of type 'object'"),
        ("6", "6 is not of type 'object'"),
    ],
)
async def test_arguments_that_break_the_schema_are_told_how(arguments: str, told: str) -> None:
    result = await _invoke(arguments)
    assert result.succeeded is False
    assert result.text.startswith("The arguments do not fit: ")
    assert told in result.text


async def test_what_is_told_of_wrong_arguments_stays_short() -> None:
    result = await _invoke(json.dumps({"sides": "six" * 10_000}))
    assert result.succeeded is False
    assert len(result.text) < 500


async def test_an_expected_failure_is_told_to_the_model() -> None:
    result = await _invoke('{"sides": 6}', Dice(StorageUnavailable()))
    assert result == Result("The database cannot be reached.", succeeded=False)


async def test_a_skill_that_takes_too_long_is_stopped_and_told() -> None:
    stuck = Dice(stuck=True)
    invoked = await Skills([stuck], seconds=0.05).invoke("dice", '{"sides": 6}', HERE)
    assert invoked == Result("dice took too long.", succeeded=False)
    assert stuck.stopped


async def test_skills_are_listed_by_name() -> None:
    second, first = Dice(), MemorySearch(_nothing)
    first.name = "aaa"
    assert [skill.name for skill in Skills([second, first]).all] == ["aaa", "dice"]


async def test_memory_search_tells_each_memory_with_its_day() -> None:
    asked: list[str] = []

    async def search(query: str, occasion: Occasion) -> list[Found]:
        asked.append(query)
        when = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
        return [Found(when, "They said: I keep bees."), Found(when, "They said: I have a cat.")]

    result = await _search(search, '{"query": "pets"}')
    assert asked == ["pets"]
    assert result.text.splitlines() == [
        "[2026-03-01] They said: I keep bees.",
        "[2026-03-01] They said: I have a cat.",
    ]


async def test_memory_search_tells_that_there_is_nothing() -> None:
    result = await _search(_nothing, '{"query": "pets"}')
    assert result == Result("You remember nothing about that.", succeeded=True, private=True)


@pytest.mark.parametrize("query", ["", "x" * 501])
async def test_memory_search_wants_a_question_of_some_length(query: str) -> None:
    result = await _search(_nothing, json.dumps({"query": query}))
    assert result.succeeded is False


async def test_the_server_lists_its_skills_with_their_schemas(served: Served) -> None:
    (listed,) = (await served.client().call("ListSkills")).skills
    assert listed.name == "memory_search"
    assert "memories" in listed.description
    assert json.loads(listed.parameters_schema) == MemorySearch.parameters


async def _invoke(arguments: str, dice: Dice | None = None) -> Result:
    return await Skills([dice or Dice()]).invoke("dice", arguments, HERE)


async def _search(search: Search, arguments: str) -> Result:
    return await Skills([MemorySearch(search)]).invoke("memory_search", arguments, HERE)


async def _nothing(query: str, occasion: Occasion) -> list[Found]:
    return []
