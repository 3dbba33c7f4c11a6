"""What a bot is at work on, and how it ends when the bot has to go."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

GRACE = 6.0  # seconds that running answers get to end by themselves when the bot has to go
HURRY = 3.0  # seconds more for their last edits: whoever stops the bot may kill it after 10


class Running:
    """What is being answered at this moment."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()  # Any: a library's tasks, with no result
        self.closing = False

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
