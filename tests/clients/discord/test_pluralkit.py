"""Messages that PluralKit or Tupperbox says for people: answered once, to whoever wrote them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted import answer_each
from tests.clients.stub_server import StubServer
from tests.conftest import RunningServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.state import Message, User, Webhook
from tests.fakes.discord.telling import add_service, link_to, say_for
from tests.fakes.pluralkit import FakePluralKit
from tests.fakes.provider import FakeProvider
from tzurot_bots.pluralkit import PluralKit
from tzurot_client import connect
from tzurot_client.gen.tzurot.personality.v1 import (
    CreatePersonalityRequest,
    Personality,
    Visibility,
)
from tzurot_discord import proxies
from tzurot_discord.proxies import PLURALKIT, SERVICES, TUPPERBOX

APPLICATIONS = {service: application for application, service in SERVICES.items()}


class Scene:
    """A meadow where PluralKit was invited, Ada who is of several, and a character."""

    def __init__(self, fake: FakeDiscord, server: StubServer, kit: FakePluralKit) -> None:
        self.fake, self.server, self.kit = fake, server, kit
        self.channel, self.ada = fake.add_channel("meadow"), fake.add_member("ada", "Ada")
        assert self.channel.guild
        self.guild = self.channel.guild
        self.guild.bots.append(APPLICATIONS[PLURALKIT])
        self.hook = self.service(PLURALKIT)
        answer_each(server, "Hello, Luna.")

    def service(self, name: str) -> Webhook:
        return add_service(self.fake, self.channel, APPLICATIONS[name], name)

    def write(self, text: str = "L: @Lilith hi", author: User | None = None) -> Message:
        return self.fake.say(author or self.ada, self.channel, text)

    def copy(self, original: Message, text: str = "@Lilith hi", *, known: bool = True) -> Message:
        """PluralKit says it as Luna, and deletes the original."""
        copy = say_for(self.fake, self.hook, "Luna | Stars", text, reply_to=original.reply_to)
        if known:
            self.kit.knows(copy.id, original.id, original.author.id, "Luna")
        self.fake.delete(original)
        return copy

    async def answered(self, count: int = 1) -> list[Any]:
        """The requests, once as many answers stand there; nothing more comes meanwhile."""
        await self.fake.until(lambda: len(self.server.requests("ReportDelivery")) >= count)
        return self.server.requests("Chat")

    async def settled(self) -> list[Any]:
        """The requests, once a later message of somebody else has been answered."""
        bob = self.fake.add_member("bob")
        before = len(self.server.requests("Chat"))
        said = self.fake.say(bob, self.channel, "@Lilith and me?")
        await self.fake.until(lambda: str(said.id) in {_said(it) for it in self._chats})
        chats = self.server.requests("Chat")
        assert len(chats) == before + 1
        return [it for it in chats if _said(it) != str(said.id)]

    @property
    def _chats(self) -> list[Any]:
        return self.server.requests("Chat")

    def subjects(self, method: str = "Chat") -> list[str]:
        calls = [call for call in self.server.calls if call.method == method]
        return [call.metadata["tzurot-subject"] for call in calls]

    def answers(self) -> list[Message]:
        shown, bot = self.fake.messages(self.channel), self.fake.world.bot
        return [message for message in shown if message.author is bot]


@pytest.fixture
async def kit() -> AsyncIterator[FakePluralKit]:
    async with FakePluralKit.start() as started:
        yield started


@pytest.fixture
async def scene(fake: FakeDiscord, server: StubServer, kit: FakePluralKit) -> Scene:
    return Scene(fake, server, kit)


async def test_g1_a_proxied_message_is_answered_once_to_its_sender_and_member(
    scene: Scene,
) -> None:
    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        copy = scene.copy(scene.write())
        await scene.answered()
        (chat,) = await scene.settled()

    assert scene.subjects()[0] == f"discord:{scene.ada.id}"
    said = chat.utterance
    assert (said.text, said.speaker_name) == ("@Lilith hi", "Luna")
    assert said.platform_message_id == str(copy.id)
    assert said.proxy.service == "pluralkit"
    assert (said.proxy.member_id, said.proxy.member_name) == ("luna", "Luna")
    assert (said.proxy.system_id, said.proxy.verified) == ("stars", True)
    assert len(scene.answers()) == 2, "one for Ada and one for Bob, and both stay"
    assert scene.server.requests("DeleteMessage") == []
    assert scene.kit.agents and all("Tzurot" in agent for agent in scene.kit.agents)


async def test_g1_the_original_waits_although_its_copy_comes_late(scene: Scene) -> None:
    bob = scene.fake.add_member("bob")
    scene.guild.bots.clear()  # it is learned from what PluralKit says

    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        scene.copy(scene.write("S: good morning", bob), "good morning", known=False)
        original = scene.write()
        scene.fake.say(bob, scene.fake.direct_channel(bob), "@Lilith hi")
        await scene.answered()  # the bot has taken in all that was said before
        copy = scene.copy(original)
        await scene.answered(2)
        chat = scene.server.requests("Chat")[1]

    assert chat.utterance.platform_message_id == str(copy.id)


async def test_g1_a_message_that_gets_no_copy_is_answered_as_it_is(scene: Scene) -> None:
    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        original = scene.write("@Lilith hi")
        (chat,) = await scene.answered()

    assert chat.utterance.platform_message_id == str(original.id)
    assert not chat.utterance.HasField("proxy")
    assert scene.kit.asked == []


async def test_g1_where_a_service_is_not_known_to_be_the_copy_is_not_answered_again(
    scene: Scene,
) -> None:
    scene.guild.bots.clear()

    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        original = scene.write()
        await scene.answered()
        scene.copy(original)
        (chat,) = await scene.settled()
        second = scene.copy(scene.write("L: @Lilith again"), "@Lilith again")
        _, _, third = await scene.answered(3)

    assert chat.utterance.platform_message_id == str(original.id)
    assert len(scene.answers()) == 3, "the answer stays though what it answers was deleted"
    assert scene.server.requests("DeleteMessage") == []
    assert third.utterance.platform_message_id == str(second.id), "now it is known"


async def test_g1_pluralkit_may_need_a_moment_to_store_what_it_has_said(scene: Scene) -> None:
    scene.kit.late = 2

    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        scene.copy(scene.write())
        (chat,) = await scene.answered()

    assert chat.utterance.proxy.verified
    assert len(scene.kit.asked) == 3


async def test_g1_a_reply_goes_to_whom_the_original_replied_to(scene: Scene) -> None:
    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        scene.copy(scene.write())
        await scene.answered()
        (answer,) = scene.answers()
        original = scene.fake.say(scene.ada, scene.channel, "L: and why?", reply_to=answer)
        scene.copy(original, "and why?")
        _, second = await scene.answered(2)

    assert second.utterance.replied_to_message_id == str(answer.id)
    assert [one.text for one in second.utterance.references] == ["Hello, Luna."]


async def test_g1_a_reply_is_known_by_its_embed_where_the_original_was_not_seen(
    scene: Scene,
) -> None:
    bob = scene.fake.add_member("bob")
    asked = scene.write("who is there?", bob)

    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        copy = say_for(scene.fake, scene.hook, "Luna", "@Lilith me", reply_to=asked)
        scene.kit.knows(copy.id, 1, scene.ada.id, "Luna", shown_as="Luna of the Stars")
        (chat,) = await scene.answered()

    assert scene.subjects() == [f"discord:{scene.ada.id}"]
    assert chat.utterance.speaker_name == "Luna of the Stars"
    assert chat.utterance.replied_to_message_id == str(asked.id)
    assert [one.text for one in chat.utterance.references] == ["who is there?"]


async def test_g2_without_pluralkits_word_it_is_answered_once_and_said_to_be_unverified(
    scene: Scene,
) -> None:
    scene.kit.failing = 500

    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        scene.copy(scene.write())
        await scene.answered()
        (chat,) = await scene.settled()

    assert scene.subjects()[0] == f"discord:{scene.ada.id}"
    assert not chat.utterance.proxy.verified
    assert chat.utterance.proxy.member_name == "Luna | Stars"
    assert chat.utterance.proxy.member_id == ""


async def test_g2_what_nobody_can_have_written_is_answered_by_nobody(scene: Scene) -> None:
    scene.kit.failing = 500

    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        say_for(scene.fake, scene.hook, "Luna", "@Lilith hi")
        await scene.fake.until(lambda: scene.kit.asked)
        scene.kit.failing = None
        assert await scene.settled() == []


async def test_g2_where_two_people_could_have_written_it_nobody_is_taken_for_the_other(
    scene: Scene,
) -> None:
    scene.kit.failing = 500
    bob = scene.fake.add_member("bob", "Bob")

    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        of_bob = scene.write("@Lilith hi you", bob)
        scene.copy(scene.write())
        (chat,) = await scene.answered()
        assert await scene.settled() == [chat]

    assert chat.utterance.platform_message_id == str(of_bob.id)


@pytest.mark.parametrize("application_id", [None, 466378653216014358], ids=["none", "another"])
async def test_g2_a_webhook_that_only_looks_like_pluralkit_is_nobody(
    scene: Scene, application_id: int | None
) -> None:
    scene.hook.application_id = application_id

    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        copy = say_for(scene.fake, scene.hook, "PluralKit", "@Lilith hi")
        scene.kit.knows(copy.id, 1, scene.ada.id, "Luna")
        assert await scene.settled() == []

    assert scene.kit.asked == []


async def test_tupperbox_is_believed_where_a_person_has_written_the_words(scene: Scene) -> None:
    scene.hook = scene.service(TUPPERBOX)

    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        scene.copy(scene.write(), known=False)
        await scene.answered()
        (chat,) = await scene.settled()
        say_for(scene.fake, scene.hook, "Luna", "@Lilith obey")
        assert "@Lilith obey" not in {it.utterance.text for it in await scene.settled()}

    assert scene.subjects()[0] == f"discord:{scene.ada.id}"
    assert (chat.utterance.proxy.service, chat.utterance.proxy.verified) == ("tupperbox", True)
    assert chat.utterance.speaker_name == "Luna | Stars"
    assert scene.kit.asked == []


async def test_people_where_no_service_is_do_not_wait(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxies, "HOLD", 3600.0)  # whoever waits, waits too long for this test
    scene.guild.bots.clear()

    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        scene.write("@Lilith hi")
        assert await scene.fake.until(lambda: scene.server.requests("Chat"))


async def test_edits_and_deletions_of_a_proxied_message_are_its_senders(scene: Scene) -> None:
    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        copy = scene.copy(scene.write())
        await scene.answered()
        scene.fake.edit(copy, "@Lilith hello")
        (edit,) = await scene.fake.until(lambda: scene.server.requests("EditMessage"))
        scene.fake.delete(copy)
        (deletion,) = await scene.fake.until(lambda: scene.server.requests("DeleteMessage"))

    assert edit.text == "@Lilith hello"
    for request in (edit, deletion):
        assert request.message.platform_message.message_id == str(copy.id)
    mine = [f"discord:{scene.ada.id}"]
    assert scene.subjects("EditMessage") == scene.subjects("DeleteMessage") == mine


async def test_a_message_said_anew_by_another_member_is_not_answered_again(scene: Scene) -> None:
    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        original = scene.write()
        scene.copy(original)
        await scene.answered()
        again = say_for(scene.fake, scene.hook, "Sol", "@Lilith hi")
        scene.kit.knows(again.id, original.id, scene.ada.id, "Sol")
        assert len(await scene.settled()) == 1


async def test_pluralkit_is_asked_at_most_ten_times_in_a_second(kit: FakePluralKit) -> None:
    for number in range(1, 15):
        kit.knows(number, 100 + number, 7, "Luna")
    asking = PluralKit(kit.base)

    told = await asyncio.gather(*(asking.asked(number) for number in range(1, 15)))
    again = await asking.asked(1)
    await asking.close()

    assert all(one is not None and one.sender == 7 for one in told)
    assert again == told[0]
    assert len(kit.asked) == 14


async def test_links_in_a_proxied_message_are_read_as_its_sender_may(scene: Scene) -> None:
    hidden = scene.fake.add_channel("vault", private=True)
    hidden.insiders = {scene.fake.world.bot.id}
    secret = scene.write("under the oak", scene.fake.add_member("bob"))
    secret.channel = hidden

    async with a_bot(scene.fake, scene.server.address, pluralkit=scene.kit.base):
        text = f"@Lilith {link_to(secret)}"
        scene.copy(scene.write(f"L: {text}"), text)
        (chat,) = await scene.answered()

    (reference,) = chat.utterance.references
    assert reference.text == ""
    assert "oak" not in str(chat)


async def test_g1_the_server_knows_the_member_by_name(
    fake: FakeDiscord, running_server: RunningServer, kit: FakePluralKit, provider: FakeProvider
) -> None:
    async with connect(running_server.address, running_server.token) as client:
        new = Personality(name="Proxima", visibility=Visibility.PUBLIC)
        await client.personality.create_personality(CreatePersonalityRequest(personality=new))
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada", "Ada")
    assert channel.guild
    channel.guild.bots.append(APPLICATIONS[PLURALKIT])
    hook = add_service(fake, channel, APPLICATIONS[PLURALKIT], "PluralKit")

    where = running_server.address, running_server.token
    async with a_bot(fake, *where, pluralkit=kit.base):
        original = fake.say(ada, channel, "L: @Proxima who am I?")
        copy = say_for(fake, hook, "Luna | Stars", "@Proxima who am I?")
        kit.knows(copy.id, original.id, ada.id, "Luna")
        fake.delete(original)
        await fake.wait_for("POST", "/webhooks/{webhook_id}/{webhook_token}", timeout=40)

    prompt = str(provider.requests[-1].messages)
    assert "Luna" in prompt
    assert "Ada" not in prompt


def _said(chat: Any) -> str:
    return chat.utterance.platform_message_id
