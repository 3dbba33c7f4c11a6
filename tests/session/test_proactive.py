"""Characters that speak up by themselves: only where it is allowed, when it is time, and once."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.session.channeling import watches
from tests.session.stage import Person, Stage, ref
from tzurot.memory.venues import Venue
from tzurot.session.channels.proactive import Due, Proactive, is_due
from tzurot.session.channels.proactive_store import Candidate
from tzurot.session.said import Place
from tzurot.session.settings.settings import Chosen
from tzurot.storage.signals import Signals
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    ActivatePersonalityRequest,
    ActivationMode,
    ChannelRule,
    ChatRequest,
    DueTurn,
    Interjection,
    WatchChannelsResponse,
)
from tzurot_client.gen.tzurot.session.v1 import Place as PlaceMessage

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOURS = timedelta(hours=1)


def candidate(**fields: object) -> Candidate:
    """Somebody spoke three hours ago, and the character was never to speak up."""
    there = Place("discord", "s", "c", Venue.PUBLIC_CHANNEL)
    usual = Candidate(UUID(int=1), UUID(int=2), there, "discord:1", None, NOON - 3 * HOURS,
                      NOON - 3 * HOURS, 0)  # fmt: skip
    return replace(usual, **fields)


def chosen(**fields: object) -> Chosen:
    return replace(Chosen.default(), **fields)


@pytest.mark.parametrize(
    ("it", "settings", "due"),
    [
        (candidate(), chosen(), True),
        (candidate(last_line_time=NOON - 1 * HOURS), chosen(), False),
        (candidate(last_line_time=NOON - 1 * HOURS), chosen(proactive_after=60), True),
        (candidate(last_line_time=None), chosen(), False),
        (candidate(last_line_time=NOON - 7 * HOURS), chosen(), False),
        (candidate(last_person_time=None), chosen(), False),
        (candidate(proactive_time=NOON - 2 * HOURS), chosen(), False),
        (candidate(proactive_time=NOON - 4 * HOURS), chosen(), True),
        (candidate(spoken_count=3), chosen(), False),
        (candidate(spoken_count=3), chosen(proactive_limit=4), True),
        (candidate(), chosen(proactive_limit=0), False),
        (candidate(), chosen(incognito=True), False),
        (candidate(), chosen(quiet_from=22, quiet_until=8), True),
        (candidate(), chosen(quiet_from=22, quiet_until=13), False),
        (candidate(), chosen(quiet_from=12, quiet_until=13), False),
        (candidate(), chosen(quiet_from=13, quiet_until=12), True),
        (candidate(), chosen(quiet_from=12, quiet_until=12), True),
        (candidate(), chosen(quiet_from=12), True),
    ],
    ids=[
        "after the quiet that is asked for",
        "not before",
        "a channel can ask for less",
        "not where nobody ever spoke",
        "not into a channel that is dead",
        "not where only characters spoke",
        "not again before somebody spoke",
        "again once somebody spoke",
        "not more often than allowed",
        "as often as allowed",
        "never where the limit is 0",
        "not for who is incognito",
        "by day where the night is quiet",
        "not in quiet hours over midnight",
        "not in quiet hours",
        "around quiet hours",
        "quiet hours of no length are none",
        "half of quiet hours is none",
    ],
)
def test_when_it_is_time(it: Candidate, settings: Chosen, due: bool) -> None:
    assert is_due(it, settings, NOON) is due


async def proactive(
    person: Person, place: PlaceMessage, who: Personality, mode: ActivationMode, *, on: bool = True
) -> None:
    rule = ChannelRule(mode=mode, proactive=on)
    request = ActivatePersonalityRequest(place=place, personality=ref(who), rule=rule)
    await person.client.channel.activate_personality(request)


async def long_ago(stage: Stage, place: PlaceMessage) -> None:
    """All that was said there was said three hours ago."""
    await stage.execute(
        "UPDATE channel_lines SET create_time = now() - interval '3 hours' WHERE channel_id = :c",
        c=place.channel_id,
    )


async def looks(stage: Stage) -> Sequence[Due]:
    """The look that a worker takes each minute."""
    database = stage.server.parts.database
    return await Proactive(database, Signals("", database)).look()


async def due_in(
    stage: Stage, told: AsyncGenerator[WatchChannelsResponse], place: PlaceMessage
) -> DueTurn:
    """Who is to speak up there, as a client is told."""
    await looks(stage)
    async for response in told:
        for due in response.due_turns:
            if due.place and due.place.channel_id == place.channel_id:
                return due
    raise AssertionError("nobody")


async def test_a_client_is_told_once_and_the_character_speaks(
    stage: Stage, lilith: Personality
) -> None:
    ada = stage.person(platform=platform())
    there = stage.channel(platform=ada.platform)
    stage.model.script("Good morning!", "Is anybody there?")
    await proactive(ada, there, lilith, ActivationMode.EVERY_MESSAGE)
    await ada.says("Good morning.", place=there)
    await long_ago(stage, there)
    async with aclosing(watches(ada, ada.platform)) as told:
        while not (await anext(told)).complete:
            pass
        due = await due_in(stage, told, there)
    assert (due.subject, due.personality_id) == (ada.subject, lilith.id)
    request = ChatRequest(
        request_id=due.request_id,
        place=due.place,
        interjection=Interjection(),
        addressees=[ref(lilith)],
    )
    (spoken,) = await ada.sends(request)
    assert spoken.text == "Is anybody there?"
    assert "Nobody has spoken to you" in str(stage.asked[-1].messages[-1])
    assert [it.turn_id for it in await ada.sends(request)] == [spoken.turn_id]
    again = await looks(stage)
    assert there.channel_id not in {it.channel_id for it in again}


@pytest.mark.parametrize(
    ("mode", "on"),
    [(ActivationMode.EVERY_MESSAGE, False), (ActivationMode.MUTED, True)],
    ids=["not allowed", "muted"],
)
async def test_nobody_else_is_to_speak_up(
    stage: Stage, lilith: Personality, mode: ActivationMode, on: bool
) -> None:
    ada = stage.person(platform=platform())
    there = stage.channel(platform=ada.platform)
    stage.model.script("Hello.")
    await ada.says("Hello.", lilith, place=there)
    await proactive(ada, there, lilith, mode, on=on)
    await long_ago(stage, there)
    due = await looks(stage)
    assert there.channel_id not in {it.channel_id for it in due}


def platform() -> str:
    """A platform of its own: nobody else's channels are told."""
    letters = str.maketrans("0123456789", "ghijklmnop")
    return f"p{uuid4().hex}".translate(letters)[:20]
