"""The model that a person's own key pays for: opened for one turn, and let go with it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import Self
from uuid import UUID

import httpx2
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import (
    ApiKeyLacksCredit,
    ApiKeyRejected,
    ProviderQuota,
    TzurotError,
)
from tzurot.fetching.fetcher import Fetcher
from tzurot.fetching.transport import PublicTransport
from tzurot.llm import eyes
from tzurot.llm.anthropic.model import AnthropicModel
from tzurot.llm.fallback import Attempt, OnAttempt
from tzurot.llm.openai_compatible import OpenAICompatibleModel
from tzurot.llm.providers import CHAT_SAMPLING, HOSTED_CONTEXT, UNKNOWN_CONTEXT
from tzurot.llm.refusals import lacks_credit
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import ModelRequest, StreamEvent
from tzurot.wallet.keys.checking import called_at
from tzurot.wallet.keys.choosing import Choosing
from tzurot.wallet.keys.key_tables import ApiKey
from tzurot.wallet.keys.keys import Keys, Opened
from tzurot.wallet.keys.providers import TERMS, Provider
from tzurot.wallet.plan import Candidate, Wish


class OwnModels:
    """Makes a model for each turn that its person pays for; keeps none."""

    def __init__(self, keys: Keys, choosing: Choosing, http: httpx2.AsyncClient) -> None:
        self._keys = keys
        self._choosing = choosing
        self._http = http

    @classmethod
    @asynccontextmanager
    async def open(cls, keys: Keys, choosing: Choosing, fetcher: Fetcher) -> AsyncGenerator[Self]:
        """Ask providers through `fetcher`: nobody can name an address of the operator's."""
        transport = PublicTransport(fetcher)
        async with httpx2.AsyncClient(transport=transport, follow_redirects=False) as http:
            yield cls(keys, choosing, http)

    async def model(self, person_id: UUID, asked: str = "") -> "OwnModel | None":
        """The model that the person's own key pays for; None: they have no key that speaks.

        `asked`: another one of its provider's than the one that speaks with it.

        Raises:
            MasterKeyMissing: they have one, and it can't be opened.
        """
        opened = await self._keys.pay(person_id)
        if opened is None:
            return None
        speaker = await self._informed(opened.row, asked or opened.row.model, opened)
        return OwnModel(opened, own_candidate(opened.row, speaker), self._keys, self._http)

    async def model_of(self, row: ApiKey, candidate: Candidate) -> "OwnModel":
        """The model that a key pays for as somebody else's: as `candidate` says.

        Raises:
            MasterKeyMissing: it can't be opened.
        """
        opened = await self._keys.pay_with(row)
        speaker = await self._informed(row, candidate.speaker.model, opened)
        return OwnModel(opened, replace(candidate, speaker=speaker), self._keys, self._http)

    async def pays(self, tx: AsyncSession, person_id: UUID) -> bool:
        """Whether the person's own key pays for their turns."""
        return await self._keys.pays(tx, person_id)

    async def candidate(self, person_id: UUID) -> Candidate | None:
        """The same before the key is opened."""
        row = await self._keys.speaking(person_id)
        return own_candidate(row, await self.speaker(row, row.model)) if row else None

    async def speaker(self, row: ApiKey, model: str) -> Speaker:
        """A model of a key's provider, with what is known of it, before the key is opened."""
        return await self._informed(row, model)

    async def _informed(self, row: ApiKey, model: str, opened: Opened | None = None) -> Speaker:
        return await self._choosing.informed(row, _speaker(row, model, opened))

    async def wished(self, person_id: UUID, wish: Wish) -> Candidate | None:
        """The same with the model that is wished for; None: it is the same, or can't be asked."""
        row = await self._keys.speaking(person_id)
        if row is None or row.model == wish.model or not await self._choosing.may_ask(row, wish):
            return None
        return own_candidate(row, await self._informed(row, wish.model))


class OwnModel:
    """A model that tells of a refusal whose key it was, and remembers it."""

    def __init__(
        self, opened: Opened, candidate: Candidate, keys: Keys, http: httpx2.AsyncClient
    ) -> None:
        """`candidate`: who pays for it."""
        self.candidate = candidate
        self._model = _model(candidate.speaker, http)
        self._row = opened.row
        self._keys = keys

    @property
    def speaker(self) -> Speaker:
        """Which one it is."""
        return self._model.speaker

    def stream(
        self, request: ModelRequest, *, timeout: float, on_attempt: OnAttempt | None = None
    ) -> AsyncGenerator[StreamEvent, None]:
        """As every model's."""
        return self._told(request, timeout, on_attempt)

    async def _told(
        self, request: ModelRequest, seconds: float, on_attempt: OnAttempt | None
    ) -> AsyncGenerator[StreamEvent, None]:
        attempts: list[Attempt] = []

        def attempted(attempt: Attempt) -> None:
            attempts.append(attempt)
            if on_attempt:
                on_attempt(attempt)

        events = self._model.stream(request, timeout=seconds, on_attempt=attempted)
        try:
            async with aclosing(events):
                async for event in events:
                    yield event
        except (ApiKeyRejected, ProviderQuota) as error:
            own = self._own(error, attempts[-1].outcome if attempts else "")
            await self._keys.failed(self._row.person_id, self._row.id, own)
            raise own from error
        if self._row.failure:
            await self._keys.let_in(self._row.person_id, self._row.id)

    def _own(self, error: TzurotError, outcome: str) -> TzurotError:
        """The same with whose key it was."""
        provider, key = self.speaker.provider, self.candidate.key_called
        if lacks_credit(outcome):
            return ApiKeyLacksCredit(provider, key)
        if isinstance(error, ProviderQuota):
            return ProviderQuota(provider, error.retry_after, key)
        return ApiKeyRejected(provider, key, "sponsor" if self.candidate.sponsor_id else "caller")


def _model(speaker: Speaker, http: httpx2.AsyncClient) -> OpenAICompatibleModel | AnthropicModel:
    if speaker.kind is SpeakerKind.ANTHROPIC:
        return AnthropicModel(speaker, http)
    return OpenAICompatibleModel(speaker, http)


def own_candidate(row: ApiKey, speaker: Speaker) -> Candidate:
    """A model that its person's own key pays for."""
    return Candidate(speaker, str(row.id), row.id, row.name)


def _speaker(row: ApiKey, model: str, opened: Opened | None) -> Speaker:
    provider = Provider(row.provider)
    terms = TERMS[provider]
    return Speaker(
        kind=terms.kind or SpeakerKind.COMPATIBLE,
        provider=called_at(provider, row.base_url),
        model=model,
        base_url=terms.base_url or row.base_url,
        api_key=opened.secret if opened else None,
        sampling=CHAT_SAMPLING,
        context_tokens=HOSTED_CONTEXT if terms.base_url else UNKNOWN_CONTEXT,
        supports_vision=eyes.by_name(model),
    )
