"""Somebody who talks with a character that learns, and a model that finds what a test says."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from tests.fakes.provider import Request
from tests.reading import Rereading
from tests.session.models import speaker
from tests.session.stage import Person, Stage, Told
from tzurot.llm.openai_compatible import OpenAICompatibleModel, connections
from tzurot.llm.speaker import Speaker
from tzurot.memory.facts.keeping import Keeping
from tzurot.memory.meaning import Meaning
from tzurot.personality.characters import Characters
from tzurot.session.learning.learning import Learning
from tzurot.session.rooms import Rooms
from tzurot.wallet.paying import Wallet
from tzurot_client.gen.tzurot.memory.v1 import Fact, FactState, ListFactsRequest
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import Place, SetPersonSettingRequest, SettingValue


def fact(text: str, source: int, **more: object) -> dict[str, object]:
    """A fact as a model writes it down."""
    return {
        "text": text, "entity": "Ada", "fictional": False, "supersedes": None, "source": source,
    } | more  # fmt: skip


@dataclass
class Class:
    """Somebody who talks with a character that learns."""

    stage: Stage
    ada: Person
    mira: Personality
    said: list[Told] = field(default_factory=list[Told])

    def finds(self, *facts: dict[str, object]) -> None:
        """What the model answers, whoever asks it for facts."""
        self.stage.model.finds = lambda _: json.dumps({"facts": [*facts]})

    async def says(self, *texts: str, place: Place | None = None) -> None:
        for text in texts:
            self.stage.model.script("I see.")
            more = {"place": place} if place else {}
            self.said.append(await self.ada.asks(text, self.mira, **more))

    async def goes_by(self, **span: float) -> None:
        """Let time pass since what was said."""
        await self.stage.execute(
            "UPDATE unlearnt_memories SET create_time = create_time - CAST(:by AS interval)"
            " WHERE personality_id = :id",
            by=timedelta(**span),
            id=self.mira.id,
        )

    async def learns(self, *speakers: Speaker) -> None:
        """Let whatever is due be looked at."""
        database, embedder = self.stage.server.parts.database, Rereading()
        async with connections() as http:
            asked = speakers or (speaker(self.stage),)
            models = [OpenAICompatibleModel(it, http, first_wait=timedelta(0)) for it in asked]
            others = cast("Any", None)  # nobody else is called
            rooms = Rooms(
                database, self.stage.server.parts.jobs, Characters(database),
                others, others, others, others, Wallet(models, share_operator_key=False),
                others, others, others, others, others, others, others,
            )  # fmt: skip
            await Learning(rooms, Keeping(database), Meaning(embedder)).learn()
        embedder.close()

    async def facts(self, *states: FactState) -> list[Fact]:
        request = ListFactsRequest(personality_id=self.mira.id, states=list(states))
        return list((await self.ada.client.fact.list_facts(request)).facts)

    async def texts(self, *states: FactState) -> list[str]:
        return [it.text for it in await self.facts(*states)]

    async def decides(self, key: str, flag: bool) -> None:
        request = SetPersonSettingRequest(key=key, value=SettingValue(flag=flag))
        await self.ada.client.setting.set_person_setting(request)

    async def sees(self, messages: int) -> None:
        """Let so many messages of the history be told."""
        request = SetPersonSettingRequest(key="history_limit", value=SettingValue(whole=messages))
        await self.ada.client.setting.set_person_setting(request)

    @property
    def asked(self) -> list[Request]:
        """What the model was asked for facts of this character's."""
        return self.stage.model.wanted
