"""The year as it is lived: real turns on a real server, and the real job that learns from them.

The clock is the script's. What the character answers and what the model finds is scripted; the
model, as the script has it, finds also what nobody said.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from procrastinate.exceptions import AlreadyEnqueued

from tests.fakes.provider import Request
from tests.memory.year.script import END, Deed, Exchange, Script
from tests.session.learning.classroom import fact
from tests.session.stage import Person, Stage, Told, until
from tzurot.memory.remembering import Owner
from tzurot.session.learning.learning import LEARN_JOB
from tzurot.session.prompt import marks
from tzurot.session.summaries.summarizing import SUMMARIZE_JOB
from tzurot_client.gen.tzurot.memory.v1 import (
    CorrectFactRequest,
    CreateFactRequest,
    DeleteMemoryRequest,
    Fact,
    FactState,
    ForgetFactRequest,
    ListFactsRequest,
)
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    DeleteMessageRequest,
    EditMessageRequest,
    MessageRef,
    Place,
    Proxy,
)

_LOOKS_AFTER = 12  # exchanges in which nothing is told: as many as one look takes
_LINE = re.compile(r'^(\d+)\. "(.*)"$', re.M)
_NAMES = {"ada": "Ada", "ben": "Ben", "luna": "Luna"}


@dataclass
class Moment:
    """The clock of the year."""

    now: datetime


@dataclass
class Year:
    """Ada with two faces, Ben, and one character."""

    stage: Stage
    script: Script
    moment: Moment
    mira: Personality
    ada: Person = field(init=False)
    ben: Person = field(init=False)
    places: Mapping[str, Place] = field(init=False)
    said: dict[str, Told] = field(default_factory=dict[str, Told])

    def __post_init__(self) -> None:
        self.ada, self.ben = self.stage.person("Ada"), self.stage.person("Ben")
        self.places = {"meadow": self.stage.channel(), "square": self.stage.channel()}
        self._told = {_quoted(it.says): it for it in self.script.exchanges}
        self.stage.model.finds = self._finds

    async def live(self) -> None:
        """From the first day to the last; afterwards all is read and looked at."""
        waiting = 0
        for it in self.script.happenings:
            self.moment.now = it.when
            if isinstance(it, Deed):
                await self._do(it)
                continue
            self.stage.model.script(it.reply)
            self.said[it.says] = await self.say(it.who, it.where, it.says)
            waiting += 1
            if it.tells or waiting == _LOOKS_AFTER:
                await self._learn()
                await self._sum_up()
                waiting = 0
        self.moment.now = END
        await self._learn()
        await self._sum_up()
        await self.stage.indexed()

    async def facts(self, *states: FactState) -> list[Fact]:
        """What is known of everybody, in some states; those that count, if none is named."""
        request = ListFactsRequest(personality_id=self.mira.id, states=list(states), page_size=200)
        own = [await it.client.fact.list_facts(request) for it in (self.ada, self.ben)]
        return [fact for it in own for fact in it.facts]

    async def say(self, who: str, where: str, words: str) -> Told:
        """Say something that is answered; the whole turn."""
        person = self._person(who)
        request = person.saying(words, self.mira, place=self.place(who, where))
        assert request.utterance
        request.utterance.speaker_name = _NAMES[who]
        if who == "luna":
            request.utterance.proxy = Proxy(
                service="pluralkit", member_id="luna", member_name="Luna", system_id="year",
                verified=True,
            )  # fmt: skip
        (told,) = await person.sends(request)
        assert told.how == "STOP", told.why
        return told

    async def owner(self, who: str) -> Owner:
        """Whose memory it is what this face says."""
        rows = await self.stage.rows(
            "SELECT p.id FROM personas p JOIN identities i ON i.person_id = p.person_id"
            " WHERE i.subject = :subject AND p.is_default = :is_default",
            subject=self._person(who).subject,
            is_default=who != "luna",
        )
        ((persona_id,),) = rows
        assert isinstance(persona_id, UUID)
        return Owner(persona_id, UUID(self.mira.id))

    def place(self, who: str, where: str) -> Place:
        """Where somebody is."""
        return self._person(who).direct if where == "direct" else self.places[where]

    async def _learn(self) -> None:
        """Let an hour pass, in which the job looks at whatever was said."""

        async def looked() -> bool:
            return not await self.stage.rows("SELECT 1 FROM unlearnt_memories LIMIT 1")

        await self.stage.execute("UPDATE unlearnt_memories SET create_time = to_timestamp(0)")
        self.moment.now += timedelta(hours=1)
        await self._run(LEARN_JOB)
        await until(looked)

    async def _sum_up(self) -> None:
        """Let the job sum up whatever is out of sight."""

        async def looked() -> bool:
            return not await self.stage.rows("SELECT 1 FROM unsummarized_conversations LIMIT 1")

        if await looked():
            return
        await self.stage.execute("UPDATE unsummarized_conversations SET due_time = NULL")
        await self._run(SUMMARIZE_JOB)
        await until(looked)

    async def _run(self, job: str) -> None:
        parts = self.stage.server.parts
        with suppress(AlreadyEnqueued):  # it is about to run anyway
            async with parts.database.transaction() as tx:
                await parts.jobs.defer(tx, job)

    def _finds(self, request: Request) -> str:
        """What the model finds: what the script says of these lines, and lies about the last."""
        known, said = (
            {words: int(number) for number, words in _LINE.findall(part)}
            for part in _parts(request.last_user_text)
        )
        found = [
            fact(
                it.text, source, entity=self._told[words].who.title(), fictional=it.played,
                supersedes=known.get(_quoted(it.instead)) if it.instead else None,
            )
            for words, source in said.items() for it in self._told[words].finds
        ]  # fmt: skip
        if any(self._told[words].who == "ada" for words in said):
            found += [fact(lie, max(said.values())) for lie in self.script.lies]
        return json.dumps({"facts": found})

    async def _do(self, it: Deed) -> None:
        client, ids = self._person(it.who).client, await self._of(it)
        match it.does:
            case "tell":
                request = CreateFactRequest(personality_id=self.mira.id, text=it.text)
                await client.fact.create_fact(request)
            case "correct":
                correction = CorrectFactRequest(fact_id=ids[0], text=it.text)
                await client.fact.correct_fact(correction)
            case "forget":
                await client.fact.forget_fact(ForgetFactRequest(fact_id=ids[0]))
            case "forget_wholly":
                await client.fact.forget_fact(ForgetFactRequest(fact_id=ids[0]))
                for memory_id in ids[1:]:
                    await client.memory.delete_memory(DeleteMemoryRequest(memory_id=memory_id))
            case "delete_memory":
                (memory,) = await self.stage.memories(self.said[it.said].turn_id)
                request = DeleteMemoryRequest(memory_id=str(memory.id))
                await client.memory.delete_memory(request)
            case "delete_message":
                await client.message.delete_message(DeleteMessageRequest(await self._message(it)))
            case "edit_message":
                edit = EditMessageRequest(await self._message(it), text=it.text)
                self._told[_quoted(it.text)] = replace(self._exchange(it.said), finds=())
                await client.message.edit_message(edit)
                await self._learn()
            case _:
                raise ValueError(it.does)

    async def _of(self, it: Deed) -> list[str]:
        """The id of the fact that is meant, and of the memories that say it."""
        if not it.fact:
            return []
        (known,) = [one for one in await self.facts() if one.text == it.fact]
        return [known.id, *known.source_ids]

    async def _message(self, it: Deed) -> MessageRef:
        turn = await self._person(it.who).turn(self.said[it.said].turn_id)
        return MessageRef(id=turn.utterance_message_id)

    def _exchange(self, says: str) -> Exchange:
        return self._told[_quoted(says)]

    def _person(self, who: str) -> Person:
        return self.ben if who == "ben" else self.ada


def _parts(asked: str) -> tuple[str, str]:
    """What is known, and what was said, as the model is told it."""
    known, _, said = asked.rpartition(" said:\n")
    return known, said


def _quoted(words: str) -> str:
    """Words as they stand between quotation marks."""
    return marks.quoted(words)[1:-1]
