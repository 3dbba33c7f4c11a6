"""The dialogues `preset browse` and `preset create`."""

from typing import Any

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import Dialogue
from tests.wallet.presets.presetting import character, made, published, said

NOTHING = {
    "chance": dict.fromkeys(("temperature", "top_p", "top_k", "min_p", "top_a"), ""),
    "repeats": dict.fromkeys(
        ("frequency_penalty", "presence_penalty", "repetition_penalty", "logit_bias", "seed"), ""
    ),
    "reply": dict.fromkeys(("max_tokens", "stop", "verbosity", "reasoning"), ""),
}


async def fill(dialogue: Dialogue, form: str, **entered: str) -> Any:
    return await dialogue.answer(form, **(NOTHING[form] | entered))


async def found(who: Client, preset_id: str) -> Any:
    asked = request_for("GetPreset", preset_id=preset_id)
    return (await who.call("GetPreset", asked)).preset


async def test_a_preset_is_made_filled_in_and_used(house: Served) -> None:
    (ada,) = house.people("ada")
    making = await Dialogue.start(ada, "preset create", name="Warm")
    assert list(making.field("name").values) == ["Warm"]
    await making.answer("make", name="Warm", model="", provider="anywhere")
    assert making.view.title == "Warm"
    await fill(making, "chance", temperature="0.4", top_k="off")
    assert making.view.body.startswith("Saved.")
    await fill(making, "repeats", logit_bias="50256: -100, 7: 1.5")
    await fill(making, "reply", stop="END\nFIN", reasoning="Low", max_tokens="99")
    titles = [it.title for it in making.view.items]
    assert titles == [
        "logit_bias: 7: 1.5, 50256: -100",
        "max_tokens: 99",
        "reasoning: low",
        "stop: END, FIN",
        "temperature: 0.4",
        "top_k: off",
    ]
    await making.answer("use")
    assert "It counts for you" in making.view.body
    await said(ada, await character(ada))
    body = house.provider.requests[-1].body
    assert (body["temperature"], body["stop"]) == (0.4, ["END", "FIN"])
    assert "top_k" not in body
    await fill(making, "chance", top_p="0.5")  # what is emptied is not set any more
    assert "temperature: 0.4" not in [it.title for it in making.view.items]
    await making.answer("leave")
    await said(ada, await character(ada))
    assert "top_p" not in house.provider.requests[-1].body


async def test_what_is_wrong_is_said_at_its_field(house: Served) -> None:
    (ada,) = house.people("ada")
    preset = await made(ada, "Warm")
    await made(ada, "Cold")
    browse = await Dialogue.start(ada, "preset browse")
    await browse.choose("Warm")
    await fill(browse, "chance", temperature="3", top_k="many")
    assert browse.field("temperature").error == "It must be a number from 0 to 2."
    assert browse.field("top_k").error.startswith("It must be a whole number from 0")
    await fill(browse, "reply", max_tokens="off")
    assert browse.field("max_tokens").error.startswith("It must be a whole number")
    await browse.answer("about", name="Cold", model="", provider="anywhere")
    assert browse.field("name").error.startswith("You have a preset called `Cold`")
    await browse.answer("about", name="Warm", model="a b", provider="anywhere")
    assert browse.field("model").error == "A model's name has no spaces."
    assert (await found(ada, preset.id)).etag == "1"


async def test_it_is_looked_through_cloned_and_deleted(house: Served) -> None:
    ada, keeper = house.people("ada", "keeper")
    shared = await published(keeper, model="none-such", parameters={"temperature": 0.5})
    browse = await Dialogue.start(ada, "preset browse")
    assert "everybody's" in browse.item(shared.name).text
    await browse.choose(shared.name)
    assert "about" not in browse.actions
    assert "delete" not in browse.actions
    assert "Note: none-such is not yours to ask" in browse.view.body
    await browse.answer("clone")
    assert browse.view.title == f"{shared.name} 2"
    await browse.answer("ask")
    await browse.answer("sure")
    assert f"{shared.name} 2" not in browse.items
    assert shared.name in browse.items


async def test_somebody_elses_is_not_there(house: Served) -> None:
    ada, eve = house.people("ada", "eve")
    preset = await made(ada, "Hers")
    browse = await Dialogue.start(eve, "preset browse")
    await browse.answer("show", item=preset.id)
    assert browse.view.notice == "That is not in the list any more."
    assert "Hers" not in str(browse.flow)


async def test_it_is_chosen_for_one_character_by_its_id(house: Served) -> None:
    (ada,) = house.people("ada")
    lilith = await character(ada)
    preset = await made(ada, "Warm", parameters={"temperature": 0.9})
    override = await Dialogue.start(ada, "character override", character=lilith)
    await override.decide("preset", preset.id, scope="here")
    assert "`preset` is Warm, as you decided here." in override.view.body
    await said(ada, lilith)
    assert house.provider.requests[-1].body["temperature"] == 0.9
    await override.decide("preset", "0199c5a0-0000-7000-8000-000000000009", scope="here")
    assert override.field("value").error.startswith("It must be a preset that is yours")
