"""Each answer appears once, however often its message is told of and by however many instances."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted import Turn, answer_in_turn, answer_with, grant
from tests.clients.stub_server import Refusal, StubServer, cable_to
from tests.fakes.discord import FakeDiscord
from tzurot.session.v1.session_service_pb2 import ClaimDeliveryResponse, WatchTurnResponse

EXECUTE = ("POST", "/webhooks/{webhook_id}/{webhook_token}")
TYPING = ("POST", "/channels/{channel_id}/typing")


def taken(_: Any) -> ClaimDeliveryResponse:
    """Another instance is at it."""
    return ClaimDeliveryResponse(expire_time=grant(None).expire_time)


def shown(_: Any) -> ClaimDeliveryResponse:
    """Another instance has shown it."""
    return ClaimDeliveryResponse()


async def test_g3_what_another_instance_has_shown_is_not_shown_again(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_in_turn(server, Turn.whole("Once."), Turn.whole("Twice."))
    server.answers["ClaimDelivery"] = [shown, grant]

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: server.requests("ClaimDelivery"))
        fake.say(ada, channel, "@Lilith and now?")
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert [message.content for message in fake.messages(channel) if message.webhook] == ["Twice."]
    first, second = server.requests("ClaimDelivery")
    assert first.instance_id == second.instance_id != ""
    (report,) = server.requests("ReportDelivery")
    assert report.turn_id == second.turn_id


async def test_g3_an_instance_takes_over_what_another_has_left(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_with(server, Turn.whole("Here."))
    server.answers["ClaimDelivery"] = [taken, grant]

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert fake.messages(channel)[-1].content == "Here."


async def test_an_answer_is_claimed_while_its_first_words_come(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    turn = Turn()
    answer_with(server, turn)

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: server.requests("ClaimDelivery"))
        assert fake.requested(*EXECUTE) == []
        turn.ends_as("Here.")
        await fake.wait_for(*EXECUTE)


async def test_a_server_that_can_not_say_who_is_to_show_it_leaves_nobody_without_an_answer(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_with(server, Turn.whole("Here."))

    def unable(_: Any) -> Awaitable[Any]:
        raise Refusal("UNAVAILABLE", "STORAGE_UNAVAILABLE")

    server.answers["ClaimDelivery"] = unable

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.wait_for(*EXECUTE)


async def test_what_is_answered_together_with_the_next_message_shows_nothing(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    unseen, seen = Turn().is_superseded(), Turn()
    answer_in_turn(server, unseen, seen, Turn.whole("All of it."))

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith first")
        await fake.until(lambda: len(server.requests("ClaimDelivery")) == 1)
        fake.say(ada, channel, "@Lilith second")
        seen.says("Wel")
        await fake.wait_for(*EXECUTE)
        seen.is_superseded()
        await fake.until(lambda: not any(m.webhook for m in fake.messages(channel)))
        fake.say(ada, channel, "@Lilith third")
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert [m.content for m in fake.messages(channel) if m.webhook] == ["All of it."]
    assert len(server.requests("ReportDelivery")) == 1


async def test_a_reply_says_whom_it_takes_the_person_for(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    turn = Turn(persona_name="Rin *of* the moor")
    answer_with(server, turn.ends_as("Hello."))

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert fake.messages(channel)[-1].content == r"Hello." + "\n" + r"-# to Rin \*of\* the moor"


async def test_a_reply_says_which_modes_are_on(fake: FakeDiscord, server: StubServer) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    modes = (["incognito"], ["fresh"], ["incognito", "fresh"])
    answer_in_turn(server, *(Turn(modes=it).ends_as("Hello.") for it in modes))

    async with a_bot(fake, server.address):
        for number in range(len(modes)):
            fake.say(ada, channel, "@Lilith hi")
            await fake.until(lambda: len(server.requests("ReportDelivery")) > number)  # noqa: B023

    incognito, fresh = "incognito: nothing of this is kept", "fresh: nothing about you came to mind"
    shown = [message.content for message in fake.messages(channel) if message.webhook]
    small = (incognito, fresh, f"{incognito} · {fresh}")
    assert shown == [f"Hello.\n-# {it}" for it in small]


async def test_a_reply_says_that_another_model_took_over_and_not_whose_key_it_was(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    turn = Turn().answered_by("llama3.2", "Nothing is left on your own API key `Work`.")
    answer_with(server, turn.ends_as("Hello."))

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: server.requests("ReportDelivery"))

    small = "-# llama3.2 answers: `/wallet explain` says why"
    assert fake.messages(channel)[-1].content == f"Hello.\n{small}"


async def test_a_reply_says_that_the_model_of_a_preset_was_not_to_be_had(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_with(server, Turn().replaced_by("llama3.2").ends_as("Hello."))

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: server.requests("ReportDelivery"))

    small = "-# llama3.2 answers: `/preset browse` says why"
    assert fake.messages(channel)[-1].content == f"Hello.\n{small}"


async def test_k1_a_connection_that_is_lost_and_found_again_answers_each_message_once(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_in_turn(server, *(Turn.whole(f"{number}.") for number in range(4)))

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith one")
        await fake.until(lambda: len(server.requests("ReportDelivery")) == 1)
        for number, disturb in enumerate((fake.reconnect_gateway, fake.drop_gateway), start=2):
            disturb()
            fake.redispatch(fake.say(ada, channel, f"@Lilith {number}"))
            await fake.until(lambda count=number: len(server.requests("ReportDelivery")) == count)
        assert fake.gateway.resumes == 2
        fake.invalidate_gateway()
        await fake.wait_ready(timeout=20)
        fake.say(ada, channel, "@Lilith four")
        await fake.until(lambda: len(server.requests("ReportDelivery")) == 4)

    assert [m.content for m in fake.messages(channel) if m.webhook] == ["0.", "1.", "2.", "3."]


async def test_h3_an_answer_goes_on_in_its_message_after_the_connection_to_the_server_broke(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    turn = Turn()
    answer_with(server, turn)

    async def watch(_: Any) -> AsyncIterator[Any]:
        async for event in turn.events():
            yield WatchTurnResponse(event=event)

    server.answers["WatchTurn"] = watch

    async with cable_to(server.address) as cable, a_bot(fake, cable.address):
        fake.say(ada, channel, "@Lilith tell me")
        turn.says("Once")
        await fake.wait_for(*EXECUTE)
        cable.cut()
        await fake.until(lambda: server.requests("WatchTurn"))
        turn.says(" upon").ends_as("Once upon a time.")
        await fake.until(lambda: server.requests("ReportDelivery"))

    (answer,) = [message for message in fake.messages(channel) if message.webhook]
    assert answer.content == "Once upon a time."
    (watched,) = server.requests("WatchTurn")
    assert (watched.turn_id, watched.after_sequence) == (turn.id, 2)
    assert len({request.request_id for request in server.requests("Chat")}) == 1


async def test_h4_typing_is_shown_again_until_the_first_words_and_may_be_refused(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    turn = Turn()
    answer_with(server, turn)
    fake.fault(*TYPING, 403, {"code": 50013, "message": "Missing Permissions"})

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith think long")
        await fake.wait_for(*TYPING, count=2, timeout=15)
        turn.ends_as("Hm.")
        await fake.wait_for(*EXECUTE)

    assert fake.messages(channel)[-1].content == "Hm."


async def test_h6_what_discord_puts_off_or_fumbles_is_delivered_once(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    answer_in_turn(server, Turn.whole("One."), Turn.whole("Two."))

    async with a_bot(fake, server.address):
        for number, status in enumerate((429, 502), start=1):
            fake.fault(*EXECUTE, status)
            fake.say(ada, channel, f"@Lilith {number}")
            await fake.until(
                lambda count=number: len(server.requests("ReportDelivery")) == count, 20
            )

    assert [m.content for m in fake.messages(channel) if m.webhook] == ["One.", "Two."]


async def test_two_instances_say_the_same_sentence_once(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    both = asyncio.Event()

    async def chat(_: Any) -> Any:
        await both.wait()
        raise Refusal("UNAVAILABLE", "MAINTENANCE")
        yield

    server.answers["Chat"] = chat

    async with a_bot(fake, server.address), a_bot(fake, server.address):
        await fake.until(lambda: len(fake.gateway.connected) == 2)
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: len(server.requests("Chat")) == 2)
        both.set()
        await fake.wait_for("POST", "/channels/{channel_id}/messages", count=2)

    assert [m.content for m in fake.messages(channel)[1:]] == ["I'm being worked on."]
