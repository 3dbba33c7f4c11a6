"""Presets as files: our own come back as they were, SillyTavern's with what has no counterpart."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.wallet.presets.presetting import made, published
from tests.wallet.presets.test_presets import ALL
from tzurot.formats.unreadable import Unreadable
from tzurot.llm.speaker import SpeakerKind
from tzurot.wallet.plan import Wish
from tzurot.wallet.presets import preset_file

# As SillyTavern writes one; its texts are ours.
SILLYTAVERN: dict[str, Any] = {
    "chat_completion_source": "openrouter",
    "openai_model": "gpt-4-turbo",
    "openrouter_model": "deepseek/deepseek-chat",
    "temperature": 0.85,
    "frequency_penalty": 0,
    "presence_penalty": 0.2,
    "top_p": 1,
    "top_k": 0,
    "top_a": 0.0,
    "min_p": 0.05,
    "repetition_penalty": 1,
    "openai_max_context": 32000,
    "openai_max_tokens": 400,
    "wrap_in_quotes": False,
    "send_if_empty": "",
    "reverse_proxy": "",
    "proxy_password": "hunter2",
    "stream_openai": True,
    "prompts": [{"identifier": "main", "content": "Be brief."}],
    "prompt_order": [],
    "reasoning_effort": "min",
    "verbosity": "auto",
    "seed": -1,
    "n": 1,
}


def read(document: object, name: str = "Warm.json") -> preset_file.Found:
    return preset_file.read(json.dumps(document).encode(), name)


async def explained(who: Client, content: bytes, name: str = "x.json") -> Any:
    asked = request_for("ExplainPresetFile", content=content, file_name=name)
    return await who.call("ExplainPresetFile", asked)


async def exported(who: Client, preset: Any) -> Any:
    return await who.call("ExportPreset", request_for("ExportPreset", preset_id=preset.id))


async def test_a_preset_goes_out_and_comes_in_as_it_was(house: Served) -> None:
    ada, kael, keeper = house.people("ada", "kael", "keeper")
    own = {key: value for key, value in ALL.items() if key not in ("stop", "top_k")}
    fields: dict[str, Any] = {"model": "m", "provider": "MODEL_PROVIDER_MISTRAL"}
    preset = await made(ada, "Warm/Cold", **fields, parameters=own | {"off": ["stop", "top_k"]})
    file = await exported(ada, preset)
    assert file.file_name == "Warm-Cold.json"
    found = await explained(kael, file.content, file.file_name)
    assert list(found.left_out) == []
    stored = await kael.call("CreatePreset", request_for("CreatePreset", preset=found.preset))
    brought = stored.preset
    assert (brought.name, brought.model, brought.provider) == (
        preset.name,
        preset.model,
        preset.provider,
    )
    assert brought.parameters == preset.parameters
    asked = request_for("ExportPreset", preset_id=preset.id)
    assert (await kael.refused("ExportPreset", asked)).reason == "PRESET_NOT_FOUND"
    shared = await published(keeper)
    assert (await exported(kael, shared)).content


def test_sillytaverns_presets_come_with_what_has_a_counterpart() -> None:
    found = read(SILLYTAVERN)
    assert found.name == "Warm"
    assert found.wish == Wish("deepseek/deepseek-chat", SpeakerKind.OPENROUTER)
    assert found.parameters == {
        "temperature": 0.85,
        "presence_penalty": 0.2,
        "top_p": 1,
        "min_p": 0.05,
        "max_tokens": 400,
        "reasoning": "minimal",
    }


def test_what_has_none_is_told_with_why_and_no_secret_is() -> None:
    left_out = read(SILLYTAVERN).left_out
    assert [it.partition(":")[0] for it in left_out] == [
        "openai_max_context",
        "proxy_password",
        "stream_openai",
        "prompts",
        "n",
    ]
    assert "hunter2" not in "".join(left_out)
    assert "Be brief." not in "".join(left_out)


@pytest.mark.parametrize(
    ("changed", "wish"),
    [
        ({"openrouter_model": "OR_Website"}, None),
        ({"chat_completion_source": "openai"}, Wish("gpt-4-turbo", SpeakerKind.OPENAI)),
        ({"chat_completion_source": "custom", "custom_model": "own"}, Wish("own")),
        ({"chat_completion_source": "claude", "claude_model": "claude-x"}, None),
        ({"openrouter_model": 7}, None),
    ],
)
def test_the_model_is_that_of_the_source(changed: dict[str, Any], wish: Wish | None) -> None:
    assert read(SILLYTAVERN | changed).wish == wish


@pytest.mark.parametrize(
    ("document", "left_out"),
    [
        ({"spec": "tzurot_preset", "parameters": {"warmth": 1}}, "warmth: there is no such"),
        ({"spec": "tzurot_preset", "parameters": {"top_p": 7}}, "top_p: it must be a number from"),
        ({"spec": "tzurot_preset", "parameters": {"max_tokens": None}}, "max_tokens: it must be"),
        (SILLYTAVERN | {"temperature": 9}, "temperature: it must be a number from 0 to 2"),
    ],
)
def test_what_cannot_be_is_left_out(document: dict[str, Any], left_out: str) -> None:
    assert any(it.startswith(left_out) for it in read(document).left_out)


@pytest.mark.parametrize("content", [b"x", b"[]", b"{}", b'{"spec": "chara_card_v2"}'])
async def test_other_files_are_refused(content: bytes, house: Served) -> None:
    (ada,) = house.people("ada")
    asked = request_for("ExplainPresetFile", content=content, file_name="x.json")
    assert (await ada.refused("ExplainPresetFile", asked)).reason == "FILE_UNREADABLE"


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=20),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=8), each),
)


@given(st.dictionaries(st.sampled_from([*SILLYTAVERN, "parameters", "name", "spec"]), json_values))
def test_no_file_breaks_the_reader(document: dict[str, Any]) -> None:
    for given_ in (document, document | {"spec": "tzurot_preset"}, SILLYTAVERN | document):
        try:
            found = read(given_)
        except Unreadable:
            continue
        assert len(found.name) <= 100
