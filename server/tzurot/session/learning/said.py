"""What of somebody's words they state, and what they play, ask, quote or suppose. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tzurot.memory.facts.pronouns import YOU, I

_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_CLAUSE = re.compile(
    r";|[,–—]\s*(?=(?:so|but|and|because|though|aber|und|weil|denn|pero|y|porque|aunque)\b)", re.I
)
_CODE = re.compile(r"```.*?(?:```|\Z)", re.S)
_CITED = re.compile(r"^\s*>.*$", re.M)
# Of more than three words: others are names and titles.
_QUOTED = re.compile(r"[\"“„«](?:[^\"“”„«»\s]+\s+){3,}[^\"“”„«»]*[\"”“»]")
# An action between asterisks or underscores; a single word there is only stressed.
_ACTION = re.compile(
    r"(?<![*\w])\*(?!\*)[^*\n]*\S\s+\S[^*\n]*\*(?!\*)|(?<![_\w])_(?!_)[^_\n]*\S\s+\S[^_\n]*_(?![_\w])"
)
_STORY = re.compile(
    r"\bonce upon a time\b|\bes war einmal\b|\b[ée]rase una vez\b|\(\s*ic\s*\)|\brole ?-?play"
    r"|\bin (?:our|my|this|the) (?:story|tale|game|campaign)\b"
    r"|\bin (?:unserer|meiner|dieser) (?:geschichte|runde)\b"
    r"|\ben (?:nuestra|mi|esta) (?:historia|partida)\b",
    re.I,
)
_ASIDE = re.compile(r"\(\(.*?\)\)|\(?\booc\b[:)]?[^\n]*", re.I | re.S)
_ASKS = re.compile(r"[?？]\s*$")
_SUPPOSES = re.compile(
    r"^\W*(?:if|suppose|imagine|what if|pretend|wenn|falls|angenommen|stell dir vor|si|imagina)\b",
    re.I,
)
_OTHER = re.compile(
    r"^\W*(?:he|she|they|it|his|her|their|its|er|sie|es|sein\w*|ihr\w*|él|ella|ellos|ellas|sus?)\b",
    re.I,
)
_YOU_SAY = re.compile(
    r"\b(?:you|du|t[uú]|usted)\b[^.!?\n]{0,20}\b(?:sa(?:y|id|ys)|told|tell|claim\w*|th(?:ink|ought)"
    r"|mean\w*|believe\w*|wrote|sag(?:st|test)|mein(?:st|test)|behaupte\w*|dic(?:es|e)|dijiste"
    r"|crees)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that states something of whoever says it, or a clause of it."""

    text: str
    played: bool

    @property
    def says_i(self) -> bool:
        """Whether it names whoever says it."""
        return bool(I.search(self.text))

    @property
    def is_of_another(self) -> bool:
        """Whether it goes on about somebody or something that was named before."""
        return bool(_OTHER.search(self.text))


def stated(text: str) -> list[Sentence]:
    """The sentences that state something, in order."""
    asides = [it[0] for it in _ASIDE.finditer(text)]
    rest = _ASIDE.sub("\n", text)
    played = is_played(rest)
    return [
        *(Sentence(it, played) for it in _sentences(rest)),
        *(Sentence(it, False) for aside in asides for it in _sentences(aside)),
    ]


def is_played(text: str) -> bool:
    """Whether somebody plays: acts between asterisks, or tells a story."""
    return bool(_ACTION.search(text) or _STORY.search(text))


def _sentences(text: str) -> Iterator[str]:
    own = _QUOTED.sub(" ", _STORY.sub("", _CITED.sub("", _CODE.sub("\n", text))))
    for sentence in _SENTENCE.findall(own):
        if _is_own(sentence):
            yield from (it for it in _CLAUSE.split(sentence) if it.strip())


def _is_own(sentence: str) -> bool:
    """Whether it is stated, and of whoever says it: not of whom they say it to."""
    if _ASKS.search(sentence) or _SUPPOSES.search(sentence) or _YOU_SAY.search(sentence):
        return False
    return bool(I.search(sentence)) or not YOU.search(sentence)
