"""The server as it is, with an instant embedding: what is left is what a turn itself costs.

python -m benchmarks.turn_server [worker]
"""

import asyncio
import sys
import zlib
from collections.abc import Sequence

import numpy as np

from tzurot import serving
from tzurot.config import Settings
from tzurot.llm.embeddings import Embedder, Reading
from tzurot.llm.unigram import SPACE, Piece
from tzurot.wiring import parts


class InstantEmbedder(Embedder):
    """Readings that cost nothing: what a text means is not measured here."""

    async def questions(self, texts: Sequence[str]) -> list[Reading]:
        return [self._reading([text]) for text in texts]

    async def passages(self, texts: Sequence[Sequence[str]]) -> list[Reading]:
        return [self._reading(lines) for lines in texts]

    def _reading(self, lines: Sequence[str]) -> Reading:
        """A state by chance for each word, always the same for the same words."""
        words = [f"{SPACE}{word}" for line in lines for word in line.split() or [""]]
        chance = np.random.default_rng(zlib.crc32("\n".join(lines).encode()))
        ends = np.cumsum([0, *(len(line.split() or [""]) for line in lines)]).tolist()
        return Reading(
            states=chance.standard_normal((len(words), self.dimensions)).astype(np.float32),
            pieces=tuple(Piece(0, word, -10.0) for word in words),
            lines=tuple(slice(*ends[it : it + 2]) for it in range(len(lines))),
        )


if __name__ == "__main__":
    parts.Embedder = InstantEmbedder  # type: ignore[misc]
    run = serving.work if "worker" in sys.argv else serving.serve
    asyncio.run(run(Settings.load()))
