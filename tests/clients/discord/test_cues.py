"""Commands in a message's menu, `/stop`, and what is edited and deleted on Discord afterwards."""

from typing import Any
from uuid import uuid4

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted import Turn, Watched, answer_each, answer_with
from tests.clients.discord.scripted_flows import OPEN, Flow, View
from tests.clients.stub_server import Refusal, StubServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.state import Channel, Message, User
from tzurot.flow.v1.flow_service_pb2 import StartFlowResponse
from tzurot.session.v1.channel_pb2 import Listening
from tzurot.session.v1.message_pb2 import Message as Said
from tzurot.session.v1.message_service_pb2 import GetMessageResponse

EXECUTE = ("POST", "/webhooks/{webhook_id}/{webhook_token}")


def answers(fake: FakeDiscord, channel: Channel) -> list[Message]:
    """What characters have said there."""
    bot = fake.world.bot
    return [it for it in fake.messages(channel) if it.author is bot and not it.ephemeral]


async def answered(fake: FakeDiscord, server: StubServer, channel: Channel, ada: User) -> Message:
    """Let Lilith answer, and wait until the server knows where."""
    before = len(server.requests("ReportDelivery"))
    fake.say(ada, channel, "@Lilith hi")
    await fake.until(lambda: len(server.requests("ReportDelivery")) > before)
    return answers(fake, channel)[-1]


async def test_another_reply_takes_the_place_of_the_first_once_it_is_whole(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_with(server, Turn.whole("One. " * 500))

    async with a_bot(fake, server.address):
        await answered(fake, server, channel, ada)
        first, second = answers(fake, channel)
        again = Turn(instead_of=[first, second])
        answer_with(server, again)
        used = fake.use_on(ada, second, "Regenerate")
        again.says("Two")
        await fake.until(lambda: len(server.requests("ClaimDelivery")) == 2)
        assert first.content.startswith("One.")
        again.ends_as("Two.")
        await fake.until(lambda: len(server.requests("ReportDelivery")) == 2)
        await fake.until(lambda: not fake.messages(channel)[-1].ephemeral)

    assert [it.content for it in answers(fake, channel)] == ["Two."]
    assert first.content == "Two."
    assert used.replies == [], "it has nothing to say of itself"
    request = server.requests("Chat")[-1]
    named = request.regeneration.message.platform_message
    assert (named.channel_id, named.message_id) == (str(channel.id), str(second.id))
    report = server.requests("ReportDelivery")[-1]
    assert list(report.platform_message_ids) == [str(first.id)]


async def test_a_longer_reply_goes_on_below_and_a_deleted_one_is_sent_anew(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_with(server, Turn.whole("Well,"))

    async with a_bot(fake, server.address):
        first = await answered(fake, server, channel, ada)
        answer_with(server, Turn(instead_of=[first]).ends_as("Well, then. " * 300))
        fake.use_on(ada, first, "Continue")
        await fake.until(lambda: len(server.requests("ReportDelivery")) == 2)
        assert server.requests("Chat")[-1].continuation.message.platform_message.message_id
        one, two = answers(fake, channel)
        assert one is first
        fake.delete(one)
        fake.delete(two)
        answer_with(server, Turn(instead_of=[one, two]).ends_as("Anew."))
        fake.use_on(ada, two, "Regenerate")
        await fake.until(lambda: len(server.requests("ReportDelivery")) == 3)

    assert [it.content for it in answers(fake, channel)] == ["Anew."]


async def test_a_reply_stays_as_it_is_if_another_one_fails(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_with(server, Turn.whole("One."))

    async with a_bot(fake, server.address):
        first = await answered(fake, server, channel, ada)
        answer_with(server, Turn(instead_of=[first]).says("Tw").fails("PROVIDER_UNAVAILABLE"))
        used = fake.use_on(ada, first, "Regenerate")
        await fake.until(lambda: used.replies)

    assert "can't be reached" in used.replies[0].content
    assert used.replies[0].ephemeral
    assert first.texts == ["One."]
    assert len(server.requests("ReportDelivery")) == 1


async def test_in_a_direct_message_another_reply_is_an_edit_of_the_bots_own(
    fake: FakeDiscord, server: StubServer
) -> None:
    ada = fake.add_user("ada")
    channel = fake.direct_channel(ada)
    answer_with(server, Turn.whole("One."))

    async with a_bot(fake, server.address):
        first = await answered(fake, server, channel, ada)
        answer_with(server, Turn(instead_of=[first]).ends_as("Two."))
        fake.use_on(ada, first, "Regenerate")
        await fake.until(lambda: len(server.requests("ReportDelivery")) == 2)

    assert first.texts == ["**Lilith:** One.", "**Lilith:** Two."]


async def test_only_a_characters_messages_can_be_said_anew(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    paper = fake.add_member("News")
    paper.bot = True
    news = fake.say(paper, channel, "Bees found")
    news.webhook = fake.add_webhook(channel, "News", paper)

    async with a_bot(fake, server.address):
        for message in (fake.say(ada, channel, "hello"), news):
            used = fake.use_on(ada, message, "Regenerate")
            await fake.until(lambda it=used: it.replies)
            assert "isn't a character's reply" in used.replies[0].content

    assert server.requests("Chat") == []


async def test_a_refusal_is_told_to_whoever_asked_alone(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada, bo = fake.add_channel("meadow"), fake.add_member("ada"), fake.add_member("bo")
    answer_with(server, Turn.whole("One."))

    async def not_yours(_: Any) -> Any:
        raise Refusal("NOT_FOUND", "MESSAGE_NOT_FOUND")
        yield

    async with a_bot(fake, server.address):
        first = await answered(fake, server, channel, ada)
        server.answers["Chat"] = not_yours
        used = fake.use_on(bo, first, "Regenerate")
        await fake.until(lambda: used.replies)

    assert "it isn't yours" in used.replies[0].content
    assert used.replies[0].ephemeral


async def test_a_deleted_reply_is_gone_everywhere(fake: FakeDiscord, server: StubServer) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_with(server, Turn.whole("One. " * 500))

    async with a_bot(fake, server.address):
        await answered(fake, server, channel, ada)
        shown = [str(it.id) for it in answers(fake, channel)]
        told = GetMessageResponse(message=Said(platform_message_ids=shown))
        server.answers["GetMessage"] = lambda _: told
        used = fake.use_on(ada, answers(fake, channel)[0], "Delete this reply")
        await fake.until(lambda: used.replies)

    assert used.replies[0].content.startswith("Deleted")
    assert answers(fake, channel) == []
    first = server.requests("DeleteMessage")[0]
    assert first.message.platform_message.message_id == shown[0]


async def test_why_and_what_else_are_flows_about_the_reply(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    reply = fake.say(fake.world.bot, channel, "**Lilith:** Hm.")
    told = GetMessageResponse(message=Said(id="m1", turn_id="t1"))
    flow = Flow(id=str(uuid4()), etag="1", state=OPEN, view=View(title="Here"))
    server.answers["GetMessage"] = lambda _: told
    server.answers["StartFlow"] = lambda _: StartFlowResponse(flow=flow)

    async with a_bot(fake, server.address):
        for name in ("About this reply", "Other replies"):
            used = fake.use_on(ada, reply, name)
            await fake.until(lambda it=used: it.replies)
            assert used.replies[0].ephemeral

    why, others = server.requests("StartFlow")
    assert (why.path, dict(why.arguments)) == ("turn why", {"turn": "t1"})
    assert (others.path, dict(others.arguments)) == ("message alternatives", {"message": "m1"})


async def test_any_message_can_be_remembered(fake: FakeDiscord, server: StubServer) -> None:
    channel, ada, bo = fake.add_channel("meadow"), fake.add_member("ada"), fake.add_member("bo")
    said = fake.say(bo, channel, f"<@{ada.id}> keeps bees")
    flow = Flow(id=str(uuid4()), etag="1", state=OPEN, view=View(title="Is it to be remembered?"))
    server.answers["StartFlow"] = lambda _: StartFlowResponse(flow=flow)

    async with a_bot(fake, server.address):
        used = fake.use_on(ada, said, "Remember this")
        await fake.until(lambda: used.replies)

    assert used.replies[0].ephemeral
    (begun,) = server.requests("StartFlow")
    told = {"message": str(said.id), "text": "ada keeps bees"}
    assert (begun.path, dict(begun.arguments)) == ("memory add", told)
    assert begun.place.channel_id == str(channel.id)


async def test_stop_ends_what_is_being_answered_to_its_person_there(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada, bo = fake.add_channel("meadow"), fake.add_member("ada"), fake.add_member("bo")
    turn = Turn()
    answer_with(server, turn)

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith tell me everything")
        turn.says("Once upon")
        await fake.wait_for(*EXECUTE)
        vain = fake.slash(bo, channel, "stop")
        await fake.until(lambda: vain.replies)
        stopped = fake.slash(ada, channel, "stop")
        await fake.until(lambda: stopped.replies)
        turn.ends_as("Once upon")
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert "Nobody is answering you" in vain.replies[0].content
    assert stopped.replies[0].content == "Stopped."
    assert [request.turn_id for request in server.requests("CancelTurn")] == [turn.id]


async def test_an_edit_is_told_and_not_answered(fake: FakeDiscord, server: StubServer) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_each(server, "Here.")

    async with a_bot(fake, server.address):
        aside = fake.say(ada, channel, "what a day")
        said = fake.say(ada, channel, "@Lilith helo")
        await fake.until(lambda: server.requests("ReportDelivery"))
        fake.unfold(said)
        fake.edit(aside, "what a fine day")
        fake.edit(said, "@Lilith hello")
        (edit,) = await fake.until(lambda: server.requests("EditMessage"))

    assert edit.text == "@Lilith hello"
    assert edit.message.platform_message.message_id == str(said.id)
    assert len(server.requests("Chat")) == 1


async def test_j4_what_is_deleted_on_discord_is_deleted_for_whose_it_was(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada, bo = fake.add_channel("meadow"), fake.add_member("ada"), fake.add_member("bo")
    heard = fake.add_channel("orchard")
    watched = Watched(server, Listening(channel_id=str(heard.id), records=True))
    answer_each(server, "Here.")

    async with a_bot(fake, server.address):
        await fake.until(lambda: watched.watchers)
        unknown = fake.say(bo, channel, "what a day")
        said = fake.say(ada, channel, "@Lilith hi")
        overheard = fake.say(bo, heard, "a secret")
        await fake.until(
            lambda: server.requests("ReportDelivery") and server.requests("RecordMessages")
        )
        reply = answers(fake, channel)[-1]
        fake.delete(unknown)
        fake.delete(overheard)
        fake.delete_many([said, reply])
        await fake.until(lambda: len(server.requests("DeleteMessage")) == 3)

    deleted = {
        call.request.message.platform_message.message_id: call.metadata["tzurot-subject"]
        for call in server.calls
        if call.method == "DeleteMessage"
    }
    assert deleted == {
        str(overheard.id): f"discord:{bo.id}",
        str(said.id): f"discord:{ada.id}",
        str(reply.id): f"discord:{ada.id}",
    }
