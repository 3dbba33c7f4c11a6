"""Says something to the server for a person and shows the answers: every way in ends here."""

import asyncio
import logging
from collections.abc import Generator
from contextlib import aclosing, contextmanager
from typing import Any

from tzurot_client import Client, TzurotError
from tzurot_client.gen.tzurot.session.v1 import ChatRequest, ReportDeliveryRequest
from tzurot_discord import errors
from tzurot_discord.outgoing import Stage, speak

GRACE = 6.0  # seconds that running answers get to end by themselves when the bot has to go
HURRY = 3.0  # seconds more for their last edits: whoever stops the bot may kill it after 10

log = logging.getLogger(__name__)


class Conversations:
    """What is being answered at this moment."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()  # Any: discord.py's tasks, with no result
        self.closing = False

    async def hold(self, person: Client, request: ChatRequest, stage: Stage) -> bool:
        """Say it, show who answers; whether anybody did, a sentence about a failure included."""
        with self.answering():
            return await _hold(person, request, stage)

    @contextmanager
    def answering(self) -> Generator[None]:
        """Counts the current task among those that `drain` lets end."""
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
        try:
            yield
        finally:
            self._running -= {task}

    async def drain(self) -> None:
        """Let answers end, then end them with what was said so far: 9 seconds at most."""
        self.closing = True
        await self._ended(GRACE)
        for task in self._running:
            task.cancel()
        await self._ended(HURRY)

    async def _ended(self, seconds: float) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)


async def _hold(person: Client, request: ChatRequest, stage: Stage) -> bool:
    async def report(turn_id: str, message_ids: list[int]) -> None:
        await _report(person, turn_id, message_ids)

    try:
        async with aclosing(person.chat(request)) as events:
            return await speak(events, stage, report) > 0
    except TzurotError as error:
        log.warning("no answer: %s %s", error.status.name, error.reason.name)
        await stage.tell(errors.sentence_for(error))
        return True


async def _report(person: Client, turn_id: str, message_ids: list[int]) -> None:
    if not message_ids:
        return
    ids = [str(message_id) for message_id in message_ids]
    try:
        await person.session.report_delivery(
            ReportDeliveryRequest(turn_id=turn_id, platform_message_ids=ids)
        )
    except TzurotError as error:  # the answer is there; only replies to it won't find the character
        log.warning("a delivery could not be reported: %s", error.status.name)
