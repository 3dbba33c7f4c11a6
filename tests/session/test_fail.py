"""Turns that fail: the provider's fault or refused before it, always recorded and told."""

import pytest

from tests.fakes.provider import CONTEXT_TOO_LONG, Ending, Gate, Refusal, Reply
from tests.session.models import answering, speaker
from tests.session.stage import Person, Stage, Told, reason_of
from tzurot_client import DeadlineExceeded
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import TurnState


async def is_recorded(stage: Stage, ada: Person, told: Told) -> None:
    """A failed turn is there with its reason, for whoever looks or follows it again."""
    turn = await ada.turn(told.turn_id)
    assert turn.state is TurnState.FAILED
    assert turn.reply_message_id == ""
    assert reason_of(turn.failure) == told.why
    again = await ada.watches(told.turn_id)
    assert (again.how, again.why, again.text) == ("FAILED", told.why, "")
    assert again.finished.failure and told.finished.failure
    assert again.finished.failure.message == told.finished.failure.message
    said = await stage.messages(turn.conversation_id)
    assert [message.text for message in said] == ["Hi"]
    assert await stage.memories(told.turn_id) == []


class TestProvider:
    @pytest.mark.parametrize(
        ("reply", "reason", "attempt", "tries"),
        [
            (Refusal(401), "API_KEY_REJECTED", "HTTP 401", 1),
            (Refusal(404), "MODEL_NOT_FOUND", "HTTP 404", 1),
            (Refusal(429, retry_after="0"), "PROVIDER_QUOTA", "HTTP 429", 3),
            (Refusal(429, retry_after="3600"), "PROVIDER_QUOTA", "HTTP 429", 1),
            (Refusal(503, retry_after="0"), "PROVIDER_UNAVAILABLE", "HTTP 503", 3),
            (CONTEXT_TOO_LONG, "CONTEXT_TOO_SMALL", "HTTP 400", 1),
            (Reply("Half a ", ending=Ending.BREAK), "PROVIDER_UNAVAILABLE", "connection", 1),
            (Reply("Half a ", ending=Ending.ERROR), "PROVIDER_UNAVAILABLE", "HTTP 502", 1),
            (Reply(), "PROVIDER_UNAVAILABLE", "answered", 1),
            (Reply("  \n"), "PROVIDER_UNAVAILABLE", "answered", 1),
        ],
    )
    async def test_its_failures_are_recorded_and_told(
        self,
        stage: Stage,
        ada: Person,
        lilith: Personality,
        *,
        reply: Reply | Refusal,
        reason: str,
        attempt: str,
        tries: int,
    ) -> None:
        stage.model.script(*[reply] * tries)
        told = await ada.asks("Hi", lilith)

        assert (told.how, told.why) == ("FAILED", reason)
        assert told.finished.failure and told.finished.failure.message.endswith((".", "once."))
        attempts = (await ada.trace(told.turn_id)).attempts
        assert len(attempts) == len(stage.asked) == tries
        assert all(attempt in it.outcome for it in attempts), attempts
        await is_recorded(stage, ada, told)
        await stage.execute("DELETE FROM provider_refusals")  # the server is everybody's

    async def test_a_failure_that_passes_is_not_noticed(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script(Refusal(503, retry_after="0"), "Here I am.")
        told = await ada.asks("Hi", lilith)
        assert told.text == "Here I am."
        outcomes = [it.outcome for it in (await ada.trace(told.turn_id)).attempts]
        assert len(outcomes) == 2
        assert outcomes[0].startswith("PROVIDER_UNAVAILABLE: HTTP 503")

    async def test_one_that_does_not_answer_in_the_callers_time_is_given_up(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script(Reply("too late", gate=Gate()))
        events = ada.client.session.chat(ada.saying("Hi", lilith), timeout=0.7)
        begun = (await anext(events)).event
        assert begun
        with pytest.raises(DeadlineExceeded):
            await anext(events)
        told = await ada.watches(begun.turn_id)
        assert (told.how, told.why) == ("FAILED", "PROVIDER_TIMEOUT")
        await stage.model.until(lambda model: model.closed_early == 1)
        await is_recorded(stage, ada, told)

    async def test_the_next_turn_sees_what_was_left_unanswered(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script(Refusal(401), "Now I hear you.")
        await ada.asks("Do you hear me?", lilith)
        await ada.asks("And now?", lilith)
        words = [message["content"] for message in stage.asked[-1].said]
        assert words == ["Do you hear me?", "And now?"]


class TestRefusal:
    async def test_nobody_pays(self, stage: Stage, lilith: Personality) -> None:
        paid = speaker(stage, uses_operator_key=True)
        async with answering(stage, paid) as refusing:
            stranger = refusing.person("Bob", platform="discord")
            told = await stranger.asks("Hi", lilith)
            assert (told.how, told.why) == ("FAILED", "NO_PAYING_KEY")
            assert told.kinds == ["finished"]
            steps = [step.name for step in (await stranger.trace(told.turn_id)).steps]
            assert steps == ["admit", "address", "configure", "remember"]
            await is_recorded(stage, stranger, told)
            assert stage.asked == []

            owner = refusing.person("Ada", platform="local")
            assert (await owner.asks("Hi", lilith)).how == "STOP"

    async def test_the_character_is_too_much_for_the_model(self, stage: Stage) -> None:
        lilith = await stage.character("Lilith", system_prompt="Be patient. " * 400)
        async with answering(stage, speaker(stage, context_tokens=1024)) as small:
            ada = small.person("Ada")
            told = await ada.asks("Hi", lilith)
            assert (told.how, told.why) == ("FAILED", "CONTEXT_TOO_SMALL")
            assert stage.asked == []
            await is_recorded(stage, ada, told)
