"""A model with whoever pays for it: each attempt says who, and what is refused is remembered."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from tzurot.errors import ApiKeyLacksCredit, ApiKeyRejected, ProviderQuota
from tzurot.llm import data_policy
from tzurot.llm.data_policy import DataPolicy
from tzurot.llm.fallback import Attempt, OnAttempt
from tzurot.llm.local import LocalModel
from tzurot.llm.openai_compatible import OpenAICompatibleModel
from tzurot.llm.streaming import ModelRequest, StreamEvent
from tzurot.wallet.keys.own import OwnModel
from tzurot.wallet.plan import Candidate
from tzurot.wallet.refusals import Refusals

Plain = OpenAICompatibleModel | LocalModel | OwnModel
"""A model of which it is not said who pays."""


class PaidModel:
    """Asks `model` for whom `candidate` says, keeping to a policy."""

    def __init__(
        self,
        model: Plain,
        candidate: Candidate,
        policy: DataPolicy,
        refusals: Refusals | None,
    ) -> None:
        """`refusals` None: nothing is remembered."""
        self.speaker = model.speaker
        self.candidate = candidate
        self._model = model
        self._policy = policy
        self._refusals = refusals

    def stream(
        self, request: ModelRequest, *, timeout: float, on_attempt: OnAttempt | None = None
    ) -> AsyncGenerator[StreamEvent, None]:
        """As every model's."""
        routing = data_policy.demanded(self.speaker, self._policy)
        return self._remembered(replace(request, routing=routing), timeout, on_attempt)

    async def _remembered(
        self, request: ModelRequest, seconds: float, on_attempt: OnAttempt | None
    ) -> AsyncGenerator[StreamEvent, None]:
        outcome = ""

        def attempted(attempt: Attempt) -> None:
            nonlocal outcome
            outcome = attempt.outcome
            if on_attempt:
                on_attempt(replace(attempt, payer=self.candidate.route))

        events = self._model.stream(request, timeout=seconds, on_attempt=attempted)
        try:
            async with aclosing(events):
                async for event in events:
                    yield event
        except (ApiKeyLacksCredit, ApiKeyRejected, ProviderQuota) as error:
            if self._refusals:
                await self._refusals.remember(self.candidate, error, outcome)
            raise
