"""Which of a client's instances shows a turn, and what it has shown: the server knows both.

For clients that run more than once, as bots do: the same event reaches all of them.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from tzurot_client.connection import Client
from tzurot_client.errors import TzurotError
from tzurot_client.gen.tzurot.session.v1 import (
    ClaimDeliveryRequest,
    ClaimDeliveryResponse,
    ReportDeliveryRequest,
)

RENEWAL = 10.0  # seconds; the server's grant lasts 30
LOOK_AGAIN = 3.0  # seconds between two looks at whether another instance is still at it
TRIES, PAUSE = 3, 0.5  # of asking a server that is away, and the seconds between

log = logging.getLogger(__name__)

Shown = Callable[[int], None]
"""Keeps in mind that a message shows what this person was answered."""


class Delivery:
    """What one person is answered, as this instance shows it."""

    def __init__(self, person: Client, instance_id: str, shown: Shown) -> None:
        self._person = person
        self._instance_id = instance_id
        self._shown = shown

    async def granted(self, turn_id: str) -> bool:
        """Wait until this instance is the one to show the turn; False once it was shown."""
        while True:
            told = await self._claim(turn_id)
            if told.granted or told.expire_time is None:
                return told.expire_time is not None
            await asyncio.sleep(LOOK_AGAIN)

    @asynccontextmanager
    async def kept(self, turn_id: str) -> AsyncGenerator[None]:
        """Hold on to the grant within the block."""
        renewing = asyncio.create_task(self._renew(turn_id))
        try:
            yield
        finally:
            renewing.cancel()

    async def report(self, turn_id: str, message_ids: list[int]) -> None:
        """Tell which messages show the answer, if any do: then nobody else shows it."""
        if not message_ids:
            return
        for message_id in message_ids:
            self._shown(message_id)
        ids = [str(message_id) for message_id in message_ids]
        request = ReportDeliveryRequest(turn_id=turn_id, platform_message_ids=ids)
        try:
            await self._person.session.report_delivery(request)
        except TzurotError as error:  # the answer is there; replies to it won't find the character
            log.warning("a delivery could not be reported: %s", error.status.name)

    async def _renew(self, turn_id: str) -> None:
        while True:
            await asyncio.sleep(RENEWAL)
            await self._claim(turn_id)

    async def _claim(self, turn_id: str) -> ClaimDeliveryResponse:
        """What the server says. If it can't tell, the turn is shown: rather twice than never."""
        request = ClaimDeliveryRequest(turn_id=turn_id, instance_id=self._instance_id)
        for left in reversed(range(TRIES)):
            try:
                return await self._person.session.claim_delivery(request)
            except TzurotError as refused:
                log.warning("a turn could not be claimed: %s", refused.status.name)
            if left:
                await asyncio.sleep(PAUSE)
        return ClaimDeliveryResponse(granted=True, expire_time=datetime.now(UTC))
