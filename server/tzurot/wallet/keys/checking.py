"""Asking a provider whether it lets a key in. Read `Checking.check`."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx2
from pydantic import SecretStr

from tzurot import clock
from tzurot.errors import (
    AddressRefused,
    ApiKeyLacksCredit,
    ApiKeyLacksPermission,
    ApiKeyRejected,
    ProviderQuota,
    ProviderTimeout,
    ProviderUnavailable,
    TzurotError,
)
from tzurot.fetching import targets
from tzurot.fetching.fetcher import Fetcher
from tzurot.fetching.refusals import FetchRefused, Problem
from tzurot.fetching.transport import NotPublic, PublicTransport
from tzurot.llm.refusals import retry_after
from tzurot.wallet.catalogue import listing
from tzurot.wallet.catalogue.entry import Entry
from tzurot.wallet.catalogue.listing import NoList
from tzurot.wallet.keys.providers import TERMS, Answer, Provider, Terms, Verdict, judged

SECONDS = 8.0  # a call has ten
_WAIT_SECONDS = 30.0  # where a provider does not say how long
_MAX_BODY = 2 * 1024 * 1024  # bytes; long lists of models have some hundred thousand

_ERRORS = {
    Verdict.REJECTED: ApiKeyRejected,
    Verdict.LACKS_PERMISSION: ApiKeyLacksPermission,
    Verdict.LACKS_CREDIT: ApiKeyLacksCredit,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a provider says who lets a key in.

    `model` speaks where nobody names one. `models` are those that the key may ask; none: the
    answer is about something else.
    """

    model: str
    models: Sequence[Entry] = ()
    read_time: datetime = field(default_factory=clock.now)


class Checking:
    """Asks providers on the open internet."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def check(self, provider: Provider, secret: SecretStr, base_url: str = "") -> Checked:
        """Ask once, by the request that tells most.

        Raises:
            ApiKeyRejected, ApiKeyLacksPermission, ApiKeyLacksCredit: `held_against` the key.
            AddressRefused: nobody may ask `base_url`, or no provider answers there.
            ProviderTimeout, ProviderUnavailable, ProviderQuota: nothing is known of the key.
        """
        terms, called = TERMS[provider], called_at(provider, base_url)
        url = terms.check_url or f"{base_url}/models"
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self._asked(url, dict(terms.headers(secret.get_secret_value())))
        except TimeoutError:
            raise ProviderTimeout(called) from None
        except NotPublic as error:
            if not base_url:  # a provider of ours is where it is: its name was not found just now
                raise ProviderUnavailable(called) from None
            raise _address_refused(error.refused) from None
        except httpx2.HTTPError:  # not chained: its request has the key in its headers
            raise ProviderUnavailable(called) from None
        _require_good(judged(provider, answer), provider, called, answer)
        return _checked(terms, called, answer)

    async def _asked(self, url: str, headers: dict[str, str]) -> Answer:
        transport = PublicTransport(self._fetcher)
        async with (
            httpx2.AsyncClient(transport=transport, follow_redirects=False, timeout=None) as http,
            http.stream("GET", url, headers=headers) as response,
        ):
            body = bytearray()
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > _MAX_BODY:
                    raise httpx2.ReadError("too long a list of models")
            wait = retry_after(response.headers.get("retry-after"))
            return Answer(response.status_code, bytes(body), wait)


def held_against(error: TzurotError) -> Verdict | None:
    """What an error says is wrong with the key itself; None: nothing."""
    return next((verdict for verdict, kind in _ERRORS.items() if isinstance(error, kind)), None)


def normal(base_url: str) -> str:
    """An OpenAI-compatible address as it is kept: without a slash at its end.

    Raises:
        AddressRefused: it is none that anybody may ask, or has more than a name and a path.
    """
    try:
        url = targets.parse(base_url.strip())
    except FetchRefused as refused:
        raise _address_refused(refused) from None
    if url.query:
        problem = "The address must have nothing behind a `?`."
        raise AddressRefused(Problem.BAD_ADDRESS, problem)
    return str(url).rstrip("/?")


def called_at(provider: Provider, base_url: str) -> str:
    """What a provider is called where it is spoken of."""
    if provider is not Provider.COMPATIBLE:
        return TERMS[provider].called
    return base_url.removeprefix("https://").partition("/")[0]


def _checked(terms: Terms, called: str, answer: Answer) -> Checked:
    now = clock.now()
    try:
        models = listing.read(answer.body, called, now) if terms.kind else ()
    except NoList:
        models = ()
    return Checked(terms.model or next((it.id for it in models), ""), models, now)


def _require_good(verdict: Verdict, provider: Provider, called: str, answer: Answer) -> None:
    if verdict is Verdict.GOOD:
        return
    if verdict is Verdict.REJECTED:
        raise ApiKeyRejected(called, "this API key", "caller")
    if verdict in _ERRORS:
        raise _ERRORS[verdict](called)
    if verdict is Verdict.NO_PROVIDER and provider is Provider.COMPATIBLE:
        problem = f"{called} does not list its models as an OpenAI-compatible address does."
        raise AddressRefused("not_compatible", problem)
    if verdict is Verdict.TOO_OFTEN:
        raise ProviderQuota(called, timedelta(seconds=answer.seconds or _WAIT_SECONDS))
    raise ProviderUnavailable(called)


def _address_refused(refused: FetchRefused) -> AddressRefused:
    return AddressRefused(refused.problem, refused.sentence)
