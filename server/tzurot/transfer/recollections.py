"""Memories on their way in: the caller's own, and those that wait for whoever else took part.

Facts come after the memories that say them.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tzurot.formats.found import KnownFact, Recollection
from tzurot.memory import arrivals, claims
from tzurot.memory.arrivals import Arrival, Unclaimed
from tzurot.memory.remembering import Kind, MemoryId, Owner
from tzurot.personality.characters import Personality
from tzurot.storage.jobs import Jobs
from tzurot.transfer import keepsakes, knowing
from tzurot.transfer.homes import Home
from tzurot.transfer.keepsakes import key_of
from tzurot.transfer.moving import Moving, size_of
from tzurot.transfer.plans import Action, Sender

_BATCH = 500  # memories between two words of progress


@dataclass(slots=True)
class _Parted:
    """Whose memories are whose."""

    own: dict[UUID, list[Arrival]] = field(default_factory=dict[UUID, list[Arrival]])
    """The caller's, by their personas."""
    others: list[Unclaimed] = field(default_factory=list[Unclaimed])
    taken: dict[str, set[UUID]] = field(default_factory=dict[str, set[UUID]])
    """The keys of the caller's own, by the caller's old ids: they wait for nobody any more."""
    undated: int = 0
    strangers: Counter[str] = field(default_factory=Counter[str])
    """How many are of personas that the caller doesn't have, by their names."""


class Recollections:
    """Lets a character remember what it did elsewhere."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def carry(
        self,
        moving: Moving,
        home: Home,
        memories: Sequence[Recollection],
        facts: Sequence[KnownFact] = (),
    ) -> None:
        """Store a file's memories, each for those who took part, and its facts."""
        # Keys and names of 100,000 memories take a second.
        parted = await asyncio.to_thread(_parted, moving, home, memories)
        here = home.here
        if parted.undated:
            moving.arrived.warnings.append(
                f"{parted.undated} memories have no date: they are dated by the import."
            )
        moving.arrived.warnings.extend(
            f"You have no persona `{name}`: {count:,} of its memories become those of the one that"
            " you speak as."
            for name, count in sorted(parted.strangers.items())
        )
        whose = here if home.named else None
        here_now: dict[UUID, Mapping[UUID, MemoryId]] = {}
        for persona_id, own in parted.own.items():
            owner = Owner(persona_id, here.id)
            here_now[persona_id] = await self.remember(moving, owner, own, whose)
        await knowing.carry(moving, home, facts, here_now)
        await self._keep_unclaimed(moving, here, parted.others)
        for sender, keys in parted.taken.items():
            await claims.take_over(moving.tx, here.id, sender, keys)

    async def remember(
        self,
        moving: Moving,
        owner: Owner,
        all_of_them: Sequence[Arrival],
        whose: Personality | None = None,
    ) -> Mapping[UUID, MemoryId]:
        """Store the caller's own; the ids of those that are here then, by their keys.

        What was gathered comes after what it was gathered from.
        """
        if not all_of_them:
            return {}
        fresh = await arrivals.fresh(moving.tx, owner, all_of_them)
        exchanges, reflections, left = _ordered(fresh)
        if left:
            moving.arrived.warnings.append(
                f"Reflections whose memories do not all come along, left out: {left:,}. They are"
                " gathered again."
            )
        coming = [*exchanges, *reflections]
        label = "looking at memories" if moving.rehearsed else "storing memories"
        stored: dict[UUID, MemoryId] = {}
        for start in range(0, len(coming), _BATCH):
            await moving.progress(label, start, len(coming))
            part = coming[start : start + _BATCH]
            stored |= await arrivals.remember(moving.tx, owner, part, self._jobs)
        if reflections:
            await arrivals.gather(moving.tx, reflections, stored)
        size = size_of(text for a in coming for text in (a.person_text, a.personality_text))
        counts = [(Action.CREATE, len(coming)), (Action.KEEP, len(all_of_them) - len(fresh))]
        moving.arrived.count("memory", counts, size, whose)
        return await arrivals.at_home(moving.tx, owner, all_of_them) | stored

    async def _keep_unclaimed(
        self, moving: Moving, here: Personality, others: Sequence[Unclaimed]
    ) -> None:
        """Those whose people have claimed them already go on to them at once."""
        if not others:
            return
        settled = await claims.settled(moving.tx, here.id)
        going = [row for row in others if _waits_for(row) <= settled]
        staying = [row for row in others if not _waits_for(row) <= settled]
        await _keep(moving, here, going)
        new = min(len(going), await claims.hand_over(moving.tx, here.id, self._jobs))
        new += await _keep(moving, here, staying)
        await claims.hand_over(moving.tx, here.id, self._jobs)
        size = size_of(row.person_text for row in others)
        counts = [(Action.CREATE, new), (Action.KEEP, len(others) - new)]
        moving.arrived.count("unclaimed memory", counts, size)


async def _keep(moving: Moving, here: Personality, rows: Sequence[Unclaimed]) -> int:
    """Keep what waits for others; how many are new."""
    label = "looking at others' memories" if moving.rehearsed else "storing others' memories"
    new = 0
    for start in range(0, len(rows), _BATCH):
        await moving.progress(label, start, len(rows))
        part = rows[start : start + _BATCH]
        new += await arrivals.keep_unclaimed(moving.tx, here.id, part)
    return new


def _ordered(fresh: Sequence[Arrival]) -> tuple[list[Arrival], list[Arrival], int]:
    """What was said, then what was gathered from it alone; and how much else was gathered."""
    exchanges = [it for it in fresh if it.as_it_was.kind is Kind.EXCHANGE]
    reflections = [it for it in fresh if it.as_it_was.kind is Kind.REFLECTION]
    coming = {it.key for it in exchanges}
    whole = [it for it in reflections if coming.issuperset(it.as_it_was.source_keys)]
    return exchanges, whole, len(reflections) - len(whole)


def _parted(moving: Moving, home: Home, memories: Sequence[Recollection]) -> _Parted:
    """The memories, the caller's own and all others'; some are both."""
    callers, here = caller_ids(moving), home.here
    parted = _Parted()
    for memory in memories:
        parted.undated += memory.occur_time is None
        mine = tuple(sender for sender in memory.senders if sender in callers)
        key = key_of(here, memory)
        for sender in mine:
            parted.taken.setdefault(sender, set()).add(key)
        if mine or not memory.senders:
            name = memory.known.persona_name
            parted.strangers.update([name] if home.is_stranger(name) else [])
            own = parted.own.setdefault(home.persona(name) or moving.who.persona_id, [])
            own.append(keepsakes.arrival(here, memory, key))
        if len(mine) < len(memory.senders):
            parted.others.append(_unclaimed(here, memory, key, mine))
    return parted


def caller_ids(moving: Moving) -> frozenset[str]:
    """Which old ids are the caller: those chosen, else the only one that there is."""
    if moving.options.caller_sender_ids:
        return frozenset(moving.options.caller_sender_ids)
    everybody = {sender for memory in moving.found.memories for sender in memory.senders}
    return frozenset(everybody) if len(everybody) == 1 else frozenset()


def senders(moving: Moving) -> tuple[Sender, ...]:
    """Whose memories come along, the most memories first."""
    callers = caller_ids(moving)
    alone: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    times: dict[str, list[datetime]] = {}
    for memory in moving.found.memories:
        for sender in memory.senders:
            (shared if memory.group or len(memory.senders) > 1 else alone)[sender] += 1
            times.setdefault(sender, []).extend([memory.occur_time] if memory.occur_time else [])
    return tuple(
        Sender(
            sender_id=sender,
            memory_count=alone[sender],
            group_memory_count=shared[sender],
            first_time=min(when, default=None),
            last_time=max(when, default=None),
            is_caller=sender in callers,
        )
        for sender, when in sorted(times.items(), key=lambda item: (-alone[item[0]], item[0]))
    )


def _unclaimed(
    here: Personality, memory: Recollection, key: UUID, mine: tuple[str, ...]
) -> Unclaimed:
    return Unclaimed(
        key=key,
        senders=memory.senders,
        person_text=memory.text,
        personality_text=memory.answer,
        personality_name=memory.personality_name or here.name,
        channel_id=memory.channel_id,
        space_id=memory.space_id,
        occur_time=memory.occur_time,
        claimed=mine,
    )


def _waits_for(row: Unclaimed) -> set[str]:
    return set(row.senders) - set(row.claimed)
