"""Channels that the server listens to: what is told of them, how, and when nothing is."""

import asyncio
from uuid import uuid4

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted import Watched, answer_each, answer_nobody, refuse
from tests.clients.stub_server import StubServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.state import Channel
from tzurot.session.v1.channel_pb2 import DueTurn, Listening
from tzurot.session.v1.place_pb2 import Place


def answers(channel: Channel) -> Listening:
    return Listening(channel_id=str(channel.id), answers=True)


def records(channel: Channel) -> Listening:
    return Listening(channel_id=str(channel.id), records=True)


def silence(channel: Channel) -> Listening:
    return Listening(channel_id=str(channel.id))


def told(server: StubServer) -> list[str]:
    """What was said to the server, in order."""
    return [request.utterance.text for request in server.requests("Chat")]


async def test_c1_in_an_activated_channel_every_human_message_is_told_and_no_other(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada", "Ada")
    robot = fake.add_member("robot")
    robot.bot = True
    watched = Watched(server, answers(channel))
    answer_each(server, "Here.")

    async with a_bot(fake, server.address):
        await fake.until(lambda: watched.watchers)
        fake.say(ada, channel, "good morning")
        fake.say(robot, channel, "beep")
        fake.redispatch(fake.say(ada, channel, "anybody?"))
        await fake.until(lambda: len(server.requests("ReportDelivery")) == 2)

    assert told(server) == ["good morning", "anybody?"]
    assert server.requests("Chat")[0].utterance.platform_message_id
    assert [message.content for message in fake.messages(channel) if message.webhook] == [
        "Here."
    ] * 2


async def test_c3_a_thread_is_heard_as_its_channel_unless_it_is_told_of_itself(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    hives, quiet = fake.add_thread("hives", channel), fake.add_thread("quiet", channel)
    watched = Watched(server, answers(channel), silence(quiet))
    answer_nobody(server)

    async with a_bot(fake, server.address):
        await fake.until(lambda: watched.watchers)
        fake.say(ada, quiet, "not for you")
        fake.say(ada, hives, "one")
        await fake.until(lambda: told(server) == ["one"])
        watched.tell(Listening(channel_id=str(quiet.id), removed=True))
        watched.tell(silence(hives))
        await fake.until(lambda: _said(fake, quiet, "for you") and "for you" in told(server))
        fake.say(ada, hives, "no longer")
        fake.say(ada, channel, "two")
        await fake.until(lambda: "two" in told(server))

    assert "not for you" not in told(server)
    assert "no longer" not in told(server)
    place = server.requests("Chat")[0].place
    assert (place.channel_id, place.parent_channel_id) == (str(hives.id), str(channel.id))


def _said(fake: FakeDiscord, channel: Channel, text: str) -> bool:
    fake.say(fake.world.owner, channel, text)
    return True


async def test_what_is_only_recorded_is_told_together_and_asks_for_no_answer(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada, bo = (
        fake.add_channel("meadow"),
        fake.add_member("ada", "Ada"),
        fake.add_member("bo"),
    )
    robot = fake.add_member("robot")
    robot.bot = True
    watched = Watched(server, records(channel))

    async with a_bot(fake, server.address):
        await fake.until(lambda: watched.watchers)
        first = fake.say(ada, channel, "the bees are out")
        fake.say(robot, channel, "beep")
        fake.say(bo, channel, f"so they are, <@{ada.id}>")
        (recorded,) = await fake.until(lambda: server.requests("RecordMessages"))

    assert [message.text for message in recorded.messages] == [
        "the bees are out",
        "so they are, Ada",
    ]
    kept = recorded.messages[0]
    assert (kept.author_subject, kept.author_name) == (f"discord:{ada.id}", "Ada")
    assert kept.platform_message_id == str(first.id)
    assert kept.create_time.seconds > 0
    assert recorded.place.channel_id == str(channel.id)
    assert server.requests("Chat") == []


async def test_twenty_messages_wait_for_no_more_and_who_is_named_has_heard_them(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    watched = Watched(server, records(channel))
    answer_nobody(server)

    async with a_bot(fake, server.address):
        await fake.until(lambda: watched.watchers)
        for number in range(21):
            fake.say(ada, channel, f"bee {number}")
        fake.say(ada, channel, "@Lilith how many?")
        await fake.until(lambda: server.requests("Chat"))

    recorded = [text.text for r in server.requests("RecordMessages") for text in r.messages]
    assert recorded == [f"bee {number}" for number in range(21)]
    methods = [call.method for call in server.calls]
    assert methods.index("RecordMessages") < methods.index("Chat")


async def test_a_watch_that_ends_begins_anew_and_what_was_told_holds_meanwhile(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, orchard, ada = (
        fake.add_channel("meadow"),
        fake.add_channel("orchard"),
        fake.add_member("ada"),
    )
    watched = Watched(server, answers(channel))
    answer_nobody(server)

    async with a_bot(fake, server.address):
        await fake.until(lambda: watched.watchers == 1)
        watched.end()
        fake.say(ada, channel, "one")
        await fake.until(lambda: told(server) == ["one"])
        watched.tell(answers(orchard))
        await fake.until(lambda: watched.watchers == 2)
        fake.say(ada, orchard, "two")
        await fake.until(lambda: told(server) == ["one", "two"])


async def test_a_character_speaks_up_when_it_is_told_to_and_what_goes_wrong_is_not_shown(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    watched = Watched(server)
    due = DueTurn(
        request_id=str(uuid4()),
        personality_id=str(uuid4()),
        subject=f"discord:{ada.id}",
        place=Place(platform="discord", channel_id=str(channel.id)),
    )

    async with a_bot(fake, server.address):
        await fake.until(lambda: watched.watchers)
        refuse(server, "PERMISSION_DENIED", "SUBJECT_DENIED")
        watched.let_speak(due)
        await fake.until(lambda: len(server.requests("Chat")) == 1)
        answer_each(server, "It is quiet here.")
        watched.let_speak(due)
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert [message.content for message in fake.messages(channel)] == ["It is quiet here."]
    request = server.requests("Chat")[-1]
    assert request.WhichOneof("input") == "interjection"
    assert request.request_id == due.request_id
    assert [one.id for one in request.addressees] == [due.personality_id]
    (call,) = [one for one in server.calls if one.method == "ReportDelivery"]
    assert call.metadata["tzurot-subject"] == due.subject


async def test_before_the_server_has_told_of_channels_names_and_replies_work(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    never = asyncio.Event()

    async def silent(_: object):
        await never.wait()
        yield

    server.answers["WatchChannels"] = silent
    answer_nobody(server)

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "what a day")
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: told(server))
        never.set()

    assert told(server) == ["@Lilith hi"]


async def test_c4_without_the_message_content_mentions_work_and_an_active_channel_is_told_once(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    watched = Watched(server, answers(channel))
    answer_each(server, "Here.")

    async with a_bot(fake, server.address, reads=False):
        await fake.until(lambda: watched.watchers)
        for text in ("good morning", "anybody?"):
            fake.say(ada, channel, text)
        fake.say(ada, channel, f"<@{fake.world.bot.id}> @Lilith hi")
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert told(server) == [f"@{fake.world.bot.name} @Lilith hi"]
    explained = [m for m in fake.messages(channel) if "Message Content" in m.content]
    assert len(explained) == 1


async def test_whoever_calls_the_bot_itself_and_nobody_else_is_told_how_to(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_nobody(server)

    async with a_bot(fake, server.address):
        fake.say(ada, channel, f"<@{fake.world.bot.id}> hello?")
        await fake.until(lambda: len(fake.messages(channel)) == 2)

    assert "begin with `@`" in fake.messages(channel)[-1].content
