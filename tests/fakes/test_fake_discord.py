"""The fake Discord under an unmodified discord.py: whatever a bot does works over real sockets."""

import asyncio
import io
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import discord as library
import pytest
from discord import app_commands
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from tests.fakes.discord import FakeDiscord, Terms
from tests.fakes.discord.mentions import Pings
from tests.fakes.discord.state import Channel

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c636060f80f0000010401005fe5c34b0000000049454e44ae426082"
)
MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = MESSAGES + "/{message_id}"
TYPING = "/channels/{channel_id}/typing"
HOOKS = "/channels/{channel_id}/webhooks"
HOOK = "/webhooks/{webhook_id}/{webhook_token}"
HOOK_MESSAGE = HOOK + "/messages/{message_id}"
COMMANDS = "/applications/{application_id}/commands"

HEARS_EVERYTHING = library.Intents(
    guilds=True, guild_messages=True, dm_messages=True, message_content=True
)


async def completions(
    _interaction: library.Interaction, current: str
) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{current}…", value=current)]


@app_commands.autocomplete(text=completions)
async def echo(interaction: library.Interaction, text: str) -> None:
    await interaction.response.send_message(text)


async def murmur(interaction: library.Interaction, text: str) -> None:
    await interaction.response.defer(thinking=True)
    await interaction.edit_original_response(content=text)
    await interaction.followup.send("that was all", ephemeral=True)


class Bot(library.AutoShardedClient):
    """A small bot: it keeps what it hears, and `/echo` answers with what it was given."""

    def __init__(self, intents: library.Intents = HEARS_EVERYTHING) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.05)
        self.heard: list[library.Message] = []
        self.tree = app_commands.CommandTree(self)
        for callback in (echo, murmur):
            name = callback.__name__
            command: app_commands.Command[Any, ..., None] = app_commands.Command(
                name=name, description="Say it", callback=callback
            )
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: library.Message) -> None:
        if message.author != self.user and not message.webhook_id:
            self.heard.append(message)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """No pause of five seconds between shards."""


@asynccontextmanager
async def running(discord: FakeDiscord, bot: Bot | None = None) -> AsyncGenerator[Bot, None]:
    """The bot, logged in and told its servers."""
    point_library_at(discord)
    async with bot or Bot() as client:
        task = asyncio.create_task(client.start(discord.environment["DISCORD_TOKEN"]))
        try:
            await discord.wait_ready()
            await asyncio.wait_for(client.wait_until_ready(), 60)
            yield client
        finally:
            await client.close()
            await asyncio.wait({task})


def point_library_at(discord: FakeDiscord) -> None:
    Route.BASE = discord.environment["DISCORD_API_BASE"]
    DiscordWebSocket.DEFAULT_GATEWAY = URL(discord.environment["DISCORD_GATEWAY_URL"])
    setattr(Asset, "BASE", discord.environment["DISCORD_CDN_BASE"])  # noqa: B010 (a literal type)


async def place_of(bot: Bot, channel: Channel) -> library.TextChannel:
    """The library's own view of a channel."""
    place = bot.get_channel(channel.id)
    assert isinstance(place, library.TextChannel)
    return place


@pytest.fixture
async def discord() -> AsyncGenerator[FakeDiscord, None]:
    async with FakeDiscord.start() as fake:
        yield fake
        fake.check()


async def test_a_bot_logs_in_registers_its_commands_and_hears_what_is_said(discord: FakeDiscord):
    channel = discord.add_channel("honey")
    ada = discord.add_member("ada", "Ada")
    async with running(discord) as bot:
        assert [command["name"] for command in discord.world.commands] == ["echo", "murmur"]
        said = discord.say(ada, channel, "hello")
        await discord.until(lambda: bot.heard)
        (heard,) = bot.heard
        assert (heard.id, heard.content, heard.author.display_name) == (said.id, "hello", "Ada")


async def test_a_webhook_answers_under_another_name_and_face_and_is_edited(discord: FakeDiscord):
    channel = discord.add_channel("honey")
    face = f"{discord.environment['DISCORD_CDN_BASE']}/emojis/1.png"
    async with running(discord) as bot:
        hook = await (await place_of(bot, channel)).create_webhook(name="voices")
        sent = await hook.send("Hel", username="Lilith", avatar_url=face, wait=True)
        await sent.edit(content="Hello.")

    (message,) = discord.messages(channel)
    assert (message.name, message.avatar_url) == ("Lilith", face)
    assert message.texts == ["Hel", "Hello."]
    assert len(discord.requested("POST", HOOKS)) == 1
    (execution,) = discord.requested("POST", HOOK)
    assert execution.query["wait"] == "1"
    assert len(discord.requested("PATCH", HOOK_MESSAGE)) == 1


async def test_a_webhook_of_the_parent_speaks_in_a_thread(discord: FakeDiscord):
    channel = discord.add_channel("honey")
    thread = discord.add_thread("spring", channel)
    async with running(discord) as bot:
        hook = await (await place_of(bot, channel)).create_webhook(name="voices")
        place = library.Object(thread.id)
        sent = await hook.send("hi", thread=place, wait=True)
        await hook.edit_message(sent.id, content="hi!", thread=place)
    assert [message.texts for message in discord.messages(thread)] == [["hi", "hi!"]]
    assert discord.messages(channel) == []


async def test_a_reply_to_a_webhook_message_carries_that_message(discord: FakeDiscord):
    channel = discord.add_channel("honey")
    ada = discord.add_member("ada")
    async with running(discord) as bot:
        hook = await (await place_of(bot, channel)).create_webhook(name="voices")
        await hook.send("hi", username="Lilith", wait=True)
        discord.say(ada, channel, "again", reply_to=discord.messages(channel)[0])
        (heard,) = await discord.until(lambda: bot.heard)
        assert heard.reference
        original = heard.reference.resolved
        assert isinstance(original, library.Message)
        assert (original.webhook_id, original.author.display_name) == (hook.id, "Lilith")


async def test_a_direct_message_is_answered_while_typing(discord: FakeDiscord):
    ada = discord.add_user("ada")
    async with running(discord) as bot:
        discord.direct_message(ada, "hey")
        (heard,) = await discord.until(lambda: bot.heard)
        assert isinstance(heard.channel, library.DMChannel)
        async with heard.channel.typing():
            await heard.channel.send("hey yourself")
    await discord.wait_for("POST", TYPING)
    assert discord.messages(discord.direct_channel(ada))[-1].content == "hey yourself"


async def test_the_bot_opens_a_direct_channel_by_itself(discord: FakeDiscord):
    ada = discord.add_user("ada")
    async with running(discord) as bot:
        private = await bot.create_dm(library.Object(ada.id))
        await private.send("good morning")
    assert discord.messages(discord.direct_channel(ada))[-1].content == "good morning"


async def test_a_command_is_answered_at_once_or_after_a_deferral(discord: FakeDiscord):
    channel = discord.add_channel("honey")
    ada = discord.add_member("ada")
    async with running(discord):
        at_once = discord.slash(ada, channel, "echo", {"text": "quick"})
        later = discord.slash(ada, discord.direct_channel(ada), "murmur", {"text": "slow"})
        await discord.until(lambda: at_once.replies and len(later.replies) == 2)
    assert [reply.content for reply in at_once.replies] == ["quick"]
    assert [reply.texts for reply in later.replies] == [["", "slow"], ["that was all"]]
    assert later.replies[1].ephemeral


async def test_a_person_is_shown_completions_while_typing(discord: FakeDiscord):
    channel = discord.add_channel("honey")
    ada = discord.add_member("ada")
    async with running(discord):
        asked = discord.complete(ada, channel, "echo", {"text": "li"})
        await discord.until(asked.answered.is_set)
    assert asked.choices == [{"name": "li…", "value": "li"}]


async def test_an_application_emoji_serves_as_the_face_of_a_webhook(discord: FakeDiscord):
    channel = discord.add_channel("honey")
    async with running(discord) as bot:
        emoji = await bot.create_application_emoji(name="lilith_1", image=PNG)
        assert await emoji.read() == PNG
        hook = await (await place_of(bot, channel)).create_webhook(name="voices")
        await hook.send("hi", username="Lilith", avatar_url=emoji.url, wait=True)
        assert [one.id for one in await bot.fetch_application_emojis()] == [emoji.id]
        (message,) = discord.messages(channel)
        assert await discord.face(message) == PNG
        await emoji.delete()
    assert discord.world.emojis == {}


async def test_an_uploaded_file_can_be_read_again(discord: FakeDiscord):
    channel = discord.add_channel("honey")
    async with running(discord) as bot:
        file = library.File(io.BytesIO(PNG), "face.png", description="a face")
        sent = await (await place_of(bot, channel)).send("look", file=file)
        assert await sent.attachments[0].read() == PNG
        assert sent.attachments[0].description == "a face"


async def test_the_bot_survives_being_told_to_slow_down(discord: FakeDiscord):
    channel = discord.add_channel("honey")
    async with running(discord) as bot:
        hook = await (await place_of(bot, channel)).create_webhook(name="voices")
        discord.fault("POST", HOOK, 429)
        discord.fault("POST", MESSAGES, 429)
        await hook.send("from the webhook", wait=True)
        await (await place_of(bot, channel)).send("from the bot")
    texts = [message.content for message in discord.messages(channel)]
    assert texts == ["from the webhook", "from the bot"]
    for template in (HOOK, MESSAGES):
        assert [request.status for request in discord.requested("POST", template)] == [429, 200]


@pytest.mark.parametrize("disturb", [FakeDiscord.reconnect_gateway, FakeDiscord.drop_gateway])
async def test_what_is_said_while_disconnected_is_heard_after_the_resume(
    discord: FakeDiscord, disturb: Callable[[FakeDiscord], None]
):
    channel = discord.add_channel("honey")
    ada = discord.add_member("ada")
    async with running(discord) as bot:
        disturb(discord)
        await discord.until(lambda: not discord.gateway.connected)
        discord.say(ada, channel, "still there?")
        (heard,) = await discord.until(lambda: bot.heard)
        assert heard.content == "still there?"
        assert discord.gateway.resumes == 1


async def test_a_message_sent_twice_by_the_gateway_is_heard_twice(discord: FakeDiscord):
    channel = discord.add_channel("honey")
    ada = discord.add_member("ada")
    async with running(discord) as bot:
        said = discord.say(ada, channel, "hello")
        discord.redispatch(said)
        await discord.until(lambda: len(bot.heard) == 2)
        assert {message.id for message in bot.heard} == {said.id}


async def test_without_the_intent_only_mentions_and_direct_messages_have_a_text(
    discord: FakeDiscord,
):
    channel = discord.add_channel("honey")
    ada = discord.add_member("ada")
    intents = library.Intents(guilds=True, guild_messages=True, dm_messages=True)
    async with running(discord, Bot(intents)) as bot:
        discord.say(ada, channel, "nobody in particular")
        discord.say(ada, channel, f"<@{discord.world.bot.id}> you")
        discord.direct_message(ada, "in private")
        await discord.until(lambda: len(bot.heard) == 3)
        texts = [message.content for message in bot.heard]
        assert texts == ["", f"<@{discord.world.bot.id}> you", "in private"]


async def test_each_shard_hears_of_its_own_servers() -> None:
    async with FakeDiscord.start(Terms(shards=2)) as discord:
        guilds = [discord.add_guild("one"), discord.add_guild("two")]
        channels = [discord.add_channel("honey", guild=guild) for guild in guilds]
        ada = discord.add_member("ada", guild=guilds[0])
        async with running(discord) as bot:
            assert bot.shard_count == 2
            for channel in channels:
                discord.say(ada, channel, channel.name)
            await discord.until(lambda: len(bot.heard) == 2)
        discord.check()


async def test_an_edit_can_be_held_back_to_see_what_overtakes_it(discord: FakeDiscord):
    channel = discord.add_channel("honey")
    async with running(discord) as bot:
        place = await place_of(bot, channel)
        sent = await place.send("one")
        with discord.hold("PATCH", MESSAGE) as hold:
            edit = asyncio.create_task(sent.edit(content="two"))
            await discord.until(lambda: hold.held)
            assert discord.messages(channel)[0].texts == ["one"]
        await edit
    assert discord.messages(channel)[0].texts == ["one", "two"]


async def test_a_wrong_token_cannot_log_in(discord: FakeDiscord):
    point_library_at(discord)
    async with Bot() as bot:
        with pytest.raises(library.LoginFailure):
            await bot.login("another token")


async def test_a_message_pings_whom_its_allowances_let_through(discord: FakeDiscord):
    channel = discord.add_channel("honey")
    ada = discord.add_member("ada")
    text = f"@everyone and <@{ada.id}>"
    async with running(discord) as bot:
        place = await place_of(bot, channel)
        await place.send(text, allowed_mentions=library.AllowedMentions.none())
        sent = await place.send("nobody", allowed_mentions=library.AllowedMentions.none())
        await sent.edit(content=text)  # an edit without allowances is parsed in full
    silent, loud = discord.messages(channel)
    assert not silent.pings
    assert loud.pings == Pings(everyone=True, users=frozenset({ada.id}))
