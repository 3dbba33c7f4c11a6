"""The server as it is, with an instant embedding: what is left is what a turn itself costs.

python -m benchmarks.turn_server [worker]
"""

import asyncio
import sys
import zlib

import numpy as np

from tzurot import serving, wiring
from tzurot.config import Settings
from tzurot.llm.embeddings import Embedder, Vector


class InstantEmbedder(Embedder):
    """Vectors that cost nothing: what a text means is not measured here."""

    async def query(self, text: str) -> Vector:
        return self._vector(text)

    async def passages(self, texts: list[str]) -> Vector:  # type: ignore[override]
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Vector:
        chance = np.random.default_rng(zlib.crc32(text.encode()))
        vector = chance.standard_normal(self.dimensions).astype(np.float32)
        return vector / np.linalg.norm(vector)


if __name__ == "__main__":
    wiring.Embedder = InstantEmbedder  # type: ignore[misc]
    run = serving.work if "worker" in sys.argv else serving.serve
    asyncio.run(run(Settings.load()))
