"""The request carries what was set, exactly: each parameter at each tier, valued, off, unset."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.contract.residents import in_channel
from tests.fakes.provider import Refusal
from tests.wallet.presets.presetting import (
    TIERS,
    character,
    choose,
    made,
    published,
    said,
    traced,
)
from tzurot.llm.parameters import BY_NAME, PARAMETERS

SETTLED = {"messages", "model", "stream", "stream_options", "tools"}
USUAL = {"max_tokens": 1_024}  # what this server sends by itself, besides texts that end a reply

# A value of each, as it is set.
VALUES: Mapping[str, Any] = {
    "frequency_penalty": -0.25,
    "logit_bias": {"50256": -100.0},
    "max_tokens": 77,
    "min_p": 0.05,
    "presence_penalty": 0.0,
    "reasoning": "low",
    "repetition_penalty": 1.1,
    "seed": 0,
    "stop": ["THE END"],
    "temperature": 0.0,
    "top_a": 0.2,
    "top_k": 40,
    "top_p": 0.9,
    "verbosity": "low",
}
# What a model thinks comes on top of what it may say: llm/reasoning.py.
REASONED = {"reasoning_effort": "low", "max_tokens": 1_024 + 2_048}


def sent(name: str) -> dict[str, Any]:
    """What a request has of a value, besides what is usual."""
    return REASONED if name == "reasoning" else {name: VALUES[name]}


async def body(house: Served, who: Any, lilith: str, place: Any) -> dict[str, Any]:
    """What the provider was sent besides the words, in one turn."""
    house.provider.reset()
    events = await said(who, lilith, place)
    assert events[-1].finished.message.text
    (request,) = house.provider.requests
    return {key: value for key, value in request.body.items() if key not in SETTLED}


async def decide(who: Client, key: str, value: dict[str, Any]) -> None:
    asked = request_for("SetPersonSetting", key=key, value=value)
    await who.call("SetPersonSetting", asked)


def test_every_parameter_has_a_value_here() -> None:
    assert set(VALUES) == set(BY_NAME)
    assert [it.name for it in PARAMETERS] == sorted(BY_NAME)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", VALUES)
async def test_what_is_set_is_sent(name: str, tier: str, house: Served) -> None:
    ada, keeper = house.people("ada", "keeper")
    lilith, place = await character(ada), in_channel()
    decider = keeper if tier in ("system", "channel") else ada
    make = published if decider is keeper else made

    async def with_(parameters: dict[str, Any]) -> dict[str, Any]:
        preset = await make(decider, parameters=parameters)
        await choose(decider, tier, preset.id, lilith=lilith, place=place)
        return await body(house, ada, lilith, place)

    try:
        unset = await with_({})
        assert unset == {**USUAL, "stop": unset["stop"]}
        assert await with_({name: VALUES[name]}) == {**unset, **sent(name)}
        if BY_NAME[name].can_be_off:
            off = await with_({"off": [name]})
            assert off == {key: value for key, value in unset.items() if key != name}
        else:
            wrong = {"name": "x", "parameters": {"off": [name]}}
            asked = request_for("CreatePreset", preset=wrong)
            refusal = await decider.refused("CreatePreset", asked)
            assert refusal.fields == ("preset.parameters.off[0]",)
    finally:
        if tier == "system":
            await choose(keeper, tier, None)


async def test_off_is_not_what_the_server_would_send(house: Served) -> None:
    """Texts that end a reply are the server's own value: unset they are sent, off they are not."""
    (ada,) = house.people("ada")
    lilith, place = await character(ada), in_channel()
    assert "stop" in await body(house, ada, lilith, place)
    preset = await made(ada, parameters={"off": ["stop"]})
    await choose(ada, "person", preset.id)
    assert "stop" not in await body(house, ada, lilith, place)


async def test_what_a_provider_refuses_is_left_out_for_this_person_alone(house: Served) -> None:
    ada, mira = house.people("ada", "mira")
    for who in (ada, mira):
        preset = await made(who, parameters={"top_k": 40, "temperature": 0.5})
        await choose(who, "person", preset.id)
    lilith = await character(ada)
    message = "Unrecognized request argument supplied: top_k"
    house.provider.script(Refusal(400, message=message), "Good evening.")
    events = await said(ada, lilith)
    assert "top_k" not in house.provider.requests[-1].body
    assert house.provider.requests[-1].body["temperature"] == 0.5
    trace = await traced(ada, events)
    assert trace.attempts[-1].outcome == "answered, without top_k: refused"
    await said(mira, await character(mira))
    assert house.provider.requests[-1].body["top_k"] == 40


async def test_the_lower_of_both_limits_counts(house: Served) -> None:
    (ada,) = house.people("ada")
    lilith, place = await character(ada), in_channel()
    preset = await made(ada, parameters={"max_tokens": 100})
    await choose(ada, "person", preset.id)
    for decided, counts in ((50, 50), (200, 100)):
        await decide(ada, "reply_limit", {"whole": decided})
        assert (await body(house, ada, lilith, place))["max_tokens"] == counts


async def test_the_setting_says_how_much_it_thinks_before_a_preset(house: Served) -> None:
    (ada,) = house.people("ada")
    lilith, place = await character(ada), in_channel()
    preset = await made(ada, parameters={"reasoning": "low"})
    await choose(ada, "person", preset.id)
    await decide(ada, "reasoning", {"choice": "high"})
    assert (await body(house, ada, lilith, place))["reasoning_effort"] == "high"
