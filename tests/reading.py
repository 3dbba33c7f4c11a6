"""The bundled embedding model, which reads no text twice in one process.

Tests say the same things over and over, to servers that each would read them. What is read is the
model's own. The server itself remembers nothing like that: what people say is forgotten with them.
"""

from collections.abc import Sequence

from tzurot.llm.embeddings import Embedder, Reading

_READ: dict[tuple[str, ...], Reading] = {}
_ASKED: dict[str, Reading] = {}


class Rereading(Embedder):
    """An embedder that shares with all others of its kind what it has read."""

    async def question(self, text: str) -> Reading:
        """Something that is looked for."""
        if text not in _ASKED:
            _ASKED[text] = await super().question(text)
        return _ASKED[text]

    async def passages(self, texts: Sequence[Sequence[str]]) -> list[Reading]:
        """What may be found, each text given as its lines; in the order of `texts`."""
        lines = [tuple(text) for text in texts]
        new = [it for it in dict.fromkeys(lines) if it not in _READ]
        _READ.update(zip(new, await super().passages(new), strict=True))
        return [_READ[it] for it in lines]
