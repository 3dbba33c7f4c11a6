"""What providers' lists say: as OpenRouter, Mistral, vLLM, Google and OpenAI publish them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.provider import openrouter_model
from tzurot.wallet.catalogue import listing
from tzurot.wallet.catalogue.entry import Entry, Modality, Source
from tzurot.wallet.catalogue.listing import NoList
from tzurot.wallet.catalogue.price import Price

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def read(*models: Any, field: str = "data") -> list[Entry]:
    return list(listing.read(json.dumps({field: models}).encode(), "p", NOW))


def one(id_: str = "m", **said: Any) -> Entry:
    (entry,) = read({"id": id_, **said})
    return entry


def test_openrouter_says_all() -> None:
    said = openrouter_model(
        "OpenAI: GPT-4.1 Mini",
        prompt="0.0000004",
        completion="0.0000016",
        context=1_047_576,
        inputs=("image", "text", "hologram"),
        parameters=("tools", "temperature", "structured_outputs"),
    )
    assert one("openai/gpt-4.1-mini", **said) == Entry(
        provider="p",
        id="openai/gpt-4.1-mini",
        source=Source.LIST,
        read_time=NOW,
        name="OpenAI: GPT-4.1 Mini",
        context_tokens=1_047_576,
        reply_tokens=16_384,
        inputs=(Modality.TEXT, Modality.IMAGE),
        outputs=(Modality.TEXT,),
        supports_tools=True,
        supports_reasoning=False,
        supports_structured_output=True,
        parameters=("structured_outputs", "temperature", "tools"),
        price=Price(400_000, 1_600_000, 500_000),
    )


def test_openai_says_that_it_is_there_and_nothing_else() -> None:
    said = {"object": "model", "created": 1, "owned_by": "openai"}
    assert one("gpt-4.1-mini", **said) == Entry("p", "gpt-4.1-mini", Source.LIST, NOW)


def test_mistral_says_what_it_can() -> None:
    abilities = {"completion_chat": True, "function_calling": True, "vision": True}
    entry = one("mistral-small-2603", max_context_length=131_072, capabilities=abilities)
    assert (entry.context_tokens, entry.supports_tools) == (131_072, True)
    assert entry.supports_vision
    with pytest.raises(NoList):
        read({"id": "mistral-embed", "capabilities": {"completion_chat": False}})


def test_vllm_says_how_much_it_takes() -> None:
    assert one(max_model_len=16_384).context_tokens == 16_384


def test_google_has_a_shape_of_its_own() -> None:
    chats = {
        "name": "models/gemini-2.5-flash",
        "displayName": "Gemini 2.5 Flash",
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
    }
    embeds = {"name": "models/embedding-001", "supportedGenerationMethods": ["embedContent"]}
    (entry,) = read(chats, embeds, field="models")
    assert (entry.id, entry.name) == ("gemini-2.5-flash", "Gemini 2.5 Flash")
    assert (entry.context_tokens, entry.reply_tokens) == (1_048_576, 65_536)


@pytest.mark.parametrize(
    ("pricing", "price"),
    [
        ({"prompt": "0", "completion": "0"}, Price(0, 0, 0)),
        ({"prompt": "0.000001", "completion": "0.00001"}, Price(10**6, 10**7, 10**6)),
        (
            {"prompt": "3e-6", "completion": 0.000015, "request": "0.005"},
            Price(3_000_000, 15_000_000, 3_000_000, 5_000),
        ),
        ({"prompt": "0.00000001234567", "completion": "0"}, Price(12_346, 0, 12_346)),
        *(
            ({"prompt": wrong, "completion": "0"}, None)
            for wrong in ("-1", "NaN", "Infinity", "free", "", None, True, [], "2", "1e999999")
        ),
        ({"prompt": "0"}, None),
        (None, None),
        ("0", None),
    ],
)
def test_prices_are_dollars_for_each_token(pricing: object, price: Price | None) -> None:
    assert one(pricing=pricing).price == price


@pytest.mark.parametrize("wrong", [0, -1, 2**31, "8192", 8192.5, True, None, []])
def test_a_window_of_no_size_is_none(wrong: object) -> None:
    assert one(context_length=wrong).context_tokens is None


def test_the_smaller_window_counts_where_several_are_said() -> None:
    assert one(context_length=200_000, top_provider={"context_length": 128_000}).context_tokens == (
        128_000
    )


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>", b"[]", b"{}", b'{"data": []}', b'{"data": {}}', b"[" * 100_000),
        *(b'{"data": [1, {}, null]}', b'{"data": [{"id": "two words"}]}', b'{"data": [{"id": 7}]}'),
    ],
)
def test_what_is_no_list_is_told_apart_from_an_empty_one(body: bytes) -> None:
    with pytest.raises(NoList):
        listing.read(body, "p", NOW)


def test_each_model_is_there_once_and_no_list_is_endless() -> None:
    assert [it.id for it in read({"id": "a"}, {"id": "b"}, {"id": "a"})] == ["a", "b"]
    assert len(read(*({"id": str(it)} for it in range(3_000)))) == listing.MAX_MODELS


def test_a_name_is_one_line() -> None:
    assert one(name="Evil\n\x1b[31m\u202eName" + "x" * 500).name.startswith("Evil [31m Namex")
    assert len(one(name="x" * 500).name) == 120


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda it: st.lists(it, max_size=3) | st.dictionaries(st.text(max_size=8), it, max_size=3),
    max_leaves=6,
)
_FIELDS = (
    *("name", "context_length", "architecture", "pricing", "top_provider", "capabilities"),
    *("supported_parameters", "max_model_len", "supportedGenerationMethods", "displayName"),
)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(_FIELDS), _JSON))
def test_whatever_is_said_can_be_read_and_kept(said: Mapping[str, Any]) -> None:
    try:
        (entry,) = read({"id": "m", **said})
    except NoList:
        return
    kept = json.loads(json.dumps(entry.written()))
    assert Entry.read(kept, "p", Source.LIST, NOW) == entry
