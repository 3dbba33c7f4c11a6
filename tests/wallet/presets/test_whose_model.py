"""A preset asks for a model: whoever pays for it stays who it was."""

from typing import Any
from uuid import uuid4

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.fakes import keys as hosts
from tests.fakes.keys import FakeInternet
from tests.wallet.presets.conftest import MODEL
from tests.wallet.presets.presetting import character, choose, made, said, traced
from tzurot.common.v1 import error_reason_pb2

OWN = {"base_url": f"https://{hosts.OWN}/v1"}
REPLACED = error_reason_pb2.ERROR_REASON_PRESET_MODEL_REPLACED


async def keyed(who: Client, provider: str = "COMPATIBLE", **fields: Any) -> None:
    """A key of theirs; at their own address `house-model` speaks, and others are listed."""
    at = OWN if provider == "COMPATIBLE" else {}
    asked = {"provider": f"API_KEY_PROVIDER_{provider}", "secret": f"sk-{uuid4().hex}"}
    await who.call("CreateApiKey", request_for("CreateApiKey", **asked, **at, **fields))


def notices(events: Any) -> list[Any]:
    return [it.notice.failure for it in events if it.HasField("notice")]


async def test_ones_own_key_asks_the_model_of_the_preset(
    house: Served, internet: FakeInternet
) -> None:
    (ada,) = house.people("ada")
    await keyed(ada)
    lilith = await character(ada)
    preset = await made(ada, model="house-model-large", parameters={"temperature": 0.4})
    assert list(preset.warnings) == []
    await choose(ada, "person", preset.id)
    events = await said(ada, lilith)
    (request,) = internet.model.requests
    assert (request.body["model"], request.body["temperature"]) == ("house-model-large", 0.4)
    assert house.provider.requests == []
    assert notices(events) == []
    trace = await traced(ada, events)
    assert (trace.preset.model, trace.preset.model_replaced) == ("house-model-large", False)
    await choose(ada, "person", None)
    await said(ada, lilith)
    assert internet.model.requests[-1].body["model"] == "house-model"


async def test_a_model_that_the_key_may_not_ask_is_replaced_and_told_once(
    house: Served, internet: FakeInternet
) -> None:
    (ada,) = house.people("ada")
    await keyed(ada)
    lilith = await character(ada)
    preset = await made(ada, model="no-such-model", parameters={"temperature": 0.4})
    assert "no-such-model" in preset.warnings[0].message
    await choose(ada, "person", preset.id)
    first, second = await said(ada, lilith), await said(ada, lilith)
    for request in internet.model.requests:
        assert (request.body["model"], request.body["temperature"]) == ("house-model", 0.4)
    (notice,) = notices(first)
    assert notice.reason == REPLACED
    assert notices(second) == []
    assert (await traced(ada, second)).preset.model_replaced
    other = request_for("UpdatePreset", preset_id=preset.id, preset={"model": "another"})
    await ada.call("UpdatePreset", other)
    assert [it.reason for it in notices(await said(ada, lilith))] == [REPLACED]


async def test_the_same_name_elsewhere_is_another_model(
    house: Served, internet: FakeInternet
) -> None:
    (ada,) = house.people("ada")
    await keyed(ada)
    lilith = await character(ada)
    preset = await made(ada, model="house-model-large", provider="MODEL_PROVIDER_OPENAI")
    await choose(ada, "person", preset.id)
    await said(ada, lilith)
    assert internet.model.requests[-1].body["model"] == "house-model"


async def test_a_guest_gets_what_the_server_offers_and_nothing_else(
    house: Served, internet: FakeInternet
) -> None:
    ada, eve = house.people("ada", "eve")
    await keyed(ada)
    lilith = await character(ada, visibility="VISIBILITY_PUBLIC")
    preset = await made(ada, model="house-model-large", parameters={"temperature": 0.4})
    await choose(ada, "personality", preset.id, lilith=lilith)
    events = await said(eve, lilith)
    (request,) = house.provider.requests
    assert (request.body["model"], request.body["temperature"]) == (MODEL, 0.4)
    assert internet.model.requests == []
    assert [it.reason for it in notices(events)] == [REPLACED]


async def test_what_a_provider_is_known_not_to_know_is_not_sent_and_said(
    house: Served, internet: FakeInternet
) -> None:
    (ada,) = house.people("ada")
    await keyed(ada, "MISTRAL")
    lilith = await character(ada)
    preset = await made(ada, parameters={"top_k": 4, "seed": 7, "temperature": 0.4})
    (warning,) = preset.warnings
    assert warning.parameter == "top_k"
    assert "Mistral" in warning.message
    await choose(ada, "person", preset.id)
    events = await said(ada, lilith)
    body = internet.model.requests[-1].body
    assert (body["random_seed"], body["temperature"]) == (7, 0.4)
    assert not {"seed", "top_k"} & body.keys()
    used = (await traced(ada, events)).preset
    assert list(used.not_sent) == ["top_k"]
    assert list(used.parameters) == ["seed: 7", "temperature: 0.4", "top_k: 4"]
