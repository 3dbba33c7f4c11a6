"""What comes with a character: personas, knowledge, chats; books and memories in files beside."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from tzurot import clock
from tzurot.account import personas
from tzurot.formats.found import History, KnownFact, Recollection
from tzurot.memory import arrivals
from tzurot.memory.arrivals import Arrival
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Personality
from tzurot.personality.knowledge.knowledge import Knowledge
from tzurot.personality.lorebooks.lorebooks import Lorebooks
from tzurot.session.chats import histories
from tzurot.session.messages import paths
from tzurot.storage.jobs import Jobs
from tzurot.transfer.homes import Home
from tzurot.transfer.moving import Moving, size_of
from tzurot.transfer.plans import Action
from tzurot.transfer.recollections import Recollections
from tzurot.transfer.shelving import Shelving


class Companions:
    """The rooms besides the character's own fields."""

    def __init__(self, lorebooks: Lorebooks, knowledge: Knowledge, jobs: Jobs) -> None:
        self._shelving = Shelving(lorebooks)
        self._knowledge = knowledge
        self._recollections = Recollections(jobs)
        self._jobs = jobs

    async def carry(self, moving: Moving, here: Personality | None) -> None:
        """Store all that is not the character itself; without a character what needs none."""
        await self._shelving.carry(moving, here)
        await self._personas(moving, here)
        if here is None:
            return
        await self._documents(moving, here)
        await self._chats(moving, here)
        await self._recollections.carry(
            moving, await self._home(moving, here), moving.found.memories, moving.found.facts
        )

    async def bring_home(
        self,
        moving: Moving,
        here: Personality,
        memories: Sequence[Recollection],
        facts: Sequence[KnownFact],
    ) -> None:
        """Store what of a file for several characters is this one's."""
        home = replace(await self._home(moving, here), named=True)
        await self._recollections.carry(moving, home, memories, facts)

    async def _home(self, moving: Moving, here: Personality) -> Home:
        """Of personas that are called the same, the oldest counts."""
        found = moving.found
        if not any(it.persona_name for it in (*(m.known for m in found.memories), *found.facts)):
            return Home(here)
        named = await personas.names(moving.tx, moving.who.person_id)
        return Home(here, {name: id_ for id_, name in reversed(named.items()) if name})

    async def _personas(self, moving: Moving, here: Personality | None) -> None:
        wanted, faces = moving.options.members, moving.found.personas
        faces = [face for face in faces if not wanted or face.name in wanted]
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

    async def _chats(self, moving: Moving, here: Personality) -> None:
        told: list[Arrival] = []
        conversation_ids: set[UUID] = set()
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
            moving.arrived.say_of(here, action, "conversation")
            size = size_of(said.text for said in history.messages)
            moving.arrived.count("message", [(Action.CREATE, written.new_messages)], size)
            told += [_told(here, history, exchange) for exchange in written.exchanges]
            conversation_ids.add(written.conversation_id)
        await self._recollections.remember(moving, Owner(moving.who.persona_id, here.id), told)
        for conversation_id in conversation_ids:
            await paths.memories_follow(moving.tx, conversation_id, self._jobs)


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
