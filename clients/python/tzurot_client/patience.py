"""How often to try again, and how long to wait before."""

import asyncio
import random

from tzurot_client.errors import TzurotError, Unavailable

LONGEST_PAUSE = 4.0  # seconds
_chance = random.SystemRandom()


class Patience:
    """So many tries; pauses double between them, each cut at random so that clients spread out."""

    def __init__(self, tries: int) -> None:
        self._left, self._pause = tries - 1, 0.1

    async def wait_or_raise(self, error: TzurotError) -> None:
        """Wait before the next try; raise `error` where none is left or another can't help."""
        if self._left <= 0 or not isinstance(error, Unavailable):
            raise error
        await asyncio.sleep(_chance.uniform(self._pause / 2, self._pause))
        self._left, self._pause = self._left - 1, min(self._pause * 2, LONGEST_PAUSE)
