"""What a scenario expects of a line."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.provider import Request
from tests.scenarios.props import Props
from tests.session.stage import Person, Told
from tzurot_client import TzurotError

Line = Mapping[str, Any]

SUPERSEDED = "superseded"
ANYTHING = "anything"


def refused(error: TzurotError, expected: Line) -> None:
    """The call was refused as it should be."""
    assert error.reason.name == expected["refused"], error
    told = expected.get("with", {})
    assert {key: error.metadata.get(key) for key in told} == told


async def answered(person: Person, answers: Sequence[Told], expected: Line, props: Props) -> None:
    """Those answer who should, in this order, and so."""
    labels = {one.id: label for label, one in props.characters.items()}
    wanted: Sequence[Line] = expected["answers"]
    assert [labels[_who(told)] for told in answers] == [answer["by"] for answer in wanted]
    for told, answer in zip(answers, wanted, strict=True):
        await _answer(person, told, answer)
        _appearance(told, answer)


def asked(requests: Sequence[Request], expected: Line) -> None:
    """The model was asked as often as it should be, and told what it should be."""
    if (times := expected.get("asked")) is not None:
        assert len(requests) == times
    if prompt := expected.get("prompt"):
        assert requests
        sent = json.dumps(requests[-1].messages, ensure_ascii=False)
        for words in prompt.get("contains", ()):
            assert words in sent
        for words in prompt.get("lacks", ()):
            assert words not in sent


async def _answer(person: Person, told: Told, answer: Line) -> None:
    wanted = answer.get("state", "answered")
    if wanted == SUPERSEDED:
        assert told.how == SUPERSEDED.upper()
    else:
        state = (await person.turn(told.turn_id)).state.name or ""
        assert state.lower() == wanted
    assert told.why == answer.get("because", "")
    if "text" in answer:
        assert told.text == answer["text"]
    cited = answer.get("cites", [])
    assert cited in (ANYTHING, told.cited)
    assert told.known == answer.get("knows", [])
    assert told.finished.error_message == answer.get("own_words", "")
    assert told.notices == answer.get("notices", [])
    if why := answer.get("chosen_because"):
        assert (await person.trace(told.turn_id)).addressed_because == why


def _appearance(told: Told, answer: Line) -> None:
    (started,) = [event.started for event in told.events if event.started]
    if "taken_for" in answer:
        assert started.persona_name == answer["taken_for"]
    if name := answer.get("speaks_as"):
        assert started.display_name == name.replace("{slug}", started.personality_slug)
    if "instead_of" in answer:
        assert started.replaced_platform_message_ids == answer["instead_of"]


def _who(told: Told) -> str:
    (started,) = [event.started for event in told.events if event.started]
    return started.personality_id
