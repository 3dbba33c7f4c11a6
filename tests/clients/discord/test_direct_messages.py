"""Direct messages with the bot: a character's name in front, and help for whoever names nobody."""

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted import Turn, answer_each, answer_nobody, answer_with
from tests.clients.stub_server import StubServer
from tests.fakes.discord import FakeDiscord
from tzurot.common.v1.venue_pb2 import VENUE_DIRECT


async def test_a_character_answers_with_its_name_in_front_and_without_a_webhook(
    fake: FakeDiscord, server: StubServer
) -> None:
    ada = fake.add_user("ada", "Ada")
    turn = Turn()
    answer_with(server, turn)

    async with a_bot(fake, server.address):
        fake.direct_message(ada, "hey")
        turn.says("Hel")
        await fake.until(lambda: len(fake.messages(fake.direct_channel(ada))) == 2)
        turn.ends_as("Hello, Ada.")
        await fake.until(lambda: server.requests("ReportDelivery"))

    answer = fake.messages(fake.direct_channel(ada))[-1]
    assert answer.content == "**Lilith:** Hello, Ada."
    assert not any("webhooks" in request.template for request in fake.requests)
    (request,) = server.requests("Chat")
    assert request.place.venue == VENUE_DIRECT
    (report,) = server.requests("ReportDelivery")
    assert list(report.platform_message_ids) == [str(answer.id)]


async def test_whoever_names_nobody_is_told_how_to(fake: FakeDiscord, server: StubServer) -> None:
    ada = fake.add_user("ada")
    answer_nobody(server)

    async with a_bot(fake, server.address):
        fake.direct_message(ada, "hello?")
        await fake.until(lambda: len(fake.messages(fake.direct_channel(ada))) == 2)

    assert "begin with `@`" in fake.messages(fake.direct_channel(ada))[-1].content


async def test_b3_with_the_server_down_it_says_to_try_again(fake: FakeDiscord) -> None:
    ada = fake.add_user("ada")

    async with a_bot(fake, "127.0.0.1:9"):
        fake.direct_message(ada, "hey")
        await fake.until(lambda: len(fake.messages(fake.direct_channel(ada))) == 2)

    told = fake.messages(fake.direct_channel(ada))[-1].content
    assert told == "I can't reach my server at the moment. Try again in a minute."


async def test_a_reply_names_the_message_that_it_replies_to(
    fake: FakeDiscord, server: StubServer
) -> None:
    ada = fake.add_user("ada")
    answer_each(server, "Yes?")

    async with a_bot(fake, server.address):
        fake.direct_message(ada, "hey")
        await fake.until(lambda: server.requests("ReportDelivery"))
        answer = fake.messages(fake.direct_channel(ada))[-1]
        fake.direct_message(ada, "why?", reply_to=answer)
        await fake.until(lambda: len(server.requests("Chat")) == 2)

    assert server.requests("Chat")[-1].utterance.replied_to_message_id == str(answer.id)
