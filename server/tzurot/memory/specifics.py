"""How much of what a text says is specific: names and numbers, by how they are written. Pure.

Who asks about the past mostly wants a name, a place, a title or a number. A name is known by its
capital letter within a sentence (a word feature of Bikel et al. 1997, "Nymble: a High-Performance
Learning Name-finder"). In German each noun has one, so that there it tells what says something from
exclamations, and little more; of a script without capital letters only numbers count.
"""

import re
from collections.abc import Collection, Sequence

import numpy as np

from tzurot.memory.keywords import Column

_ENOUGH = 3  # more say no more

_SPANS = (range(0x590), range(0x1E00, 0x2000))  # Latin, Greek, Cyrillic, Armenian; more of both
_LETTERS = [chr(code) for span in _SPANS for code in span]
_CAPITAL = "".join(it for it in _LETTERS if it.isupper())
_SMALL = "".join(it for it in _LETTERS if it.islower())
_OPENING = r"\"'“”„‘’«»‹›(\["  # marks that can stand right before a name
# It begins with the characters that anything found begins with: these are searched for fast.
_SPECIFIC = re.compile(
    rf"[\0\d{_CAPITAL}](?:(?:(?<=[{_SMALL},;:] [{_CAPITAL}])"
    rf"|(?<=[{_SMALL}] [{_OPENING}][{_CAPITAL}]))\w+|(?<=\d)[\d.,:/-]*|(?<=\0))"
)


def specifics(texts: Sequence[str], known: Collection[str]) -> Column:
    """How many names and numbers each text has, as a share of three: 0..1.

    Not those that are `known`, in small letters: whoever talks is named all the time.
    """
    counts = [0]
    for found in _SPECIFIC.findall("\0".join(texts)):  # which no text has: Postgres keeps none
        if found == "\0":
            counts.append(0)
        elif found.lower() not in known:
            counts[-1] += 1
    return np.minimum(1.0, np.array(counts) / _ENOUGH)
