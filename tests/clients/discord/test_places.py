"""Where something is said, as the server is told: threads, posts, groups, age limits."""

import pytest

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted import Turn, answer_nobody, answer_with, know
from tests.clients.stub_server import StubServer
from tests.fakes.discord import FakeDiscord
from tzurot.common.v1.venue_pb2 import VENUE_DIRECT, VENUE_PRIVATE_CHANNEL
from tzurot.session.v1.place_pb2 import AGE_LIMIT_ADULTS, AGE_LIMIT_NONE, AGE_LIMIT_UNSPECIFIED

EXECUTE = ("POST", "/webhooks/{webhook_id}/{webhook_token}")
CREATE = ("POST", "/channels/{channel_id}/webhooks")
FOLLOW_UPS = 5


async def test_e2_e3_a_place_is_for_adults_if_its_channel_its_parent_or_its_server_is(
    fake: FakeDiscord, server: StubServer
) -> None:
    ada, open_, adult = (
        fake.add_member("ada"),
        fake.add_channel("hall"),
        fake.add_channel("den", nsfw=True),
    )
    forum = fake.add_forum("nights", nsfw=True)
    club = fake.add_guild("The Club")
    club.nsfw_level = 3
    bar = fake.add_channel("bar", guild=club)
    club.members[ada.id] = ada
    places = {
        open_: AGE_LIMIT_NONE,
        fake.add_thread("corner", open_): AGE_LIMIT_NONE,
        adult: AGE_LIMIT_ADULTS,
        fake.add_thread("nook", adult): AGE_LIMIT_ADULTS,
        fake.add_thread("a post", forum): AGE_LIMIT_ADULTS,
        bar: AGE_LIMIT_ADULTS,
        fake.direct_channel(ada): AGE_LIMIT_UNSPECIFIED,
    }
    answer_nobody(server)

    async with a_bot(fake, server.address):
        for number, place in enumerate(places, start=1):
            fake.say(ada, place, "@Lilith hi")
            await fake.until(lambda count=number: len(server.requests("Chat")) == count)

    assert [request.place.age_limit for request in server.requests("Chat")] == list(places.values())
    parents = [request.place.parent_channel_id for request in server.requests("Chat")]
    assert parents == ["", str(open_.id), "", str(adult.id), str(forum.id), "", ""]


async def test_a8_a_post_in_a_forum_is_answered_by_the_forums_webhook(
    fake: FakeDiscord, server: StubServer
) -> None:
    forum, ada = fake.add_forum("questions"), fake.add_member("ada")
    post = fake.add_thread("how many bees?", forum)
    answer_with(server, Turn.whole("Many."))

    async with a_bot(fake, server.address):
        fake.say(ada, post, "@Lilith hi")
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert fake.messages(post)[-1].content == "Many."
    (made,) = fake.requested(*CREATE)
    assert made.path["channel_id"] == str(forum.id)
    (sent,) = fake.requested(*EXECUTE)
    assert sent.query["thread_id"] == str(post.id)
    assert "thread_name" not in sent.body


async def test_b4_a_group_that_the_bot_is_no_member_of_gets_an_answer_of_six_messages_at_most(
    fake: FakeDiscord, server: StubServer
) -> None:
    ada = fake.add_user("ada")
    group = fake.add_group(ada, fake.add_user("bo"))
    know(server, "Lilith")
    answer_with(server, Turn.whole("And so it goes on. " * 1000))

    async with a_bot(fake, server.address):
        options = {"character": "lilith", "message": "tell me all"}
        asked = fake.slash(ada, group, "chat", options, by_person=True)
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert len(asked.replies) == 1 + FOLLOW_UPS
    assert asked.replies[-1].content.endswith("more I can't show here.")
    assert not any("/channels/" in request.template for request in fake.requests)
    (request,) = server.requests("Chat")
    assert request.place.venue == VENUE_PRIVATE_CHANNEL
    assert request.place.channel_id == str(group.id)


async def test_b4_a_direct_message_with_the_bot_is_direct_whoever_has_installed_it(
    fake: FakeDiscord, server: StubServer
) -> None:
    ada = fake.add_user("ada")
    know(server, "Lilith")
    answer_with(server, Turn.whole("Hi."))

    async with a_bot(fake, server.address):
        options = {"character": "lilith", "message": "hi"}
        asked = fake.slash(ada, fake.direct_channel(ada), "chat", options, by_person=True)
        await fake.until(lambda: asked.replies)

    assert server.requests("Chat")[0].place.venue == VENUE_DIRECT


@pytest.mark.parametrize("code", [30007, 50013])
async def test_a7_where_there_can_be_no_webhook_the_bot_speaks_and_says_why_once(
    fake: FakeDiscord, server: StubServer, code: int
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    fake.fault(*CREATE, 400 if code == 30007 else 403, {"code": code, "message": ""})

    async with a_bot(fake, server.address):
        for number in (1, 2):
            answer_with(server, Turn.whole("Here.", "Lilith *the first*"))
            fake.say(ada, channel, "@Lilith hi")
            await fake.until(lambda n=number: len(server.requests("ReportDelivery")) == n)

    said = [m.content for m in fake.messages(channel) if m.author is fake.world.bot]
    hint, *answers = said
    assert ("15 webhooks" in hint) is (code == 30007)
    assert ("Manage Webhooks" in hint) is (code == 50013)
    assert answers == [r"**Lilith \*the first\*:** Here."] * 2


async def test_a_character_speaks_under_the_name_that_the_server_decides(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_with(server, Turn("Lilith", display_name="Lilith (lilith-2)").says("Hi").ends_as("Hi"))

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert fake.messages(channel)[-1].name == "Lilith (lilith-2)"
