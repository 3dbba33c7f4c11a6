"""What sponsors pay for in a turn: their models, and whether they give more today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import SponsorCapReached
from tzurot.storage.database import Database
from tzurot.wallet.budgets import budget_store
from tzurot.wallet.budgets.standing import is_used_up, reached_cap
from tzurot.wallet.keys.own import OwnModel, OwnModels
from tzurot.wallet.keys.providers import TERMS, Provider
from tzurot.wallet.plan import Candidate
from tzurot.wallet.sponsors import sponsor_store
from tzurot.wallet.usage.attempts import PriceOf


@dataclass(frozen=True, slots=True)
class Space:
    """Where somebody is, as their client says: a server of Discord's."""

    platform: str
    space_id: str


@dataclass(frozen=True, slots=True)
class Sponsoring:
    """Who would pay for a member of a space, and which of them gives no more for now."""

    candidates: Sequence[Candidate] = ()
    capped: Mapping[UUID, SponsorCapReached] | None = None


class SponsoredModels:
    """The models that a space's sponsors pay for. Keys are opened for one turn, as people's own."""

    def __init__(self, database: Database, models: OwnModels, price: PriceOf) -> None:
        self._database = database
        self._models = models
        self._price = price

    async def offered(self, space: Space, person_id: UUID) -> Sponsoring:
        """What is there for a member, before any key is opened."""
        now = clock.now()
        async with self._database.reading() as tx:
            found = await sponsor_store.of_space(tx, space.platform, space.space_id)
            if not found:
                return Sponsoring()
            ids = [it.id for it, _ in found]
            budgets = await budget_store.of_member(tx, ids, person_id)
        candidates: list[Candidate] = []
        for it, key in found:
            speaker = await self._models.speaker(key, it.model)
            kind = TERMS[Provider(key.provider)].kind
            priced = kind is not None and self._price(kind.value, it.model) is not None
            candidates.append(
                Candidate(speaker, str(key.id), key.id, sponsor_id=it.id, priced=priced)
            )
        used_up = (it for it in budgets if is_used_up(it, now))
        capped = {it.sponsor_id: reached_cap(it, now) for it in used_up if it.sponsor_id}
        return Sponsoring(candidates, capped)

    async def model(self, candidate: Candidate) -> OwnModel | None:
        """The model that a sponsor pays for; None: they have just ended it.

        Raises:
            MasterKeyMissing: the key can't be opened.
        """
        if candidate.sponsor_id is None:
            return None
        async with self._database.reading() as tx:
            found = await sponsor_store.paying(tx, candidate.sponsor_id)
        return await self._models.model_of(found[1], candidate) if found else None

    async def payer_of(self, tx: AsyncSession, space: Space) -> UUID | None:
        """Who sponsors a space first; None: nobody."""
        found = await sponsor_store.of_space(tx, space.platform, space.space_id)
        return found[0][0].person_id if found else None
