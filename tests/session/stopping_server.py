"""The real server, stopped dead where a test wants it.

    python -m tests.session.stopping_server before:tzurot.session.prompt:compose serve

`before` or `after` that function is called for the n-th time (`:compose:2`, by default the first),
the process says so and does nothing any more. With `hang` only the call doesn't go on.
"""

import asyncio
import importlib
import inspect
import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any


def main() -> None:
    """Wrap the function, then be the server."""
    _wrap(*sys.argv[1].split(":"))
    sys.argv = ["tzurot-server", *sys.argv[2:]]
    from tzurot.__main__ import main as serve

    serve()


def _wrap(when: str, module: str, path: str, turn: str = "1") -> None:
    owner: Any = importlib.import_module(module)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    original: Callable[..., Any] = getattr(owner, name)
    calls = iter(range(1, sys.maxsize))

    def due() -> bool:
        return next(calls) == int(turn)

    @wraps(original)
    async def stopped(*arguments: Any, **named: Any) -> Any:
        reached = due()
        if reached and when == "hang":
            await asyncio.Event().wait()
        if reached and when == "before":
            _stop()
        result = await original(*arguments, **named)
        if reached and when == "after":
            _stop()
        return result

    @wraps(original)
    def stopped_at_once(*arguments: Any, **named: Any) -> Any:
        if due():
            _stop()
        return original(*arguments, **named)

    asynchronous = inspect.iscoroutinefunction(original)
    setattr(owner, name, stopped if asynchronous else stopped_at_once)


def _stop() -> None:
    print("stopped dead.", flush=True)
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
