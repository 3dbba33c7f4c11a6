"""The real server, in which chosen turns stop at a step and never go on.

    python -m tests.session.stopping_server "Hi!=before:tzurot.session.recording:record" serve

Here the turn that answers `Hi!` stops `before` (or `after`) its end is recorded, and says so. A
point without a text (`=before:…`) is for calls outside of any turn.
"""

import asyncio
import importlib
import sys
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

_said: ContextVar[str] = ContextVar("_said", default="")


def main() -> None:
    """Wrap what was named, then be the server."""
    points = [argument for argument in sys.argv[1:] if "=" in argument]
    _wrap("tzurot.session.turn", "chat", _listening)
    for point in points:
        text, _, where = point.partition("=")
        when, module, path = where.split(":")
        _wrap(module, path, _stopping(text, when))
    sys.argv = ["tzurot-server", *(it for it in sys.argv[1:] if it not in points)]
    from tzurot.__main__ import main as serve

    serve()


Wrapper = Callable[[Callable[..., Any]], Callable[..., Any]]


def _listening(chat: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what a chat's person said with everything that happens in it."""

    @wraps(chat)
    async def heard(said: Any, *arguments: Any) -> None:
        _said.set(said.utterance.text)
        await chat(said, *arguments)

    return heard


def _stopping(text: str, when: str) -> Wrapper:
    async def stop() -> None:
        if _said.get() == text:
            print(f"stopped: {text}", flush=True)
            await asyncio.Event().wait()

    def around(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        async def stopped(*arguments: Any, **named: Any) -> Any:
            if when == "before":
                await stop()
            result = await function(*arguments, **named)
            if when == "after":
                await stop()
            return result

        return stopped

    return around


def _wrap(module: str, path: str, wrapper: Wrapper) -> None:
    owner: Any = importlib.import_module(module)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    setattr(owner, name, wrapper(getattr(owner, name)))


if __name__ == "__main__":
    main()
