"""A person whom a character gets to know: what they say, and what is found in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tests.memory.talk import DIRECT, Talk
from tzurot import clock
from tzurot.memory.facts import fact_store
from tzurot.memory.facts.fact import Fact, State, Statement
from tzurot.memory.facts.facts import Facts
from tzurot.memory.facts.keeping import Keeping
from tzurot.memory.facts.unlearnt import Unlearnt
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.venues import Where

LONG_AGO = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Known:
    """One owner, and the room's two doors to facts."""

    talk: Talk
    owner: Owner
    facts: Facts
    keeping: Keeping

    @classmethod
    async def by(cls, talk: Talk) -> "Known":
        owner = await talk.owner()
        facts = Facts(talk.database, talk.jobs, talk.meaning, talk.withholding)
        return cls(talk, owner, facts, Keeping(talk.database))

    @property
    def own(self) -> list[UUID]:
        return [self.owner.persona_id]

    async def says(
        self, text: str, *, where: Where = DIRECT, when: datetime | None = None
    ) -> MemoryId:
        """An exchange of a turn, that nobody has looked at."""
        turn_id = await self.talk.turn(self.owner)
        when = when or clock.now()
        return await self.talk.say(self.owner, text, where=where, turn_id=turn_id, when=when)

    async def reads(self) -> list[Unlearnt]:
        """What nobody has looked at."""
        return list((await self.keeping.reading(self.owner)).exchanges)

    async def statement(
        self, it: Unlearnt, text: str, *, instead: Fact | None = None, played: bool = False
    ) -> Statement:
        """What a model finds in an exchange."""
        vector = await self.talk.meaning.of_statement(text)
        replaces_id = instead.fact_id if instead else None
        return Statement(
            it.memory_id, text, "Ada", played, it.place, it.said_time, vector, replaces_id
        )

    async def learns(
        self,
        text: str,
        *,
        where: Where = DIRECT,
        when: datetime | None = None,
        instead: Fact | None = None,
        asks: bool = False,
        played: bool = False,
    ) -> Fact | None:
        """Say something in which just that is found; what came of it."""
        memory_id = await self.says(text, where=where, when=when)
        read = await self.reads()
        (it,) = [it for it in read if it.memory_id == memory_id]
        found = await self.statement(it, text, instead=instead, played=played)
        learnt = await self.keeping.keep(self.owner, read, [found], asks=asks)
        return learnt[0] if learnt else None

    async def knows(self, text: str, **more: object) -> Fact:
        """The same where something has to come of it."""
        fact = await self.learns(text, **more)  # pyright: ignore[reportArgumentType] - as there
        assert fact, text
        return fact

    async def told(self, state: State = State.CURRENT) -> list[str]:
        """What is known, the newest first."""
        async with self.talk.database.reading() as tx:
            every = await fact_store.of_owner(tx, self.owner)
        return [it.text for it in every if it.state is state]

    async def fact(self, text: str) -> Fact:
        """The fact of these words, whatever its state."""
        async with self.talk.database.reading() as tx:
            every = await fact_store.of_owner(tx, self.owner)
        (found,) = [it for it in every if it.text == text]
        return found
