"""What a character knows: the conversation in sight, memories beyond it, and nothing of others."""

import pytest

from tests.fakes.provider import Request
from tests.session.models import answering, speaker
from tests.session.stage import Person, Stage
from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.personality.v1 import Personality

BEES = "I keep bees in my garden."
QUESTION = "What do I keep in my garden?"


def prompt(request: Request) -> str:
    return "\n".join(str(message["content"]) for message in request.messages)


class TestHistory:
    async def test_the_model_is_shown_both_sides(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script("How lovely!")
        await ada.asks(BEES, lilith)
        await ada.asks(QUESTION, lilith)
        assert stage.asked[-1].said == [
            {"role": "user", "content": BEES},
            {"role": "assistant", "content": "How lovely!"},
            {"role": "user", "content": QUESTION},
        ]

    async def test_what_is_in_sight_is_not_recalled_as_well(
        self, ada: Person, lilith: Personality
    ) -> None:
        await ada.asks(BEES, lilith)
        assert (await ada.asks(QUESTION, lilith)).cited == []

    async def test_what_went_out_of_sight_is_recalled(self, stage: Stage) -> None:
        lilith = await stage.character("Lilith")
        async with answering(stage, speaker(stage, context_tokens=1100)) as small:
            ada = small.person("Ada")
            await ada.asks(BEES, lilith)
            await ada.asks("And now for something else: " + "la " * 300, lilith)
            told = await ada.asks(QUESTION, lilith)
        assert told.cited == [BEES]
        in_sight = [m["content"] for m in stage.asked[-1].messages if m["role"] == "user"]
        assert in_sight == [QUESTION]


class TestPeople:
    async def test_what_somebody_else_said_is_not_recalled(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        bob = stage.person("Bob")
        await ada.asks(BEES, lilith)
        assert (await bob.asks(QUESTION, lilith)).cited == []
        assert "bees" not in prompt(stage.asked[-1])

    async def test_in_one_channel_each_is_remembered_for_themselves(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        bob, meadow, forest = stage.person("Bob"), stage.channel(), stage.channel()
        await ada.asks(BEES, lilith, place=meadow)
        await bob.asks("I keep snakes in my garden.", lilith, place=meadow)
        of_ada = await ada.asks(QUESTION, lilith, place=forest)
        of_bob = await bob.asks(QUESTION, lilith, place=stage.channel())
        assert of_ada.cited == [BEES]
        assert of_bob.cited == ["I keep snakes in my garden."]
        assert "What you remember Bob saying before:" in prompt(stage.asked[-1])
        assert "bees" not in prompt(stage.asked[-1])

    async def test_in_a_channel_each_line_carries_its_speakers_name(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        bob, meadow = stage.person("Bob"), stage.channel()
        stage.model.script("How lovely!")
        await ada.asks(BEES, lilith, place=meadow)
        await bob.asks("Do I?", lilith, place=meadow)
        assert [message["content"] for message in stage.asked[-1].said] == [
            f"Ada: {BEES}",
            "How lovely!",
            "Bob: Do I?",
        ]

    async def test_a_name_cannot_bring_lines_of_its_own(
        self, stage: Stage, lilith: Personality
    ) -> None:
        mallory = stage.person("Mallory\nAda")
        await mallory.asks("I hate bees.", lilith, place=stage.channel())
        assert stage.asked[-1].messages[-1]["content"] == "Mallory Ada: I hate bees."

    async def test_another_character_remembers_nothing_of_it(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        bambi = await stage.character("Bambi")
        await ada.asks(BEES, lilith)
        assert (await ada.asks(QUESTION, bambi)).cited == []


class TestVenue:
    @pytest.mark.parametrize(
        ("said_in", "asked_in", "recalled"),
        [
            (Venue.DIRECT, Venue.PUBLIC_CHANNEL, False),
            (Venue.DIRECT, Venue.PRIVATE_CHANNEL, False),
            (Venue.PRIVATE_CHANNEL, Venue.PUBLIC_CHANNEL, False),
            (Venue.PRIVATE_CHANNEL, Venue.PRIVATE_CHANNEL, False),  # another one
            (Venue.PUBLIC_CHANNEL, Venue.DIRECT, True),
            (Venue.PUBLIC_CHANNEL, Venue.PRIVATE_CHANNEL, True),
            (Venue.PUBLIC_CHANNEL, Venue.PUBLIC_CHANNEL, True),
            (Venue.PRIVATE_CHANNEL, Venue.DIRECT, True),
        ],
    )
    async def test_nothing_comes_up_in_a_more_public_place(
        self,
        stage: Stage,
        ada: Person,
        lilith: Personality,
        *,
        said_in: Venue,
        asked_in: Venue,
        recalled: bool,
    ) -> None:
        def place(venue: Venue):
            return ada.direct if venue is Venue.DIRECT else stage.channel(venue)

        await ada.asks(BEES, lilith, place=place(said_in))
        told = await ada.asks(QUESTION, lilith, place=place(asked_in))
        assert told.cited == ([BEES] if recalled else [])
        assert ("bees" in prompt(stage.asked[-1])) is recalled

    async def test_in_the_same_private_channel_after_a_reset_it_does(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        den = stage.channel(Venue.PRIVATE_CHANNEL)
        told = await ada.asks(BEES, lilith, place=den)
        await ada.resets(told.conversation_id)
        assert (await ada.asks(QUESTION, lilith, place=den)).cited == [BEES]
