"""Keys of moderators that pay in a space, for members who have no key of their own.

What they give a day, to all and to each, are budgets: set aside before each call, under their locks
(`wallet/budgets`). Whoever sponsors sees sums, and nothing of whom they paid for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import (
    ApiKeyNotFound,
    LimitReached,
    SponsorKeyUnsuitable,
    SponsorNotFound,
    SubjectDenied,
)
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller
from tzurot.wallet.budgets import budget_store
from tzurot.wallet.budgets.budget_store import Target
from tzurot.wallet.budgets.standing import Standing, budget_of, standing_of
from tzurot.wallet.keys import key_store
from tzurot.wallet.keys.choosing import ApiKey, Choosing
from tzurot.wallet.keys.providers import TERMS, Provider
from tzurot.wallet.sponsors import sponsor_store
from tzurot.wallet.sponsors.sponsor_tables import Sponsor
from tzurot.wallet.usage import usage_store
from tzurot.wallet.usage.attempts import PriceOf

MAX_SPONSORED = 20  # by one person
MAX_SPONSORS = 5  # of one space

_RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Gift:
    """What somebody wants to give a space a day, in micro-dollars: to all, and to each member.

    `model` empty: the one that speaks with the key.
    """

    platform: str
    space_id: str
    key_id: UUID
    cap_micros: int
    member_cap_micros: int
    model: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A sponsor, how its day stands, and what it gave in the last 30 days."""

    sponsor: Sponsor
    today: Standing
    recent_micros: int = 0
    recent_requests: int = 0


class Sponsors:
    """What the servicer and the dialogue ask; each call is about what one person sponsors."""

    def __init__(self, database: Database, choosing: Choosing, price: PriceOf) -> None:
        self._database = database
        self._choosing = choosing
        self._price = price

    async def put(self, who: Caller, gift: Gift) -> Given:
        """Have a key pay in a space; the same key there again: another model, or other caps.

        Raises:
            SubjectDenied: the space is another platform's.
            ApiKeyNotFound, ModelNotListed, SponsorKeyUnsuitable, LimitReached: by their names.
        """
        if who.platform != gift.platform:
            raise SubjectDenied(who.subject)
        async with self._database.transaction() as tx:
            await sponsor_store.lock(tx, who.person_id)
            key = await key_store.key(tx, who.person_id, gift.key_id)
            if key is None:
                raise ApiKeyNotFound(gift.key_id)
            model = gift.model or key.model
            await self._require_suitable(tx, key, model)
            known = await sponsor_store.of_person(tx, who.person_id)
            there = (gift.platform, gift.space_id, gift.key_id)
            row = next((it for it in known if _where(it) == there), None)
            if row is None:
                await _require_room(tx, gift, known)
                row = _row(who, gift, model)
                tx.add(row)
                await tx.flush()
            row.model = model
            await _give(tx, row, gift.cap_micros, gift.member_cap_micros)
            return (await _standing(tx, [row], clock.now()))[0]

    async def list(self, person_id: UUID) -> Sequence[Given]:
        """What a person sponsors, the newest first."""
        async with self._database.reading() as tx:
            rows = await sponsor_store.of_person(tx, person_id)
            return await _standing(tx, rows, clock.now())

    async def change(
        self, person_id: UUID, sponsor_id: UUID, micros: int | None, member_micros: int | None
    ) -> Given:
        """Give more or less a day; None: as much as before.

        Raises:
            SponsorNotFound: the person sponsors nothing like that.
        """
        async with self._database.transaction() as tx:
            row = await sponsor_store.own(tx, person_id, sponsor_id)
            if row is None:
                raise SponsorNotFound(sponsor_id)
            await _give(tx, row, micros, member_micros)
            return (await _standing(tx, [row], clock.now()))[0]

    async def end(self, person_id: UUID, sponsor_id: UUID) -> None:
        """Pay for others no more.

        Raises:
            SponsorNotFound: the person sponsors nothing like that.
        """
        async with self._database.transaction() as tx:
            if not await sponsor_store.remove(tx, person_id, sponsor_id):
                raise SponsorNotFound(sponsor_id)

    async def _require_suitable(self, tx: AsyncSession, key: ApiKey, model: str) -> None:
        """An address of one's own would see what others say, and no cap holds without a price."""
        provider = Provider(key.provider)
        kind, called = TERMS[provider].kind, TERMS[provider].called
        if provider is Provider.COMPATIBLE:
            raise SponsorKeyUnsuitable("whoever runs its address would read what others say")
        if kind is None:
            raise SponsorKeyUnsuitable(f"no model of {called}'s speaks here yet")
        if not model:
            raise SponsorKeyUnsuitable("no model speaks with it yet, so name one")
        await self._choosing.require_listed(tx, key, model)
        if self._price(kind.value, model) is None:
            raise SponsorKeyUnsuitable(
                f"nobody knows what `{model}` costs at {called}, so no cap could hold"
            )


def _where(it: Sponsor) -> tuple[str, str, UUID]:
    return it.platform, it.space_id, it.key_id


async def _require_room(tx: AsyncSession, gift: Gift, known: Sequence[Sponsor]) -> None:
    if len(known) >= MAX_SPONSORED:
        raise LimitReached("sponsored servers", MAX_SPONSORED)
    others = await sponsor_store.of_space(tx, gift.platform, gift.space_id)
    if len(others) >= MAX_SPONSORS:
        raise LimitReached("sponsors of one server", MAX_SPONSORS)


def _row(who: Caller, gift: Gift, model: str) -> Sponsor:
    return Sponsor(
        id=clock.uuid7(),
        person_id=who.person_id,
        key_id=gift.key_id,
        platform=gift.platform,
        space_id=gift.space_id,
        model=model,
        member_cap_micros=gift.member_cap_micros,
        create_time=clock.now(),
    )


async def _give(
    tx: AsyncSession, row: Sponsor, micros: int | None, member_micros: int | None
) -> None:
    """Set what it gives a day. What is spent stays spent."""
    target = Target("sponsor", sponsor_id=row.id)
    budget = await budget_store.find(tx, target, "day")
    if budget is None:
        budget = budget_of(target, clock.now())
        tx.add(budget)
    if micros is not None:
        budget.cap_micros, budget.told_percent = micros, 0
    if member_micros is not None:
        row.member_cap_micros = member_micros
        await budget_store.set_member_caps(tx, row.id, member_micros)
    await tx.flush()


async def _standing(tx: AsyncSession, rows: Sequence[Sponsor], now: datetime) -> Sequence[Given]:
    ids = [it.id for it in rows]
    budgets = {it.sponsor_id: it for it in await budget_store.of_sponsors(tx, ids)}
    recent: Mapping[UUID, tuple[int, int]] = await usage_store.sponsored(tx, ids, now - _RECENT)
    return [Given(it, standing_of(budgets[it.id], now), *recent.get(it.id, (0, 0))) for it in rows]
