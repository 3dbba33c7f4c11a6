"""Plays a scenario: a transcript in YAML, with what is expected of each line (schema.yaml)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import yaml

from tests.fakes.provider import Call, Ending, Refusal, Reply
from tests.session.bringing import learns, takes_up
from tests.session.stage import Person, Stage, Told, ref
from tzurot.formats.found import Document, Lorebook, LoreEntry
from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.memory.v1 import DeleteMemoryRequest, ListMemoriesRequest
from tzurot_client.gen.tzurot.personality.v1 import Personality, RegexScript
from tzurot_client.gen.tzurot.session.v1 import (
    ChatRequest,
    Greeting,
    ListConversationsRequest,
    Place,
    ReportDeliveryRequest,
)

FOLDER = Path(__file__).parent
SCHEMA = yaml.safe_load((FOLDER / "schema.yaml").read_text())

Line = Mapping[str, Any]


def read(path: Path) -> Mapping[str, Any]:
    """A scenario.

    Raises:
        jsonschema.ValidationError: it says something that scenarios can't.
    """
    scenario = yaml.safe_load(path.read_text())
    jsonschema.validate(scenario, SCHEMA)
    return scenario


@dataclass(slots=True)
class Play:
    """A scenario while it is played."""

    stage: Stage
    people: dict[str, Person]
    characters: dict[str, Personality]
    places: dict[str, Place] = field(default_factory=dict[str, Place])
    last: ChatRequest | None = None

    @classmethod
    async def begin(cls, stage: Stage, given: Mapping[str, Any]) -> "Play":
        """Bring the people and the characters."""
        people = {name: stage.person(name) for name in given["people"]}
        characters = {
            name: await _character(stage, name, fields or {})
            for name, fields in given["characters"].items()
        }
        return cls(stage, people, characters)

    async def play(self, line: Line) -> None:
        """One line of the transcript, and what is expected of it."""
        await self.stage.indexed()
        person = self.people[line["who"]]
        match line:
            case {"resets": name}:
                await self._reset(person, self._place(line), self.characters[name])
            case {"forgets": words}:
                await _forget(person, words)
            case {"repeats": _}:
                assert self.last
                await self._hear(person, self.last, line)
            case {"greeted_by": name}:
                addressees = [ref(self.characters[name])]
                greeting = Greeting(index=line.get("number", 0))
                request = ChatRequest(place=person.direct, greeting=greeting, addressees=addressees)
                await self._hear(person, request, line)
            case _:
                await self._hear(person, self._request(person, line), line)

    def _request(self, person: Person, line: Line) -> ChatRequest:
        to = [self.characters[name] for name in line.get("to", ())]
        request = person.saying(
            line["text"],
            *to,
            place=self._place(line) or person.direct,
            replied_to=line.get("replies_to", ""),
            request_id=str(uuid4()),
        )
        self.last = request
        return request

    async def _hear(self, person: Person, request: ChatRequest, line: Line) -> None:
        asked_before = len(self.stage.asked)
        self.stage.model.script(*map(_reply, line.get("model", ())))
        answers = await person.sends(request)
        if name := line.get("shown_as"):
            shown = ReportDeliveryRequest(turn_id=answers[0].turn_id, platform_message_ids=[name])
            await person.client.session.report_delivery(shown)
        await self._check(person, answers, line["expected"], asked_before)

    async def _check(
        self, person: Person, answers: Sequence[Told], expected: Line, asked_before: int
    ) -> None:
        wanted = expected["answers"]
        assert [told.by for told in answers] == [answer["by"] for answer in wanted]
        assert self.stage.model.unused == 0
        for told, answer in zip(answers, wanted, strict=True):
            await _check_answer(person, told, answer)
        if (times := expected.get("asked")) is not None:
            assert len(self.stage.asked) - asked_before == times
        if prompt := expected.get("prompt"):
            assert len(self.stage.asked) > asked_before
            sent = json.dumps(self.stage.asked[-1].messages, ensure_ascii=False)
            for words in prompt.get("contains", ()):
                assert words in sent
            for words in prompt.get("lacks", ()):
                assert words not in sent

    async def _reset(self, person: Person, place: Place | None, who: Personality) -> None:
        listed = await person.client.session.list_conversations(
            ListConversationsRequest(personality_id=who.id)
        )
        (conversation,) = [
            it for it in listed.conversations if it.place == (place or person.direct)
        ]
        await person.resets(conversation.id)

    def _place(self, line: Line) -> Place | None:
        """None for direct, which each person has for themselves."""
        name = line.get("where", "direct")
        if name == "direct":
            return None
        venue = Venue.PUBLIC_CHANNEL if name[0] == "#" else Venue.PRIVATE_CHANNEL
        if name not in self.places:
            self.places[name] = self.stage.channel(venue)
        return self.places[name]


async def _character(stage: Stage, name: str, fields: Mapping[str, Any]) -> Personality:
    """A character with its world, its documents and its scripts."""
    card = {key: it for key, it in fields.items() if key not in ("world", "knows", "scripts")}
    scripts = [
        RegexScript(find=it["finds"], replace=it["puts"], **{f"on_{it['in']}": True})
        for it in fields.get("scripts", ())
    ]
    who = await stage.character(name, **card, regex_scripts=scripts)
    entries = [
        LoreEntry(tuple(it.get("keys", ())), it["says"], constant="keys" not in it)
        for it in fields.get("world", ())
    ]
    if entries:
        await takes_up(stage, who, Lorebook(tuple(entries)))
    await learns(
        stage, who, *(Document(it, title) for title, it in fields.get("knows", {}).items())
    )
    return who


async def _check_answer(person: Person, told: Told, answer: Line) -> None:
    state = (await person.turn(told.turn_id)).state.name or ""
    assert state.lower() == answer.get("state", "answered")
    assert told.why == answer.get("because", "")
    if "text" in answer:
        assert told.text == answer["text"]
    assert told.cited == answer.get("cites", [])
    assert told.known == answer.get("knows", [])
    assert told.finished.error_message == answer.get("own_words", "")
    assert told.notices == answer.get("notices", [])


async def _forget(person: Person, words: str) -> None:
    memories = (await person.client.memory.list_memories(ListMemoriesRequest())).memories
    (found,) = [it for it in memories if words in [said.text for said in it.utterances]]
    await person.client.memory.delete_memory(DeleteMemoryRequest(memory_id=found.id))


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
