"""Says something to the server for a person and shows the answers: every way in ends here."""

import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from uuid import uuid4

from tzurot_bots.deliveries import Delivery
from tzurot_bots.ending import Running
from tzurot_client import Client, NotFound, TzurotError
from tzurot_client.gen.tzurot.session.v1 import CancelTurnRequest, ChatEvent, ChatRequest
from tzurot_discord.outgoing import Stage, speak

REMEMBERED = 10_000  # messages

log = logging.getLogger(__name__)


class Conversations(Running):
    """What is being answered at this moment, and whose the last messages are."""

    def __init__(self) -> None:
        super().__init__()
        self._instance_id = str(uuid4())
        self._turns: dict[str, tuple[str | None, str]] = {}  # person and channel of each
        self._whose: OrderedDict[int, str] = OrderedDict()

    async def hold(self, person: Client, request: ChatRequest, stage: Stage) -> bool:
        """Say it, show who answers; whether anybody did, a sentence about a failure included."""
        delivery = self._delivery(person)
        with self.answering():
            try:
                async with aclosing(self._events(person, request)) as events:
                    return await speak(events, stage, delivery) > 0
            except TzurotError as error:
                log.warning("no answer: %s %s", error.status.name, error.reason.name)
                await stage.refuse(error)
                return True

    async def report(self, person: Client, turn_id: str, message_ids: list[int]) -> None:
        """Tell which messages show what the person was answered in a turn."""
        await self._delivery(person).report(turn_id, message_ids)

    async def stop(self, person: Client, channel_id: str) -> bool:
        """Stop what is being answered to the person there; whether anything was."""
        mine = (person.subject, channel_id)
        running = [turn_id for turn_id, whose in self._turns.items() if whose == mine]
        for turn_id in running:
            with suppress(NotFound):
                await person.session.cancel_turn(CancelTurnRequest(turn_id=turn_id))
        return bool(running)

    def remember(self, message_id: int, subject: str | None) -> None:
        """Keep in mind who has written a message, or was answered with it."""
        self._whose[message_id] = subject or ""
        if len(self._whose) > REMEMBERED:
            self._whose.popitem(last=False)

    def whose(self, message_id: int) -> str:
        """The person as `remember` was told; empty if that was too long ago or never."""
        return self._whose.get(message_id, "")

    def _delivery(self, person: Client) -> Delivery:
        def shown(message_id: int) -> None:
            self.remember(message_id, person.subject)

        return Delivery(person, self._instance_id, shown)

    async def _events(self, person: Client, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        """The events of the answers; meanwhile it is known that they run."""
        channel_id = request.place.channel_id if request.place else ""
        running = ""
        try:
            async with aclosing(person.chat(request)) as events:
                async for event in events:
                    self._turns.pop(running, None)
                    running = "" if event.finished else event.turn_id
                    if running:
                        self._turns[running] = (person.subject, channel_id)
                    yield event
        finally:
            self._turns.pop(running, None)
