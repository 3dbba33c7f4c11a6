"""Who follows a turn elsewhere may ask for it a moment before that server runs it."""

import asyncio
import time
from contextlib import AsyncExitStack

from tzurot import clock
from tzurot.session.delivery.delivery import Delivery, Feed
from tzurot.session.delivery.events import Tell, TextDelta
from tzurot.session.delivery.ordering import Floor
from tzurot.session.delivery.replicas import Replicas
from tzurot.session.turns import State, TurnId
from tzurot.storage.database import Database
from tzurot.storage.signals import Signals


async def test_what_is_asked_for_too_early_is_asked_for_again_at_once(
    database: Database, database_url: str
) -> None:
    turn_id, delivery, asked_again = TurnId(clock.uuid7()), Delivery(), asyncio.Event()

    async def answer(tell: Tell) -> State:
        tell(TextDelta("Hello."))
        await asked_again.wait()
        return State.ANSWERED

    async with AsyncExitStack() as stack:
        here, there = [
            await stack.enter_async_context(Signals.open(database_url, database)) for _ in range(2)
        ]
        await stack.enter_async_context(Replicas.open(here, delivery, database))
        follows = await stack.enter_async_context(Replicas.open(there, Delivery(), database))
        asking = await stack.enter_async_context(follows.following(turn_id, 0))
        assert await asking.next() == []  # nobody runs it yet
        turn = asyncio.create_task(delivery.run(turn_id, Feed(b""), Floor(), answer))
        begun, events = time.monotonic(), []
        while not events and time.monotonic() < begun + 8:  # a repeat after ten comes too late
            events = await asking.next()
        asked_again.set()
        assert [event.kind for event in events] == [TextDelta("Hello.")]
        assert await turn is State.ANSWERED
