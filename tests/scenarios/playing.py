"""Plays a scenario: a transcript in YAML, with what is expected of each line (schema.yaml)."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import yaml

from tests.fakes.pluralkit import member_of
from tests.fakes.provider import Call, Ending, Refusal, Reply
from tests.scenarios import acting, asking, checking
from tests.scenarios.casting import cast
from tests.scenarios.places import Places
from tests.scenarios.props import Props
from tests.session.stage import Person, Stage, Told, turns_in
from tzurot_client import TzurotError
from tzurot_client.gen.tzurot.account.v1 import DeleteDenialRequest, SetMaintenanceRequest
from tzurot_client.gen.tzurot.session.v1 import ChatEvent, ChatRequest, ReportDeliveryRequest

FOLDER = Path(__file__).parent
SCHEMA = yaml.safe_load((FOLDER / "schema.yaml").read_text())
_VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)  # `validate` looks at the schema each time

Line = Mapping[str, Any]

SILENCE = "silence"
OPERATOR = "Operator"


def read(path: Path) -> Mapping[str, Any]:
    """A scenario.

    Raises:
        jsonschema.ValidationError: it says something that scenarios can't.
    """
    scenario = yaml.safe_load(path.read_text())
    _VALIDATOR.validate(scenario)
    return scenario


@asynccontextmanager
async def playing(stage: Stage, given: Mapping[str, Any]) -> AsyncIterator["Play"]:
    """A scenario that begins, cleared away afterwards."""
    platform = given.get("platform", "local")
    people = {name: stage.person(name, platform) for name in given["people"]}
    async with cast(stage, given["characters"], people) as characters:
        props = Props(people, characters, Places(given.get("places", {})))
        play = Play(stage, props)
        try:
            yield play
        finally:
            await play.end()


@dataclass(slots=True)
class Play:
    """A scenario while it is played."""

    stage: Stage
    props: Props
    last: ChatRequest | None = None
    maintained: bool = False

    async def play(self, line: Line) -> None:
        """One line of the transcript, and what is expected of it."""
        await self.stage.indexed()
        if line["who"] == OPERATOR:
            self.maintained = True
        person = self.props.people.get(line["who"]) or self.stage.person(OPERATOR)
        if "repeats" in line:
            assert self.last
            await self._hear(person, self.last, line)
        elif line.keys() & set(asking.VERBS):
            self.last = await asking.request(line, person, self.props)
            await self._hear(person, self.last, line)
        elif "fronts" in line:
            account = person.subject.partition(":")[2]
            self.stage.kit.fronts[account] = [member_of(name) for name in line["fronts"]]
        else:
            await acting.act(line, person, self.stage.client, self.props)

    async def end(self) -> None:
        """Take back what would outlast the scenario."""
        service = self.stage.client.moderation
        for denial_id in self.props.denials.values():
            await service.delete_denial(DeleteDenialRequest(denial_id=denial_id))
        if self.maintained:
            await service.set_maintenance(SetMaintenanceRequest())

    async def _hear(self, person: Person, request: ChatRequest, line: Line) -> None:
        before, expected = len(self.stage.asked), line["expected"]
        self.stage.model.script(*map(_reply, line.get("model", ())))
        if as_name := line.get("as"):
            assert request.place
            self.props.name(as_name, request.place)
        try:
            answers = turns_in(await self._events(person, request, line))
        except TzurotError as error:
            assert "refused" in expected, error
            checking.refused(error, expected)
            return
        await self._show(person, request, answers, line.get("shown_as", ()))
        wanted = {"answers": []} if expected == SILENCE else expected
        assert "refused" not in wanted, "it was not refused"
        await checking.answered(person, answers, wanted, self.props)
        assert self.stage.model.unused == 0
        checking.asked(self.stage.asked[before:], wanted)

    async def _events(self, person: Person, request: ChatRequest, line: Line) -> list[ChatEvent]:
        """All that is told of an answer; of two if the person goes on speaking at once."""
        if "then_at_once" in line:
            return await self._both(person, request, line["then_at_once"])
        told, begun = list[ChatEvent](), set[str]()
        async for event in person.follows(request):
            told.append(event)
            if event.text_delta and event.turn_id not in begun:
                begun.add(event.turn_id)
                if len(begun) == line.get("stops_at"):
                    await person.cancels(event.turn_id)
        return told

    async def _both(self, person: Person, request: ChatRequest, words: str) -> list[ChatEvent]:
        before = len(self.stage.asked)

        async def followed(asked: ChatRequest) -> list[ChatEvent]:
            return [event async for event in person.follows(asked)]

        async with asyncio.TaskGroup() as group:
            first = group.create_task(followed(request))
            await self.stage.model.until(lambda model: len(model.requests) > before)
            again = person.saying(words, place=request.place, request_id=str(uuid4()))
            second = group.create_task(followed(again))
        return first.result() + second.result()

    async def _show(
        self, person: Person, request: ChatRequest, answers: list[Told], shown: str | list[str]
    ) -> None:
        assert request.place
        names = [shown] if isinstance(shown, str) else list(shown)
        for told, name in zip(answers, names, strict=False):
            report = ReportDeliveryRequest(turn_id=told.turn_id, platform_message_ids=[name])
            await person.client.session.report_delivery(report)
            self.props.name(name, request.place)
        if answers and answers[-1].finished.message:
            self.props.remember(answers[-1].finished.message.id, request.place)


def _reply(said: str | Line) -> Reply | Refusal:
    match said:
        case str():
            return Reply(said)
        case {"refuses": status}:
            return Refusal(status, retry_after="0")
    call = said.get("calls")
    calls = [Call(call["name"], json.dumps(call["arguments"]))] if call else []
    ending = Ending(said["then"]) if "then" in said else Ending.FINISH
    return Reply(*said["says"], calls=calls, ending=ending)
