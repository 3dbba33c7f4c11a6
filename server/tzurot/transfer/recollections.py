"""Memories on their way in: the caller's own, and those that wait for whoever else took part."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tzurot import clock
from tzurot.formats.found import Recollection
from tzurot.memory import arrivals, claims
from tzurot.memory.arrivals import Arrival, Unclaimed
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Personality
from tzurot.storage.jobs import Jobs
from tzurot.transfer.moving import Moving, size_of
from tzurot.transfer.plans import Action, Sender

_BATCH = 500  # memories between two words of progress


@dataclass(slots=True)
class _Parted:
    """Whose memories are whose."""

    own: list[Arrival] = field(default_factory=list[Arrival])
    others: list[Unclaimed] = field(default_factory=list[Unclaimed])
    taken: dict[str, set[UUID]] = field(default_factory=dict[str, set[UUID]])
    """The keys of the caller's own, by the caller's old ids: they wait for nobody any more."""
    undated: int = 0


class Recollections:
    """Lets a character remember what it did elsewhere."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def carry(self, moving: Moving, here: Personality) -> None:
        """Store the file's memories, each for those who took part."""
        # Keys and names of 100,000 memories take a second.
        parted = await asyncio.to_thread(_parted, moving, here)
        if parted.undated:
            moving.arrived.warnings.append(
                f"{parted.undated} memories have no date: they are dated by the import."
            )
        await self.remember(moving, here, parted.own)
        await self._keep_unclaimed(moving, here, parted.others)
        for sender, keys in parted.taken.items():
            await claims.take_over(moving.tx, here.id, sender, keys)

    async def remember(
        self, moving: Moving, here: Personality, all_of_them: Sequence[Arrival]
    ) -> None:
        """Store the caller's own."""
        if not all_of_them:
            return
        owner = Owner(moving.who.persona_id, here.id)
        fresh = await arrivals.fresh(moving.tx, owner, all_of_them)
        for start in range(0, len(fresh), _BATCH):
            await moving.progress("storing memories", start, len(fresh))
            await arrivals.remember(moving.tx, owner, fresh[start : start + _BATCH], self._jobs)
        size = size_of(text for a in fresh for text in (a.person_text, a.personality_text))
        counts = [(Action.CREATE, len(fresh)), (Action.KEEP, len(all_of_them) - len(fresh))]
        moving.arrived.count("memory", counts, size)

    async def _keep_unclaimed(
        self, moving: Moving, here: Personality, others: Sequence[Unclaimed]
    ) -> None:
        """Those whose people have claimed them already go on to them at once."""
        if not others:
            return
        settled = await claims.settled(moving.tx, here.id)
        going = [row for row in others if _waits_for(row) <= settled]
        staying = [row for row in others if not _waits_for(row) <= settled]
        await arrivals.keep_unclaimed(moving.tx, here.id, going)
        new = min(len(going), await claims.hand_over(moving.tx, here.id, self._jobs))
        new += await arrivals.keep_unclaimed(moving.tx, here.id, staying)
        await claims.hand_over(moving.tx, here.id, self._jobs)
        size = size_of(row.person_text for row in others)
        counts = [(Action.CREATE, new), (Action.KEEP, len(others) - new)]
        moving.arrived.count("unclaimed memory", counts, size)


def _parted(moving: Moving, here: Personality) -> _Parted:
    """The memories of the file, the caller's own and all others'; some are both."""
    callers = caller_ids(moving)
    parted = _Parted()
    for memory in moving.found.memories:
        parted.undated += memory.occur_time is None
        mine = tuple(sender for sender in memory.senders if sender in callers)
        key = arrivals.key_of(here.id, memory.origin or f"{memory.text}\n{memory.answer}")
        for sender in mine:
            parted.taken.setdefault(sender, set()).add(key)
        if mine or not memory.senders:
            parted.own.append(_own(here, memory, key))
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


def _own(here: Personality, memory: Recollection, key: UUID) -> Arrival:
    """A memory of the caller's. What several people took part in stays where it was said."""
    group = (memory.group or len(memory.senders) > 1) and bool(memory.channel_id)
    return Arrival(
        key=key,
        person_text=memory.text,
        personality_text=memory.answer,
        person_name=memory.person_name,
        personality_name=memory.personality_name or here.name,
        occur_time=memory.occur_time or clock.now(),
        venue=Venue.PRIVATE_CHANNEL if group else Venue.DIRECT,
        platform="discord" if group else "",
        channel_id=memory.channel_id if group else "",
        message_id=None,
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
