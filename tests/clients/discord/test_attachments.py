"""Files that come with messages: what reaches the server, and what people read of the rest."""

from collections.abc import AsyncIterator
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted import answer_each
from tests.clients.stub_server import Refusal, StubServer
from tests.conftest import RunningServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.state import Upload
from tests.fakes.discord.telling import forward, say_with, voice_message
from tests.fakes.provider import FakeProvider
from tzurot.session.v1 import attachment_pb2, message_service_pb2
from tzurot_client import connect
from tzurot_client.gen.tzurot.personality.v1 import (
    CreatePersonalityRequest,
    Personality,
    Visibility,
)

EXECUTE = ("POST", "/webhooks/{webhook_id}/{webhook_token}")
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100_000)
TEXT = b"Bees sleep at night."


@pytest.fixture
async def scripted(server: StubServer) -> AsyncIterator[StubServer]:
    """A server that answers everything and takes every file."""
    answer_each(server, "I see.")
    server.answers["UploadAttachment"] = _stored
    yield server


async def test_i2_a_picture_and_a_text_arrive_and_a_large_file_is_named(
    fake: FakeDiscord, scripted: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    large = fake.attach("film.png", b"", told_size=30 * 1024 * 1024)
    files = (fake.attach("bee.png", PICTURE), fake.attach("bees.txt", TEXT), large)

    async with a_bot(fake, scripted.address):
        say_with(fake, ada, channel, "@Lilith look", files)
        await fake.until(lambda: len(fake.messages(channel)) == 3)

    uploads = scripted.requests("UploadAttachment")
    assert {_header(parts).name: _bytes(parts) for parts in uploads} == {
        "bee.png": PICTURE,
        "bees.txt": TEXT,
    }
    for parts in uploads:
        header, content = _header(parts), _bytes(parts)
        assert (header.size_bytes, header.sha256) == (len(content), sha256(content).hexdigest())
        assert all(len(part.chunk) <= 64 * 1024 for part in parts)
    callers = [call.metadata for call in scripted.calls if call.method == "UploadAttachment"]
    assert {metadata["tzurot-subject"] for metadata in callers} == {f"discord:{ada.id}"}
    (chat,) = scripted.requests("Chat")
    assert list(chat.utterance.attachment_ids) == [_id("bee.png"), _id("bees.txt")]
    assert chat.utterance.text == "@Lilith look"
    note = fake.messages(channel)[-1].content
    assert note == "-# Left out, as larger than 25 MB: `film.png`."


@pytest.mark.parametrize(
    "address",
    [
        "https://cdn.discordapp.com.evil.example/attachments/1/2/bee.png",
        "https://cdn.discordapp.com@evil.example/attachments/1/2/bee.png",
        "file:///etc/passwd",
    ],
    ids=["another host", "another host behind a name", "no host"],
)
async def test_i2_a_file_elsewhere_is_never_fetched(
    fake: FakeDiscord, scripted: StubServer, address: str
) -> None:
    ada = fake.add_member("ada")
    elsewhere = Upload(fake.attach("bee.png", PICTURE).payload | {"url": address})

    async with a_bot(fake, scripted.address):
        channel = say_with(fake, ada, fake.direct_channel(ada), "look", [elsewhere]).channel
        await fake.until(lambda: len(fake.messages(channel)) == 3)

    assert scripted.requests("UploadAttachment") == []
    assert "couldn't fetch it from Discord: `bee.png`" in fake.messages(channel)[-1].content


async def test_i2_another_port_of_the_same_machine_is_elsewhere(
    fake: FakeDiscord, scripted: StubServer
) -> None:
    ada = fake.add_member("ada")

    async with FakeDiscord.start() as another, a_bot(fake, scripted.address):
        direct = fake.direct_channel(ada)
        say_with(fake, ada, direct, "look", [another.attach("bee.png", PICTURE)])
        await fake.until(lambda: len(fake.messages(direct)) == 3)

    assert scripted.requests("UploadAttachment") == []


async def test_attachments_alone_are_said(fake: FakeDiscord, scripted: StubServer) -> None:
    ada = fake.add_member("ada")

    async with a_bot(fake, scripted.address):
        direct = fake.direct_channel(ada)
        say_with(fake, ada, direct, "", [fake.attach("bee.png", PICTURE)])
        await fake.until(lambda: len(fake.messages(direct)) == 2)

    (chat,) = scripted.requests("Chat")
    assert chat.utterance.text == ""
    assert list(chat.utterance.attachment_ids) == [_id("bee.png")]


async def test_a_forward_alone_is_said(fake: FakeDiscord, scripted: StubServer) -> None:
    ada, bob = fake.add_member("ada"), fake.add_member("bob")
    news = fake.say(bob, fake.add_channel("news"), "bees found")

    async with a_bot(fake, scripted.address):
        forward(fake, ada, fake.direct_channel(ada), news)
        (chat,) = await fake.until(lambda: scripted.requests("Chat"))

    assert [one.text for one in chat.utterance.references] == ["bees found"]


async def test_a_voice_message_is_told_to_come_later(
    fake: FakeDiscord, scripted: StubServer
) -> None:
    ada = fake.add_member("ada")

    async with a_bot(fake, scripted.address):
        direct = fake.direct_channel(ada)
        say_with(fake, ada, direct, "", [voice_message(fake, b"OggS")])
        await fake.until(lambda: len(fake.messages(direct)) == 2)

    assert fake.messages(direct)[-1].content.startswith("-# I can't listen to voice messages yet")
    assert scripted.requests("Chat") == scripted.requests("UploadAttachment") == []


async def test_files_that_nobody_can_read_are_named_once_for_each_reason(
    fake: FakeDiscord, scripted: StubServer
) -> None:
    ada = fake.add_member("ada")
    scripted.answers["UploadAttachment"] = _unreadable
    files = [
        fake.attach("one.zip", b"PK"),
        fake.attach("two.exe", b"MZ"),
        fake.attach("`@everyone`.zip", b"PK"),
        fake.attach("broken.png", b"no picture"),
        fake.attach("lost.png", b"short", told_size=6),
    ]

    async with a_bot(fake, scripted.address):
        direct = fake.direct_channel(ada)
        say_with(fake, ada, direct, "look", files)
        await fake.until(lambda: len(fake.messages(direct)) == 3)

    assert fake.messages(direct)[-1].content == (
        "-# Left out, as I can't read such files: `one.zip`, `two.exe`, `@everyone.zip`,"
        " `broken.png`.\n-# Left out, as I couldn't fetch it from Discord: `lost.png`."
    )
    (chat,) = scripted.requests("Chat")
    assert list(chat.utterance.attachment_ids) == []


async def test_nobody_is_told_of_files_where_nobody_answers(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")

    async with a_bot(fake, server.address):
        say_with(fake, ada, channel, "here", [fake.attach("one.zip", b"PK")])
        say_with(fake, ada, channel, "@all here", [fake.attach("two.zip", b"PK")])
        await fake.until(lambda: server.requests("Chat"))

    assert len(fake.messages(channel)) == 2


async def test_i2_the_server_reads_what_was_attached(
    fake: FakeDiscord, running_server: RunningServer, provider: FakeProvider
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada", "Ada")
    async with connect(running_server.address, running_server.token) as client:
        new = Personality(name="Attachia", visibility=Visibility.PUBLIC)
        await client.personality.create_personality(CreatePersonalityRequest(personality=new))
    picture = BytesIO()
    Image.new("RGB", (32, 32), "gold").save(picture, "PNG")
    files = (fake.attach("bee.png", picture.getvalue()), fake.attach("bees.txt", TEXT))

    async with a_bot(fake, running_server.address, running_server.token):
        say_with(fake, ada, channel, "@Attachia what is this?", files)
        await fake.wait_for(*EXECUTE, timeout=40)

    assert TEXT.decode() in str(provider.requests[-1].messages)
    assert not any("Left out" in message.content for message in fake.messages(channel))


def _header(parts: list[Any]) -> Any:
    return parts[0].header


def _bytes(parts: list[Any]) -> bytes:
    return b"".join(part.chunk for part in parts[1:])


_IDS: dict[str, str] = {}


def _id(name: str) -> str:
    return _IDS.setdefault(name, str(uuid4()))


def _stored(parts: list[Any]) -> Any:
    attachment = attachment_pb2.Attachment(id=_id(_header(parts).name))
    return message_service_pb2.UploadAttachmentResponse(attachment=attachment)


def _unreadable(_: Any) -> Any:
    raise Refusal("INVALID_ARGUMENT", "FILE_UNREADABLE")
