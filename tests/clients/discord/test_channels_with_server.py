"""Channels, ages and alternatives with the real server; two bots at once, and a real process."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select, text

from tests.clients.discord.harness import a_bot, a_bot_process, environment
from tests.clients.discord.test_flows_with_server import SCOPES
from tests.clients.discord.test_with_server import SLOW, Meadow
from tests.conftest import RunningServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.state import Channel, Interaction
from tests.fakes.provider import FakeProvider
from tests.memory.reflection.gathering import tables_with
from tzurot.account.tokens import NewToken
from tzurot.session.tables import Turn
from tzurot_client import connect
from tzurot_client.gen.tzurot.personality.v1 import (
    CreatePersonalityRequest,
    Personality,
    Visibility,
)
from tzurot_discord import errors


@pytest.fixture
async def meadow(fake: FakeDiscord, running_server: RunningServer) -> AsyncIterator[Meadow]:
    meadow = Meadow(fake, running_server)
    await meadow.create("Bambi", "Lilith")
    new = NewToken("bot", SCOPES, subject="local:bot", acts_for=("discord:*",))
    _, meadow.token = await running_server.parts.tokens.create(new)
    yield meadow


async def activate(
    meadow: Meadow, channel: Channel, name: str, *, to: str = "channel activate"
) -> Interaction:
    """Let a moderator activate (or deactivate) a character there."""
    begun = meadow.fake.slash(meadow.fake.world.owner, channel, to, {"character": name})
    await meadow.fake.until(lambda: begun.replies, SLOW)
    return begun


async def turns(meadow: Meadow) -> int:
    async with meadow.server.parts.database.transaction() as tx:
        return (await tx.scalars(select(func.count()).select_from(Turn))).one()


async def test_c1_c3_an_activated_channel_is_answered_and_its_threads_are_as_it_is(
    meadow: Meadow,
) -> None:
    fake, ada = meadow.fake, meadow.ada
    hives = fake.add_thread("hives", meadow.channel)
    async with a_bot(fake, meadow.server.address, meadow.token):
        begun = await activate(meadow, meadow.channel, "lilith")
        opened = fake.click(fake.world.owner, begun.replies[0], "Activate")
        await fake.until(lambda: opened.modal or "answers" in str(begun.replies[0].embeds))
        fake.submit(opened, {})
        await fake.until(lambda: "Lilith answers" in str(begun.replies[0].embeds))

        fake.say(ada, meadow.channel, "what a day")
        await meadow.answered()
        fake.say(ada, hives, "and here?")
        (below,) = await meadow.answered(hives)

    assert below.name == "Lilith"
    assert "and here?" in below.content


async def test_g3_two_instances_a_repeat_and_a_resume_make_one_turn_and_one_delivery(
    meadow: Meadow,
) -> None:
    fake, ada, where = meadow.fake, meadow.ada, (meadow.server.address, meadow.token)
    async with a_bot(fake, *where), a_bot(fake, *where):
        await fake.until(lambda: len(fake.gateway.connected) == 2)
        said = fake.say(ada, meadow.channel, "@Lilith hi")
        fake.redispatch(said)
        fake.reconnect_gateway()
        await meadow.answered()
        fake.redispatch(said)
        fake.say(ada, meadow.channel, "@Bambi @Lilith and you?")
        await meadow.answered(count=3)

    assert [it.name for it in meadow.answers()] == ["Lilith", "Bambi", "Lilith"]
    assert await turns(meadow) == 3


async def test_replies_are_given_again_leafed_through_explained_and_deleted(
    meadow: Meadow, provider: FakeProvider
) -> None:
    fake, ada = meadow.fake, meadow.ada
    provider.script("It rains.", "The sun is out.")
    async with a_bot(fake, meadow.server.address, meadow.token):
        fake.say(ada, meadow.channel, "@Lilith hi")
        (reply,) = await meadow.answered()
        assert reply.content == "It rains."
        fake.use_on(ada, reply, "Regenerate")
        await fake.until(lambda: reply.content == "The sun is out.", SLOW)
        await meadow.settled(answers=2)

        others = fake.use_on(ada, reply, "Other replies")
        (screen,) = await fake.until(lambda: others.replies, SLOW)
        assert "2/2" in str(screen.embeds)
        fake.click(ada, screen, "Previous")
        await fake.until(lambda: "1/2" in str(screen.embeds))
        fake.click(ada, screen, "Go on with this one")
        await fake.until(lambda: reply.content == "It rains.", SLOW)

        why = fake.use_on(ada, reply, "About this reply")
        await fake.until(lambda: why.replies and why.replies[0].embeds, SLOW)
        gone = fake.use_on(ada, reply, "Delete this reply")
        await fake.until(lambda: gone.replies, SLOW)

    assert "Deleted" in gone.replies[0].content
    assert meadow.answers() == []


async def test_e1_an_adult_is_known_once_they_have_spoken_where_only_adults_are_let_in(
    meadow: Meadow,
) -> None:
    fake, ada = meadow.fake, meadow.ada
    async with connect(meadow.server.address, meadow.server.token) as client:
        night = Personality(name="Night", visibility=Visibility.PUBLIC, age_restricted=True)
        await client.personality.create_personality(CreatePersonalityRequest(personality=night))
    direct, den = fake.direct_channel(ada), fake.add_channel("den", nsfw=True)

    async with a_bot(fake, meadow.server.address, meadow.token):
        fake.direct_message(ada, "@Night hi")
        (refusal,) = await fake.until(lambda: meadow.answers(direct), SLOW)
        assert "age-restricted channel" in refusal.content
        fake.say(ada, den, "@Night hi")
        (there,) = await meadow.answered(den)
        fake.direct_message(ada, "@Night hi")
        await fake.until(lambda: len(meadow.answers(direct)) == 2, SLOW)
        fake.say(ada, meadow.channel, "@Night hi")
        (elsewhere,) = await fake.until(meadow.answers, SLOW)

    assert there.name == "Night"
    assert meadow.answers(direct)[1].content.startswith("**Night:** ")
    assert "age-restricted channels only" in elsewhere.content
    assert meadow.answers() == [], "it is taken back, at the latest when the bot goes"


async def test_e4_whoever_cannot_be_checked_is_not_answered_and_not_told_to_prove_anything(
    meadow: Meadow, provider: FakeProvider
) -> None:
    fake, ada = meadow.fake, meadow.ada
    async with connect(meadow.server.address, meadow.server.token) as client:
        night = Personality(name="Night", visibility=Visibility.PUBLIC, age_restricted=True)
        await client.personality.create_personality(CreatePersonalityRequest(personality=night))
    direct = fake.direct_channel(ada)

    async with a_bot(fake, meadow.server.address, meadow.token):
        async with meadow.server.parts.database.transaction() as tx:
            await tx.execute(text("ALTER TABLE denials RENAME TO denials_lost"))
        fake.direct_message(ada, "@Night hi")
        (broken,) = await fake.until(lambda: meadow.answers(direct), SLOW)
        async with meadow.server.parts.database.transaction() as tx:
            await tx.execute(text("ALTER TABLE denials_lost RENAME TO denials"))
        fake.direct_message(ada, "@Night and now?")
        _, refusal = await fake.until(lambda: meadow.answers(direct)[1:] and meadow.answers(direct))

    assert broken.content == errors.BROKEN
    assert "age-restricted channel" in refusal.content
    assert provider.requests == []


async def test_j4_what_somebody_deletes_is_nowhere_on_the_server_any_more(
    meadow: Meadow, provider: FakeProvider
) -> None:
    fake, ada, database = meadow.fake, meadow.ada, meadow.server.parts.database
    provider.answer = lambda _: "I see."
    async with a_bot(fake, meadow.server.address, meadow.token):
        said = fake.say(ada, meadow.channel, "@Lilith the key is under the zyxwvu stone")
        (reply,) = await meadow.answered()
        fake.say(ada, meadow.channel, "@Lilith my other hive is utsrqp", reply_to=reply)
        await meadow.answered(count=2)
        assert await tables_with(database, "zyxwvu") >= {"public.messages", "public.memories"}

        fake.delete(said)
        async with asyncio.timeout(SLOW):
            while await tables_with(database, "zyxwvu"):
                await asyncio.sleep(0.05)

    assert await tables_with(database, "utsrqp") >= {"public.messages", "public.memories"}
    assert [it.content for it in meadow.answers()] == ["I see.", "I see."]


async def test_the_process_answers_and_goes_with_all_that_is_said_in_a_channel(
    meadow: Meadow,
) -> None:
    fake, ada = meadow.fake, meadow.ada
    async with a_bot_process(environment(fake, meadow.server.address, meadow.token)) as bot:
        await fake.wait_ready()
        begun = await activate(meadow, meadow.channel, "lilith")
        opened = fake.click(fake.world.owner, begun.replies[0], "Activate")
        await fake.until(lambda: opened.modal)
        fake.submit(opened, {})
        await fake.until(lambda: "Lilith answers" in str(begun.replies[0].embeds))
        fake.say(ada, meadow.channel, "what a day")
        (first,) = await meadow.answered()
        fake.say(ada, meadow.channel, "and why?", reply_to=first)
        _, second = await meadow.answered(count=2)
        fake.use_on(ada, second, "Regenerate")
        await fake.until(lambda: len(second.texts) > 1, SLOW)
        bot.terminate()
        async with asyncio.timeout(60):
            assert await bot.wait() == 0

    assert [it.name for it in meadow.answers()] == ["Lilith", "Lilith"]
