"""What is kept of a forgotten fact, so that it is recognized in other words. Pure but for chance.

Its vector, and its marks (sense.py) as keyed hashes: no word of it can be read there. What that
gives away all the same is in docs/decisions/0029-forgetting-sticks.md.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from tzurot.llm.embeddings import Vector
from tzurot.memory.facts import likeness
from tzurot.memory.facts.sense import Sense, marks, sense_of

SALT_BYTES = 16
_HASH_BYTES = 8  # what a bigint holds; of a hundred marks two are alike once in 10^15 facts


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A fact that is not to be learnt again."""

    vector: Vector = field(repr=False)
    salt: bytes
    marks: frozenset[int]

    def can_be(self, sense: Sense) -> bool:
        """Whether words of this sense can say the same; then `recognizes` tells by their vector."""
        return likeness.least_cosine(sense, self._has) < likeness.NEVER

    def recognizes(self, sense: Sense, vector: Vector) -> bool:
        """Whether something says the same."""
        return likeness.same(sense, self._has, float(np.dot(self.vector, vector)))

    def _has(self, mark: str) -> bool:
        return _hashed(mark, self.salt) in self.marks


def forgotten(text: str, vector: Vector, names: Collection[str]) -> Forgotten:
    """What to keep of a fact; `names` are those of whom it is about."""
    salt = secrets.token_bytes(SALT_BYTES)
    hashes = frozenset(_hashed(it, salt) for it in marks(sense_of(text, names)))
    return Forgotten(vector, salt, hashes)


def _hashed(mark: str, salt: bytes) -> int:
    digest = blake2b(mark.encode(), digest_size=_HASH_BYTES, key=salt).digest()
    return int.from_bytes(digest, "big", signed=True)
