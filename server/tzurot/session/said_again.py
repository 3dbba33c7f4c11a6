"""Whether a reply says again, word by word, what was said already. Pure."""

import unicodedata
from collections.abc import Iterable, Iterator

LEAST_ECHO = 30  # of a message: less can be an answer
# Of a paragraph, or of all that a reply had said: refrains and spells are shorter.
LEAST_REPEAT = 100


def is_long(text: str, least: int) -> bool:
    """Whether a text is at least so wide; ideographs and the like count twice."""
    if len(text) * 2 < least:
        return False
    return sum(2 if unicodedata.east_asian_width(it) in "WF" else 1 for it in text) >= least


def echoes(message: str, names: Iterable[str]) -> Iterator[str]:
    """What a reply would begin with that repeats the message, with or without who said it."""
    text = message.strip()
    if not text:
        return
    if is_long(text, LEAST_ECHO):
        yield text
    for name in names:
        yield f"{name}: {text}"
        yield f"**{name}:** {text}"
        yield f"{name}:\n{text}"


def length(rest: str, said: Iterable[str], *, final: bool) -> int | None:
    """How much of the begin of `rest` says again one of those; None: more text decides.

    0 where more follows on the same line: what is taken up to be gone on with is no repetition.
    """
    for it in said:
        if not rest.startswith(it):
            if it.startswith(rest) and not final:
                return None
            continue
        after = rest[len(it) :]
        spaces = len(after) - len(after.lstrip(" \t"))
        if spaces == len(after) and not final:
            return None
        if spaces == len(after) or after[spaces] == "\n":
            return len(it) + spaces
    return 0
