"""Avatars at addresses that Discord can fetch: emojis of the bot, or its own server."""

from collections.abc import AsyncIterator
from typing import Any

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted import PICTURE, PICTURE_SHA256, Turn, answer_each, answer_with
from tests.clients.stub_server import StubServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.state import Emoji
from tzurot.personality.v1.personality_service_pb2 import DownloadAvatarResponse
from tzurot_discord.avatars import MAX_EMOJI_BYTES, MAX_EMOJIS, ServedAvatars

EXECUTE = ("POST", "/webhooks/{webhook_id}/{webhook_token}")
UPLOAD = ("POST", "/applications/{application_id}/emojis")


async def test_a_picture_is_uploaded_once_whoever_wears_it(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_each(server, "Here.")

    async with a_bot(fake, server.address):
        for number in range(5):
            fake.say(ada, channel, f"@Lilith {number}")
        await fake.wait_for(*EXECUTE, count=5)

    (upload,) = fake.requested(*UPLOAD)
    assert upload.body["name"] == PICTURE_SHA256[:32]
    assert len(server.requests("DownloadAvatar")) == 1


async def test_a_picture_that_is_too_large_is_left_out(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_each(server, "Here.")
    server.answers["DownloadAvatar"] = _large_picture

    async with a_bot(fake, server.address):
        for number in range(2):
            fake.say(ada, channel, f"@Lilith {number}")
            await fake.wait_for(*EXECUTE, count=number + 1)

    assert [message.avatar_url for message in fake.messages(channel)] == [None] * 4
    assert fake.requested(*UPLOAD) == []
    assert len(server.requests("DownloadAvatar")) == 1


async def test_a_character_without_an_avatar_answers_all_the_same(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_with(server, Turn(avatar_sha256="").says("Here.").ends_as("Here."))

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.wait_for(*EXECUTE)

    assert fake.messages(channel)[-1].avatar_url is None


async def test_near_the_limit_the_longest_unused_avatar_goes_and_no_other_emoji(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    _add_emoji(fake, "the_operators_own")
    for number in range(MAX_EMOJIS - 1):
        _add_emoji(fake, f"{number:032x}")
    answer_each(server, "Here.")

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.wait_for(*EXECUTE)

    names = {emoji.name for emoji in fake.world.emojis.values()}
    assert len(names) == MAX_EMOJIS
    assert {"the_operators_own", f"{1:032x}", PICTURE_SHA256[:32]} <= names
    assert f"{0:032x}" not in names


async def test_with_a_public_address_the_bot_serves_avatars_itself(
    fake: FakeDiscord, server: StubServer, unused_tcp_port: int
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_each(server, "Here.")
    public = f"http://127.0.0.1:{unused_tcp_port}"

    async with (
        ServedAvatars.serve(public + "/", "127.0.0.1", unused_tcp_port) as avatars,
        a_bot(fake, server.address, avatars=avatars),
    ):
        fake.say(ada, channel, "@Lilith hi")
        await fake.wait_for(*EXECUTE)
        answer = fake.messages(channel)[-1]
        assert answer.avatar_url == f"{public}/avatars/{PICTURE_SHA256}.png"
        assert await fake.face(answer) == PICTURE

    assert fake.requested(*UPLOAD) == []


async def _large_picture(_: Any) -> AsyncIterator[Any]:
    piece = bytes(64 * 1024)
    for _ in range(MAX_EMOJI_BYTES // len(piece) + 1):
        yield DownloadAvatarResponse(chunk=piece)


def _add_emoji(fake: FakeDiscord, name: str) -> None:
    emoji = Emoji(fake.world.ids.next(), name, PICTURE, "image/png")
    fake.world.emojis[emoji.id] = emoji
