"""The models that can be asked."""

from contextlib import AsyncExitStack

from tzurot.config import Settings
from tzurot.llm import providers
from tzurot.llm.local import LocalModel
from tzurot.llm.openai_compatible import OpenAICompatibleModel, connections
from tzurot.llm.providers import ModelSources
from tzurot.wallet.paying import Model


async def models_of(settings: Settings, stack: AsyncExitStack) -> list[Model]:
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
    )
    models: list[Model] = []
    for speaker in await providers.discover(sources, http):
        if speaker.weights is None:
            models.append(OpenAICompatibleModel(speaker, http))
        else:
            local = LocalModel(speaker, http)
            stack.push_async_callback(local.close)
            models.append(local)
    return models
