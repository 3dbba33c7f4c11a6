"""Whose turn it is in a channel, what is told of it, and what nobody answers."""

import asyncio
from uuid import uuid4

import pytest

from tests.session.channeling import (
    MUTED,
    NAMED,
    activates,
    deactivates,
    gives_the_floor,
    looks,
)
from tests.session.stage import Person, Stage, who
from tzurot_client import NotFound
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    ChatRequest,
    Interjection,
    Place,
    Scene,
)


@pytest.fixture
async def bambi(stage: Stage) -> Personality:
    return await stage.character("Bambi")


class TestNextSpeaker:
    @pytest.fixture(autouse=True)
    async def both(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        for character in (lilith, bambi):
            await activates(ada, meadow, character)

    async def test_it_alone_answers_the_next_message_that_names_nobody(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        assert (await gives_the_floor(ada, meadow, bambi)).next_speaker_id == bambi.id
        assert who(await ada.says(f"@{lilith.name}?", place=meadow)) == ["Lilith"]
        assert who(await ada.says("And now?", place=meadow)) == ["Bambi"]
        assert (await looks(ada, meadow)).next_speaker_id == ""
        assert who(await ada.says("And now?", place=meadow)) == ["Lilith", "Bambi"]

    async def test_of_two_messages_at_once_one_has_it(
        self, stage: Stage, ada: Person, meadow: Place, bambi: Personality
    ) -> None:
        for _ in range(3):
            await gives_the_floor(ada, meadow, bambi)
            people = [stage.person(name) for name in ("Bob", "Cleo", "Dora")]
            told = await asyncio.gather(*(one.says("Me!", place=meadow) for one in people))
            assert sorted(len(it) for it in told) == [1, 2, 2]

    async def test_the_same_request_again_is_answered_by_it_alone(
        self, ada: Person, meadow: Place, bambi: Personality
    ) -> None:
        await gives_the_floor(ada, meadow, bambi)
        request = ada.saying("Well?", place=meadow, request_id=str(uuid4()))
        first, again = await ada.sends(request), await ada.sends(request)
        assert who(first) == who(again) == ["Bambi"]
        assert len(await ada.says("Well?", place=meadow)) == 2

    async def test_it_can_be_taken_back(
        self, ada: Person, meadow: Place, bambi: Personality
    ) -> None:
        await gives_the_floor(ada, meadow, bambi)
        assert (await gives_the_floor(ada, meadow)).next_speaker_id == ""
        assert len(await ada.says("Well?", place=meadow)) == 2

    async def test_it_goes_with_its_activation(
        self, ada: Person, meadow: Place, bambi: Personality
    ) -> None:
        await gives_the_floor(ada, meadow, bambi)
        assert (await deactivates(ada, meadow, bambi)).next_speaker_id == ""
        await activates(ada, meadow, bambi)
        assert len(await ada.says("Well?", place=meadow)) == 2

    async def test_it_must_be_active(self, stage: Stage, ada: Person, meadow: Place) -> None:
        with pytest.raises(NotFound) as refused:
            await gives_the_floor(ada, meadow, await stage.character("Kael"))
        assert refused.value.reason is ErrorReason.PERSONALITY_NOT_ACTIVE


class TestUnanswered:
    async def test_what_nobody_answers_is_heard_where_somebody_is_active(
        self, stage: Stage, ada: Person, meadow: Place, lilith: Personality
    ) -> None:
        await activates(ada, meadow, lilith, NAMED)
        assert await ada.says("My bees hum.", place=meadow) == []
        bob = stage.person("Bob")
        await bob.says(f"@{lilith.name}, what did she say?", place=meadow)
        assert "My bees hum." in str(stage.asked[-1].messages)

    async def test_elsewhere_it_is_not_kept(self, stage: Stage, ada: Person, meadow: Place) -> None:
        await ada.says("My bees hum.", place=meadow)
        count = "SELECT count(*) FROM channel_lines WHERE channel_id = :channel"
        assert await stage.rows(count, channel=meadow.channel_id) == [(0,)]


class TestAskedToSpeak:
    async def test_all_who_are_active_speak_up_but_the_muted(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        await activates(ada, meadow, lilith, talkativeness=0.0)
        await activates(ada, meadow, bambi, MUTED)
        assert who(await ada.sends(ChatRequest(place=meadow, interjection=Interjection()))) == [
            "Lilith"
        ]

    async def test_in_a_scene_those_active_take_turns(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        for character in (lilith, bambi):
            await activates(ada, meadow, character, NAMED)
        scene = ChatRequest(place=meadow, scene=Scene(reply_limit=3))
        assert who(await ada.sends(scene)) == ["Lilith", "Bambi", "Lilith"]

    async def test_where_nobody_is_active_nobody_does(self, ada: Person, meadow: Place) -> None:
        assert await ada.sends(ChatRequest(place=meadow, interjection=Interjection())) == []


class TestTrace:
    async def test_it_says_why_this_one_and_why_not_the_others(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        await activates(ada, meadow, lilith)
        await activates(ada, meadow, bambi, NAMED)
        (told,) = await ada.says("Hi", place=meadow)
        trace = await ada.trace(told.turn_id)
        assert trace.addressed_because == "active here"
        (outcome,) = [step.outcome for step in trace.steps if step.name == "address"]
        assert outcome == (f"{lilith.slug} (active here); silent: {bambi.slug} (only when named)")
