"""Why a memory was found: the parts of its score, as numbers."""

from tzurot_client.gen.tzurot.memory.v1 import ScoreParts

_PARTS = (
    "wording",
    "similarity",
    "keyword",
    "neighbors",
    "speaker",
    "time",
    "recency",
    "salience",
    "link",
    "news",
)
_FAINT = 0.0005  # less would be shown as nothing


def why(parts: ScoreParts) -> str:
    """The parts that count, the greatest first."""
    told = [(getattr(parts, name), name) for name in _PARTS]
    counting = sorted((it for it in told if abs(it[0]) >= _FAINT), reverse=True)
    return ", ".join(f"{name} {value:.3f}" for value, name in counting)
