"""The server as it is, with an instant embedding: what is left is what a turn itself costs."""

import asyncio

import numpy as np

from tzurot import serving, wiring
from tzurot.config import Settings
from tzurot.llm.embeddings import Embedder, Vector


class InstantEmbedder(Embedder):
    """Vectors that cost nothing: what a text means is not measured here."""

    async def query(self, text: str) -> Vector:
        return self._vector(len(text))

    async def passages(self, texts: list[str]) -> Vector:  # type: ignore[override]
        return np.stack([self._vector(len(text)) for text in texts])

    def _vector(self, seed: int) -> Vector:
        vector = np.zeros(self.dimensions, dtype=np.float32)
        vector[seed % self.dimensions] = 1.0
        return vector


if __name__ == "__main__":
    wiring.Embedder = InstantEmbedder  # type: ignore[misc]
    asyncio.run(serving.serve(Settings.load()))
