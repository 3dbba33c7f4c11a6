"""Who fronts in a person's system, as PluralKit tells it to everybody who asks.

Its API needs no key for that, and hides what the system hides: then nobody is known to front.
https://pluralkit.me/api/endpoints/#get-current-system-fronters
"""

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from tzurot.account.personas import Member
from tzurot.fetching.fetcher import Fetcher
from tzurot.fetching.refusals import FetchRefused, Problem

PLURALKIT = "pluralkit"
SECONDS = 1.0  # that a turn waits at most
KEPT_SECONDS = 60.0  # that an answer counts
PER_SECOND = 5  # requests; PluralKit "Rate Limiting" allows 10 in any second
_MAX_ANSWER = 1024 * 1024  # bytes; many members can front at once
_MAX_KEPT = 10_000  # people
_DISCORD = "discord:"

log = logging.getLogger(__name__)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Fronter(_Model):
    """PluralKit "Member model". A name that is hidden is null, or the display name."""

    id: str
    uuid: str = ""
    name: str | None = None
    display_name: str | None = None


class _Switch(_Model):
    """PluralKit "Switch model"; who fronts first is the one who counts."""

    members: list[_Fronter] = []


@dataclass(frozen=True, slots=True)
class _Told:
    """Who fronted when it was asked."""

    member: Member | None
    until: float  # on the clock of time.monotonic


class Fronters:
    """PluralKit at `base`, asked politely; with an empty one nobody is known to front."""

    def __init__(self, fetcher: Fetcher, base: str) -> None:
        self._fetcher = fetcher
        self._base = base.rstrip("/")
        self._told: OrderedDict[str, _Told] = OrderedDict()
        self._next = 0.0  # when it may be asked again

    def knows(self, subject: str) -> bool:
        """Whether it can be asked about somebody: it knows accounts of Discord."""
        account = subject.removeprefix(_DISCORD)
        return bool(self._base) and account != subject and account.isdecimal()

    async def first(self, subject: str) -> Member | None:
        """Who fronts; None if nobody does, or PluralKit doesn't tell, or not in time."""
        if not self.knows(subject):
            return None
        told = self._told.get(subject)
        if told is None or told.until <= time.monotonic():
            told = _Told(await self._asked(subject), time.monotonic() + KEPT_SECONDS)
            self._keep(subject, told)
        return told.member

    async def _asked(self, subject: str) -> Member | None:
        url = f"{self._base}/v2/systems/{subject.removeprefix(_DISCORD)}/fronters"
        try:
            async with asyncio.timeout(SECONDS):
                await self._turn()
                got = await self._fetcher.fetch(url, limit_bytes=_MAX_ANSWER, seconds=SECONDS)
            fronting = _Switch.model_validate_json(got.content).members
        except FetchRefused as refused:  # 204, 403 and 404 are answers: nobody, hidden, no system
            if refused.problem is not Problem.BAD_STATUS:
                log.warning("PluralKit does not tell who fronts: %s", refused.problem)
            return None
        except (TimeoutError, ValidationError) as broken:
            log.warning("PluralKit does not tell who fronts: %s", type(broken).__name__)
            return None
        return _member(fronting[0]) if fronting else None

    async def _turn(self) -> None:
        """Wait until one more request is within the limit."""
        now = time.monotonic()
        mine = max(now, self._next)
        if mine - now > SECONDS:
            raise TimeoutError
        self._next = mine + 1 / PER_SECOND
        await asyncio.sleep(mine - now)

    def _keep(self, subject: str, told: _Told) -> None:
        self._told[subject] = told
        self._told.move_to_end(subject)
        if len(self._told) > _MAX_KEPT:
            self._told.popitem(last=False)


def _member(fronter: _Fronter) -> Member:
    """The member by the name that everybody may read."""
    name = fronter.display_name or fronter.name or fronter.id
    return Member(PLURALKIT, fronter.id, name, fronter.uuid)
