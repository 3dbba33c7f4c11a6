"""`/chat`: completed, deferred, answered; and told to Discord only when it has changed."""

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted import Turn, answer_each, answer_nobody, answer_with, know
from tests.clients.stub_server import StubServer
from tests.fakes.discord import FakeDiscord

PUT = ("PUT", "/applications/{application_id}/commands")


async def test_chat_answers_in_place_of_the_loading_message(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada", "Ada")
    know(server, "Lilith")
    turn = Turn()
    answer_with(server, turn)

    async with a_bot(fake, server.address):
        completion = fake.complete(ada, channel, "chat", {"character": "li"})
        await fake.until(lambda: completion.choices)
        (choice,) = completion.choices
        asked = fake.slash(
            ada, channel, "chat", {"character": choice["value"], "message": "How are you?"}
        )
        turn.says("Fine")
        await fake.until(lambda: asked.replies)
        turn.says(" " + "indeed " * 400).ends_as("Fine " + "indeed " * 400)
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert asked.replies[0].content.startswith("**Lilith:** Fine")
    assert [reply.pings for reply in asked.replies if reply.pings] == []
    assert len(asked.followups) == 1
    (report,) = server.requests("ReportDelivery")
    assert list(report.platform_message_ids) == [str(reply.id) for reply in asked.replies]
    (request,) = server.requests("Chat")
    assert request.addressees[0].id == choice["value"]
    assert request.utterance.text == "How are you?"


async def test_chat_without_a_message_lets_the_character_greet(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada", "Ada")
    know(server, "Lilith")
    answer_with(server, Turn.whole("Mind the step."))

    async with a_bot(fake, server.address):
        greeted = fake.slash(ada, channel, "chat", {"character": "lilith"})
        await fake.until(lambda: greeted.replies)
        answer_nobody(server)
        silent = fake.slash(ada, channel, "chat", {"character": "lilith"})
        await fake.until(lambda: silent.replies)

    assert greeted.replies[0].content == "**Lilith:** Mind the step."
    assert "has no greeting" in silent.replies[0].content
    assert [request.WhichOneof("input") for request in server.requests("Chat")] == ["greeting"] * 2
    assert [it.greeting.speaker_name for it in server.requests("Chat")] == ["Ada"] * 2


async def test_chat_works_in_a_direct_message_and_takes_a_typed_name(
    fake: FakeDiscord, server: StubServer
) -> None:
    ada = fake.add_user("ada")
    know(server, "Lilith")
    answer_each(server, "Here.")

    async with a_bot(fake, server.address):
        options = {"character": "lilith", "message": "Hi"}
        asked = fake.slash(ada, fake.direct_channel(ada), "chat", options)
        await fake.until(lambda: asked.replies)

    assert asked.replies[0].content == "**Lilith:** Here."


async def test_an_unknown_character_is_told_in_one_sentence(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")

    async with a_bot(fake, server.address):
        asked = fake.slash(ada, channel, "chat", {"character": "nobody", "message": "Hi"})
        await fake.until(lambda: asked.replies)

    assert asked.replies[0].content == "I know no such character, or it isn't for you."
    assert server.requests("Chat") == []


async def test_characters_of_the_same_name_are_told_apart(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    know(server, "Lilith", "Lilith", "Bambi")

    async with a_bot(fake, server.address):
        completion = fake.complete(ada, channel, "chat", {"character": ""})
        await fake.until(lambda: completion.choices)

    names = [choice["name"] for choice in completion.choices]
    assert names == ["Lilith (lilith-0)", "Lilith (lilith-1)", "Bambi · bambi-2"]


async def test_a_server_that_is_down_completes_nothing(fake: FakeDiscord) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")

    async with a_bot(fake, "127.0.0.1:9"):
        completion = fake.complete(ada, channel, "chat", {"character": "li"})
        await fake.until(completion.answered.is_set)

    assert completion.choices == []


async def test_commands_are_told_to_discord_once_and_again_when_they_differ(
    fake: FakeDiscord, server: StubServer
) -> None:
    for _ in range(2):
        async with a_bot(fake, server.address):
            pass
    assert len(fake.requested(*PUT)) == 1

    fake.world.commands[0]["description"] = "Something else"
    async with a_bot(fake, server.address):
        pass
    assert len(fake.requested(*PUT)) == 2
    assert fake.world.commands[0]["description"] == "Talk to a character"
