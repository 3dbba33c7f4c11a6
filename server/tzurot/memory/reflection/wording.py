"""The words of a reflection: what memories have in common, and who said so when. Pure.

    bees, hive, honey
    2026-11-03, Ada: “I keep bees on the roof.”
    2026-11-10, Ada: “The bees have left their hive.”

Nothing in it is made up: words and sentences are pieces of the memories, so that it needs no
language. Each piece is in one line and in quotation marks, which do not occur in it.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from tzurot.memory.reflection.clusters import Told, words_of

MAX_COMMON = 5  # words that are named
MAX_LINES = 5  # sentences
MAX_SENTENCE = 160  # characters

_MAX_NAME = 80  # characters
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_QUOTES = re.compile('["“”„‟＂″‶〝〞〟]')


def told(members: Sequence[Told]) -> str:
    """The words of a reflection of these memories, which are in the order of time."""
    common = _common(members)
    first = ", ".join(_surface(members, term) for term in common[:MAX_COMMON])
    lines = [first, *_lines(members, common)]
    return "\n".join(line for line in lines if line)


def begun_with(words: str, text: str) -> str:
    """The words of a reflection with another first line."""
    _, line_break, lines = text.partition("\n")
    return f"{_one_line(words)}{line_break}{lines}"


def _common(members: Sequence[Told]) -> list[str]:
    """The stems that at least half of them have, and two; those first that most have."""
    having = Counter[str]()
    for member in members:
        having.update(list(dict.fromkeys(_terms(members, _whole(member)))))
    least = max(2, (len(members) + 1) // 2)
    return [term for term, count in having.most_common() if count >= least]


def _surface(members: Sequence[Told], term: str) -> str:
    """A stem as it is said first."""
    said = (pair for it in members for pair in words_of(members, _whole(it)))
    return next(word for word, its_term in said if its_term == term)


def _lines(members: Sequence[Told], common: Collection[str]) -> list[str]:
    """One line for each memory, those with most in common, in the order of time."""
    best: dict[str, tuple[int, int, str]] = {}  # by sentence: how well it says it, whose, line
    for number, member in enumerate(members):
        fit, name, sentence = max(_sentences(members, member, common), key=lambda it: it[0])
        said = f"{_one_line(name)[:_MAX_NAME]}: " if name.strip() else ""
        line = f"{member.occur_time:%Y-%m-%d}, {said}“{sentence}”"
        if sentence not in best:
            best[sentence] = (fit[0], number, line)
    fitting = sorted(best.values(), key=lambda it: (-it[0], it[1]))[:MAX_LINES]
    return [line for _, _, line in sorted(fitting, key=lambda it: it[1])]


def _sentences(
    members: Sequence[Told], member: Told, common: Collection[str]
) -> Iterator[tuple[tuple[int, int, int], str, str]]:
    """How well each sentence says it, who says it, and its words.

    The more of what is in common the better, then what was said before what was answered, then the
    shorter.
    """
    for side, (name, words) in enumerate(member.sides):
        for sentence in _SENTENCE.findall(words):
            if piece := _shortened(_one_line(_QUOTES.sub("'", sentence))):
                shared = len(set(_terms(members, piece)).intersection(common))
                yield (shared, -side, -len(piece)), name, piece
    yield (-1, 0, 0), "", "…"


def _shortened(sentence: str) -> str:
    if len(sentence) <= MAX_SENTENCE:
        return sentence
    whole_words, _, _ = sentence[: MAX_SENTENCE - 1].rpartition(" ")
    return f"{whole_words or sentence[: MAX_SENTENCE - 1]}…"


def _terms(members: Sequence[Told], text: str) -> list[str]:
    return [term for _, term in words_of(members, text)]


def _whole(told: Told) -> str:
    return "\n".join(words for _, words in told.sides)


def _one_line(text: str) -> str:
    return " ".join(_UNSEEN.sub(" ", text).split())
