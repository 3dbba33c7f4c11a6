"""Memories on their way in: the caller's own, and those that wait for whoever else took part."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tzurot import clock
from tzurot.formats.found import Recollection
from tzurot.memory import arrivals, claim_store, claims
from tzurot.memory.arrivals import Arrival, Unclaimed
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Personality
from tzurot.storage.jobs import Jobs
from tzurot.transfer.moving import Moving, size_of
from tzurot.transfer.plans import Action, Sender

_BATCH = 500  # memories between two words of progress


class Recollections:
    """Lets a character remember what it did elsewhere."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def carry(self, moving: Moving, here: Personality) -> None:
        """Store the file's memories, each for those who took part."""
        callers = caller_ids(moving)
        own: list[Arrival] = []
        others: list[Unclaimed] = []
        undated = 0
        for memory in moving.found.memories:
            undated += memory.occur_time is None
            mine = tuple(sender for sender in memory.senders if sender in callers)
            if mine or not memory.senders:
                own.append(_own(here, memory))
            if len(mine) < len(memory.senders):
                others.append(_unclaimed(here, memory, mine))
        if undated:
            moving.arrived.warnings.append(
                f"{undated} memories have no date: they are dated by the import."
            )
        await self.remember(moving, here, own)
        await self._keep_unclaimed(moving, here, others)
        await _take_over(moving, here, callers)

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
        settled = {claim.sender_id for claim in await claim_store.confirmed(moving.tx, here.id)}
        going = [row for row in others if _waits_for(row) <= settled]
        staying = [row for row in others if not _waits_for(row) <= settled]
        await arrivals.keep_unclaimed(moving.tx, here.id, going)
        new = min(len(going), await claims.hand_over(moving.tx, here.id, self._jobs))
        new += await arrivals.keep_unclaimed(moving.tx, here.id, staying)
        await claims.hand_over(moving.tx, here.id, self._jobs)
        size = size_of(row.person_text for row in others)
        counts = [(Action.CREATE, new), (Action.KEEP, len(others) - new)]
        moving.arrived.count("unclaimed memory", counts, size)


async def _take_over(moving: Moving, here: Personality, callers: frozenset[str]) -> None:
    """What an earlier import left waiting under an id that is the caller's waits no longer."""
    keys = {_key(here, memory): set(memory.senders) for memory in moving.found.memories}
    for sender in sorted(callers):
        waiting = await claim_store.waiting_of(moving.tx, here.id, sender)
        ids = [row.id for row in waiting if sender in keys.get(row.key, ())]
        await claim_store.give(moving.tx, sender, ids)


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


def _own(here: Personality, memory: Recollection) -> Arrival:
    """A memory of the caller's. What several people took part in stays where it was said."""
    group = (memory.group or len(memory.senders) > 1) and bool(memory.channel_id)
    return Arrival(
        key=_key(here, memory),
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


def _unclaimed(here: Personality, memory: Recollection, mine: tuple[str, ...]) -> Unclaimed:
    return Unclaimed(
        key=_key(here, memory),
        senders=memory.senders,
        person_text=memory.text,
        personality_text=memory.answer,
        personality_name=memory.personality_name or here.name,
        channel_id=memory.channel_id,
        space_id=memory.space_id,
        occur_time=memory.occur_time,
        claimed=mine,
    )


def _key(here: Personality, memory: Recollection) -> UUID:
    return arrivals.key_of(here.id, memory.origin or f"{memory.text}\n{memory.answer}")


def _waits_for(row: Unclaimed) -> set[str]:
    return set(row.senders) - set(row.claimed)
