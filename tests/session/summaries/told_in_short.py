"""Somebody who talks for so long with a character that some of it falls out of sight."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from tests.fakes.provider import Request
from tests.session.models import speaker
from tests.session.stage import Person, Stage, Told, until
from tests.session.tree import Tree
from tzurot.llm.openai_compatible import OpenAICompatibleModel, connections
from tzurot.llm.speaker import Speaker
from tzurot.personality.characters import Characters
from tzurot.session.rooms import Rooms
from tzurot.session.summaries.summarizing import Summarizing
from tzurot.wallet.paying import Wallet
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    ListSummariesRequest,
    Place,
    SetPersonSettingRequest,
    SettingValue,
    Summary,
)

IN_SIGHT = 10  # messages: two or three of them go out of sight at once
ROUNDS = 12  # after which a run is out of sight


def fact_of(number: int) -> str:
    """What is said in a round."""
    towns = ("Oslo", "Porto", "Ghent", "Turku", "Izmir", "Quito", "Delhi", "Lagos", "Minsk")
    return f"My friend number {number} lives in {towns[number % len(towns)]}."


async def sees(person: Person, messages: int = IN_SIGHT) -> None:
    """Let so many messages of the history be told."""
    request = SetPersonSettingRequest(key="history_limit", value=SettingValue(whole=messages))
    await person.client.setting.set_person_setting(request)


async def summarize(stage: Stage, *speakers: Speaker) -> None:
    """Let all that waits be looked at: by this job, or by the server's own if that was first."""
    database = stage.server.parts.database
    await stage.execute(
        "UPDATE unsummarized_conversations SET due_time = NULL"
        " WHERE due_time < now() + interval '15 minutes'"
    )
    async with connections() as http:
        asked = speakers or (speaker(stage),)
        models = [OpenAICompatibleModel(it, http, first_wait=timedelta(0)) for it in asked]
        others = cast("Any", None)  # nobody else is called
        rooms = Rooms(
            database, stage.server.parts.jobs, Characters(database),
            others, others, others, others, Wallet(models, share_operator_key=False),
            others, others, others, others, others, others, others,
        )  # fmt: skip
        await Summarizing(rooms).summarize()

    async def done() -> bool:
        return not await stage.rows(
            "SELECT 1 FROM unsummarized_conversations WHERE due_time IS NULL"
            " OR due_time > now() + interval '15 minutes'"
        )

    await until(done)


@dataclass
class Talk:
    """Ada and Lilith. The model's summaries are what `words` makes of the request."""

    stage: Stage
    ada: Person
    lilith: Personality
    place: Place | None = None
    turns: list[Told] = field(default_factory=list[Told])

    @property
    def tree(self) -> Tree:
        return Tree(self.stage, self.ada, self.lilith, self.place, self.turns[-1].conversation_id)

    async def goes_on(self, rounds: int = ROUNDS) -> None:
        """So many more rounds."""
        for _ in range(rounds):
            await self.says(fact_of(len(self.turns)))

    async def says(self, words: str, reply: str = "I see.") -> Told:
        self.stage.model.script(reply)
        more = {"place": self.place} if self.place else {}
        told = await self.ada.asks(words, self.lilith, **more)
        self.turns.append(told)
        return told

    def is_worded(self, words: str) -> None:
        """What the model makes of whatever it is asked to sum up."""
        self.stage.model.finds = lambda _: json.dumps({"summary": words})

    async def is_summarized(self, *speakers: Speaker) -> None:
        await summarize(self.stage, *speakers)

    async def summaries(self, who: Person | None = None) -> Sequence[Summary]:
        """As somebody may read them, oldest first."""
        request = ListSummariesRequest(conversation_id=self.turns[-1].conversation_id)
        client = (who or self.ada).client
        return (await client.history.list_summaries(request)).summaries[::-1]

    @property
    def asked(self) -> list[Request]:
        """What a model was asked to sum up."""
        return [
            it for it in self.stage.model.wanted if "summary" in str(it.body["response_format"])
        ]

    @property
    def told(self) -> str:
        """What the last prompt told in short; empty: nothing."""
        texts = [it["content"] for it in self.stage.asked[-1].messages if it["role"] == "system"]
        _, _, told = "\n\n".join(texts).partition("What was said before what follows, in short:\n")
        return told.partition("\n\n")[0]
