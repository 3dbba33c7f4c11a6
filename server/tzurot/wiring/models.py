"""The models that can be asked."""

from contextlib import AsyncExitStack

from tzurot.config import Settings
from tzurot.llm import providers
from tzurot.llm.local import LocalModel
from tzurot.llm.openai_compatible import OpenAICompatibleModel, connections
from tzurot.llm.providers import ModelSources
from tzurot.wallet.catalogue.price import Price
from tzurot.wallet.paid import Plain


async def models_of(settings: Settings, stack: AsyncExitStack) -> list[Plain]:
    """Those that the settings name, or that are found here; the best first."""
    http = await stack.enter_async_context(connections())
    sources = ModelSources(
        model=settings.model,
        model_base_url=settings.model_base_url,
        model_api_key=settings.model_api_key,
        openrouter_api_key=settings.openrouter_api_key,
        openai_api_key=settings.openai_api_key,
        ollama_url=settings.ollama_url,
        local_model=settings.local_model,
        bundled_model=settings.bundled_model,
    )
    models: list[Plain] = []
    for speaker in await providers.discover(sources, http):
        if speaker.weights is None:
            models.append(OpenAICompatibleModel(speaker, http))
        else:
            local = LocalModel(speaker, http)
            stack.push_async_callback(local.close)
            models.append(local)
    return models


def unpriced(provider: str, model: str) -> Price | None:
    """What a model costs, as far as is known here: only what its provider says with each reply."""
    return None
