"""Which models can speak here, the best first.

The order: what is configured, the provider whose key is in the environment, an Ollama on this
machine, a GGUF file, the bundled model. Settings that name the model:

- `model` with `model_base_url` (and `model_api_key`, if that address wants one): any
  OpenAI-compatible address;
- `model` alone: that model at the first of OpenRouter, OpenAI and Ollama which is there.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
from pydantic import SecretStr

from tzurot.errors import StartupError
from tzurot.llm import eyes, local, ollama
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import Sampling

OPENROUTER_URL = "https://openrouter.ai/api/v1"
OPENAI_URL = "https://api.openai.com/v1"
ANTHROPIC_URL = "https://api.anthropic.com/v1"

# Cheap, calls tools, takes sampling and stop sequences; both providers have it.
OPENAI_MODEL = "gpt-4.1-mini"
OPENROUTER_MODEL = f"openai/{OPENAI_MODEL}"
ANTHROPIC_MODEL = "claude-haiku-5-5"  # the cheapest there; takes no sampling, as none of them

# Hosted models read far more, but every token is paid for: no prompt is longer than this.
HOSTED_CONTEXT = 32_768
UNKNOWN_CONTEXT = 8_192
# With less than 24 GiB of video memory: https://docs.ollama.com/context-length
OLLAMA_CONTEXT = 4_096

CHAT_SAMPLING = Sampling(max_tokens=1_024)  # some 700 words: a character chats


@dataclass(frozen=True, slots=True)
class ModelSources:
    """What the settings say about models; see the module."""

    model: str | None = None
    model_base_url: str | None = None
    model_api_key: SecretStr | None = None
    openrouter_api_key: SecretStr | None = None
    openai_api_key: SecretStr | None = None
    ollama_url: str = "http://127.0.0.1:11434"
    local_model: Path | None = None
    bundled_model: bool = True


async def discover(sources: ModelSources, http: httpx2.AsyncClient) -> list[Speaker]:
    """All speakers that are there, the best first; only Ollama is asked over the network.

    Raises:
        StartupError: the settings name a model that nobody can be asked for, or a missing file.
    """
    served = [*_hosted(sources), *await _ollama(sources, http)]
    if sources.model_base_url:
        served = [_configured(sources, sources.model_base_url), *served]
    elif sources.model:
        if not served:
            raise StartupError(
                f"TZUROT_MODEL names {sources.model}, but there is nobody to ask for it: set "
                "TZUROT_MODEL_BASE_URL, OPENROUTER_API_KEY or OPENAI_API_KEY, or start Ollama."
            )
        served[0] = _named(served[0], sources.model)
    return [*served, *_on_this_machine(sources)]


def _named(speaker: Speaker, model: str) -> Speaker:
    """The same provider with another model; by its name, since nobody was asked about that one."""
    return replace(speaker, model=model, supports_vision=eyes.by_name(model))


def _configured(sources: ModelSources, base_url: str) -> Speaker:
    if not sources.model:
        raise StartupError("TZUROT_MODEL_BASE_URL needs TZUROT_MODEL, the model's name there.")
    return Speaker(
        kind=SpeakerKind.CONFIGURED,
        provider=urlsplit(base_url).netloc or base_url,
        model=sources.model,
        base_url=base_url,
        api_key=sources.model_api_key,
        sampling=CHAT_SAMPLING,
        context_tokens=UNKNOWN_CONTEXT,
        supports_vision=eyes.by_name(sources.model),
        uses_operator_key=sources.model_api_key is not None,
    )


def _hosted(sources: ModelSources) -> list[Speaker]:
    offers = [
        (
            SpeakerKind.OPENROUTER,
            "OpenRouter",
            OPENROUTER_URL,
            OPENROUTER_MODEL,
            sources.openrouter_api_key,
        ),
        (SpeakerKind.OPENAI, "OpenAI", OPENAI_URL, OPENAI_MODEL, sources.openai_api_key),
    ]
    return [
        Speaker(
            kind=kind,
            provider=provider,
            model=model,
            base_url=base_url,
            api_key=key,
            sampling=CHAT_SAMPLING,
            context_tokens=HOSTED_CONTEXT,
            supports_vision=eyes.by_name(model),
            uses_operator_key=True,
        )
        for kind, provider, base_url, model, key in offers
        if key and key.get_secret_value()
    ]


async def _ollama(sources: ModelSources, http: httpx2.AsyncClient) -> list[Speaker]:
    url = sources.ollama_url.rstrip("/")
    found = await ollama.newest_chat_model(url, http)
    if not found:
        return []
    speaker = Speaker(
        kind=SpeakerKind.OLLAMA,
        provider="Ollama",
        model=found.name,
        base_url=f"{url}/v1",
        sampling=CHAT_SAMPLING,
        context_tokens=OLLAMA_CONTEXT,
        supports_tools=found.supports_tools,
        supports_vision=found.supports_vision,
        takes_late_system=False,
    )
    return [speaker]


def _on_this_machine(sources: ModelSources) -> list[Speaker]:
    speakers: list[Speaker] = []
    if sources.local_model:
        if not sources.local_model.is_file():
            raise StartupError(f"TZUROT_LOCAL_MODEL: there is no file {sources.local_model}.")
        speakers.append(local.from_file(sources.local_model))
    if sources.bundled_model and (bundled := local.bundled()):
        speakers.append(bundled)
    return speakers
