"""A metered model of a real provider on a real database, without a server around it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from tests.fakes.provider import FakeProvider
from tzurot import clock
from tzurot.account.tables import Person
from tzurot.llm import tokens
from tzurot.llm.data_policy import DataPolicy
from tzurot.llm.openai_compatible import OpenAICompatibleModel, connections
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import ChatMessage, ModelRequest, Role, Sampling, TextDelta
from tzurot.storage.database import Database
from tzurot.wallet.budgets.budgets import Budgets
from tzurot.wallet.catalogue.price import Price
from tzurot.wallet.paid import PaidModel
from tzurot.wallet.plan import Candidate
from tzurot.wallet.usage.attempts import Cause, Purpose
from tzurot.wallet.usage.metering import Meter

REPLY_TOKENS = 100
REQUEST = ModelRequest((ChatMessage(Role.USER, "Hi."),), sampling=Sampling(max_tokens=REPLY_TOKENS))
MOST_TOKENS = tokens.of_prompt(REQUEST) + REPLY_TOKENS
PRICE = Price(1_000_000, 1_000_000, 1_000_000)  # a micro-dollar for a token


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks a model."""

    person_id: UUID
    model: PaidModel
    meter: Meter
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    """Set with the first word."""

    async def ask(self, purpose: Purpose = Purpose.CHAT) -> tuple[str, list[str]]:
        """What the model says, and what is told of budgets."""
        cause = Cause(purpose, self.person_id, "Lilith")
        metered = self.meter.metered(self.model, self.person_id, cause)
        said = ""
        async with aclosing(metered.stream(REQUEST, timeout=120)) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    said += event.text
                    self.heard.set()
        return said, [it.message for it in metered.alerts]


@asynccontextmanager
async def an_asker(database: Database, provider: FakeProvider) -> AsyncGenerator[Asker]:
    """Somebody whose model is the scripted provider, at a known price."""
    person_id = clock.uuid7()
    async with database.transaction() as tx:
        tx.add(Person(id=person_id))
    speaker = Speaker(SpeakerKind.OPENAI, "OpenAI", "m", provider.base_url)
    async with connections() as http:
        meter = Meter(database, Budgets(database), lambda _, __: PRICE)
        plain = OpenAICompatibleModel(speaker, http)
        model = PaidModel(plain, Candidate(speaker), DataPolicy.NONE, refusals=None)
        yield Asker(person_id, model, meter)
