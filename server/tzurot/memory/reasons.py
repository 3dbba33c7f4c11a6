"""Why a memory came up, in words that its person understands. Pure.

The one place that words it, for a search and for a turn's trace. Sentences are made when somebody
looks, out of the parts of the score and of what still exists, and are kept nowhere: the words of
what is forgotten are in none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from tzurot.memory import lexicon, speakers, times
from tzurot.memory.remembering import Remembered
from tzurot.memory.scoring import RELEVANCE_FLOOR, WEIGHTS, ScoreParts
from tzurot.memory.waypoints import WaypointKind

_MOST = 5  # reasons
_FAINT = 0.005  # of a score: less is told as nothing
_WORDS = 3  # that are told, and how long they are at most
_WORD_CHARACTERS = 40
_OPENING_CHARACTERS = 60  # of another memory
_NEARLY_THE_SAME = 0.5  # cosine
_AT_THAT_TIME = 0.5  # how well a moment fits a time that is named
_MOSTLY = 0.5  # of a passage: so much of what it says is new where it is told as news
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class NotTaken(StrEnum):
    """Why a memory that came up was not recalled."""

    SAYS_LITTLE = "says_little"
    OTHERS_FIT_BETTER = "others_fit_better"
    BELOW_THRESHOLD = "below_threshold"  # of who asks


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked, when, and of whom."""

    question: str
    """Empty where it was forgotten."""
    now: datetime
    spoken_to: UUID
    """The character."""
    others: Mapping[UUID, str] = field(default_factory=dict[UUID, str])
    """Of memories that somebody else said in the same channel: what they are called."""


Linked = tuple[WaypointKind, Remembered]
"""What a memory is linked with most, and how."""

_NOT_TAKEN = {
    NotTaken.SAYS_LITTLE: "it says too little that fits",
    NotTaken.OTHERS_FIT_BETTER: "others fit better",
    NotTaken.BELOW_THRESHOLD: "its score is below what the setting memory_threshold demands",
}
_LINKS = {
    WaypointKind.SIMILARITY: "it is like",
    WaypointKind.ACROSS_SECTORS: "it is like",
    WaypointKind.CONVERSATION: "said right before or after",
    WaypointKind.RECALLED_TOGETHER: "often recalled together with",
}


def reasons(
    asking: Asking, memory: Remembered, parts: ScoreParts, linked: Linked | None = None
) -> list[str]:
    """At most five sentences, the weightiest first; then one more if others were told it.

    `linked`: with what of all that came up with it.
    """
    said = _words(asking, memory)
    in_words = parts.keyword + parts.guessed
    told = (
        (in_words + parts.wording if said else 0.0, said),
        (0.0 if said else in_words, "it has words in common with what was asked"),
        (_own_meaning(parts, said), _meaning(asking, parts)),
        (parts.rest, "what else was said in it fits, too"),
        (parts.neighbors + parts.beside, "it was said right before or after something that fits"),
        (parts.speaker, _speaker(asking, memory)),
        (parts.time, _time(asking, memory)),
        (_news(parts), "it was news when it was said"),
        (parts.opening, "it began a talk"),
        (parts.detail, "it goes into detail"),
        (parts.recency, f"said {_ago(asking.now - memory.occur_time)} before"),
        (parts.salience, "it stands out"),
        (parts.link, _link(linked)),
    )
    counting = sorted((it for it in told if it[0] >= _FAINT), key=lambda it: -it[0])
    return [sentence for _, sentence in counting[:_MOST]] + _elsewhere(asking, memory)


def not_taken(why: NotTaken) -> str:
    """Why a memory that came up was not recalled."""
    return _NOT_TAKEN[why]


def opening(memory: Remembered) -> str:
    """The first words of a memory, on one line."""
    return _short(memory.person_text or memory.personality_text, _OPENING_CHARACTERS)


def _words(asking: Asking, memory: Remembered) -> str:
    """Who said what of the question's words, as they stand in the memory; empty if nobody did."""
    asked = lexicon.question_terms(asking.question)
    names = {*lexicon.terms(memory.person_name), *lexicon.terms(memory.personality_name)}
    wanted = frozenset(asked) - names
    person = lexicon.words_with(memory.person_text, wanted)
    reply = lexicon.words_with(memory.personality_text, wanted)
    told = [term for term in asked if term in person or term in reply][:_WORDS]
    name, other = _name(memory), _other(asking, memory)
    clauses = (
        (
            f"{other} and {name} said" if other else "you both said",
            [person[it] for it in told if it in person and it in reply],
        ),
        (
            f"{name} noted" if memory.is_note else f"{other or 'you'} said",
            [person[it] for it in told if it in person and it not in reply],
        ),
        (f"{name} said", [reply[it] for it in told if it not in person]),
    )
    return ", ".join(f"{who} {_quoted(words)}" for who, words in clauses if words)


def _quoted(words: Iterable[str]) -> str:
    *first, last = (f'"{_short(word, _WORD_CHARACTERS)}"' for word in words)
    return f"{', '.join(first)} and {last}" if first else last


def _own_meaning(parts: ScoreParts, said: str) -> float:
    """What its meaning adds, if that is enough by itself: what stands beside it means more then."""
    if parts.similarity + parts.wording < RELEVANCE_FLOOR:
        return 0.0
    return parts.similarity + (0.0 if said else parts.wording)


def _meaning(asking: Asking, parts: ScoreParts) -> str:
    if not asking.question:
        return "what it says fits"
    nearly = parts.similarity >= _NEARLY_THE_SAME * WEIGHTS.similarity
    return "it means nearly the same" if nearly else "it means something like it"


def _news(parts: ScoreParts) -> float:
    """What news adds if most of what is said was new."""
    return parts.news if parts.news >= _MOSTLY * WEIGHTS.first_told * parts.said else 0.0


def _speaker(asking: Asking, memory: Remembered) -> str:
    is_asked, other = memory.personality_id == asking.spoken_to, _other(asking, memory)
    names = speakers.names_of([memory])
    about = speakers.about_person(asking.question, names, asks=not other, is_asked=is_asked)
    if about is None:
        return f"you asked about what one of {'the two' if other else 'you'} said"
    return f"you asked about what {(other or 'you') if about else _name(memory)} said"


def _time(asking: Asking, memory: Remembered) -> str:
    if not asking.question:
        return "its time fits"
    fit = times.named(asking.question, asking.now).fit(memory.occur_time)
    if not fit:
        return "it tells when"
    if fit < _AT_THAT_TIME:
        return "it was said soon after the time that you asked about"
    moment = memory.occur_time
    month = f"{moment:%B}" if moment.year == asking.now.year else f"{moment:%B %Y}"
    return f"it was said in {month}, as you asked"


def _ago(age: timedelta) -> str:
    """How long ago, in the greatest unit that fits, rounded down."""
    hours = max(0, int(age.total_seconds() // 3600))
    for unit, size in (("year", 8766), ("month", 731), ("week", 168), ("day", 24), ("hour", 1)):
        if count := hours // size:
            number = _COUNTS[count] if count < len(_COUNTS) else str(count)
            return f"{number} {unit}{'' if count == 1 else 's'}"
    return "less than an hour"


def _link(linked: Linked | None) -> str:
    if linked is None:
        return "it is linked with what else fits"
    kind, other = linked
    return f'{_LINKS[kind]} "{opening(other)}"'


def _elsewhere(asking: Asking, memory: Remembered) -> list[str]:
    """That it comes up although another character was told it, or somebody else said it."""
    if other := _other(asking, memory):
        return [f"{other} said it in this channel; place_share lets it come up for you"]
    if memory.personality_id == asking.spoken_to:
        return []
    name = _short(memory.personality_name, _WORD_CHARACTERS) or "another character"
    told = f"{name} noted it" if memory.is_note else f"you said it to {name}"
    return [f"{told}; your setting characters_share lets it come up here"]


def _other(asking: Asking, memory: Remembered) -> str:
    """Who said it, if it was somebody else."""
    return _short(asking.others.get(memory.memory_id, ""), _WORD_CHARACTERS)


def _name(memory: Remembered) -> str:
    return _short(memory.personality_name, _WORD_CHARACTERS) or "the character"


def _short(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
