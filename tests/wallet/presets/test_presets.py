"""Presets as people keep them: made, changed, cloned, published, deleted."""

from typing import Any
from uuid import uuid4

import pytest

from tests.calling import request_for
from tests.conftest import Served
from tests.wallet.presets.presetting import made, published

ALL = {
    "temperature": 0.7,
    "top_p": 0.9,
    "top_k": 0,
    "min_p": 0.05,
    "top_a": 0.0,
    "frequency_penalty": -2.0,
    "presence_penalty": 2.0,
    "repetition_penalty": 1.0,
    "seed": -(2**31),
    "max_tokens": 16,
    "stop": ["END", "\n\n"],
    "logit_bias": {"50256": -100.0, "0": 1.5},
    "verbosity": "high",
    "reasoning": "off",
}


async def test_what_is_stored_comes_back(house: Served) -> None:
    (ada,) = house.people("ada")
    fields: dict[str, Any] = {"model": "openai/gpt-5", "provider": "MODEL_PROVIDER_OPENROUTER"}
    preset = await made(ada, "Warm", **fields, parameters=ALL)
    found = (await ada.call("GetPreset", request_for("GetPreset", preset_id=preset.id))).preset
    assert found == preset
    wanted = request_for("CreatePreset", preset={"name": "Warm", **fields, "parameters": ALL})
    assert found.parameters == wanted.preset.parameters
    assert (found.name, found.model, found.etag) == ("Warm", "openai/gpt-5", "1")
    assert (found.owned, found.published) == (True, False)


async def test_off_zero_and_unset_stay_three_things(house: Served) -> None:
    (ada,) = house.people("ada")
    preset = await made(ada, parameters={"temperature": 0.0, "off": ["top_k", "stop"]})
    assert preset.parameters.HasField("temperature")
    assert not preset.parameters.HasField("top_p")
    assert list(preset.parameters.off) == ["stop", "top_k"]


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"temperature": 2.1}, "preset.parameters.temperature"),
        ({"temperature": float("nan")}, "preset.parameters.temperature"),
        ({"top_p": -0.1}, "preset.parameters.top_p"),
        ({"logit_bias": {"1": float("inf")}}, "preset.parameters.logit_bias[1]"),
        ({"logit_bias": {"word": 1.0}}, "preset.parameters.logit_bias[word]"),
        ({"stop": [""]}, "preset.parameters.stop[0]"),
        ({"stop": list("abcde")}, "preset.parameters.stop"),
        ({"verbosity": "loud"}, "preset.parameters.verbosity"),
        ({"reasoning": "auto"}, "preset.parameters.reasoning"),
        ({"max_tokens": 0}, "preset.parameters.max_tokens"),
        ({"top_k": 4, "off": ["top_k"]}, "preset.parameters.off"),
        ({"off": ["max_tokens"]}, "preset.parameters.off[0]"),
    ],
)
async def test_what_cannot_be_is_refused(
    parameters: dict[str, Any], field: str, house: Served
) -> None:
    (ada,) = house.people("ada")
    wrong = request_for("CreatePreset", preset={"name": "Warm", "parameters": parameters})
    refusal = await ada.refused("CreatePreset", wrong)
    assert refusal.fields == (field,)


async def test_names_are_a_persons_own_and_no_two_are_alike(house: Served) -> None:
    ada, mira = house.people("ada", "mira")
    await made(ada, "Warm")
    await made(mira, "Warm")
    again = request_for("CreatePreset", preset={"name": "WARM"})
    refusal = await ada.refused("CreatePreset", again)
    assert (refusal.reason, refusal.metadata["name"]) == ("PRESET_NAME_TAKEN", "WARM")
    cold = await made(ada, "Cold")
    renamed = request_for("UpdatePreset", preset_id=cold.id, preset={"name": "warm"})
    assert (await ada.refused("UpdatePreset", renamed)).reason == "PRESET_NAME_TAKEN"
    louder = request_for("UpdatePreset", preset_id=cold.id, preset={"name": "COLD"})
    assert (await ada.call("UpdatePreset", louder)).preset.name == "COLD"


async def test_a_change_names_what_it_changes(house: Served) -> None:
    (ada,) = house.people("ada")
    preset = await made(ada, model="m", parameters={"temperature": 0.5, "top_k": 4})
    asked = request_for(
        "UpdatePreset",
        preset_id=preset.id,
        preset={"parameters": {"top_p": 0.5}, "etag": preset.etag},
        update_mask={"paths": ["parameters"]},
    )
    changed = (await ada.call("UpdatePreset", asked)).preset
    assert changed.model == "m"
    assert (changed.parameters.top_p, changed.parameters.HasField("top_k")) == (0.5, False)
    assert changed.etag == "2"
    assert (await ada.refused("UpdatePreset", asked)).reason == "ETAG_MISMATCH"
    emptied = request_for(
        "UpdatePreset", preset_id=preset.id, preset={}, update_mask={"paths": ["model"]}
    )
    assert (await ada.call("UpdatePreset", emptied)).preset.model == ""
    wrong = request_for(
        "UpdatePreset", preset_id=preset.id, preset={}, update_mask={"paths": ["published"]}
    )
    assert (await ada.refused("UpdatePreset", wrong)).reason == "UPDATE_MASK_INVALID"


async def test_others_find_what_is_published_and_change_nothing_of_it(house: Served) -> None:
    keeper, eve = house.people("keeper", "eve")
    preset = await made(keeper, parameters={"temperature": 0.5})
    asked = request_for("GetPreset", preset_id=preset.id)
    assert (await eve.refused("GetPreset", asked)).reason == "PRESET_NOT_FOUND"
    public = request_for("PublishPreset", preset_id=preset.id, published=True)
    assert (await eve.refused("PublishPreset", public)).reason == "PRESET_NOT_FOUND"
    await keeper.call("PublishPreset", public)
    seen = (await eve.call("GetPreset", asked)).preset
    assert (seen.published, seen.owned) == (True, False)
    listed = (await eve.call("ListPresets", request_for("ListPresets", page_size=200))).presets
    assert preset.id in {it.id for it in listed}
    change = request_for("UpdatePreset", preset_id=preset.id, preset={"name": "Mine"})
    assert (await eve.refused("UpdatePreset", change)).reason == "PRESET_NOT_FOUND"
    gone = request_for("DeletePreset", preset_id=preset.id)
    assert (await eve.refused("DeletePreset", gone)).reason == "PRESET_NOT_FOUND"
    private = request_for("PublishPreset", preset_id=preset.id, published=False)
    await keeper.call("PublishPreset", private)
    assert (await eve.refused("GetPreset", asked)).reason == "PRESET_NOT_FOUND"


async def test_a_clone_says_the_same_and_is_ones_own(house: Served) -> None:
    keeper, ada = house.people("keeper", "ada")
    preset = await published(keeper, model="m", parameters=ALL)
    asked = request_for("ClonePreset", preset_id=preset.id)
    first, second = [(await ada.call("ClonePreset", asked)).preset for _ in range(2)]
    assert (first.name, second.name) == (f"{preset.name} 2", f"{preset.name} 3")
    assert (first.model, first.parameters) == ("m", preset.parameters)
    assert (first.owned, first.published) == (True, False)
    key = str(uuid4())
    named = request_for("ClonePreset", preset_id=preset.id, name="Mine", request_id=key)
    mine, again = [(await ada.call("ClonePreset", named)).preset.id for _ in range(2)]
    assert mine == again


async def test_what_comes_to_nothing_is_said(house: Served) -> None:
    """The model that answers is the server's own; the preset asks for one that nobody has."""
    (ada,) = house.people("ada")
    preset = await made(ada, model="openai/gpt-5", parameters={"reasoning": "low"})
    (warning,) = preset.warnings
    assert warning.parameter == ""
    assert "openai/gpt-5" in warning.message
    assert "gpt-5-house" in warning.message
    found = (await ada.call("GetPreset", request_for("GetPreset", preset_id=preset.id))).preset
    assert list(found.warnings) == [warning]
    fine = await made(ada, model="gpt-5-house", parameters={"top_k": 4})
    assert list(fine.warnings) == []


async def test_there_is_an_end_to_them(house: Served) -> None:
    (ada,) = house.people("ada")
    for number in range(100):
        await made(ada, f"Preset {number}")
    more = request_for("CreatePreset", preset={"name": "One more"})
    refusal = await ada.refused("CreatePreset", more)
    assert (refusal.reason, refusal.metadata["limit"]) == ("LIMIT_REACHED", "100")
