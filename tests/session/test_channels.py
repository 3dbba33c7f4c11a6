"""Who answers in channels without being named: activation, and threads as their parents."""

import asyncio
from uuid import uuid4

import pytest

from tests.session.channeling import (
    MUTED,
    NAMED,
    activates,
    active,
    deactivates,
    gives_the_floor,
    looks,
    names,
    resets,
    thread,
)
from tests.session.stage import Person, Stage, who
from tzurot_client import NotFound, TzurotError
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    Channel,
    Place,
    ReportDeliveryRequest,
)


@pytest.fixture
async def bambi(stage: Stage) -> Personality:
    return await stage.character("Bambi")


class TestActivation:
    async def test_an_active_character_answers_everybody_unasked(
        self, stage: Stage, ada: Person, meadow: Place, lilith: Personality
    ) -> None:
        await activates(ada, meadow, lilith)
        assert who(await ada.says("Good morning", place=meadow)) == ["Lilith"]
        assert who(await stage.person("Bob").says("Hi all", place=meadow)) == ["Lilith"]
        assert await ada.says("Good morning", place=stage.channel()) == []

    async def test_several_answer_in_the_order_activated(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        await activates(ada, meadow, bambi)
        await activates(ada, meadow, lilith)
        await activates(ada, meadow, bambi, talkativeness=1.0)  # decided again, its place kept
        assert await active(ada, meadow) == ["Bambi", "Lilith"]
        assert who(await ada.says("Good morning", place=meadow)) == ["Bambi", "Lilith"]

    async def test_one_that_is_named_answers_alone(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        await activates(ada, meadow, bambi)
        await activates(ada, meadow, lilith, NAMED)
        assert who(await ada.says("Tea?", place=meadow)) == ["Bambi"]
        assert who(await ada.says(f"@{lilith.name}, tea?", place=meadow)) == ["Lilith"]

    async def test_a_muted_one_says_nothing_whoever_names_it_or_replies(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        await activates(ada, meadow, bambi)
        await activates(ada, meadow, lilith)
        _, turn = await ada.says("Hi", place=meadow)
        report = ReportDeliveryRequest(turn_id=turn.turn_id, platform_message_ids=["m1"])
        await ada.client.session.report_delivery(report)
        await activates(ada, meadow, lilith, MUTED)
        assert await ada.says(f"@{lilith.name}?", place=meadow) == []
        assert await ada.says("And?", place=meadow, replied_to="m1") == []
        assert who(await ada.says("Hm", place=meadow)) == ["Bambi"]

    async def test_one_that_never_feels_like_it_waits_to_be_named(
        self, ada: Person, meadow: Place, lilith: Personality
    ) -> None:
        await activates(ada, meadow, lilith, talkativeness=0.0)
        assert await ada.says("Anybody?", place=meadow) == []
        assert who(await ada.says(f"@{lilith.name}?", place=meadow)) == ["Lilith"]

    async def test_the_same_request_again_is_answered_by_the_same(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        for character in (lilith, bambi):
            await activates(ada, meadow, character, talkativeness=0.5)
        for _ in range(6):
            request = ada.saying("Well?", place=meadow, request_id=str(uuid4()))
            first, again = await ada.sends(request), await ada.sends(request)
            assert [it.turn_id for it in first] == [it.turn_id for it in again]

    async def test_who_is_taken_out_answers_no_more(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        await activates(ada, meadow, lilith)
        await activates(ada, meadow, bambi)
        assert names(await deactivates(ada, meadow, lilith)) == ["Bambi"]
        assert who(await ada.says("Hi", place=meadow)) == ["Bambi"]
        assert names(await deactivates(ada, meadow)) == []
        assert await ada.says("Hi", place=meadow) == []

    async def test_one_that_is_not_active_cannot_be_taken_out(
        self, ada: Person, meadow: Place, lilith: Personality
    ) -> None:
        with pytest.raises(NotFound) as refused:
            await deactivates(ada, meadow, lilith)
        assert refused.value.reason is ErrorReason.PERSONALITY_NOT_ACTIVE
        assert refused.value.metadata == {"personality_id": lilith.id}

    async def test_there_are_ten_at_most(
        self, stage: Stage, ada: Person, meadow: Place, lilith: Personality
    ) -> None:
        for number in range(10):
            await activates(ada, meadow, await stage.character(f"Crow{number}"))
        with pytest.raises(TzurotError) as refused:
            await activates(ada, meadow, lilith)
        assert refused.value.reason is ErrorReason.LIMIT_REACHED
        assert refused.value.metadata["limit"] == "10"
        first = stage.characters[-10]
        assert len((await activates(ada, meadow, first, MUTED)).activations) == 10

    async def test_two_at_once_do_not_pass_the_limit(
        self, stage: Stage, ada: Person, meadow: Place
    ) -> None:
        crows = [await stage.character(f"Rook{number}") for number in range(12)]
        tried = (activates(ada, meadow, crow) for crow in crows)
        done = await asyncio.gather(*tried, return_exceptions=True)
        assert sum(isinstance(it, Channel) for it in done) == 10
        assert len(await active(ada, meadow)) == 10

    async def test_a_deleted_character_is_active_nowhere(
        self, stage: Stage, ada: Person, meadow: Place, lilith: Personality
    ) -> None:
        await activates(ada, meadow, lilith)
        await gives_the_floor(ada, meadow, lilith)
        await stage.execute("DELETE FROM personalities WHERE id = :id", id=lilith.id)
        stage.characters.remove(lilith)
        channel = await looks(ada, meadow)
        assert (names(channel), channel.next_speaker_id) == ([], "")
        assert await ada.says("Hi", place=meadow) == []


class TestThread:
    async def test_it_is_as_its_parent(
        self, ada: Person, meadow: Place, lilith: Personality
    ) -> None:
        inside = thread(meadow, uuid4().hex)
        await activates(ada, meadow, lilith)
        channel = await looks(ada, inside)
        assert (names(channel), channel.inherited) == (["Lilith"], True)
        assert channel.place
        assert channel.place.channel_id == inside.channel_id
        assert not channel.update_time
        assert who(await ada.says("Hi", place=inside)) == ["Lilith"]

    async def test_its_first_decision_takes_the_others_along(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        inside = thread(meadow, uuid4().hex)
        await activates(ada, meadow, lilith, NAMED)
        channel = await activates(ada, inside, bambi)
        assert (names(channel), channel.inherited) == (["Lilith", "Bambi"], False)
        assert channel.activations[0].mode is NAMED
        await deactivates(ada, meadow)  # its own from now on
        assert await active(ada, inside) == ["Lilith", "Bambi"]
        assert await active(ada, meadow) == []

    async def test_nobody_is_a_decision_too(
        self, ada: Person, meadow: Place, lilith: Personality
    ) -> None:
        inside = thread(meadow, uuid4().hex)
        await activates(ada, meadow, lilith)
        channel = await deactivates(ada, inside)
        assert (names(channel), channel.inherited) == ([], False)
        assert await ada.says("Hi", place=inside) == []
        assert who(await ada.says("Hi", place=meadow)) == ["Lilith"]

    async def test_reset_makes_it_as_its_parent_again(
        self, ada: Person, meadow: Place, lilith: Personality
    ) -> None:
        inside = thread(meadow, uuid4().hex)
        await activates(ada, meadow, lilith)
        await deactivates(ada, inside)
        channel = await resets(ada, inside)
        assert (names(channel), channel.inherited) == (["Lilith"], True)

    async def test_what_was_refused_leaves_it_as_its_parent(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        inside = thread(meadow, uuid4().hex)
        await activates(ada, meadow, lilith)
        with pytest.raises(NotFound):
            await deactivates(ada, inside, bambi)
        assert (await looks(ada, inside)).inherited

    async def test_the_parents_next_speaker_is_not_the_threads(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        for character in (lilith, bambi):
            await activates(ada, meadow, character)
        await gives_the_floor(ada, meadow, bambi)
        inside = thread(meadow, uuid4().hex)
        assert who(await ada.says("Hi", place=inside)) == ["Lilith", "Bambi"]
        assert who(await ada.says("Hi", place=meadow)) == ["Bambi"]
