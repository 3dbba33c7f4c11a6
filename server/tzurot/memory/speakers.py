"""Whose words a question is about, by names and by "I" and "you" in a few languages. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tzurot.memory.remembering import Remembered
from tzurot.memory.stopwords import STOP_WORDS

_SHORTEST_NAME = 3  # letters of a word that can stand for a whole name
_WORD = re.compile(r"[^\W_]+")
_FIRST_PERSON = """
i me my mine we us our ich mich mir mein meine meinen meiner wir uns
yo me mi mis nosotros je moi mon ma mes nous
"""
_SECOND_PERSON = "you your yours du dich dir dein deine tú tu tus te toi ton ta tes"
_PERSON_WORDS = frozenset(_FIRST_PERSON.split())
_PERSONALITY_WORDS = frozenset(_SECOND_PERSON.split())
_NONE = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Names:
    """The words of both sides' names, in small letters."""

    person: frozenset[str]
    personality: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Of both together."""
        return self.person | self.personality


def names_of(memories: Sequence[Remembered]) -> Names:
    """The words of the names of all who speak in these."""
    return Names(
        _name_words({it.person_name for it in memories}),
        _name_words({it.personality_name for it in memories}),
    )


def _name_words(names: Collection[str]) -> frozenset[str]:
    words = (word for name in names for word in _WORD.findall(name.lower()))
    return frozenset(it for it in words if len(it) >= _SHORTEST_NAME and it not in STOP_WORDS)


def about_person(
    text: str, names: Names, *, asks: bool = True, is_asked: bool = True
) -> bool | None:
    """Whether a question is about the person's words, or the character's; None: both, or neither.

    Names count before "I" and "you". "I" is the person only if they are who `asks`, and "you" the
    character only if it `is_asked`.
    """
    words = set(_WORD.findall(text.lower()))
    for person, personality in (
        (names.person, names.personality),
        (_PERSON_WORDS if asks else _NONE, _PERSONALITY_WORDS if is_asked else _NONE),
    ):
        by_person, by_personality = bool(words & person), bool(words & personality)
        if by_person or by_personality:
            return by_person if by_person != by_personality else None
    return None
