"""Follows what is said and answered to its end, even if the connection does not last as long.

A turn belongs to the server and goes on alone. After a break this watches the turn that was running
from its last event on; where none was, it chats again with the same request id, which attaches.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from copy import copy
from uuid import uuid4

import betterproto2
from grpclib.metadata import Deadline

from tzurot_client.errors import Unavailable
from tzurot_client.gen.tzurot.session.v1 import (
    ChatEvent,
    ChatRequest,
    ChatResponse,
    SessionServiceStub,
    WatchTurnRequest,
    WatchTurnResponse,
)
from tzurot_client.patience import Patience

BREAKS = 6  # in a row without a new event; each time the call itself is tried three times


async def follow(
    session: SessionServiceStub, request: ChatRequest, deadline: Deadline
) -> AsyncGenerator[ChatEvent, None]:
    """The events of all turns that answer `request`, each once, without kinds that are not known.

    Leaving early does not stop the turn; CancelTurn does.
    """
    request = copy(request)
    request.request_id = request.request_id or str(uuid4())
    seen: dict[str, int] = {}  # by turn: its last event's sequence
    running = ""  # the turn that has begun and not ended
    patience = Patience(1)
    while True:
        responses: AsyncIterator[ChatResponse] | AsyncIterator[WatchTurnResponse]
        if watched := running:
            watch = WatchTurnRequest(turn_id=watched, after_sequence=seen[watched])
            responses = session.watch_turn(watch, deadline=deadline)
        else:
            responses = session.chat(request, deadline=deadline)
        try:
            async for event in _new_events(responses, seen):
                running = "" if event.finished else event.turn_id
                patience = Patience(BREAKS)
                if betterproto2.which_one_of(event, "kind")[0]:
                    yield event
        except Unavailable as broken:
            if seen and not running and len(request.addressees) == 1:  # all was told before
                return
            await patience.wait_or_raise(broken)
        else:
            if not watched or len(request.addressees) == 1:  # else others may answer after it
                return
            running = ""


async def _new_events(
    responses: AsyncIterator[ChatResponse] | AsyncIterator[WatchTurnResponse], seen: dict[str, int]
) -> AsyncIterator[ChatEvent]:
    async for response in responses:
        event = response.event
        if event is not None and event.sequence > seen.get(event.turn_id, 0):
            seen[event.turn_id] = event.sequence
            yield event
