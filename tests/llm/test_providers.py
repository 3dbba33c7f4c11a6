"""Which model speaks: the order, what each needs, and what the screen says."""

from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from tests.fakes.provider import FakeProvider, ollama_model
from tzurot.errors import StartupError
from tzurot.llm.providers import ModelSources, discover
from tzurot.llm.speaker import SpeakerKind

NOBODY = "http://127.0.0.1:1"
KEY = SecretStr("sk-secret")


async def test_without_any_setting_the_bundled_model_speaks(http: httpx2.AsyncClient) -> None:
    (speaker,) = await discover(ModelSources(ollama_url=NOBODY), http)
    assert speaker.kind is SpeakerKind.BUNDLED
    assert not speaker.supports_tools
    assert not speaker.uses_operator_key
    assert speaker.sampling.max_tokens == 80
    assert "SmolLM2" in speaker.who_speaks
    assert "OPENROUTER_API_KEY" in (speaker.how_better or "")


async def test_the_order_is_configured_keys_ollama_file_bundled(
    provider: FakeProvider, http: httpx2.AsyncClient, tmp_path: Path
) -> None:
    provider.ollama_models = [ollama_model("llama3.2:3b", "2026-01-01T00:00:00Z")]
    weights = tmp_path / "my-model.gguf"
    weights.touch()
    sources = ModelSources(
        "qwen", "http://localhost:8000/v1", None, KEY, KEY, provider.url, weights
    )
    speakers = await discover(sources, http)
    of_people = {
        *(SpeakerKind.MISTRAL, SpeakerKind.GEMINI, SpeakerKind.ANTHROPIC),
        SpeakerKind.COMPATIBLE,
    }
    order = [kind for kind in SpeakerKind if kind not in of_people]
    assert [speaker.kind for speaker in speakers] == order
    assert [speaker.model for speaker in speakers] == [
        "qwen",
        "openai/gpt-4.1-mini",
        "gpt-4.1-mini",
        "llama3.2:3b",
        "my-model",
        "SmolLM2 135M",
    ]
    spends = {speaker.kind for speaker in speakers if speaker.uses_operator_key}
    assert spends == {SpeakerKind.OPENROUTER, SpeakerKind.OPENAI}


async def test_a_key_for_the_configured_address_is_the_operators(http: httpx2.AsyncClient) -> None:
    sources = ModelSources("qwen", "http://localhost:8000/v1", KEY, ollama_url=NOBODY)
    speaker, *_ = await discover(sources, http)
    assert speaker.uses_operator_key
    assert speaker.who_speaks == "qwen speaks, at localhost:8000."
    assert speaker.how_better is None
    assert "sk-secret" not in repr(speaker)


async def test_a_model_alone_is_asked_of_the_first_provider(http: httpx2.AsyncClient) -> None:
    sources = ModelSources(
        "some/model", openrouter_api_key=KEY, openai_api_key=KEY, ollama_url=NOBODY
    )
    first, second, *_ = await discover(sources, http)
    assert (first.kind, first.model) == (SpeakerKind.OPENROUTER, "some/model")
    assert (second.kind, second.model) == (SpeakerKind.OPENAI, "gpt-4.1-mini")


async def test_an_empty_key_is_no_key(http: httpx2.AsyncClient) -> None:
    sources = ModelSources(openai_api_key=SecretStr(""), ollama_url=NOBODY)
    assert [it.kind for it in await discover(sources, http)] == [SpeakerKind.BUNDLED]


@pytest.mark.parametrize(
    ("sources", "says"),
    [
        (ModelSources("qwen", ollama_url=NOBODY), "nobody to ask"),
        (ModelSources(model_base_url="http://localhost:8000/v1"), "needs TZUROT_MODEL"),
        (ModelSources(local_model=Path("/no/such.gguf"), ollama_url=NOBODY), "/no/such.gguf"),
    ],
)
async def test_settings_that_lead_nowhere_are_one_clear_sentence(
    http: httpx2.AsyncClient, sources: ModelSources, says: str
) -> None:
    with pytest.raises(StartupError, match=says):
        await discover(sources, http)


class TestOllama:
    async def test_the_newest_chat_model_speaks_and_embedding_models_never(
        self, provider: FakeProvider, http: httpx2.AsyncClient
    ) -> None:
        provider.ollama_models = [
            ollama_model("old:7b", "2025-06-01T10:00:00.123456789+02:00"),
            ollama_model("new:3b", "2026-02-01T10:00:00.5Z"),
            ollama_model("nomic-embed-text:latest", "2026-03-01T10:00:00Z", "nomic-bert"),
            ollama_model("plain-name:latest", "2026-04-01T10:00:00Z"),
            ollama_model("big:cloud", "2026-05-01T10:00:00Z")
            | {"remote_host": "https://ollama.com"},
        ]
        provider.ollama_capabilities = {"plain-name:latest": ["embedding"]}
        speaker, *_ = await discover(ModelSources(ollama_url=provider.url), http)
        assert (speaker.kind, speaker.model) == (SpeakerKind.OLLAMA, "new:3b")
        assert speaker.base_url == provider.base_url
        assert speaker.supports_tools

    async def test_a_model_that_cannot_call_tools_is_known_as_such(
        self, provider: FakeProvider, http: httpx2.AsyncClient
    ) -> None:
        provider.ollama_models = [ollama_model("gemma:2b", "2026-01-01T00:00:00Z")]
        provider.ollama_capabilities = {"gemma:2b": ["completion"]}
        speaker, *_ = await discover(ModelSources(ollama_url=provider.url), http)
        assert not speaker.supports_tools

    async def test_an_ollama_without_chat_models_does_not_count(
        self, provider: FakeProvider, http: httpx2.AsyncClient
    ) -> None:
        provider.ollama_models = [ollama_model("all-minilm", "2026-01-01T00:00:00Z", "bert")]
        speaker, *_ = await discover(ModelSources(ollama_url=provider.url), http)
        assert speaker.kind is SpeakerKind.BUNDLED

    async def test_something_else_on_its_port_does_not_count(
        self, provider: FakeProvider, http: httpx2.AsyncClient
    ) -> None:
        elsewhere = f"{provider.url}/v1/models?"
        speaker, *_ = await discover(ModelSources(ollama_url=elsewhere), http)
        assert speaker.kind is SpeakerKind.BUNDLED
