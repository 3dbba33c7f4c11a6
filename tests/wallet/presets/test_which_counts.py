"""Which preset counts: the last one of the cascade that the person may use."""

from typing import Any

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.contract.residents import in_channel
from tests.wallet.presets.presetting import (
    TIERS,
    character,
    choose,
    made,
    published,
    said,
    traced,
)
from tzurot.session.v1 import setting_pb2


async def explained(who: Client, lilith: str, place: Any = None) -> Any:
    """What counts of the setting."""
    asked = request_for("ExplainSettings", personality={"id": lilith}, place=place)
    found = (await who.call("ExplainSettings", asked)).settings
    return next(it for it in found if it.key == "preset")


async def temperature(house: Served, who: Client, lilith: str, place: Any = None) -> float | None:
    """What the provider was sent in a turn."""
    await said(who, lilith, place)
    return house.provider.requests[-1].body.get("temperature")


async def gone(who: Client, preset: Any) -> None:
    await who.call("DeletePreset", request_for("DeletePreset", preset_id=preset.id))


async def shared(ada: Client) -> str:
    return await character(ada, visibility="VISIBILITY_PUBLIC")


async def test_of_two_tiers_the_later_one_counts_and_falls_to_the_one_before(
    house: Served,
) -> None:
    ada, keeper = house.people("ada", "keeper")
    lilith, place = await character(ada), in_channel()
    presets = {}
    try:
        for number, tier in enumerate(TIERS):
            decider = keeper if tier in ("system", "channel") else ada
            make = published if decider is keeper else made
            presets[tier] = decider, await make(decider, parameters={"temperature": number / 10})
            await choose(decider, tier, presets[tier][1].id, lilith=lilith, place=place)
            assert await temperature(house, ada, lilith, place) == number / 10
        for number, tier in reversed(list(enumerate(TIERS))):
            told = await explained(ada, lilith, place)
            decider, preset = presets[tier]
            assert told.preset_name == preset.name
            assert told.value.choice == preset.id
            assert setting_pb2.SettingTier.Name(told.source) == f"SETTING_TIER_{tier.upper()}"
            await gone(decider, preset)
            before = (number - 1) / 10 if number else None
            assert await temperature(house, ada, lilith, place) == before
    finally:
        await choose(keeper, "system", None)


async def test_one_that_is_gone_is_told_as_passed_over(house: Served) -> None:
    (ada,) = house.people("ada")
    lilith = await character(ada)
    first, second = await made(ada), await made(ada)
    await choose(ada, "person", first.id)
    await choose(ada, "person_personality", second.id, lilith=lilith)
    await gone(ada, second)
    told = await explained(ada, lilith)
    assert (told.value.choice, told.preset_name) == (first.id, first.name)
    (over,) = told.passed_over
    assert over.value.choice == second.id
    assert over.tier == setting_pb2.SETTING_TIER_PERSON_PERSONALITY
    trace = await traced(ada, await said(ada, lilith))
    (setting,) = [it for it in trace.settings if it.key == "preset"]
    assert [it.value.choice for it in setting.passed_over] == [second.id]
    assert trace.preset.preset_id == first.id


async def test_off_is_a_decision(house: Served) -> None:
    (ada,) = house.people("ada")
    lilith = await character(ada)
    preset = await made(ada, parameters={"temperature": 0.3})
    await choose(ada, "person", preset.id)
    assert await temperature(house, ada, lilith) == 0.3
    await choose(ada, "person_personality", "", lilith=lilith)
    assert await temperature(house, ada, lilith) is None
    trace = await traced(ada, await said(ada, lilith))
    assert not trace.HasField("preset")


async def test_editors_lend_theirs_to_who_talks_with_their_character(house: Served) -> None:
    ada, eve = house.people("ada", "eve")
    lilith = await shared(ada)
    preset = await made(ada, parameters={"temperature": 0.4})
    await choose(ada, "personality", preset.id, lilith=lilith)
    assert await temperature(house, eve, lilith) == 0.4
    refusal = await eve.refused("GetPreset", request_for("GetPreset", preset_id=preset.id))
    assert refusal.reason == "PRESET_NOT_FOUND"
    with pytest.raises(Exception, match="There is no preset"):
        await choose(eve, "person", preset.id)


async def test_one_that_is_published_no_more_ends_for_others(house: Served) -> None:
    ada, eve, keeper = house.people("ada", "eve", "keeper")
    lilith = await shared(ada)
    preset = await published(keeper, parameters={"temperature": 0.6})
    await choose(ada, "personality", preset.id, lilith=lilith)
    await choose(eve, "person", preset.id)
    assert await temperature(house, eve, lilith) == 0.6
    private = request_for("PublishPreset", preset_id=preset.id, published=False)
    await keeper.call("PublishPreset", private)
    assert await temperature(house, eve, lilith) is None
    assert await temperature(house, ada, lilith) is None
    assert await temperature(house, keeper, lilith) == 0.6
    assert len((await explained(eve, lilith)).passed_over) == 2


@pytest.mark.parametrize("tier", ["system", "channel"])
async def test_what_counts_for_strangers_has_to_be_everybodys(tier: str, house: Served) -> None:
    (keeper,) = house.people("keeper")
    preset = await made(keeper)
    with pytest.raises(Exception, match="There is no preset"):
        await choose(keeper, tier, preset.id, place=in_channel())


@pytest.mark.parametrize("value", [{"choice": "warm"}, {"flag": True}, {"whole": 1}])
async def test_it_is_chosen_by_its_id(value: dict[str, Any], house: Served) -> None:
    (ada,) = house.people("ada")
    asked = request_for("SetPersonSetting", key="preset", value=value)
    refusal = await ada.refused("SetPersonSetting", asked)
    assert refusal.fields == ("value",)


async def test_for_a_while_it_counts_before_what_is_for_good(house: Served) -> None:
    (ada,) = house.people("ada")
    lilith = await character(ada)
    good, passing = [await made(ada, parameters={"temperature": it}) for it in (0.1, 0.2)]
    await choose(ada, "person", good.id)
    asked = request_for(
        "SetPersonSetting",
        key="preset",
        value={"choice": passing.id},
        duration={"seconds": 3600},
    )
    await ada.call("SetPersonSetting", asked)
    assert await temperature(house, ada, lilith) == 0.2
    await gone(ada, passing)
    assert await temperature(house, ada, lilith) == 0.1
