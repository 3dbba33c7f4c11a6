"""What comes with a character: lorebooks, knowledge, personas, chats, memories."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from tzurot import clock
from tzurot.account import personas
from tzurot.formats.found import Face, History, Recollection
from tzurot.memory import arrivals
from tzurot.memory.arrivals import Arrival, Unclaimed
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Personality
from tzurot.personality.knowledge import Knowledge
from tzurot.personality.lorebooks import Lorebooks
from tzurot.session import histories
from tzurot.storage.jobs import Jobs
from tzurot.transfer.moving import Moving, size_of
from tzurot.transfer.plans import Action, Sender

_BATCH = 500  # memories between two words of progress


class Companions:
    """The rooms besides the character's own fields."""

    def __init__(self, lorebooks: Lorebooks, knowledge: Knowledge, jobs: Jobs) -> None:
        self._lorebooks = lorebooks
        self._knowledge = knowledge
        self._jobs = jobs

    async def carry(
        self,
        moving: Moving,
        here: Personality | None,
    ) -> None:
        """Store all that is not the character itself; without a character what needs none."""
        await self._books(moving, here)
        await self._personas(moving, here)
        if here is None:
            return
        await self._documents(moving, here)
        await self._chats(moving, here)
        await self._memories(moving, here)

    async def _books(self, moving: Moving, here: Personality | None) -> None:
        embedded = moving.found.character is not None
        if embedded and here is not None and not moving.found.lorebooks:
            await self._lorebooks.drop_embedded(moving.tx, here.id)
        for position, book in enumerate(moving.found.lorebooks):
            book_id, created = await self._lorebooks.arrive(moving.tx, moving.who.person_id, book)
            action = Action.CREATE if created else Action.KEEP
            size = size_of(entry.content for entry in book.entries)
            moving.arrived.say(action, "lorebook", book.name, size if created else 0)
            if here is not None:
                await self._lorebooks.use(
                    moving.tx, here.id, book_id, position=position, embedded=embedded
                )

    async def _personas(self, moving: Moving, here: Personality | None) -> None:
        faces: Sequence[Face] = moving.found.personas
        if not faces:
            return
        personality_id = here.id if here else None
        counts = await personas.arrive(moving.tx, moving.who.person_id, faces, personality_id)
        moving.arrived.count(
            "persona",
            [
                (Action.CREATE, counts.created),
                (Action.UPDATE, counts.updated),
                (Action.KEEP, counts.kept),
            ],
        )

    async def _documents(self, moving: Moving, here: Personality) -> None:
        found = moving.found
        if not found.documents:
            return
        counts = await self._knowledge.arrive(moving.tx, here.id, found.documents)
        size = size_of(document.text for document in found.documents)
        moving.arrived.count(
            "document",
            [
                (Action.CREATE, counts.created),
                (Action.UPDATE, counts.updated),
                (Action.KEEP, counts.kept),
            ],
            size,
        )

    async def _chats(
        self,
        moving: Moving,
        here: Personality,
    ) -> None:
        told: list[Arrival] = []
        for number, history in enumerate(moving.found.histories):
            await moving.progress("storing chats", number, len(moving.found.histories))
            written = await histories.write(
                moving.tx,
                person_id=moving.who.person_id,
                personality_id=here.id,
                personality_name=here.name,
                history=history,
            )
            action = Action.CREATE if written.new_messages else Action.KEEP
            moving.arrived.say(action, "conversation", history.character_name or here.name)
            size = size_of(said.text for said in history.messages)
            moving.arrived.count("message", [(Action.CREATE, written.new_messages)], size)
            told += [_told(here, history, exchange) for exchange in written.exchanges]
        await self._remember(moving, here, told)

    async def _memories(
        self,
        moving: Moving,
        here: Personality,
    ) -> None:
        callers = caller_ids(moving)
        own: list[Arrival] = []
        others: list[Unclaimed] = []
        undated = 0
        for memory in moving.found.memories:
            undated += memory.occur_time is None
            strangers = tuple(sender for sender in memory.senders if sender not in callers)
            if len(strangers) < len(memory.senders) or not memory.senders:
                own.append(_own(here, memory))
            if strangers:
                others.append(_unclaimed(here, memory, strangers))
        if undated:
            moving.arrived.warnings.append(
                f"{undated} memories have no date: they are dated by the import."
            )
        await self._remember(moving, here, own)
        if others:
            kept = await arrivals.keep_unclaimed(moving.tx, here.id, others)
            size = size_of(row.person_text for row in others)
            counts = [(Action.CREATE, kept), (Action.KEEP, len(others) - kept)]
            moving.arrived.count("unclaimed memory", counts, size)

    async def _remember(
        self,
        moving: Moving,
        here: Personality,
        all_of_them: Sequence[Arrival],
    ) -> None:
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
    group = memory.group and bool(memory.channel_id)
    return Arrival(
        key=arrivals.key_of(here.id, memory.origin or f"{memory.text}\n{memory.answer}"),
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


def _unclaimed(here: Personality, memory: Recollection, strangers: tuple[str, ...]) -> Unclaimed:
    return Unclaimed(
        key=arrivals.key_of(here.id, memory.origin or f"{memory.text}\n{memory.answer}"),
        senders=strangers,
        person_text=memory.text,
        personality_text=memory.answer,
        personality_name=memory.personality_name or here.name,
        channel_id=memory.channel_id,
        space_id=memory.space_id,
        occur_time=memory.occur_time,
    )


def _told(here: Personality, history: History, exchange: histories.Exchanged) -> Arrival:
    """What was said in a chat, as a memory. Its key holds its time: words may repeat."""
    when = exchange.time.isoformat() if exchange.time else ""
    origin = f"{history.key}\n{when}\n{exchange.person_text}\n{exchange.personality_text}"
    return Arrival(
        key=arrivals.key_of(here.id, origin),
        person_text=exchange.person_text,
        personality_text=exchange.personality_text,
        person_name=exchange.person_name,
        personality_name=exchange.personality_name or here.name,
        occur_time=exchange.time or clock.now(),
        venue=Venue.DIRECT,
        platform="import",
        channel_id="",
        message_id=exchange.message_id,
    )
