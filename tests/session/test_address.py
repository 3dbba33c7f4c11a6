"""Who answers: the chosen, else who is replied to, else the mentioned, else the last in direct."""

import pytest

from tests.fakes.provider import Refusal
from tests.session.stage import Person, Stage, Told, who
from tzurot_client import NotFound, PermissionDenied
from tzurot_client.gen.tzurot.common.v1 import ErrorReason, Venue
from tzurot_client.gen.tzurot.personality.v1 import Personality, Visibility
from tzurot_client.gen.tzurot.session.v1 import Place, ReportDeliveryRequest


@pytest.fixture
async def bambi(stage: Stage) -> Personality:
    return await stage.character("Bambi")


async def shown_as(ada: Person, turn: Told, *message_ids: str) -> None:
    """Tell the server which messages of the platform show a reply."""
    report = ReportDeliveryRequest(turn_id=turn.turn_id, platform_message_ids=list(message_ids))
    await ada.client.session.report_delivery(report)


@pytest.mark.usefixtures("lilith", "bambi")
class TestMention:
    @pytest.mark.parametrize(
        ("words", "names"),
        [
            ("@Lilith, are you there?", ["Lilith"]),
            ("good morning @bambi", ["Bambi"]),
            ("@Bambi and @Lilith: tea?", ["Bambi", "Lilith"]),
            ("@Lilith @lilith @LILITH", ["Lilith"]),
            ("Lilith, are you there?", []),
            ("write to ada@Lilith.example", []),
            ("@Nobody", []),
        ],
    )
    async def test_the_mentioned_answer_in_order(
        self, ada: Person, meadow: Place, words: str, names: list[str]
    ) -> None:
        assert who(await ada.says(words, place=meadow)) == names

    async def test_the_longest_name_wins(self, stage: Stage, ada: Person, meadow: Place) -> None:
        await stage.character("Bambi Prime")
        assert who(await ada.says("@Bambi Prime, you there?", place=meadow)) == ["Bambi Prime"]

    async def test_at_most_five_answer(self, stage: Stage, ada: Person, meadow: Place) -> None:
        names = [f"Crow{number}" for number in range(7)]
        for name in names:
            await stage.character(name)
        words = " ".join(f"@{name}" for name in names)
        assert who(await ada.says(words, place=meadow)) == names[:5]


class TestReply:
    async def test_a_reply_to_a_characters_message_needs_no_mention(
        self, ada: Person, meadow: Place, lilith: Personality
    ) -> None:
        await shown_as(ada, await ada.asks("Hi", lilith, place=meadow), "m1", "m2")
        assert who(await ada.says("And?", place=meadow, replied_to="m2")) == ["Lilith"]

    async def test_anybody_may_reply_to_it(
        self, stage: Stage, ada: Person, meadow: Place, lilith: Personality
    ) -> None:
        await shown_as(ada, await ada.asks("Hi", lilith, place=meadow), "m1")
        bob = stage.person("Bob")
        assert who(await bob.says("Me too", place=meadow, replied_to="m1")) == ["Lilith"]

    async def test_it_answers_before_those_mentioned(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        await shown_as(ada, await ada.asks("Hi", lilith, place=meadow), "m1")
        words = f"What would @{bambi.name} say?"
        told = await ada.says(words, place=meadow, replied_to="m1")
        assert who(told) == ["Lilith", "Bambi"]

    async def test_a_reply_to_another_message_falls_back_to_mentions(
        self, ada: Person, meadow: Place, bambi: Personality
    ) -> None:
        told = await ada.says(f"@{bambi.name}!", place=meadow, replied_to="unknown")
        assert who(told) == ["Bambi"]

    async def test_a_message_of_another_channel_is_another_message(
        self, stage: Stage, ada: Person, meadow: Place, lilith: Personality
    ) -> None:
        await shown_as(ada, await ada.asks("Hi", lilith, place=meadow), "m1")
        assert await ada.says("And?", place=stage.channel(), replied_to="m1") == []


class TestChoice:
    async def test_it_comes_before_everything_else(
        self, ada: Person, meadow: Place, lilith: Personality, bambi: Personality
    ) -> None:
        await shown_as(ada, await ada.asks("Hi", lilith, place=meadow), "m1")
        told = await ada.says("@Lilith?", bambi, place=meadow, replied_to="m1")
        assert who(told) == ["Bambi"]

    async def test_the_chosen_answer_in_the_order_chosen_each_once(
        self, ada: Person, lilith: Personality, bambi: Personality
    ) -> None:
        assert who(await ada.says("Hi", bambi, lilith, bambi)) == ["Bambi", "Lilith"]

    async def test_one_that_fails_does_not_stop_the_next(
        self, stage: Stage, ada: Person, lilith: Personality, bambi: Personality
    ) -> None:
        stage.model.script(Refusal(401), "Here I am.")
        told = await ada.says("Hi", lilith, bambi)
        assert [(turn.by, turn.how) for turn in told] == [("Lilith", "FAILED"), ("Bambi", "STOP")]

    async def test_one_that_does_not_exist_is_refused_before_any_turn(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        nobody = Personality(slug="nobody-of-this-name")
        with pytest.raises(NotFound) as refused:
            await ada.says("Hi", lilith, nobody)
        assert refused.value.reason is ErrorReason.PERSONALITY_NOT_FOUND
        assert stage.asked == []

    async def test_somebody_elses_private_character_does_not_exist(
        self, stage: Stage, ada: Person
    ) -> None:
        lilith = await stage.character("Lilith", Visibility.PRIVATE)
        with pytest.raises(NotFound) as refused:
            await ada.says("Hi", lilith)
        assert refused.value.reason is ErrorReason.PERSONALITY_NOT_FOUND


class TestLast:
    async def test_in_direct_whom_the_person_last_spoke_to(
        self, ada: Person, lilith: Personality, bambi: Personality
    ) -> None:
        assert await ada.says("Anybody?") == []
        await ada.says("Hi", lilith)
        await ada.says("Hi", bambi)
        assert who(await ada.says("And you?")) == ["Bambi"]
        await ada.says("@Lilith?")
        assert who(await ada.says("And you?")) == ["Lilith"]

    async def test_not_whom_somebody_else_spoke_to(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        await ada.says("Hi", lilith)
        assert await stage.person("Bob").says("And you?") == []

    async def test_in_a_channel_nobody(
        self, ada: Person, meadow: Place, lilith: Personality
    ) -> None:
        await ada.says("Hi", lilith, place=meadow)
        assert await ada.says("And you?", place=meadow) == []


class TestGreeting:
    async def test_a_character_speaks_first_in_its_own_words(
        self, stage: Stage, ada: Person
    ) -> None:
        lilith = await stage.character("Lilith", greeting="I am {{char}}. Who are you?")
        (told,) = await ada.is_greeted_by(lilith)
        assert told.kinds == ["started", "text_delta", "finished"]
        assert told.text == told.streamed == "I am Lilith. Who are you?"
        assert stage.asked == []

    async def test_it_is_part_of_the_conversation(self, stage: Stage, ada: Person) -> None:
        lilith = await stage.character("Lilith", greeting="Who are you?")
        await ada.is_greeted_by(lilith)
        await ada.asks("I am Ada.")  # whom she was greeted by answers
        words = [message["content"] for message in stage.asked[0].said]
        assert words == ["Who are you?", "I am Ada."]

    async def test_it_is_not_remembered(self, stage: Stage, ada: Person) -> None:
        lilith = await stage.character("Lilith", greeting="Who are you?")
        (told,) = await ada.is_greeted_by(lilith)
        assert await stage.memories(told.turn_id) == []

    async def test_one_without_a_greeting_waits_to_be_spoken_to(
        self, ada: Person, lilith: Personality
    ) -> None:
        assert await ada.is_greeted_by(lilith) == []


@pytest.mark.parametrize("venue", [Venue.PUBLIC_CHANNEL, Venue.PRIVATE_CHANNEL])
async def test_a_channel_of_another_platform_is_not_joined_by_naming_it(
    stage: Stage, ada: Person, lilith: Personality, venue: Venue
) -> None:
    with pytest.raises(PermissionDenied) as refused:
        await ada.says("Hi", lilith, place=stage.channel(venue, platform="discord"))
    assert refused.value.reason is ErrorReason.SUBJECT_DENIED
    assert stage.asked == []


async def test_a_direct_place_of_the_same_name_is_another_one_for_each_person(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    bob = stage.person("Bob")
    assert ada.direct == bob.direct
    of_ada, of_bob = await ada.asks("I keep bees.", lilith), await bob.asks("Hello", lilith)
    assert of_ada.conversation_id != of_bob.conversation_id
    assert "bees" not in str(stage.asked[-1].messages)
