"""`/scene` and `/chime-in`: characters speak though nobody has said anything to them."""

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted import Turn, answer_nobody, answer_with, know, refuse
from tests.clients.stub_server import StubServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.state import Channel, Message

EXECUTE = ("POST", "/webhooks/{webhook_id}/{webhook_token}")
BOTH = {"character": "lilith", "with": "bambi"}


def answers(fake: FakeDiscord, channel: Channel) -> list[Message]:
    """What characters have said there."""
    bot = fake.world.bot
    return [it for it in fake.messages(channel) if it.author is bot and not it.ephemeral]


async def test_characters_talk_with_each_other_under_their_own_names(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    know(server, "Lilith", "Bambi")
    answer_with(server, Turn.whole("Too dear."), Turn.whole("Pick them yourself.", "Bambi"))

    async with a_bot(fake, server.address):
        options = {**BOTH, "third": "lilith", "topic": "mushrooms", "replies": 2}
        used = fake.slash(ada, channel, "scene", options)
        await fake.until(lambda: len(server.requests("ReportDelivery")) == 2)
        await fake.until(lambda: not fake.messages(channel)[-1].ephemeral)

    told = [(it.name, it.content) for it in answers(fake, channel)]
    assert told == [("Lilith", "Too dear."), ("Bambi", "Pick them yourself.")]
    assert used.replies == [], "it has nothing to say of itself"
    (request,) = server.requests("Chat")
    assert (request.scene.reply_limit, request.scene.topic) == (2, "mushrooms")
    assert len(request.addressees) == 3
    assert request.place.channel_id == str(channel.id)


async def test_each_one_of_a_scene_is_completed_as_in_a_chat(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    know(server, "Lilith", "Bambi")

    async with a_bot(fake, server.address):
        for command, key in (("scene", "with"), ("scene", "third"), ("chime-in", "character")):
            typed = fake.complete(ada, channel, command, {key: ""})
            await fake.until(typed.answered.is_set)
            names = [choice["name"] for choice in typed.choices]
            assert names == ["Lilith · lilith-0", "Bambi · bambi-1"]


async def test_stop_ends_the_reply_that_runs_in_a_scene(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    know(server, "Lilith", "Bambi")
    turn = Turn()
    answer_with(server, turn)

    async with a_bot(fake, server.address):
        fake.slash(ada, channel, "scene", BOTH)
        turn.says("Once upon")
        await fake.wait_for(*EXECUTE)
        stopped = fake.slash(ada, channel, "stop")
        await fake.until(lambda: stopped.replies)
        turn.ends_as("Once upon")
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert stopped.replies[0].content == "Stopped."
    assert [request.turn_id for request in server.requests("CancelTurn")] == [turn.id]


async def test_a_character_that_is_chosen_chimes_in(fake: FakeDiscord, server: StubServer) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    know(server, "Lilith")
    answer_with(server, Turn.whole("I like the rain."))

    async with a_bot(fake, server.address):
        fake.slash(ada, channel, "chime-in", {"character": "lilith"})
        await fake.until(lambda: server.requests("ReportDelivery"))

    (said,) = answers(fake, channel)
    assert (said.name, said.content) == ("Lilith", "I like the rain.")
    (request,) = server.requests("Chat")
    assert request.WhichOneof("input") == "interjection"
    assert len(request.addressees) == 1


async def test_without_a_character_the_server_says_who_chimes_in(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_nobody(server)

    async with a_bot(fake, server.address):
        used = fake.slash(ada, channel, "chime-in")
        await fake.until(lambda: used.replies)

    (told,) = used.replies
    assert told.content.startswith("Nobody is active here")
    assert told.ephemeral
    assert list(server.requests("Chat")[0].addressees) == []


async def test_in_a_direct_message_a_scene_answers_the_command(
    fake: FakeDiscord, server: StubServer
) -> None:
    ada = fake.add_user("ada")
    know(server, "Lilith", "Bambi")
    answer_with(server, Turn.whole("Too dear."), Turn.whole("Pick them yourself.", "Bambi"))

    async with a_bot(fake, server.address):
        used = fake.slash(ada, fake.direct_channel(ada), "scene", BOTH)
        await fake.until(lambda: len(server.requests("ReportDelivery")) == 2)

    told = [it.content for it in used.replies]
    assert told == ["**Lilith:** Too dear.", "**Bambi:** Pick them yourself."]


async def test_who_may_not_is_told_so_alone(fake: FakeDiscord, server: StubServer) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    know(server, "Lilith", "Bambi")
    refuse(server, "PERMISSION_DENIED", "SUBJECT_DENIED")

    async with a_bot(fake, server.address):
        used = fake.slash(ada, channel, "scene", BOTH)
        await fake.until(lambda: used.replies)

    (told,) = used.replies
    assert (told.content, told.ephemeral) == ("I may not answer you here.", True)
    assert answers(fake, channel) == []


async def test_a_scene_with_somebody_unknown_does_not_begin(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")

    async with a_bot(fake, server.address):
        used = fake.slash(ada, channel, "scene", BOTH)
        await fake.until(lambda: used.replies)

    assert used.replies[0].content == "I know no such character, or it isn't for you."
    assert server.requests("Chat") == []
