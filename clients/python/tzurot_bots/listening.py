"""Which channels the server listens to, and what is said there to nobody in particular.

For clients of platforms with channels: what of them concerns a character, the server decides.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field

from tzurot_client.connection import Client
from tzurot_client.errors import TzurotError
from tzurot_client.gen.tzurot.session.v1 import (
    AmbientMessage,
    DueTurn,
    Listening,
    Place,
    RecordMessagesRequest,
    WatchChannelsRequest,
)

PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds until the server is watched again
BATCH_SECONDS, BATCH = 2.0, 20  # that messages wait for others, and how many go at once

SpeakUp = Callable[[DueTurn], Coroutine[None, None, None]]
"""Lets a character speak up by itself."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Batch:
    messages: list[AmbientMessage] = field(default_factory=list[AmbientMessage])
    full: asyncio.Event = field(default_factory=asyncio.Event)
    sent: asyncio.Event = field(default_factory=asyncio.Event)


class Channels:
    """What the server has told of a platform's channels. Until it has, it listens to none."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._told: dict[str, Listening] = {}
        self._batches: dict[str, _Batch] = {}
        self._watching: asyncio.Task[None] | None = None

    def begin(self, me: Client, speak_up: SpeakUp) -> None:
        """Watch from now on, as one who may do that; let characters speak up when it is time."""
        self._watching = asyncio.create_task(self._watch(me, speak_up))

    async def close(self) -> None:
        """Watch no longer; who has begun to speak up goes on."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})

    def of(self, place: Place) -> Listening:
        """What to tell of a place; a thread is as its parent unless it was told of itself."""
        told = self._told.get(place.channel_id) or self._told.get(place.parent_channel_id)
        return told or Listening()

    async def record(self, me: Client, place: Place, message: AmbientMessage) -> None:
        """Tell the server what was said, together with what is said within the next seconds."""
        if batch := self._batches.get(place.channel_id):
            batch.messages.append(message)
            if len(batch.messages) >= BATCH:
                batch.full.set()
            return
        batch = self._batches[place.channel_id] = _Batch([message])
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(BATCH_SECONDS):
                    await batch.full.wait()
            del self._batches[place.channel_id]
            request = RecordMessagesRequest(place=place, messages=batch.messages)
            await me.message.record_messages(request)
        except TzurotError as refused:
            log.warning("%d messages were not recorded: %s", len(batch.messages), refused.reason)
        finally:
            batch.sent.set()

    async def settle(self, channel_id: str) -> None:
        """Let the server know what was said before: whoever is to answer now has heard it."""
        if batch := self._batches.get(channel_id):
            batch.full.set()
            await batch.sent.wait()

    async def _watch(self, me: Client, speak_up: SpeakUp) -> None:
        pause, speaking = PAUSE, set[asyncio.Task[None]]()
        while True:
            told: dict[str, Listening] = {}
            request = WatchChannelsRequest(platform=self._platform)
            try:
                async for change in me.channel.watch_channels(request):
                    for one in change.channels:
                        told[one.channel_id] = one
                        if one.removed:
                            del told[one.channel_id]
                    for due in change.due_turns:
                        task = asyncio.create_task(speak_up(due))
                        speaking.add(task)
                        task.add_done_callback(speaking.discard)
                    if change.complete:
                        self._told, pause = told, PAUSE
            except TzurotError as lost:
                log.info("channels are watched anew: %s", lost.status.name)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
