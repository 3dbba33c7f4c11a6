"""What people read when nobody answers: a sentence for each reason, to whom it concerns, once."""

import re
import time

import pytest
from grpclib.const import Status

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted import Turn, answer_with, know, refuse
from tests.clients.stub_server import StubServer
from tests.fakes.discord import FakeDiscord
from tzurot_client.errors import TzurotError
from tzurot_client.gen.tzurot.common.v1 import ErrorReason, Failure
from tzurot_discord import errors, stages

FROM_THE_SERVER = {
    ErrorReason.UNSPECIFIED,
    ErrorReason.INDEX_UNAVAILABLE,  # a notice: nothing fails
    ErrorReason.BUDGET_REACHED,  # the same
    ErrorReason.ANSWERED_BY_ANOTHER,  # the same
    ErrorReason.PRESET_MODEL_REPLACED,  # the same
    ErrorReason.PRESET_NOT_FOUND,
    ErrorReason.PRESET_NAME_TAKEN,
    ErrorReason.INVALID_FIELD,
    ErrorReason.PAGE_TOKEN_INVALID,
    ErrorReason.PAGE_TOKEN_MISMATCH,
    ErrorReason.UPDATE_MASK_INVALID,
    ErrorReason.NOT_EDITOR,
    ErrorReason.NOT_OWNER,
    ErrorReason.NOT_LOREBOOK_EDITOR,
    ErrorReason.AVATAR_NOT_FOUND,
    ErrorReason.MEMORY_NOT_FOUND,
    ErrorReason.SERVICE_TOKEN_NOT_FOUND,
    ErrorReason.API_KEY_NOT_FOUND,
    ErrorReason.SPONSOR_NOT_FOUND,
    ErrorReason.SPONSOR_KEY_UNSUITABLE,
    ErrorReason.MODEL_NOT_LISTED,
    ErrorReason.API_KEY_NAME_TAKEN,
    ErrorReason.API_KEY_LACKS_PERMISSION,
    ErrorReason.SLUG_TAKEN,
    ErrorReason.FILE_UNREADABLE,
    ErrorReason.ADDRESS_REFUSED,
    ErrorReason.PERSONALITY_NEEDED,
    ErrorReason.PERSONALITY_NOT_ACTIVE,
    ErrorReason.IMPORT_OUTDATED,
    ErrorReason.LOREBOOK_NOT_FOUND,
    ErrorReason.LOREBOOK_ENTRY_NOT_FOUND,
    ErrorReason.DOCUMENT_NOT_FOUND,
    ErrorReason.UNCLAIMED_MEMORIES_NOT_FOUND,
    ErrorReason.MEMORY_CLAIM_NOT_FOUND,
    ErrorReason.PERSONA_NOT_FOUND,
    ErrorReason.PERSONA_IS_DEFAULT,
    ErrorReason.DEFINITION_HIDDEN,
    ErrorReason.ALIAS_NOT_FOUND,
    ErrorReason.ALIAS_TAKEN,
    ErrorReason.OWNER_HAS_ALL_ROLES,
    ErrorReason.LIMIT_REACHED,
    ErrorReason.SETTING_NOT_FOUND,
    ErrorReason.DENIAL_NOT_FOUND,
    ErrorReason.DREAM_NOT_FOUND,
    ErrorReason.FACT_NOT_FOUND,
    ErrorReason.CONFIRMATION_INVALID,
    ErrorReason.CONFIRMATION_EXPIRED,
    ErrorReason.CONFIRMATION_USED,
    ErrorReason.CONFIRMATION_MISMATCH,
    ErrorReason.NOTHING_TO_RESTORE,
}
"""Reasons that only flows meet: they show the server's own sentence, which says more."""


def failed(reason: ErrorReason, **metadata: str) -> TzurotError:
    return TzurotError(Status.UNKNOWN, "The server's own sentence.", reason, metadata)


@pytest.mark.parametrize("reason", list(ErrorReason), ids=lambda reason: reason.name)
def test_each_reason_has_its_sentence_or_leaves_it_to_the_server(reason: ErrorReason) -> None:
    if reason in FROM_THE_SERVER:
        assert errors.sentence_of_flow(failed(reason)) in (
            "The server's own sentence.",
            errors.BROKEN,
        )
        return
    sentence = errors.sentence_for(failed(reason))
    assert sentence != "The server's own sentence."
    assert sentence == errors.sentence_about(Failure(reason=reason))
    assert "{" not in sentence
    broken = (ErrorReason.INTERNAL, ErrorReason.REQUEST_ID_REUSED)
    assert (sentence == errors.BROKEN) is (reason in broken)


def test_an_operators_own_words_are_told() -> None:
    told = errors.sentence_for(failed(ErrorReason.MAINTENANCE, message="Back at {noon}."))
    assert told == "I'm being worked on. Back at {noon}."


def test_what_a_sponsor_gives_is_told_with_its_cap_and_what_helps() -> None:
    known = {"budget": "what this server's sponsor gives you", "cap": "$0.50", "period": "day"}
    refusal = failed(ErrorReason.SPONSOR_CAP_REACHED, **known, reset_time="2026-12-01 00:00 UTC")
    assert errors.sentence_for(refusal) == (
        "This would take more than is left of what this server's sponsor gives you of $0.50 a day,"
        " until 2026-12-01 00:00 UTC. `/wallet keys` takes one of your own."
    )


def test_a_budget_is_told_with_its_cap_and_when_it_starts_anew() -> None:
    known = {"budget": "your budget", "cap": "$1.50", "period": "day"}
    refusal = failed(ErrorReason.BUDGET_EXHAUSTED, **known, reset_time="2026-12-01 00:00 UTC")
    assert errors.sentence_for(refusal) == (
        "This would take more than is left of your budget of $1.50 a day, until 2026-12-01 00:00"
        " UTC. `/wallet usage` shows yours."
    )


async def test_g4_who_says_too_much_is_told_when_it_goes_on_and_only_once(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada, bo = fake.add_channel("meadow"), fake.add_member("ada"), fake.add_member("bo")
    refuse(server, "RESOURCE_EXHAUSTED", "RATE_LIMITED", retry_seconds="90", told="false")

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: len(fake.messages(channel)) == 2)
        refuse(server, "RESOURCE_EXHAUSTED", "RATE_LIMITED", retry_seconds="88", told="true")
        fake.say(ada, channel, "@Lilith hi!")
        await fake.until(lambda: len(server.requests("Chat")) == 2)
        answer_with(server, Turn.whole("Hello, Bo."))
        fake.say(bo, channel, "@Lilith hi")
        await fake.until(lambda: server.requests("ReportDelivery"))

    notices = [m.content for m in fake.messages(channel) if m.author is fake.world.bot]
    assert len(notices) == 2
    told = re.search(r"<t:(\d+):R>", notices[0])
    assert told and 60 < int(told[1]) - time.time() <= 91
    assert notices[1] == "Hello, Bo."


async def test_a_command_is_always_answered_with_the_time(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    know(server, "Lilith")
    refuse(server, "RESOURCE_EXHAUSTED", "RATE_LIMITED", retry_seconds="9", told="true")

    async with a_bot(fake, server.address):
        asked = fake.slash(ada, channel, "chat", {"character": "lilith", "message": "Hi"})
        await fake.until(lambda: asked.replies)

    assert "Go on <t:" in asked.replies[0].content


@pytest.mark.parametrize("reason", ["AGE_VERIFICATION_REQUIRED", "PLACE_NOT_AGE_RESTRICTED"])
async def test_e1_what_is_said_about_somebodys_age_does_not_stay_in_a_channel(
    fake: FakeDiscord, server: StubServer, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "BRIEF_SECONDS", 0.3)
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    direct = fake.direct_channel(ada)
    refuse(server, "PERMISSION_DENIED", reason, personality="lilith")

    async with a_bot(fake, server.address):
        said = fake.say(ada, channel, "@Lilith hi")
        await fake.wait_for("POST", "/channels/{channel_id}/messages")
        await fake.wait_for("DELETE", "/channels/{channel_id}/messages/{message_id}")
        fake.direct_message(ada, "hi")
        await fake.until(lambda: len(fake.messages(direct)) == 2)

    assert fake.messages(channel) == [said]
    assert "for adults" in fake.messages(direct)[-1].content


async def test_e1_after_somebody_has_proved_their_age_nothing_is_said_of_it(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("den", nsfw=True), fake.add_member("ada")
    answer_with(server, Turn.whole("Come in."))

    async with a_bot(fake, server.address):
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: server.requests("ReportDelivery"))

    assert [m.content for m in fake.messages(channel)[1:]] == ["Come in."]
