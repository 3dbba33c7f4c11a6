"""Follows what the server does in a dialogue, for whoever shows how far it is."""

import asyncio
import logging

from tzurot_client import Client, DeadlineExceeded, Unavailable
from tzurot_client.gen.tzurot.flow.v1 import Flow, FlowState, WatchFlowRequest

WATCH_SECONDS = 3600.0  # a stream is followed so long, then anew
WATCHES = 720  # times that a lost stream is looked for again
WATCH_PAUSE = 5.0  # seconds between them

log = logging.getLogger(__name__)


class Work:
    """A flow at work, as it was last told."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    async def follow(self, person: Client) -> None:
        """Return when it no longer works; a server that is away is waited for.

        Raises:
            TzurotError: the flow is gone, or the server for too long.
        """
        request = WatchFlowRequest(flow_id=self.flow.id)
        for left in reversed(range(WATCHES)):
            try:
                async for told in person.flow.watch_flow(request, timeout=WATCH_SECONDS):
                    self.flow = told.flow or self.flow
            except (Unavailable, DeadlineExceeded) as lost:
                log.warning("a flow at work is out of sight: %s", lost.status.name)
                if not left:
                    raise
            if self.flow.state is not FlowState.WORKING:
                return
            await asyncio.sleep(WATCH_PAUSE)
