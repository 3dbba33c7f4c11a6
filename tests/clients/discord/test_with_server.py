"""The bot with the real server: who answers is decided there, and arrives on Discord."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from tests.clients.discord.harness import a_bot, a_bot_process, environment
from tests.conftest import RunningServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.state import Channel, Message
from tests.fakes.provider import FakeProvider
from tzurot.session.tables import Delivery, Turn
from tzurot_client import connect
from tzurot_client.gen.tzurot.personality.v1 import (
    CreatePersonalityRequest,
    ListPersonalitiesRequest,
    Personality,
    Visibility,
)

EXECUTE = ("POST", "/webhooks/{webhook_id}/{webhook_token}")
SLOW = 60  # seconds: the server's first turn of a process loads its embedding model


class Meadow:
    """A channel with a person in it, the bot there, and these characters on the server."""

    def __init__(self, fake: FakeDiscord, server: RunningServer) -> None:
        self.fake = fake
        self.server = server
        self.token = server.token
        self.channel = fake.add_channel("meadow")
        self.ada = fake.add_member("ada", "Ada")

    async def create(self, *names: str) -> None:
        async with connect(self.server.address, self.server.token) as client:
            for name in names:
                new = Personality(name=name, visibility=Visibility.PUBLIC)
                request = CreatePersonalityRequest(personality=new)
                await client.personality.create_personality(request)

    def answers(self, channel: Channel | None = None) -> list[Message]:
        bot, shown = self.fake.world.bot, self.fake.messages(channel or self.channel)
        return [it for it in shown if it.author is bot and not it.ephemeral]

    async def answered(self, channel: Channel | None = None, count: int = 1) -> list[Message]:
        """Wait until this many answers are whole and the server knows where they stand."""
        async with asyncio.timeout(SLOW):
            while not await self._stand(channel, count):
                await asyncio.sleep(0.02)
        return self.answers(channel)

    async def settled(self, answers: int) -> None:
        """Wait until this many turns were shown, whatever message shows them."""
        final = Turn.delivery_instance_id.is_not(None) & Turn.delivery_expire_time.is_(None)
        shown = select(func.count()).select_from(Turn).where(final)
        async with asyncio.timeout(SLOW):
            while True:
                async with self.server.parts.database.transaction() as tx:
                    if (await tx.scalars(shown)).one() == answers:
                        return
                await asyncio.sleep(0.02)

    async def _stand(self, channel: Channel | None, count: int) -> bool:
        ids = [str(message.id) for message in self.answers(channel)]
        reported = select(Delivery.platform_message_id).where(Delivery.platform_message_id.in_(ids))
        async with self.server.parts.database.transaction() as tx:
            return len((await tx.scalars(reported)).all()) == len(ids) >= count


@pytest.fixture
async def meadow(fake: FakeDiscord, running_server: RunningServer) -> AsyncIterator[Meadow]:
    meadow = Meadow(fake, running_server)
    await meadow.create("Bambi", "Bambi Prime", "Lilith")
    async with a_bot(fake, running_server.address, running_server.token):
        yield meadow


async def test_a2_of_two_names_that_begin_alike_the_longer_one_answers(meadow: Meadow) -> None:
    meadow.fake.say(meadow.ada, meadow.channel, "@Bambi Prime, you there?")

    (answer,) = await meadow.answered()

    assert answer.name == "Bambi Prime"


async def test_a4_a_reply_to_a_characters_message_needs_no_mention(meadow: Meadow) -> None:
    meadow.fake.say(meadow.ada, meadow.channel, "@Lilith hi")
    (first,) = await meadow.answered()

    meadow.fake.say(meadow.ada, meadow.channel, "and why?", reply_to=first)
    _, second = await meadow.answered(count=2)

    assert second.name == "Lilith"
    assert "and why?" in second.content


async def test_a4_a_reply_to_somebody_elses_webhook_is_answered_by_nobody(meadow: Meadow) -> None:
    paper = meadow.fake.add_member("News")
    paper.bot = True
    news = meadow.fake.say(paper, meadow.channel, "Bees found")
    news.webhook = meadow.fake.add_webhook(meadow.channel, "News", paper)

    meadow.fake.say(meadow.ada, meadow.channel, "really?", reply_to=news)
    meadow.fake.say(meadow.ada, meadow.channel, "@Lilith hi")
    await meadow.answered()

    assert [answer.name for answer in meadow.answers()] == ["Lilith"]


async def test_b1_in_a_direct_message_whom_one_last_spoke_to_answers_a_bare_message(
    meadow: Meadow,
) -> None:
    direct = meadow.fake.direct_channel(meadow.ada)
    meadow.fake.direct_message(meadow.ada, "@Lilith hello")
    await meadow.answered(direct)

    meadow.fake.direct_message(meadow.ada, "hey")
    _, second = await meadow.answered(direct, count=2)

    assert second.content.startswith("**Lilith:** ")
    assert "hey" in second.content
    assert not any("webhooks" in request.template for request in meadow.fake.requests)


async def test_b2_whoever_is_chosen_in_the_first_help_answers_the_next_bare_message(
    meadow: Meadow,
) -> None:
    direct = meadow.fake.direct_channel(meadow.ada)

    meadow.fake.direct_message(meadow.ada, "hello?")
    (help_,) = await meadow.fake.until(lambda: meadow.answers(direct))
    assert "with `@`" in str(help_.embeds)
    meadow.fake.choose(meadow.ada, help_, "Lilith")
    await meadow.fake.until(lambda: "You talk with" in str(help_.embeds))
    meadow.fake.direct_message(meadow.ada, "hello!")
    await meadow.fake.until(lambda: "hello!" in meadow.answers(direct)[-1].content, SLOW)

    assert meadow.answers(direct)[-1].content.startswith("**Lilith:** ")


async def test_b3_whom_one_names_in_a_direct_message_answers_the_bare_ones_after_it(
    meadow: Meadow,
) -> None:
    direct = meadow.fake.direct_channel(meadow.ada)
    meadow.fake.direct_message(meadow.ada, "@Lilith hello")
    await meadow.answered(direct)

    meadow.fake.direct_message(meadow.ada, "@Bambi hi")
    await meadow.answered(direct, count=2)
    meadow.fake.direct_message(meadow.ada, "and you?")
    *_, named, bare = await meadow.answered(direct, count=3)

    assert named.content.startswith("**Bambi:** ")
    assert bare.content.startswith("**Bambi:** ")


async def test_whoever_calls_the_bot_itself_is_shown_what_there_is_to_do(meadow: Meadow) -> None:
    meadow.fake.say(meadow.ada, meadow.channel, f"<@{meadow.fake.world.bot.id}>")

    (help_,) = await meadow.fake.until(meadow.answers)

    assert "These are the commands" in str(help_.embeds)


async def test_a_character_is_remembered_by_its_channel_and_person(
    meadow: Meadow, provider: FakeProvider
) -> None:
    meadow.fake.say(meadow.ada, meadow.channel, "@Lilith my bees are called Ann and Bea")
    await meadow.answered()
    meadow.fake.say(meadow.ada, meadow.channel, "@Lilith what are they called?")
    await meadow.answered(count=2)

    prompt = str(provider.requests[-1].messages)
    assert "Ann and Bea" in prompt


async def test_chat_finds_its_characters_on_the_server(meadow: Meadow) -> None:
    completion = meadow.fake.complete(meadow.ada, meadow.channel, "chat", {"character": "bam"})
    await meadow.fake.until(lambda: completion.choices)
    names = [choice["name"] for choice in completion.choices]
    assert names == ["Bambi · bambi", "Bambi Prime · bambi-prime"]

    options = {"character": completion.choices[1]["value"], "message": "How are you?"}
    asked = meadow.fake.slash(meadow.ada, meadow.channel, "chat", options)
    await meadow.fake.until(lambda: asked.replies, SLOW)

    assert asked.replies[0].content.startswith("**Bambi Prime:** ")


async def test_a1_the_starter_character_answers_under_its_own_name_and_face(
    fake: FakeDiscord, running_server: RunningServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada", "Ada")
    async with connect(running_server.address, running_server.token) as client:
        found = await client.personality.list_personalities(ListPersonalitiesRequest())
        (starter,) = found.personalities

    settings = environment(fake, running_server.address, running_server.token)
    async with a_bot_process(settings):
        await fake.wait_ready()
        fake.say(ada, channel, f"@{starter.name} hi")
        await fake.wait_for(*EXECUTE, timeout=SLOW)
        answer = fake.messages(channel)[-1]
        picture = await fake.face(answer)

    assert answer.name == starter.name
    assert sha256(picture).hexdigest() == starter.avatar_sha256
    (sent,) = fake.requested(*EXECUTE)
    assert sent.body["allowed_mentions"] == {"parse": []}
