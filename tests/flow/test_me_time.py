"""Where somebody's clock is, is said in `me time`."""

from tests.calling import Client, request_for
from tests.flow.dialogue import Dialogue, starting


async def test_a_zone_is_named_asked_about_kept_and_forgotten(mira: Client) -> None:
    time = await Dialogue.start(mira, "me time")
    assert "Characters don't know what time it is for you" in time.view.body
    await time.answer("change", zone="berlin")
    assert time.view.title == "Do you live in Europe/Berlin?"
    await time.answer("put")
    assert "You live in Europe/Berlin: it is " in time.view.body
    assert (await mira.call("GetMe")).person.time_zone == "Europe/Berlin"
    await time.answer("forget")
    assert (await mira.call("GetMe")).person.time_zone == ""
    assert time.actions == ["change", "close"]


async def test_a_zone_can_be_named_at_once(mira: Client) -> None:
    time = await Dialogue.start(mira, "me time", zone="new york")
    await time.answer("put")
    assert (await mira.call("GetMe")).person.time_zone == "America/New_York"


async def test_zones_are_offered_with_their_time(mira: Client) -> None:
    typed = request_for("CompleteFlowArgument", path="me time", key="zone", typed="lisb")
    (choice,) = (await mira.call("CompleteFlowArgument", typed)).choices
    assert choice.value == "Europe/Lisbon"
    assert " on 20" in choice.description


async def test_what_is_no_zone_is_refused(mira: Client) -> None:
    refusal = await mira.refused("StartFlow", starting("me time", zone="Mars/Olympus"))
    assert refusal.reason == "INVALID_FIELD"
    time = await Dialogue.start(mira, "me time")
    await time.answer("change", zone="Mars/Olympus")
    assert "Europe/Berlin" in time.view.notice
