"""`memory incognito`, `memory fresh` and `memory forget`: how it is, until when, and back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import DONE, Dialogue, create
from tzurot import clock
from tzurot.flow.kinds import durations

DIRECT = {"platform": "local", "channel_id": "direct", "venue": "VENUE_DIRECT"}
MODES = ("incognito", "fresh")


class Moment:
    """The time, which passes when a test says so."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._now = clock.now

    def now(self) -> datetime:
        return self._now() + self._ahead

    def passes(self, **span: float) -> None:
        self._ahead += timedelta(**span)


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
    """It goes on as ever until then."""
    moment = Moment()
    monkeypatch.setattr(clock, "now", moment.now)
    return moment


@pytest.fixture
async def lilith(mira: Client) -> Any:
    return await create(mira, visibility="VISIBILITY_PUBLIC")


async def says(who: Client, words: str, character: Any) -> Any:
    """Say something; what was told first of how it was answered."""
    request = request_for(
        "Chat",
        request_id=str(uuid4()),
        place=DIRECT,
        utterance={"text": words},
        addressees=[{"id": character.id}],
    )
    return (await who.call("Chat", request))[0].event.started


@pytest.mark.parametrize("mode", MODES)
class TestMode:
    async def test_it_is_switched_on_for_a_while_and_off_again(
        self, mode: str, kael: Client, lilith: Any
    ) -> None:
        talk = await Dialogue.start(kael, f"memory {mode}", character=lilith.slug, lasts="1h")
        assert "Off: you have not decided otherwise." in talk.view.body
        assert [it.label for it in talk.view.actions][:2] == [
            "Switch on for 1 hour",
            "For how long?",
        ]
        await talk.answer("on")
        assert "On, as you decided here, until 2" in talk.view.body
        assert talk.actions == ["off", "lasts", "close"]
        assert getattr(await says(kael, "Hi!", lilith), mode)
        await talk.answer("off")
        assert "Off: you have not decided otherwise." in talk.view.body
        assert not getattr(await says(kael, "Hi!", lilith), mode)

    async def test_for_good_it_has_no_end(self, mode: str, kael: Client) -> None:
        talk = await Dialogue.start(kael, f"memory {mode}")
        await talk.answer("on")
        assert "On, as you decided for all, until you change it." in talk.view.body
        await talk.answer("lasts", lasts="2 h")
        assert "On, as you decided for all, until 2" in talk.view.body

    async def test_with_one_it_can_be_off_while_it_is_on_with_all(
        self, mode: str, kael: Client, lilith: Any
    ) -> None:
        everybody = await Dialogue.start(kael, f"memory {mode}")
        await everybody.answer("on")
        alone = await Dialogue.start(kael, f"memory {mode}", character=lilith.slug)
        assert "On, as you decided for all" in alone.view.body
        await alone.answer("off")
        assert "Off, as you decided here" in alone.view.body
        await everybody.look()
        assert "On, as you decided for all" in everybody.view.body

    async def test_of_two_that_say_the_same_the_later_one_counts_alone(
        self, mode: str, served: Served, moment: Moment
    ) -> None:
        (nadia,) = served.people("nadia")
        talk = await Dialogue.start(nadia, f"memory {mode}")
        await talk.answer("lasts", lasts="2h")
        await talk.answer("lasts", lasts="ever")
        assert "On, as you decided for all, until you change it." in talk.view.body
        moment.passes(hours=3)
        talk = await Dialogue.start(nadia, f"memory {mode}")
        assert "On, as you decided for all, until you change it." in talk.view.body
        await talk.answer("lasts", lasts="2h")
        moment.passes(hours=3)
        talk = await Dialogue.start(nadia, f"memory {mode}")
        assert "Off: you have not decided otherwise." in talk.view.body

    async def test_an_exception_with_one_lasts_as_long_as_what_it_is_from(
        self, mode: str, kael: Client, lilith: Any
    ) -> None:
        everybody = await Dialogue.start(kael, f"memory {mode}", lasts="2h")
        await everybody.answer("on")
        until = everybody.view.body.rpartition("until ")[2]
        alone = await Dialogue.start(kael, f"memory {mode}", character=lilith.slug)
        await alone.answer("off")
        assert f"Off, as you decided here, until {until}" in alone.view.body

    async def test_what_is_no_duration_is_refused(
        self, mode: str, kael: Client, lilith: Any
    ) -> None:
        talk = await Dialogue.start(kael, f"memory {mode}")
        for typed in ("a while", "30s", "2 months", "400d", "-1h", "99999999999h"):
            await talk.answer("lasts", lasts=typed[:20])
            assert talk.field("lasts").error.startswith("It must be 10m, 2h, 7d")
            assert "Off" in talk.view.body
        starting = request_for("StartFlow", path=f"memory {mode}", arguments={"lasts": "soon"})
        assert (await kael.refused("StartFlow", starting)).reason == "INVALID_FIELD"


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("2h", 120), ("2 h", 120), ("2 hours", 120), ("30 min", 30), ("1 Day", 1440), ("ever", None)],
)
def test_a_duration_is_read_as_people_type_it(typed: str, minutes: int | None) -> None:
    lasts = durations.argument(typed, "lasts")
    assert lasts == (timedelta(minutes=minutes) if minutes else None)


async def test_how_long_is_completed(kael: Client) -> None:
    async def offered(typed: str) -> list[str]:
        request = request_for(
            "CompleteFlowArgument", path="memory incognito", key="lasts", typed=typed
        )
        return [it.value for it in (await kael.call("CompleteFlowArgument", request)).choices]

    assert await offered("") == ["10m", "1h", "8h", "1d", "7d", "ever"]
    assert await offered("1") == ["10m", "1h", "1d"]
    assert await offered("45m") == ["45m"]
    assert await offered("tomorrow") == []


async def test_how_an_incognito_answer_came_about_is_not_kept(served: Served, lilith: Any) -> None:
    (nadia,) = served.people("nadia")
    mode = await Dialogue.start(nadia, "memory incognito")
    await mode.answer("on")
    await says(nadia, "I keep bees.", lilith)
    why = await Dialogue.start(nadia, "turn why")
    assert "You were incognito: nothing of it is kept" in why.view.body


class TestForget:
    async def test_what_would_go_is_shown_and_goes_after_one_question(
        self, kael: Client, lilith: Any
    ) -> None:
        await says(kael, "I keep bees.", lilith)
        await says(kael, "And wasps.", lilith)
        talk = await Dialogue.start(kael, "memory forget")
        await talk.answer("look", minutes="10")
        assert "4 messages, 2 memories and 0 facts." in talk.view.body
        assert "can't be taken back" in talk.view.body
        listed = await kael.call("ListMemories", request_for("ListMemories"))
        assert len(listed.memories) == 2, "nothing is gone by looking"
        await talk.answer("forget")
        assert talk.flow.state == DONE
        assert "4 messages, 2 memories and 0 facts are gone." in talk.view.body
        listed = await kael.call("ListMemories", request_for("ListMemories"))
        assert list(listed.memories) == []

    async def test_what_was_shown_goes_however_long_one_thinks(
        self, served: Served, lilith: Any, moment: Moment
    ) -> None:
        (nadia,) = served.people("nadia")
        await says(nadia, "I keep bees.", lilith)
        moment.passes(minutes=9)
        talk = await Dialogue.start(nadia, "memory forget", minutes="10")
        moment.passes(minutes=9)
        await says(nadia, "And wasps.", lilith)
        await talk.look()
        assert "4 messages, 2 memories and 0 facts." in talk.view.body
        await talk.answer("forget")
        assert "4 messages, 2 memories and 0 facts are gone." in talk.view.body

    async def test_with_one_character_alone(self, mira: Client, kael: Client, lilith: Any) -> None:
        other = await create(mira, name="Mira", visibility="VISIBILITY_PUBLIC")
        await says(kael, "I keep bees.", lilith)
        await says(kael, "I keep wasps.", other)
        talk = await Dialogue.start(kael, "memory forget", minutes="5", character=lilith.slug)
        assert talk.view.title.startswith("Forget the last 5 minutes with Lilith")
        assert "2 messages, 1 memory and 0 facts." in talk.view.body
        await talk.answer("forget")
        listed = await kael.call("ListMemories", request_for("ListMemories"))
        assert [it.utterances[0].text for it in listed.memories] == ["I keep wasps."]

    async def test_where_nothing_was_said_there_is_nothing_to_forget(self, kael: Client) -> None:
        talk = await Dialogue.start(kael, "memory forget", minutes="60")
        assert talk.view.title == "Forget the last 1 hour?"
        assert talk.view.body == "You said nothing in the last 1 hour that is kept."
        assert talk.actions == ["close"]

    async def test_a_platform_goes_on_showing_messages(self, served: Any, lilith: Any) -> None:
        bob = served.client(f"discord:{clock.uuid7().int}")
        await says(bob, "I keep bees.", lilith)
        talk = await Dialogue.start(bob, "memory forget", minutes="10")
        assert "What Discord shows stays there." in talk.view.body

    async def test_only_minutes_of_a_day_are_known(self, kael: Client) -> None:
        talk = await Dialogue.start(kael, "memory forget")
        for typed in ("0", "1441", "ten", "-5"):
            await talk.answer("look", minutes=typed)
            assert talk.field("minutes").error.startswith("It must be a number of minutes")
        request = request_for("StartFlow", path="memory forget", arguments={"minutes": "soon"})
        assert (await kael.refused("StartFlow", request)).reason == "INVALID_FIELD"
