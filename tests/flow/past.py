"""What characters remember of somebody on the shared server, written through the room itself.

past = Past(served, mira, lilith)
await past.say("I keep bees.", where=Venue.PUBLIC_CHANNEL)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from tests.calling import Client, request_for
from tests.conftest import Served
from tzurot import clock
from tzurot.account.tables import Persona
from tzurot.memory.reflection.reflection_tables import MemorySource
from tzurot.memory.remembering import Exchange, Kind, remember
from tzurot.memory.venues import Venue
from tzurot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Past:
    """One person's past with one character."""

    served: Served
    client: Client
    personality: Any

    @property
    def database(self) -> Database:
        return self.served.running.parts.database

    async def say(
        self,
        words: str,
        reply: str = "I see.",
        *,
        where: Venue = Venue.DIRECT,
        when: datetime | None = None,
        kind: Kind = Kind.EXCHANGE,
        persona: UUID | None = None,
        name: str = "",
    ) -> str:
        """Something that is remembered; its id."""
        exchange = Exchange(
            persona_id=persona or await self.persona(),
            personality_id=UUID(self.personality.id),
            turn_id=None,
            message_id=None,
            venue=where,
            platform="discord",
            channel_id="7",
            person_name=name,
            person_text=words,
            personality_name=self.personality.name,
            personality_text=reply if kind is Kind.EXCHANGE else "",
            occur_time=when or clock.now(),
            kind=kind,
        )
        async with self.database.transaction() as tx:
            return str(await remember(tx, exchange, self.served.running.parts.jobs))

    async def gather(self, words: str, *source_ids: str) -> str:
        """A reflection that was gathered from these; its id."""
        memory_id = await self.say(words, kind=Kind.REFLECTION)
        rows = [{"memory_id": UUID(memory_id), "source_id": UUID(it)} for it in source_ids]
        async with self.database.transaction() as tx:
            await tx.execute(insert(MemorySource), rows)
        return memory_id

    async def persona(self) -> UUID:
        """The person's usual one."""
        listed = await self.client.call("ListPersonas", request_for("ListPersonas"))
        return UUID(next(it.id for it in listed.personas if it.is_default))

    async def new_persona(self, name: str) -> UUID:
        """Another one of the person's."""
        me = await self.client.call("GetMe", request_for("GetMe"))
        persona_id, named = clock.uuid7(), {"name": name, "is_default": False}
        async with self.database.transaction() as tx:
            values = {"id": persona_id, "person_id": UUID(me.person.id), **named}
            await tx.execute(insert(Persona).values(**values))
        return persona_id

    async def texts(self) -> set[str]:
        """What is remembered now, by the person's words."""
        return {it.utterances[0].text for it in await self.memories()}

    async def memories(self) -> list[Any]:
        """What is remembered now."""
        request = request_for("ListMemories", personality_id=self.personality.id, page_size=200)
        return list((await self.client.call("ListMemories", request)).memories)

    async def memory(self, memory_id: str) -> Any:
        """A memory as it is now."""
        request = request_for("GetMemory", memory_id=memory_id)
        return (await self.client.call("GetMemory", request)).memory

    async def lock(self, memory_id: str) -> None:
        """Keep a memory, past all flows."""
        await self.client.call(
            "UpdateMemory", request_for("UpdateMemory", memory_id=memory_id, locked=True)
        )

    async def execute(self, statement: str, values: Mapping[str, object] | None = None) -> None:
        """Change something behind the server's back."""
        async with self.database.transaction() as tx:
            await tx.execute(text(statement), dict(values or {}))
