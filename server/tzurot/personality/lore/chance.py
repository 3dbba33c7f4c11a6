"""Chance that decides the same for the same seed, whatever else is decided."""

import hashlib
import math

_WHOLE = 2**64


def share(seed: str, *names: str) -> float:
    """A number in [0, 1), evenly spread over seeds and names."""
    written = "\0".join((seed, *names)).encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(written, digest_size=8).digest()
    return int.from_bytes(digest, "big") / _WHOLE


def rolled(chance: float, seed: str, *names: str) -> tuple[bool, int]:
    """Whether a chance in percent came true, and the roll, 1..100: at most the chance wins."""
    roll = 100 * (1 - share(seed, *names))
    return roll <= chance, max(1, math.ceil(roll))
