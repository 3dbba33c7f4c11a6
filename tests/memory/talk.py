"""People who say things to characters, written through the room itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict, Unpack
from uuid import UUID

from sqlalchemy import func, insert, select

from tzurot import clock
from tzurot.account.tables import Person, Persona
from tzurot.memory import lexicon, times
from tzurot.memory.facts.withholding import Withholding
from tzurot.memory.index.outbox import Relay
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.port import MemoryIndex
from tzurot.memory.meaning import Meaning
from tzurot.memory.question import Question
from tzurot.memory.reading.slots import Slots
from tzurot.memory.recall import Hit, Recall
from tzurot.memory.remembering import Exchange, MemoryId, Owner, remember
from tzurot.memory.sectors import Sector
from tzurot.memory.tables import IndexOutbox, Memory
from tzurot.memory.venues import Venue, Where
from tzurot.personality.tables import Personality
from tzurot.session.tables import Conversation, Turn
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs
from tzurot.wiring.finding import withholding_of

DIRECT = Where(Venue.DIRECT, "local", "terminal")


class Told(TypedDict, total=False):
    """What is else about something that is said."""

    name: str
    to: str
    """Whom it is said to, by name."""
    when: datetime
    sector: Sector


@dataclass(frozen=True, slots=True)
class Talk:
    """Makes owners and memories in one database."""

    database: Database
    jobs: Jobs
    meaning: Meaning

    async def owner(self, *, like: Owner | None = None) -> Owner:
        """Somebody new with a new character, or with the one of `like`."""
        person_id, persona_id, personality_id = clock.uuid7(), clock.uuid7(), clock.uuid7()
        async with self.database.transaction() as tx:
            await tx.execute(insert(Person).values(id=person_id))
            await tx.execute(insert(Persona).values(id=persona_id, person_id=person_id))
            if like:
                return Owner(persona_id, like.personality_id)
            slug = f"lilith-{personality_id}"
            await tx.execute(
                insert(Personality).values(id=personality_id, slug=slug, name="Lilith")
            )
        return Owner(persona_id, personality_id)

    async def say(
        self,
        owner: Owner,
        text: str,
        reply: str = "",
        *,
        where: Where = DIRECT,
        turn_id: UUID | None = None,
        **fields: Unpack[Told],
    ) -> MemoryId:
        """One exchange, remembered; the index doesn't know it yet."""
        async with self.database.transaction() as tx:
            return await remember(
                tx, exchange(owner, text, reply, where=where, turn_id=turn_id, **fields), self.jobs
            )

    async def say_all(self, owner: Owner, texts: Sequence[str]) -> list[MemoryId]:
        """One exchange after the other."""
        async with self.database.transaction() as tx:
            return [await remember(tx, exchange(owner, it), self.jobs) for it in texts]

    async def turn(self, owner: Owner) -> UUID:
        """A turn that memories can come from."""
        turn_id, conversation_id, now = clock.uuid7(), clock.uuid7(), clock.now()
        person_id = clock.uuid7()
        async with self.database.transaction() as tx:
            await tx.execute(insert(Person).values(id=person_id))
            await tx.execute(
                insert(Conversation).values(
                    id=conversation_id,
                    personality_id=owner.personality_id,
                    platform="local",
                    channel_id=str(conversation_id),
                    venue=Venue.DIRECT,
                )
            )
            await tx.execute(
                insert(Turn).values(
                    id=turn_id,
                    conversation_id=conversation_id,
                    person_id=person_id,
                    persona_id=owner.persona_id,
                    personality_id=owner.personality_id,
                    request_hash=b"",
                    lease_expire_time=now + timedelta(minutes=1),
                    create_time=now,
                )
            )
        return turn_id

    async def forget_that_the_index_knows(self, owner: Owner) -> None:
        """Put the owner's memories back into the outbox."""
        known = select(Memory.id, Memory.persona_id, func.now()).where(
            Memory.persona_id == owner.persona_id
        )
        columns = ["memory_id", "persona_id", "create_time"]
        async with self.database.transaction() as tx:
            await tx.execute(insert(IndexOutbox).from_select(columns, known))

    @property
    def slots(self) -> Slots:
        """Where what the bundled model reads is kept."""
        return Slots(self.database, self.meaning)

    @property
    def withholding(self) -> Withholding:
        """What finds exchanges that say what is forgotten."""
        return withholding_of(self.database, self.meaning, self.slots)

    def relay(self, index: MemoryIndex) -> Relay:
        """What tells `index` about the memories."""
        return Relay(self.database, self.slots, index, self.withholding.look)

    async def relay_all(self) -> None:
        """Embed all that was said; Postgres is the index."""
        await self.relay(PgVectorIndex(self.database)).drain()

    def recall(self, index: MemoryIndex | None = None) -> Recall:
        """Recall over `index`; without one, over Postgres."""
        fallback = PgVectorIndex(self.database)
        return Recall(self.database, self.slots, index or fallback, fallback)

    async def asks(
        self, owner: Owner, query: str, *, where: Where = DIRECT, limit: int = 10
    ) -> tuple[Hit, ...]:
        """What Postgres's recall finds."""
        return (await self.recall().search(query, owner, where=where, limit=limit)).hits

    async def question(
        self, query: str, *, where: Where = DIRECT, excluded: Sequence[UUID] = ()
    ) -> Question:
        """A question as engines get it."""
        return Question(
            text=query,
            terms=lexicon.question_terms(query),
            meaning=await self.meaning.of_question(query),
            times=times.named(query, clock.now()),
            here=where,
            excluded_turns=tuple(excluded),
        )


def exchange(
    owner: Owner,
    text: str,
    reply: str = "",
    *,
    where: Where = DIRECT,
    turn_id: UUID | None = None,
    **fields: Unpack[Told],
) -> Exchange:
    """Something that is said and answered."""
    return Exchange(
        persona_id=owner.persona_id,
        personality_id=owner.personality_id,
        turn_id=turn_id,
        message_id=None,
        venue=where.venue,
        platform=where.platform,
        channel_id=where.channel_id,
        person_name=fields.get("name", "Ada"),
        person_text=text,
        personality_name=fields.get("to", "Lilith"),
        personality_text=reply,
        occur_time=fields.get("when") or clock.now(),
        age_restricted=where.adults,
        sector=fields.get("sector"),
    )
