"""In which texts keys are looked for, and how.

Texts are joined, newest message first, so that one search of `str` finds the newest place of a key;
in which message it stands is told by the offset. Which keys are worth a search says `index`.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from tzurot.personality.lore.candidates import Candidate, Place
from tzurot.personality.lore.index import Index
from tzurot.personality.lore.scene import Heard, Scene
from tzurot.personality.scripts import patterns
from tzurot.personality.scripts.patterns import Clock

_BETWEEN = "\0"  # of texts: no key has it
_MARK = "\x1f"  # of words
# Thai to Hangul and the ideographs: words stand there without spaces, so each sign counts as one.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff\uff66-\uff9f"
_WORDS = re.compile(rf"[^\W{_UNSPACED}\U00020000-\U0003ffff]+|.", re.DOTALL)

_BESIDE = {
    "persona_description": "in the description of who speaks",
    "character_description": "in the character's description",
    "character_personality": "in the character's personality",
    "character_depth_prompt": "in the character's note",
    "scenario": "in the scenario",
    "creator_notes": "in the creator's notes",
}


class Form(NamedTuple):
    """What of a text is compared: letter case, and whether words are whole."""

    sensitive: bool = False
    whole: bool = False


FOLDED = Form()


@dataclass(frozen=True, slots=True)
class Key:
    """What is looked for: a text in one form, or a pattern. Neither: it is never found."""

    text: str
    folded: str
    form: Form = FOLDED
    pattern: "regex.Pattern[str] | None" = None


class Text:
    """Pieces of text, looked through as one, the first one first."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._pieces = pieces
        self._joined: dict[Form, tuple[str, list[int]]] = {}
        self._known: Container[str] = ()
        self._standing: set[str] = set()

    def where(self, key: Key, pieces: int, clock: Clock) -> int | None:
        """The number of the first of so many pieces that has the key.

        Raises:
            TookTooLong: a pattern was not done in time.
        """
        pieces = min(pieces, len(self._pieces))
        if key.pattern is not None:
            return self._where_pattern(key.pattern, pieces, clock)
        if not key.text or not pieces:
            return None
        if key.folded in self._known and key.folded not in self._standing:
            return None
        text, starts = self.joined(key.form)
        at = text.find(key.text, 0, starts[pieces])
        return None if at < 0 else bisect_right(starts, at) - 1

    def joined(self, form: Form) -> tuple[str, list[int]]:
        """The whole in one form, and where each piece begins; last, where another would."""
        if form not in self._joined:
            parts = [_in_form(piece, form) for piece in self._pieces]
            starts = [0]
            for part in parts:
                starts.append(starts[-1] + len(part) + len(_BETWEEN))
            self._joined[form] = (_BETWEEN.join(parts), starts)
        return self._joined[form]

    def look_up(self, index: Index, keys: Container[str]) -> set[str]:
        """Which of the keys of an index stand in the whole, case-folded."""
        self._known = keys
        self._standing = set(index.standing(self.joined(FOLDED)[0]))
        return self._standing

    def _where_pattern(
        self, pattern: "regex.Pattern[str]", pieces: int, clock: Clock
    ) -> int | None:
        # SillyTavern begins each message with this sign, and says so to writers of patterns.
        begin = "\x01" if "\\x01" in pattern.pattern else ""
        for number in range(pieces):
            if clock.found(pattern, begin + self._pieces[number]):
                return number
        return None


class Hearing:
    """All that keys are looked for in: the talk, texts beside it, and what entries say."""

    def __init__(self, scene: Scene, reach: int, clock: Clock) -> None:
        self._scene = scene
        self._clock = clock
        self._filled: dict[str, str] = {}
        newest = [_said(scene.messages[-1 - ago]) for ago in range(min(reach, len(scene.messages)))]
        self.talk = Text(newest)
        self.beside = {name: Text([text]) for name, text in scene.texts.items() if text}
        self.calls: list[Text] = []
        self._callers: list[Sequence[str]] = []

    def call(self, callers: Sequence[str], contents: Sequence[str]) -> Text:
        """From now on keys are looked for in these contents too."""
        self.calls.append(Text(contents))
        self._callers.append(callers)
        return self.calls[-1]

    def where(self, key: str, it: Candidate, *, as_pattern: bool) -> Place | None:
        """Where an entry's key stands, in what the entry looks through.

        Raises:
            TookTooLong: a pattern was not done in time.
        """
        if it.found is None:
            it.found = {}
        looked = it.found.get(key, -1)
        if isinstance(looked, Place):
            return looked
        if looked >= 0 and (looked == len(self.calls) or not it.listens):
            return None
        sought = self.key(key, it, as_pattern=as_pattern)
        place = self._in_talk(sought, it) if looked < 0 else None
        if place is None and it.listens:
            place = self._in_calls(sought, max(0, looked))
        it.found[key] = len(self.calls) if place is None else place
        return place

    def key(self, written: str, it: Candidate, *, as_pattern: bool) -> Key:
        """What a written key looks for."""
        filled = self.filled(written)
        if as_pattern and patterns.is_pattern(filled):
            return Key("", "", pattern=patterns.compiled(filled))
        folded = _folded(filled)
        form = Form(it.entry.case_sensitive is True, it.whole)
        return Key(folded if form == FOLDED else _in_form(filled, form), folded, form)

    def filled(self, written: str) -> str:
        """A key with its macros run, once for each key."""
        if "{{" not in written:
            return written.strip()
        if written not in self._filled:
            self._filled[written] = self._scene.fill(written).strip()
        return self._filled[written]

    def _in_talk(self, key: Key, it: Candidate) -> Place | None:
        ago = self.talk.where(key, it.depth, self._clock)
        if ago is not None:
            return Place(_ago(ago))
        for name in it.settings.looks_through():
            text = self.beside.get(name)
            if text is not None and text.where(key, 1, self._clock) is not None:
                return Place(_BESIDE[name])
        return None

    def _in_calls(self, key: Key, begin: int) -> Place | None:
        for number in range(begin, len(self.calls)):
            callers = self._callers[number]
            at = self.calls[number].where(key, len(callers), self._clock)
            if at is not None:
                return Place("", callers[at])
        return None


class Directory:
    """Whose keys are which: finds the entries that a text can bring up."""

    def __init__(self, candidates: Sequence[Candidate], hearing: Hearing) -> None:
        owners: defaultdict[str, list[Candidate]] = defaultdict(list)
        for it in candidates:
            for key in it.entry.keys:
                owners[_folded(hearing.filled(key))].append(it)
        owners.pop("", None)
        self._owners = dict(owners)
        self._with_patterns = [it for it in candidates if it.entry.use_regex]
        self._index = Index(tuple(self._owners))

    def touched(self, text: Text) -> Iterator[Candidate]:
        """The entries one of whose keys can stand in a text, some of them twice."""
        yield from self._with_patterns
        for key in text.look_up(self._index, self._owners):
            yield from self._owners[key]


def _said(message: Heard) -> str:
    return f"{message.name}: {message.text}" if message.name else message.text


def _in_form(text: str, form: Form) -> str:
    text = _composed(text) if form.sensitive else _folded(text)
    if not form.whole or not text:
        return text
    return f"{_MARK}{_MARK.join(_WORDS.findall(text))}{_MARK}"


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else _composed(_composed(text).casefold())


def _composed(text: str) -> str:
    """The same letter is one sign, however it was typed (Unicode NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _ago(messages: int) -> str:
    match messages:
        case 0:
            return "in the last message"
        case 1:
            return "one message before the last"
        case _:
            return f"{messages} messages before the last"
