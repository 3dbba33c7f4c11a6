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
from tzurot.transport.subject import Caller
from tzurot.wallet.budgets.budgets import Budgets
from tzurot.wallet.catalogue.catalogue import Catalogue
from tzurot.wallet.catalogue.price import Price
from tzurot.wallet.keys.choosing import Choosing
from tzurot.wallet.keys.key_tables import ApiKey
from tzurot.wallet.paid import PaidModel
from tzurot.wallet.plan import Candidate
from tzurot.wallet.sponsors.sponsor_tables import Sponsor
from tzurot.wallet.sponsors.sponsors import Gift, Sponsors
from tzurot.wallet.usage.attempts import Cause, Channel, Purpose
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

    async def ask(
        self, purpose: Purpose = Purpose.CHAT, channel: Channel | None = None
    ) -> tuple[str, list[str]]:
        """What the model says, and what is told of budgets."""
        cause = Cause(purpose, self.person_id, "Lilith", channel=channel)
        metered = self.meter.metered(self.model, self.person_id, cause)
        said = ""
        async with aclosing(metered.stream(REQUEST, timeout=120)) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    said += event.text
                    self.heard.set()
        return said, [it.message for it in metered.alerts]


@asynccontextmanager
async def an_asker(
    database: Database, provider: FakeProvider, sponsor: Sponsor | None = None
) -> AsyncGenerator[Asker]:
    """Somebody whose model is the scripted provider, at a known price; a sponsor may pay."""
    person_id = await a_person(database)
    speaker = Speaker(SpeakerKind.OPENAI, "OpenAI", "m", provider.base_url)
    candidate = Candidate(speaker)
    if sponsor:
        key_id = sponsor.key_id
        candidate = Candidate(speaker, str(key_id), key_id, sponsor_id=sponsor.id)
    async with connections() as http:
        meter = Meter(database, Budgets(database), lambda _, __: PRICE)
        plain = OpenAICompatibleModel(speaker, http)
        model = PaidModel(plain, candidate, DataPolicy.NONE, refusals=None)
        yield Asker(person_id, model, meter)


async def a_person(database: Database) -> UUID:
    """Somebody."""
    person_id = clock.uuid7()
    async with database.transaction() as tx:
        tx.add(Person(id=person_id))
    return person_id


async def a_sponsor(database: Database, *, all_: int, each: int) -> Sponsor:
    """Somebody whose key, which nobody opens here, gives so many micro-dollars a day."""
    who = Caller(await a_person(database), clock.uuid7(), "discord:1", frozenset(), clock.uuid7())
    now = clock.now()
    key = ApiKey(
        id=clock.uuid7(),
        person_id=who.person_id,
        provider="openai",
        name="default",
        master_key_id="0" * 12,
        data_key=b"",
        secret=b"",
        model="m",
        create_time=now,
        check_time=now,
    )
    async with database.transaction() as tx:
        tx.add(key)
    sponsors = Sponsors(database, Choosing(database, Catalogue()), lambda _, __: PRICE)
    return (await sponsors.put(who, Gift("discord", "1", key.id, all_, each))).sponsor
