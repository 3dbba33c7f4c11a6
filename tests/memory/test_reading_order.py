"""What a model reads is stored in the order in which gathering holds memories."""

import asyncio
from uuid import UUID

from sqlalchemy import select, text

from tests.memory.talk import Talk
from tzurot.memory.reading import reading
from tzurot.memory.tables import Memory

HELD = text("SELECT 1 FROM memories WHERE id = :id FOR SHARE")
WAITING = text("""
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
""")


async def test_neither_waits_for_the_other_for_ever(talk: Talk) -> None:
    ada = await talk.owner()
    first, second = await talk.say_all(ada, ["I keep bees.", "I sold the boat."])
    holdings = await talk.slots.holdings()
    async with talk.database.transaction() as tx:
        latest_first = select(Memory).order_by(Memory.id.desc())
        memories = (await tx.scalars(latest_first)).all()
    assert [it.id for it in memories] == [second, first]
    async with talk.database.transaction() as tx:
        await tx.execute(HELD, {"id": first})
        stored = asyncio.create_task(reading.read(talk.slots, memories, holdings[0], holdings))
        await _until_it_waits(talk)
        await tx.execute(HELD, {"id": second})
    await stored
    assert await _read(talk) == {first, second}


async def _until_it_waits(talk: Talk) -> None:
    async with asyncio.timeout(60):
        while not await _waiting(talk):
            await asyncio.sleep(0.02)


async def _waiting(talk: Talk) -> int:
    async with talk.database.transaction() as tx:
        return await tx.scalar(WAITING) or 0


async def _read(talk: Talk) -> set[UUID]:
    async with talk.database.transaction() as tx:
        return set(await tx.scalars(select(Memory.id).where(Memory.embedding.is_not(None))))
