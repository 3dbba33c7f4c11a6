"""What was found in exchanges, and what becomes of it: the memory room's side of learning.

Exchanges wait until somebody looks at them (a trigger notes them). Whoever has looked keeps what
they found and takes the exchanges off the list in one transaction: killed before, everything is
looked at again; after it, nothing is. An exchange that got other words meanwhile is not what was
read: it waits on.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory.facts import fact_store, forgotten_store, settling, unlearnt_store
from tzurot.memory.facts.fact import Fact, FactId, Origin, State, Statement, more_private
from tzurot.memory.facts.settling import Known, New, Refused
from tzurot.memory.facts.unlearnt import Unlearnt
from tzurot.memory.remembering import Owner
from tzurot.storage.database import Database

log = logging.getLogger(__name__)

ENOUGH = 6  # exchanges that are looked at together
QUIET = timedelta(hours=1)  # after which fewer are
MOST_CALLS = 100  # of a model in a day, for one owner

_AT_ONCE = 12  # exchanges in one look
_KNOWN = 60  # facts that a model is told of: the newest
_LEASE = timedelta(minutes=10)  # for one look
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=12)  # while a provider is busy
_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """What is to be looked at, and what is known already."""

    exchanges: Sequence[Unlearnt]
    """The oldest first."""
    known: Sequence[Fact]
    """Facts that count, the newest first."""
    names: frozenset[str]
    """What the person is called."""


class Keeping:
    """Hands out what is to be looked at, and keeps what was found."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, now: datetime, limit: int) -> Sequence[Owner]:
        """Of whom there is something to look at; at most `limit`."""
        async with self._database.reading() as tx:
            return await unlearnt_store.due(tx, now, enough=ENOUGH, quiet=QUIET, limit=limit)

    async def claim(self, owner: Owner, now: datetime) -> bool:
        """Begin to look, which costs one of today's calls; False: another time."""
        async with self._database.transaction() as tx:
            if not await fact_store.hold(tx, owner):
                return False
            if await unlearnt_store.claim(tx, owner, now, lease=_LEASE, most=MOST_CALLS):
                return True
            if await unlearnt_store.rest(tx, owner, now, most=MOST_CALLS):
                log.warning("facts of one owner: %s calls today, more tomorrow", MOST_CALLS)
        return False

    async def reading(self, owner: Owner) -> Reading:
        """What is to be looked at now."""
        async with self._database.reading() as tx:
            exchanges = await unlearnt_store.oldest(tx, owner, _AT_ONCE)
            facts = await fact_store.of_owner(tx, owner)
            names = await fact_store.names(tx, owner)
        counting = [it for it in facts if it.state is State.CURRENT]
        return Reading(exchanges, counting[:_KNOWN], names)

    async def pass_by(self, owner: Owner, exchanges: Sequence[Unlearnt]) -> None:
        """Nothing is to be learnt from these."""
        async with self._database.transaction() as tx:
            await unlearnt_store.take(tx, owner, [it.memory_id for it in exchanges])

    async def done(self, owner: Owner) -> None:
        """The look is over, and there was nothing to keep."""
        async with self._database.transaction() as tx:
            await unlearnt_store.put_off(tx, owner, clock.now(), 0)

    async def pass_all_by(self, owner: Owner) -> None:
        """Nothing is to be learnt of an owner."""
        async with self._database.transaction() as tx:
            await unlearnt_store.drop(tx, owner)
            await unlearnt_store.put_off(tx, owner, clock.now(), 0)

    async def put_off(self, owner: Owner, now: datetime) -> None:
        """The model could not be asked: try again, each time after twice as long."""
        async with self._database.transaction() as tx:
            count = await unlearnt_store.failures(tx, owner)
            wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(count, _DOUBLINGS))
            await unlearnt_store.put_off(tx, owner, now + wait, count + 1)

    async def keep(
        self, owner: Owner, read: Sequence[Unlearnt], found: Sequence[Statement], *, asks: bool
    ) -> Sequence[Fact]:
        """Learn what was found in exchanges; what came of it that its person does not know.

        With `asks` it waits for their yes.
        """
        now = clock.now()
        async with self._database.transaction() as tx:
            if not await fact_store.hold(tx, owner):
                return []
            held = await unlearnt_store.held(tx, owner, [it.memory_id for it in read])
            as_read = [it for it in held if it in read]
            sources = {it.memory_id for it in as_read}
            names = await fact_store.names(tx, owner)
            learning = _Learning(tx, owner, names, asks, now)
            learnt = [
                fact
                for it in found
                if it.memory_id in sources and (fact := await learning.learn(it))
            ]
            await unlearnt_store.take(tx, owner, sources)
            await unlearnt_store.put_off(tx, owner, now, 0)
        return learnt


@dataclass(frozen=True, slots=True)
class _Learning:
    """One look's statements, one after another: each sees what those before it have changed."""

    tx: AsyncSession
    owner: Owner
    names: Collection[str]
    asks: bool
    now: datetime

    async def learn(self, it: Statement) -> Fact | None:
        """The new fact, if there is one."""
        facts = await fact_store.of_owner(self.tx, self.owner)
        gone = [gone for _, gone in await forgotten_store.forgotten(self.tx, self.owner)]
        match settling.settle(it, facts, gone, self.names):
            case Refused():
                return None
            case Known(fact_id):
                known = next(fact for fact in facts if fact.fact_id == fact_id)
                await self._add_source(known, it)
                return None
            case New(replaces_id):
                return await self._add(it, replaces_id)

    async def _add_source(self, known: Fact, it: Statement) -> None:
        await fact_store.add_sources(self.tx, known.fact_id, [it.memory_id])
        if known.origin is Origin.TOLD:  # where it may be told its person has said
            return
        place = more_private(known.place, it.place)
        if place != known.place:
            await fact_store.put_in_place(self.tx, known.fact_id, place)

    async def _add(self, it: Statement, replaces_id: FactId | None) -> Fact:
        fact = Fact(
            fact_id=FactId(clock.uuid7()),
            owner=self.owner,
            text=it.text,
            entity=it.entity,
            state=State.PROPOSED if self.asks else State.CURRENT,
            origin=Origin.LEARNT,
            fictional=it.fictional,
            place=it.place,
            valid_from=it.said_time,
            valid_until=None,
            superseded_by_id=None,
            replaces_id=replaces_id if self.asks else None,
            create_time=self.now,
            vector=it.vector,
            source_ids=(it.memory_id,),
        )
        await fact_store.add(self.tx, fact)
        if replaces_id and not self.asks:
            await fact_store.supersede(self.tx, [replaces_id], fact)
        return fact
