"""Facts as their person sees and decides them.

What a person writes themselves stands against everything that is learnt, and what they take away
does not come back: of each fact that they correct, revert or forget enough is kept to recognize it
in other words, and none of its own (forgetting.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import FactNotFound, RequestIdReused
from tzurot.llm.embeddings import Vector
from tzurot.memory.facts import (
    fact_store,
    forgotten_store,
    settling,
    telling,
    told_store,
    withholding_store,
)
from tzurot.memory.facts.fact import Fact, FactId, Origin, State
from tzurot.memory.facts.fact_store import Wanted
from tzurot.memory.facts.forgetting import forgotten
from tzurot.memory.facts.sense import sense_of
from tzurot.memory.facts.telling import FactTold, News, Told
from tzurot.memory.facts.withholding import Withholding
from tzurot.memory.meaning import Meaning
from tzurot.memory.remembering import INDEX_JOB, Owner
from tzurot.memory.venues import Place, Venue, Where
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs

STANDING = (State.CURRENT, State.PROPOSED)

_IN_CONFIDENCE = Place(Venue.DIRECT, "", "", age_restricted=False)


class Facts:
    """The facts of the personas that are named; what is another's does not exist.

    `meaning` is the bundled model, whichever one reads memories: likeness.py is fitted to it.
    """

    def __init__(
        self, database: Database, jobs: Jobs, meaning: Meaning, withholding: Withholding
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._meaning = meaning
        self._withholding = withholding

    async def get(
        self, persona_ids: Collection[UUID], fact_id: UUID
    ) -> tuple[Fact, Sequence[Fact]]:
        """One fact, and what it superseded, the newest first.

        Raises:
            FactNotFound: there is none, or it is of another persona.
        """
        async with self._database.reading() as tx:
            found = await fact_store.get(tx, persona_ids, fact_id)
            if found is None:
                raise FactNotFound(fact_id)
            return found, await fact_store.superseded(tx, persona_ids, fact_id)

    async def list(
        self,
        persona_ids: Collection[UUID],
        *,
        personality_id: UUID | None,
        states: Collection[State] = STANDING,
        before: UUID | None,
        limit: int,
    ) -> Sequence[Fact]:
        """At most `limit` facts of these states older than `before`, newest first."""
        wanted = Wanted(persona_ids, states or STANDING, personality_id)
        async with self._database.reading() as tx:
            return await fact_store.page(tx, wanted, before=before, limit=limit)

    async def told(
        self, owner: Owner, where: Where, question: str, memory_ids: Collection[UUID]
    ) -> Told:
        """What a character is told of in a turn where these memories came up. One statement."""
        async with self._database.reading() as tx:
            found = await told_store.told(tx, owner, where, memory_ids)
        return replace(found, facts=telling.ranked(found.facts, question, memory_ids))

    async def shown(
        self, persona_ids: Collection[UUID], fact_ids: Collection[UUID]
    ) -> dict[UUID, FactTold]:
        """What was told once; what was forgotten is missing."""
        async with self._database.reading() as tx:
            return {it.fact_id: it for it in await told_store.shown(tx, persona_ids, fact_ids)}

    async def news(self, owner: Owner, *, age_restricted: bool) -> Sequence[News]:
        """What was learnt and its person was not told of: they are told now, once."""
        async with self._database.transaction() as tx:
            return await told_store.news(tx, owner, clock.now(), age_restricted=age_restricted)

    async def create(self, owner: Owner, text: str, request_id: UUID | None) -> Fact:
        """What its person tells: it takes the place of what says the same, and may be known again.

        A repeated request gives the same fact.

        Raises:
            RequestIdReused: the id made a fact of other words, or of another character.
        """
        vector, now = await self._meaning.of_statement(text), clock.now()
        fact = _told(owner, text, vector, _IN_CONFIDENCE, now)
        async with self._database.transaction() as tx:
            await fact_store.hold(tx, owner)
            await fact_store.hold_sources(tx, owner)
            if await fact_store.add(tx, fact, request_id):
                names = await fact_store.names(tx, owner)
                await _allow(tx, fact, names)
                await take_place(tx, fact, await fact_store.of_owner(tx, owner), names)
                return fact
            first = None
            if request_id:
                first = await fact_store.requested(tx, owner.persona_id, request_id)
        if not first or (first.owner, first.text) != (owner, text):
            raise RequestIdReused(request_id)
        return first

    async def correct(self, persona_ids: Collection[UUID], fact_id: UUID, text: str) -> Fact:
        """Put other words in a fact's place; the old ones are gone, and not learnt again.

        Raises:
            FactNotFound: there is none, or it is of another persona.
        """
        vector, now = await self._meaning.of_statement(text), clock.now()
        async with self._database.transaction() as tx:
            old = await _held(tx, persona_ids, fact_id)
            await fact_store.hold_sources(tx, old.owner)
            names = await fact_store.names(tx, old.owner)
            new = _instead(old, _told(old.owner, text, vector, old.place, now))
            await fact_store.add(tx, new)
            await _allow(tx, new, names)
            await fact_store.inherit(tx, old.fact_id, new.fact_id)
            if old.text != text:
                await fact_store.outdate_sources(tx, [old.fact_id], new.fact_id)
                await forgotten_store.forget(tx, old.owner, forgotten(old.text, old.vector, names))
            else:
                await fact_store.pass_on_sources(tx, [old.fact_id], new.fact_id)
            if old.replaces_id:
                await fact_store.supersede(tx, [old.replaces_id], new)
            await fact_store.remove(tx, [old.fact_id])
            if new.stands:
                others = await fact_store.of_owner(tx, old.owner)
                await take_place(tx, new, others, names)
        return new

    async def confirm(self, persona_ids: Collection[UUID], fact_id: UUID) -> Fact:
        """Let a fact that waits count, in place of what it is to take the place of.

        Raises:
            FactNotFound: there is none, or it is of another persona.
        """
        async with self._database.transaction() as tx:
            fact = await _held(tx, persona_ids, fact_id)
            if fact.state is not State.PROPOSED:
                return fact
            await fact_store.confirm(tx, fact.fact_id, fact.replaces_id)
            if fact.replaces_id:
                await fact_store.supersede(tx, [fact.replaces_id], fact)
        return replace(fact, state=State.CURRENT, replaces_id=None)

    async def revert(self, persona_ids: Collection[UUID], fact_id: UUID) -> Fact | None:
        """Take back that a fact was learnt; the newest one that counts again, if there is any.

        Raises:
            FactNotFound: there is none, or it is of another persona.
        """
        async with self._database.transaction() as tx:
            fact = await _held(tx, persona_ids, fact_id)
            before = await fact_store.superseded(tx, persona_ids, fact.fact_id)
            if fact.state is State.SUPERSEDED:
                await fact_store.inherit(tx, fact.fact_id, fact.superseded_by_id)
            else:
                await fact_store.count_again(tx, [it.fact_id for it in before])
            await _forget(tx, [fact])
            if fact.state is State.SUPERSEDED or not before:
                return None
            return await fact_store.get(tx, persona_ids, before[0].fact_id)

    async def forget(self, persona_ids: Collection[UUID], fact_id: UUID) -> None:
        """Forget a fact and what it had superseded, in whatever words.

        Exchanges that say it are not recalled any more, whoever said it there; their person still
        sees them.

        Raises:
            FactNotFound: there is none, or it is of another persona.
        """
        async with self._database.reading() as tx:
            gone = await _with_those_behind(tx, persona_ids, fact_id)
        said = await self._withholding.find(gone)
        async with self._database.transaction() as tx:
            fact = await _held(tx, persona_ids, fact_id)
            gone = await _with_those_behind(tx, persona_ids, fact_id)
            await withholding_store.withhold(tx, [it.fact_id for it in gone], said.by_person)
            await withholding_store.withhold_answers(tx, said.by_character)
            await _forget(tx, gone)
            await withholding_store.look_again(tx, fact.owner, said.after)
            await self._jobs.defer(tx, INDEX_JOB)


async def take_place(
    tx: AsyncSession, told: Fact, others: Sequence[Fact], names: Collection[str]
) -> None:
    """Put what a person tells in the place of other facts.

    Those that say the same go; those that say otherwise are so no more, or never were.
    """
    others = [
        it
        for it in others
        if it.fact_id != told.fact_id and it.stands and it.fictional == told.fictional
    ]
    alike = [it for it in others if settling.same(it, told, names)]
    against = [it for it in others if it not in alike and settling.rivals(it, told, names)]
    for it in alike:
        await fact_store.inherit(tx, it.fact_id, told.fact_id)
    await fact_store.pass_on_sources(tx, [it.fact_id for it in alike], told.fact_id)
    waiting = [it.fact_id for it in against if it.state is State.PROPOSED]
    await fact_store.remove(tx, [*(it.fact_id for it in alike), *waiting])
    counted = [it.fact_id for it in against if it.state is State.CURRENT]
    await fact_store.supersede(tx, counted, told)


async def _with_those_behind(
    tx: AsyncSession, persona_ids: Collection[UUID], fact_id: UUID
) -> Sequence[Fact]:
    """A fact, and what it had superseded, what that had, and so on."""
    fact = await fact_store.get(tx, persona_ids, fact_id)
    if fact is None:
        raise FactNotFound(fact_id)
    return [fact, *await fact_store.behind(tx, fact.owner, fact.fact_id)]


async def _held(tx: AsyncSession, persona_ids: Collection[UUID], fact_id: UUID) -> Fact:
    """A fact of which nobody else changes anything until the end of the transaction."""
    found = await fact_store.get(tx, persona_ids, fact_id)
    if found:
        await fact_store.hold(tx, found.owner)
        found = await fact_store.get(tx, persona_ids, fact_id)
    if found is None:
        raise FactNotFound(fact_id)
    return found


async def _forget(tx: AsyncSession, facts: Sequence[Fact]) -> None:
    names = await fact_store.names(tx, facts[0].owner)
    for it in facts:
        await forgotten_store.forget(tx, it.owner, forgotten(it.text, it.vector, names))
    await fact_store.remove(tx, [it.fact_id for it in facts])


async def _allow(tx: AsyncSession, told: Fact, names: Collection[str]) -> None:
    """What its person tells is not forgotten any more."""
    sense = sense_of(told.text, names)
    gone = await forgotten_store.forgotten(tx, told.owner)
    await forgotten_store.allow(tx, [id_ for id_, it in gone if it.recognizes(sense, told.vector)])


def _instead(old: Fact, told: Fact) -> Fact:
    """What is told as another fact has it: of one that is so no more, the same holds."""
    told = replace(told, entity=old.entity, fictional=old.fictional)
    if old.stands:
        return told
    return replace(
        told,
        state=old.state,
        valid_from=old.valid_from,
        valid_until=old.valid_until,
        superseded_by_id=old.superseded_by_id,
    )


def _told(owner: Owner, text: str, vector: Vector, place: Place, now: datetime) -> Fact:
    return Fact(
        fact_id=FactId(clock.uuid7()),
        owner=owner,
        text=text,
        entity="",
        state=State.CURRENT,
        origin=Origin.TOLD,
        fictional=False,
        place=place,
        valid_from=now,
        valid_until=None,
        superseded_by_id=None,
        replaces_id=None,
        create_time=now,
        vector=vector,
    )
