"""The models that can be asked, and what becomes known of them."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx2

from tzurot.config import Settings
from tzurot.fetching.fetcher import Fetcher
from tzurot.fetching.transport import PublicTransport
from tzurot.llm import providers
from tzurot.llm.local import LocalModel
from tzurot.llm.openai_compatible import OpenAICompatibleModel, connections
from tzurot.llm.providers import OPENROUTER_URL, ModelSources
from tzurot.llm.speaker import SpeakerKind
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs
from tzurot.storage.signals import Signals
from tzurot.wallet.browsing import Browsing
from tzurot.wallet.budgets.budgets import Budgets
from tzurot.wallet.catalogue.asking import READ_CRON, READ_JOB, Address, Asking
from tzurot.wallet.catalogue.catalogue import Catalogue
from tzurot.wallet.catalogue.following import following
from tzurot.wallet.keys.checking import Checking
from tzurot.wallet.keys.choosing import Choosing
from tzurot.wallet.keys.keys import Keys, TakeCheck
from tzurot.wallet.keys.own import OwnModels
from tzurot.wallet.keys.providers import TERMS, Provider
from tzurot.wallet.paid import Plain
from tzurot.wallet.paying import Wallet
from tzurot.wallet.presets.presets import Presets
from tzurot.wallet.refusals import Refusals
from tzurot.wallet.sponsors.paying import SponsoredModels
from tzurot.wallet.sponsors.sponsors import Sponsors
from tzurot.wallet.usage.metering import Meter
from tzurot.wiring.sealing import ring_of


@dataclass(frozen=True, slots=True)
class Offered:
    """Models and keys, and what people see of them."""

    wallet: Wallet
    keys: Keys
    choosing: Choosing
    browsing: Browsing
    sponsors: Sponsors
    presets: Presets


async def offered_in(  # noqa: PLR0913, PLR0917  what models are asked with, and by
    settings: Settings,
    database: Database,
    jobs: Jobs,
    signals: Signals,
    fetcher: Fetcher,
    take_check: TakeCheck,
    stack: AsyncExitStack,
) -> Offered:
    """The models, those of people's own keys, and what is known of both.

    `take_check` limits how many keys somebody tries.
    """
    catalogue = Catalogue()
    await stack.enter_async_context(following(catalogue, signals, database))
    keys = Keys(database, ring_of(settings), Checking(fetcher), take_check)
    choosing = Choosing(database, catalogue)
    theirs = await stack.enter_async_context(OwnModels.open(keys, choosing, fetcher))
    http = await stack.enter_async_context(connections())
    models = await _models_of(settings, catalogue, http, stack)
    public = await stack.enter_async_context(
        httpx2.AsyncClient(transport=PublicTransport(fetcher), follow_redirects=False)
    )
    addresses = _addresses_of(keys, _configured(models, http), public)
    read = Asking(database, signals, addresses).read
    jobs.register(READ_JOB, read, lock=READ_JOB, slow=True)
    jobs.register(f"{READ_JOB}.all", read, cron=READ_CRON, lock=READ_JOB, slow=True)
    async with database.transaction() as tx:  # others may be configured now
        await jobs.defer(tx, READ_JOB)
    wallet = Wallet(
        models,
        settings.share_operator_key,
        theirs,
        SponsoredModels(database, theirs, catalogue.price),
        Refusals(database),
        Meter(database, Budgets(database), catalogue.price),
        bundled_off=not settings.bundled_model,
    )
    presets = Presets(database, wallet)
    sponsors = Sponsors(database, choosing, catalogue.price)
    browsing = Browsing(wallet, choosing, catalogue)
    return Offered(wallet, keys, choosing, browsing, sponsors, presets)


async def _models_of(
    settings: Settings, catalogue: Catalogue, http: httpx2.AsyncClient, stack: AsyncExitStack
) -> list[Plain]:
    """Those that the settings name, or that are found here; the best first."""
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
            models.append(OpenAICompatibleModel(speaker, http, informed=catalogue.informed))
        else:
            local = LocalModel(speaker, http)
            stack.push_async_callback(local.close)
            models.append(local)
    return models


def _addresses_of(
    keys: Keys, configured: Sequence[Address], public: httpx2.AsyncClient
) -> Callable[[], Awaitable[Sequence[Address]]]:
    """Whose lists are read. OpenRouter's needs no key: it is, once somebody has brought one."""
    openrouter = Address(TERMS[Provider.OPENROUTER].called, OPENROUTER_URL, public)

    async def addresses() -> Sequence[Address]:
        known = any(it.provider == openrouter.provider for it in configured)
        wanted = not known and await keys.held_at(Provider.OPENROUTER)
        return [*configured, openrouter] if wanted else configured

    return addresses


def _configured(models: Sequence[Plain], http: httpx2.AsyncClient) -> Sequence[Address]:
    """Whom the settings name; an Ollama here lists nothing but what it has."""
    speakers = (it.speaker for it in models)
    return [
        Address(
            it.provider,
            it.base_url,
            http,
            None if it.kind is SpeakerKind.OPENROUTER else it.api_key,
        )
        for it in speakers
        if it.base_url and it.kind is not SpeakerKind.OLLAMA
    ]
