"""Facts that come from elsewhere: what is new of them to whom they are about, and what stays out.

What they mean is read first, as far as it is not known here: that takes long. All else takes part
in the transaction of an import, after the memories of the same file. A fact
that came once doesn't come again. What was forgotten here stays forgotten, also where its person
brings it back themselves: who means it tells it. What is known here stands: what says otherwise is
left out, unless its person told it there and nobody did here. One that waits for a yes waits on.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.llm.embeddings import Vector
from tzurot.memory import incoming
from tzurot.memory.facts import fact_store, forgotten_store, settling
from tzurot.memory.facts.fact import Fact, FactId, Origin, State, Statement
from tzurot.memory.facts.facts import take_place
from tzurot.memory.facts.forgetting import Forgotten
from tzurot.memory.facts.sense import sense_of
from tzurot.memory.facts.settling import Known, New, Refused
from tzurot.memory.meaning import Meaning
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.venues import Place
from tzurot.storage.database import Database

_FAR = 0.6  # cosine below which two facts have nothing to say to each other, whatever their words


@dataclass(frozen=True, slots=True)
class FactArrival:
    """A fact on its way. `superseded_by` and `replaces` are keys of others."""

    key: UUID
    """By what it is known when it comes again."""
    fact_id: UUID | None
    """What it is or was, here or on another server."""
    text: str
    entity: str
    state: State
    origin: Origin
    fictional: bool
    place: Place
    valid_from: datetime
    valid_until: datetime | None
    superseded_by: UUID | None
    replaces: UUID | None
    source_ids: tuple[MemoryId, ...]
    """Memories of the owner's that say it."""
    outdated_ids: tuple[MemoryId, ...]
    """Memories of the owner's that say what it was put in the place of."""


_Ids = dict[UUID | None, FactId]
"""Of facts that are here then, by their keys."""


class LeftOut(StrEnum):
    """Why a fact does not come."""

    KNOWN = "known"
    """It is here, or came before."""
    FORGOTTEN = "forgotten"
    OTHERWISE = "otherwise"
    """What is known here says otherwise."""
    SOURCELESS = "sourceless"
    """It was learnt, and no memory that says it comes along."""


@dataclass(slots=True)
class FactsArrived:
    """What became of facts."""

    created: list[FactArrival] = field(default_factory=list[FactArrival])
    left_out: dict[LeftOut, int] = field(default_factory=lambda: dict.fromkeys(LeftOut, 0))


async def understood(
    database: Database, persona_ids: Collection[UUID], texts: Collection[str], meaning: Meaning
) -> Mapping[str, Vector]:
    """What texts of facts mean; of those that are facts of the personas no model is asked."""
    async with database.reading() as tx:
        known = await fact_store.vectors(tx, persona_ids, texts)
    return known | {it: await meaning.of_statement(it) for it in texts if it not in known}


async def arrive(
    tx: AsyncSession,
    owner: Owner,
    coming: Sequence[FactArrival],
    vectors: Mapping[str, Vector],
) -> FactsArrived:
    """Store what is new to an owner; `vectors` are those of the texts.

    Facts of a file stand beside each other as they did: each is held against what was here before.
    """
    arrived = FactsArrived()
    if not coming or not await fact_store.hold(tx, owner):
        return arrived
    await fact_store.hold_sources(tx, owner)
    coming = await _with_sources(tx, owner, coming)
    here = await _here(tx, owner)
    came = await incoming.known(tx, owner, [it.key for it in coming])
    ids: _Ids = {it.key: same.fact_id for it in coming if (same := here.by_id.get(it.fact_id))}
    new: list[_New] = []
    for fact_id, it in _named(coming):
        if it.key in came or it.key in ids:
            arrived.left_out[LeftOut.KNOWN] += 1
            continue
        fact = _fact(owner, fact_id, it, vectors[it.text])
        match here.verdict(fact):
            case _Out(why, same_as):
                arrived.left_out[why] += 1
                if same_as:
                    ids[it.key] = same_as
            case _In(replaced_id):
                ids[it.key] = fact_id
                new.append(_New(it, fact, replaced_id))
    await _store(tx, here, new, ids)
    await incoming.note(tx, owner, [it.arrival.key for it in new])
    arrived.created += [it.arrival for it in new]
    return arrived


async def _with_sources(
    tx: AsyncSession, owner: Owner, coming: Sequence[FactArrival]
) -> Sequence[FactArrival]:
    """Facts with those of their memories that are still here."""
    named = {id_ for it in coming for id_ in (*it.source_ids, *it.outdated_ids)}
    held = await fact_store.hold_memories(tx, owner, named)
    return [
        replace(
            it,
            source_ids=tuple(id_ for id_ in it.source_ids if id_ in held),
            outdated_ids=tuple(id_ for id_ in it.outdated_ids if id_ in held),
        )
        for it in coming
    ]


@dataclass(frozen=True, slots=True)
class _Out:
    """It does not come; what is here instead, if something says the same."""

    why: LeftOut
    same_as: FactId | None = None


@dataclass(frozen=True, slots=True)
class _In:
    """It comes, in place of what is here, if that is named."""

    replaced_id: FactId | None = None


@dataclass(frozen=True, slots=True)
class _New:
    """A fact that comes."""

    arrival: FactArrival
    fact: Fact
    replaced_id: FactId | None


@dataclass(frozen=True, slots=True)
class _Here:
    """What is known of an owner, and what is not to be known again."""

    facts: Sequence[Fact]
    by_id: Mapping[UUID | None, Fact]
    vectors: Vector
    """Of the facts, in their order."""
    gone: Sequence[Forgotten]
    names: Collection[str]

    def verdict(self, fact: Fact) -> _Out | _In:
        """Whether a fact comes."""
        sense = sense_of(fact.text, self.names)
        if any(it.recognizes(sense, fact.vector) for it in self.gone):
            return _Out(LeftOut.FORGOTTEN)
        if fact.origin is Origin.LEARNT and not fact.source_ids:
            return _Out(LeftOut.SOURCELESS)
        near = self.near(fact)
        if fact.stands and fact.origin is Origin.LEARNT:
            return _learnt(fact, near, self.names)
        alike = [it for it in near if it.fictional == fact.fictional]
        alike = [it for it in alike if settling.same(it, fact, self.names)]
        for it in alike:
            if not fact.stands or not it.stands or it.origin is Origin.TOLD:
                return _Out(LeftOut.KNOWN, it.fact_id)
        told = (it for it in near if it.origin is Origin.TOLD and it.state is State.CURRENT)
        if fact.stands and any(settling.rivals(it, fact, self.names) for it in told):
            return _Out(LeftOut.OTHERWISE)
        return _In()

    def near(self, fact: Fact) -> Sequence[Fact]:
        """Those that can say the same, or otherwise."""
        if not self.facts:
            return ()
        close = self.vectors @ fact.vector >= _FAR
        return [it for it, is_near in zip(self.facts, close, strict=True) if is_near]

    def can_be_replaced(self, fact_id: FactId) -> bool:
        """Whether what is learnt may take this one's place; what came with it may."""
        it = self.by_id.get(fact_id)
        return it is None or (it.state is State.CURRENT and it.origin is Origin.LEARNT)


async def _here(tx: AsyncSession, owner: Owner) -> _Here:
    facts = await fact_store.of_owner(tx, owner)
    return _Here(
        facts=facts,
        by_id={it.fact_id: it for it in facts},
        vectors=np.array([it.vector for it in facts]),
        gone=[it for _, it in await forgotten_store.forgotten(tx, owner)],
        names=await fact_store.names(tx, owner),
    )


def _learnt(fact: Fact, near: Sequence[Fact], names: Collection[str]) -> _Out | _In:
    """What becomes of what was learnt there, as if it were learnt now."""
    statement = Statement(
        memory_id=fact.source_ids[0],
        text=fact.text,
        entity=fact.entity,
        fictional=fact.fictional,
        place=fact.place,
        said_time=fact.valid_from,
        vector=fact.vector,
    )
    match settling.settle(statement, near, (), names):
        case Known(fact_id):
            return _Out(LeftOut.KNOWN, fact_id)
        case Refused():
            return _Out(LeftOut.OTHERWISE)
        case New(replaces_id):
            return _In(replaces_id)


async def _store(tx: AsyncSession, here: _Here, new: Sequence[_New], ids: _Ids) -> None:
    """Add facts, let them name each other, and only then take the place of what is here."""
    for it in new:
        await fact_store.add(tx, it.fact)
    replaced = {it.fact.fact_id: _replaced(here, it, ids) for it in new}
    for it in new:
        if it.fact.state is not State.CURRENT:
            superseded_by = ids.get(it.arrival.superseded_by)
            await fact_store.link(tx, it.fact.fact_id, superseded_by, replaced[it.fact.fact_id])
    for it in new:
        if it.fact.state is State.CURRENT and it.fact.origin is Origin.TOLD:
            await take_place(tx, it.fact, here.near(it.fact), here.names)
        elif it.fact.state is State.CURRENT and (old := replaced[it.fact.fact_id]):
            await fact_store.supersede(tx, [old], it.fact)
    known = [it.fact.fact_id for it in new if it.fact.state is not State.PROPOSED]
    await fact_store.show(tx, known, clock.now())


def _replaced(here: _Here, it: _New, ids: _Ids) -> FactId | None:
    """What a fact takes, or is to take, the place of: as its file says, else as is settled here."""
    said = ids.get(it.arrival.replaces)
    return said if said and here.can_be_replaced(said) else it.replaced_id


def _named(coming: Sequence[FactArrival]) -> list[tuple[FactId, FactArrival]]:
    """Facts with new ids, in the order of time: lists go by ids."""
    in_order = sorted(coming, key=lambda it: it.valid_from)
    ids = sorted(FactId(clock.uuid7(it.valid_from)) for it in in_order)
    return list(zip(ids, in_order, strict=True))


def _fact(owner: Owner, fact_id: FactId, it: FactArrival, vector: Vector) -> Fact:
    return Fact(
        fact_id=fact_id,
        owner=owner,
        text=it.text,
        entity=it.entity,
        state=it.state,
        origin=it.origin,
        fictional=it.fictional,
        place=it.place,
        valid_from=it.valid_from,
        valid_until=it.valid_until,
        superseded_by_id=None,
        replaces_id=None,
        create_time=clock.now(),
        vector=vector,
        source_ids=it.source_ids,
        outdated_ids=it.outdated_ids,
    )
