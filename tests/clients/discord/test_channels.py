"""Characters in the channels of a Discord server: faces, replies, edits, silence."""

import pytest

from tests.clients.discord.harness import a_bot, a_bot_process, environment
from tests.clients.discord.scripted import (
    PICTURE,
    Turn,
    answer_each,
    answer_in_turn,
    answer_nobody,
    answer_with,
)
from tests.clients.stub_server import StubServer
from tests.fakes.discord import PER_WEBHOOK, FakeDiscord, Terms
from tzurot.common.v1.venue_pb2 import VENUE_PRIVATE_CHANNEL, VENUE_PUBLIC_CHANNEL
from tzurot_discord.names import username

EXECUTE = ("POST", "/webhooks/{webhook_id}/{webhook_token}")
EDIT = ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}")
CREATE = ("POST", "/channels/{channel_id}/webhooks")
TYPING = ("POST", "/channels/{channel_id}/typing")


async def test_a1_a_mentioned_character_answers_under_its_own_name_and_face(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada", "Ada")
    answer_with(server, Turn.whole("Good evening."))

    async with a_bot_process(environment(fake, server.address)):
        await fake.wait_ready()
        said = fake.say(ada, channel, "@Lilith hi")
        await fake.wait_for(*EXECUTE)

    (sent,) = fake.requested(*EXECUTE)
    assert sent.body["username"] == "Lilith"
    assert sent.body["content"] == "Good evening."
    assert sent.body["allowed_mentions"] == {"parse": []}
    assert sent.query["wait"] in ("1", "true")
    assert await fake.face(fake.messages(channel)[-1]) == PICTURE
    kinds = [(request.method, request.template) for request in fake.requests]
    assert kinds.index(TYPING) < kinds.index(EXECUTE)
    (request,) = server.requests("Chat")
    assert request.utterance.text == "@Lilith hi"
    assert request.utterance.speaker_name == "Ada"
    assert request.place.platform == "discord"
    assert (request.place.space_id, request.place.channel_id) == (
        str(said.channel.guild.id),
        str(channel.id),
    )
    (call,) = [call for call in server.calls if call.method == "Chat"]
    assert call.metadata["tzurot-subject"] == f"discord:{ada.id}"


async def test_a10_nothing_that_a_model_writes_pings_anybody(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    loud = f"@everyone <@{ada.id}> <@&{channel.guild.id}>"
    turn = Turn()
    answer_with(server, turn)

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith shout")
        turn.says(loud)
        await fake.wait_for(*EXECUTE)
        turn.says(" @here").ends_as(f"{loud} @here!")
        await fake.until(lambda: fake.messages(channel)[-1].content.endswith("!"))

    message = fake.messages(channel)[-1]
    assert len(message.versions) > 1, "it was edited as well"
    assert not message.pings
    told = fake.requested(*EXECUTE) + fake.requested(*EDIT)
    assert [request.body["allowed_mentions"] for request in told] == [{"parse": []}] * len(told)


async def test_h1_a_long_answer_comes_in_messages_that_each_stand_alone(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    code = "```python\n" + "\n".join(f"print({number})" for number in range(400)) + "\n```\n"
    text = f"Look.\n{code}" + "And so it goes on. " * 250
    assert len(text) > 8_900
    turn = Turn.whole(text)
    answer_with(server, turn)

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith show me")
        await fake.until(lambda: server.requests("ReportDelivery"))

    shown = [message for message in fake.messages(channel) if message.webhook]
    assert all(len(message.content) <= 2000 for message in shown)
    assert all(message.content.count("```") % 2 == 0 for message in shown)
    words = "".join(message.content.replace("```python", "```") for message in shown)
    assert _letters(words) == _letters(text.replace("```python", "```"))
    (report,) = server.requests("ReportDelivery")
    assert report.turn_id == turn.id
    assert list(report.platform_message_ids) == [str(message.id) for message in shown]
    assert [message.id for message in shown] == sorted(message.id for message in shown)


async def test_the_words_are_shown_as_they_come_and_the_stored_text_is_the_last(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    turn = Turn()
    answer_with(server, turn)

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith tell me")
        turn.says("Once upon")
        await fake.wait_for(*EXECUTE)
        turn.says(" a time")
        await fake.wait_for(*EDIT)
        turn.says(" there were bees").ends_as("Once upon a time there was a bee.")
        await fake.until(lambda: server.requests("ReportDelivery"))

    (answer,) = [message for message in fake.messages(channel) if message.webhook]
    assert answer.texts == ["Once upon", "Once upon a time", "Once upon a time there was a bee."]


async def test_an_edit_on_its_way_is_not_overtaken_and_the_end_replaces_what_waits(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    turn = Turn()
    answer_with(server, turn)

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith count")
        turn.says("1")
        await fake.wait_for(*EXECUTE)
        with fake.hold(*EDIT) as held:
            turn.says(" 2")
            await fake.until(lambda: held.held)
            turn.says(" 3").says(" 4").ends_as("1 2 3 4 5")
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert fake.messages(channel)[-1].texts == ["1", "1 2", "1 2 3 4 5"]


async def test_a3_two_characters_answer_one_after_another(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_with(server, Turn.whole("First.", "Lilith"), Turn.whole("Second.", "Bambi Prime"))

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith @Bambi Prime hello both")
        await fake.wait_for(*EXECUTE, count=2)

    shown = [(message.name, message.content) for message in fake.messages(channel)[1:]]
    assert shown == [("Lilith", "First."), ("Bambi Prime", "Second.")]
    assert len({message.webhook for message in fake.messages(channel)[1:]}) == 1


async def test_a5_ten_first_answers_at_once_make_one_webhook(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_each(server, "Here.")

    async with a_bot(fake, server.address):
        for number in range(10):
            fake.say(ada, channel, f"@Lilith {number}")
        await fake.wait_for(*EXECUTE, count=10)

    assert len(fake.requested(*CREATE)) == 1


async def test_the_webhook_and_the_avatar_are_found_again_after_a_restart(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_each(server, "Here.")

    for number in (1, 2):
        async with a_bot(fake, server.address):
            fake.say(ada, channel, "@Lilith are you there?")
            await fake.wait_for(*EXECUTE, count=number)

    assert len(fake.requested(*CREATE)) == 1
    assert len(fake.world.emojis) == 1
    assert len({message.avatar_url for message in fake.messages(channel) if message.webhook}) == 1


async def test_a6_a_deleted_webhook_is_made_anew_and_says_it_once(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_each(server, "Here.")

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith one")
        await fake.until(lambda: len(server.requests("ReportDelivery")) == 1)
        fake.remove_webhook(next(iter(fake.world.webhooks.values())))
        fake.say(ada, channel, "@Lilith two")
        await fake.until(lambda: len(server.requests("ReportDelivery")) == 2)

    assert len(fake.requested(*CREATE)) == 2
    told = [message.content for message in fake.messages(channel) if message.webhook]
    assert told == ["Here.", "Here."]


async def test_somebody_elses_webhook_is_never_used(fake: FakeDiscord, server: StubServer) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    theirs = fake.add_webhook(channel, "Tzurot", ada)
    answer_each(server, "Here.")

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.wait_for(*EXECUTE)

    assert fake.messages(channel)[-1].webhook is not theirs


async def test_without_a_webhook_the_bot_says_who_speaks(server: StubServer) -> None:
    answer_each(server, "Here.")
    async with FakeDiscord.start(Terms(webhook_limit=0)) as full:
        channel, ada = full.add_channel("meadow"), full.add_member("ada")
        async with a_bot(full, server.address):
            full.say(ada, channel, "@Lilith hi")
            await full.until(lambda: len(full.messages(channel)) == 3)

        assert full.messages(channel)[-1].content == "**Lilith:** Here."
        assert full.messages(channel)[-1].author is full.world.bot
        full.check()


async def test_in_a_thread_the_webhook_of_its_channel_speaks(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    thread = fake.add_thread("hives", channel)
    turn = Turn()
    answer_with(server, turn)

    async with a_bot(fake, server.address):
        fake.say(ada, thread, "@Lilith hi")
        turn.says("He")
        await fake.wait_for(*EXECUTE)
        turn.ends_as("Here.")
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert [message.content for message in fake.messages(thread)] == ["@Lilith hi", "Here."]
    assert server.requests("Chat")[0].place.channel_id == str(thread.id)


async def test_a_message_that_is_told_of_twice_is_answered_once(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_each(server, "Here.")

    async with a_bot(fake, server.address):
        fake.redispatch(fake.say(ada, channel, "@Lilith once"))
        fake.say(ada, channel, "@Lilith twice")
        await fake.until(lambda: len(server.requests("ReportDelivery")) == 2)

    assert [r.utterance.text for r in server.requests("Chat")] == ["@Lilith once", "@Lilith twice"]


async def test_the_same_message_has_the_same_request_id_in_every_process(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_nobody(server)
    said = fake.say(ada, channel, "@Lilith hi")

    for number in (1, 2):
        async with a_bot(fake, server.address):
            fake.redispatch(said)
            await fake.until(lambda count=number: len(server.requests("Chat")) == count)

    assert len({request.request_id for request in server.requests("Chat")}) == 1


async def test_what_concerns_no_character_is_never_sent_to_the_server(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada, bo = fake.add_channel("meadow"), fake.add_member("ada"), fake.add_member("bo")
    robot = fake.add_member("robot")
    robot.bot = True
    answer_nobody(server)

    async with a_bot(fake, server.address):
        remark = fake.say(ada, channel, "what a day")
        fake.say(bo, channel, "indeed", reply_to=remark)
        fake.say(bo, channel, f"<@{ada.id}> is right")
        fake.say(robot, channel, "@Lilith beep")
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: server.requests("Chat"))

    assert [request.utterance.text for request in server.requests("Chat")] == ["@Lilith hi"]
    assert all(message.author is not fake.world.bot for message in fake.messages(channel))


async def test_a_turn_that_fails_ends_in_one_sentence(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_with(server, Turn().says("Well, ").fails("PROVIDER_UNAVAILABLE"))

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: "model can't be reached" in fake.messages(channel)[-1].content)

    assert fake.messages(channel)[-1].content.startswith("Well,")


async def test_a_character_tells_of_a_failure_in_its_own_words_first(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_with(server, Turn().fails("PROVIDER_UNAVAILABLE", "*yawns* Not now."))

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: "model can't be reached" in fake.messages(channel)[-1].content)

    assert fake.messages(channel)[-1].content == (
        "*yawns* Not now.\n-# The model can't be reached. Try again in a moment."
    )


async def test_a_server_that_is_down_is_told_in_one_sentence(fake: FakeDiscord) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")

    async with a_bot(fake, "127.0.0.1:9"):
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: len(fake.messages(channel)) == 2)

    assert fake.messages(channel)[-1].content.startswith("I can't reach my server")


async def test_a_channel_and_its_threads_are_private_if_not_everybody_sees_it(
    fake: FakeDiscord, server: StubServer
) -> None:
    ada = fake.add_member("ada")
    hall, den = fake.add_channel("hall"), fake.add_channel("den", private=True)
    places = [hall, fake.add_thread("corner", hall), den, fake.add_thread("nook", den)]
    answer_nobody(server)

    async with a_bot(fake, server.address):
        for number, place in enumerate(places):
            fake.say(ada, place, "@Lilith hi")
            await fake.until(lambda count=number + 1: len(server.requests("Chat")) == count)

    venues = [request.place.venue for request in server.requests("Chat")]
    public, private = VENUE_PUBLIC_CHANNEL, VENUE_PRIVATE_CHANNEL
    assert venues == [public, public, private, private]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Discord Clyde", "Dis\u200acord Cl\u200ayde"),
        ("L", "L"),
        ("long " * 30, ("long " * 30)[:79]),
        ("long " * 17 + "(lilith-2)", "long " * 13 + "long (lilith-2)"),
        (
            "Clyde of the long and winding night (discord-x)",
            "Cl\u200ayde of the long and winding night (dis\u200acord-x)",
        ),
        (" two\n lines ", "two lines"),
        ("", "Character"),
    ],
)
def test_a9_any_name_is_made_fit_for_a_webhook(name: str, shown: str) -> None:
    assert username(name) == shown
    assert 1 <= len(shown) <= 80


async def test_h2_three_answers_at_once_share_a_tight_webhook_and_end_as_they_should(
    server: StubServer,
) -> None:
    turns = [Turn("Lilith"), Turn("Bambi"), Turn("Echo")]
    answer_in_turn(server, *turns)
    async with FakeDiscord.start(Terms(webhook_bucket=PER_WEBHOOK)) as tight:
        channel, ada = tight.add_channel("meadow"), tight.add_member("ada")
        async with a_bot(tight, server.address):
            for turn in turns:
                tight.say(ada, channel, "@Lilith @Bambi @Echo count")
                turn.says("1")
            await tight.wait_for(*EXECUTE, count=3)
            for number in range(2, 6):
                edits = len(tight.requested(*EDIT))
                for turn in turns:
                    turn.says(f" {number}")
                await tight.wait_for(*EDIT, count=edits + 1)
            for turn in turns:
                turn.ends_as("1 2 3 4 5 6")
            await tight.until(lambda: len(server.requests("ReportDelivery")) == 3)

        answers = [message for message in tight.messages(channel) if message.webhook]
        assert [answer.content for answer in answers] == ["1 2 3 4 5 6"] * 3
        for answer in answers:
            assert answer.texts == sorted(answer.texts, key=len), "never older after newer"
        assert 429 not in [request.status for request in tight.requests]
        tight.check()


def _letters(text: str) -> str:
    return "".join(text.replace("```", "").split())
