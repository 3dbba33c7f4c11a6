"""An event loop in a thread of its own.

The main thread stays free to wait for lines and for Ctrl-C, as `input` and Python's signals want
it, and the connection lives on between two lines.
"""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")


class Background:
    """Runs coroutines for the thread that entered it; leaving cancels what still runs."""

    def __enter__(self) -> Self:
        started: Future[asyncio.AbstractEventLoop] = Future()
        self._left = asyncio.Event()
        self._stack = AsyncExitStack()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        self._loop = started.result()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._left.set)
        self._thread.join()

    def start(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Run `work` on the loop without waiting for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` on the loop and wait; Ctrl-C gives it up."""
        running = self.start(work)
        try:
            return running.result()
        finally:
            running.cancel()

    def enter(self, manager: AbstractAsyncContextManager[T]) -> T:
        """Enter `manager` on the loop; it is left when this is."""
        return self.run(self._stack.enter_async_context(manager))

    def _serve(self, started: "Future[asyncio.AbstractEventLoop]") -> None:
        async def until_left() -> None:
            async with self._stack:
                started.set_result(asyncio.get_running_loop())
                await self._left.wait()

        asyncio.run(until_left())
