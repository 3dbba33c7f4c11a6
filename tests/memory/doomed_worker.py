"""A worker that stops at one step of a job and never goes on, for whoever kills it.

python -m tests.memory.doomed_worker after:tzurot.memory.index.outbox:Relay._claim
"""

import asyncio
import importlib
import logging
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from tzurot import serving
from tzurot.config import Settings


def main() -> None:
    """Be the real worker, but for that step."""
    when, owner, name = place_of(sys.argv[1])

    def reached() -> None:
        print(f"stopped: {sys.argv[1]}", flush=True)

    setattr(owner, name, stopping(getattr(owner, name), when, reached))
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(serving.work(Settings.load()))


def place_of(point: str) -> tuple[str, Any, str]:
    """`before` or `after`, what has the function, and its name there."""
    when, module, path = point.split(":")
    owner: Any = importlib.import_module(module)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    return when, owner, name


def stopping(
    function: Callable[..., Any], when: str, reached: Callable[[], None]
) -> Callable[..., Any]:
    """The same function, which tells that it is reached, or done, and never returns."""

    @wraps(function)
    async def stopped(*arguments: Any, **named: Any) -> Any:
        if when == "after":
            await function(*arguments, **named)
        reached()
        await asyncio.Event().wait()

    return stopped


if __name__ == "__main__":
    main()
