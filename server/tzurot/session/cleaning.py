"""What a model writes around its reply and nobody should read: names, others' turns, marks, echoes.

Read `ReplyCleaner`; what was said already is found in `said_again.py`. Text is judged from left to
right, each piece only once so much has come that more could not change the verdict: so it does not
matter where a stream happens to be cut.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from tzurot.session import labels, said_again

MAX_STOP_SEQUENCES = 4  # https://platform.openai.com/docs/api-reference/chat/create

# How models call the two sides of a chat, whatever their names are.
_OTHERS = ("User", "Human")
_OWN = ("Assistant",)
_ROLES_AFTER_MARKS = {"assistant": True, "model": True, "user": False, "system": False}

# Marks of chat templates: with bars ChatML, Llama 3, Phi and Command, with wide bars DeepSeek; the
# others Llama 2, Mistral and Gemma.
_WORDS = ("<s>", "</s>", "<bos>", "<eos>", "<pad>", "<start_of_turn>", "<end_of_turn>")
_FIXED_MARKS = (*_WORDS, "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>")
_MARK = re.compile(
    "|".join([r"<\|\w{1,40}\|>", "<｜[^<｜\n]{1,40}｜>", *map(re.escape, _FIXED_MARKS)])
)
_MARK_BEGUN = re.compile("<(?:\\|(?:\\w{1,40}\\|?)?|｜(?:[^<｜\n]{1,40}｜?)?)?")
_LONGEST_MARK = 48
# Of these, the ones where a turn begins or ends.
_TURN_MARK = re.compile(r"\[INST|.*(?:end|eot|eom|start|user|system|assistant|return)", re.I)

# Alpaca's headings: the one before its own reply, and those before somebody else's words.
_OWN_HEADINGS = ("### response:",)
_HEADINGS = ("### instruction:", "### input:")

_INSIDE_LINE = re.compile(r"[<\[\n]")
_FENCE = "```"


class _Kind(Enum):
    WAIT = auto()  # more text may change the verdict
    PASS = auto()  # the person may read it
    DROP = auto()  # this much goes
    CUT = auto()  # here the reply ends


class Why(StrEnum):
    """Why something of what a model writes is not in its reply."""

    NAME = "name"
    TURN = "turn"
    MARK = "mark"
    ECHO = "echo"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Cut:
    """Something that is not in the reply, as much of it as had come."""

    why: Why
    text: str


def told_why(why: Why) -> str:
    """The same in words, of what is not in the reply."""
    match why:
        case Why.NAME:
            return "the character's own name in front"
        case Why.TURN:
            return "what somebody else would have said: the reply ends before it"
        case Why.MARK:
            return "a mark of a chat template"
        case Why.ECHO:
            return "what was said to the character, word by word"
        case Why.REPEAT:
            return "what the reply had said already, word by word"


_SENTENCE_END = re.compile(r"""[.!?…。！？]["'”’»)*_]*(?=\s|$)""")


def whole_sentences(text: str) -> str:
    """A reply that reached its limit, without the sentence it broke off in.

    As it is if no sentence was finished in its second half.
    """
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return text[: ends[-1]] if ends and ends[-1] * 2 >= len(text) else text


@dataclass(frozen=True, slots=True)
class _Verdict:
    kind: _Kind
    length: int = 0
    why: Why = Why.MARK


_WAIT, _PASS = _Verdict(_Kind.WAIT), _Verdict(_Kind.PASS)
_TURN_BEGINS, _TURN_ENDS = _Verdict(_Kind.CUT, why=Why.TURN), _Verdict(_Kind.CUT)


def stop_sequences(other_names: Iterable[str]) -> tuple[str, ...]:
    """At most four texts at which a provider is to stop: a line in which somebody else speaks."""
    names = dict.fromkeys([*labels.names(other_names)[: MAX_STOP_SEQUENCES - 1], *_OTHERS])
    return tuple(f"\n{name}:" for name in names)[:MAX_STOP_SEQUENCES]


class ReplyCleaner:
    """Cleans one reply while it streams: what `feed` and `finish` return is what a person reads.

    - The character's own name in front of the reply goes (`Lilith: `, `**Lilith:** `).
    - Where a line begins with somebody else's name or role and a colon, the model invents a turn:
      the reply ends there and `stopped` becomes true. Inside a fenced block such lines stay.
    - Marks of chat templates go; where one begins or ends a turn after something was said, the
      reply ends as well.
    - What was said to it goes from its begin, if it stands there word by word on lines of its own.
    - A long paragraph that it has said goes, and so does all that it has said, said once more.

    `cuts` has what went, in order.
    """

    def __init__(
        self,
        own_names: Iterable[str],
        other_names: Iterable[str],
        *,
        answers: str = "",
        before: str = "",
    ) -> None:
        """Names as people see them; first words of longer names count too, case does not.

        `answers`: what was said to it. `before`: what it has said before in the same turn.
        """
        others = list(other_names)
        own = labels.names([*own_names, *_OWN])
        self._own = labels.with_first_words(own)
        self._others = tuple(
            name
            for name in labels.with_first_words(labels.names([*others, *_OTHERS]))
            if name not in self._own
        )
        longest = max(len(name) for name in (*self._own, *self._others))
        self._window = max(longest + 24, _LONGEST_MARK)
        self._echoes = tuple(said_again.echoes(answers, labels.names(others)))
        self._paragraphs = [it for it in (before.strip(), *before.split("\n")) if _is_long(it)]
        self.stopped = False
        self.cuts: list[Cut] = []
        self._text = ""
        self._pending = ""
        self._line_begins = True
        self._said = False  # something that is not white space
        self._dropped = False  # something in front of the reply
        self._after_mark = False
        self._fenced = False

    def feed(self, delta: str) -> str:
        """What can be read now that `delta` has come; often less, sometimes nothing."""
        return self._judge(delta, final=False)

    def finish(self) -> str:
        """The rest, once nothing more comes."""
        return self._judge("", final=True)

    def _judge(self, delta: str, *, final: bool) -> str:
        if self.stopped:
            return ""
        self._pending += delta
        clean: list[str] = []
        while self._pending:
            step = self._judge_line if self._line_begins else self._judge_inside
            piece = step(final=final)
            if piece is None:
                break
            clean.append(piece)
            self._text += piece
        return "".join(clean)

    def _judge_line(self, *, final: bool) -> str | None:
        """Judge the begin of a line, with the white space before it; None: wait for more."""
        rest = self._pending.lstrip()
        space = self._pending[: len(self._pending) - len(rest)]
        if not rest and not final:
            return None
        verdict = self._said_again(rest, final=final)
        if verdict is _PASS:
            verdict = self._at_begin(rest[: self._window], final=final)
        match verdict.kind:
            case _Kind.WAIT:
                return None
            case _Kind.CUT:
                return self._stop(verdict)
            case _Kind.DROP:
                self._dropped |= not self._said
                self.cuts.append(Cut(verdict.why, rest[: verdict.length]))
                space = "" if verdict.why is Why.REPEAT else space  # there is some behind it
                self._pending = space + rest[verdict.length :]
                return ""
            case _Kind.PASS:
                self._fenced ^= rest.startswith(_FENCE)
                self._line_begins = self._after_mark = False
                self._pending = rest
                in_front = self._dropped and not self._said
                return "" if in_front else space

    def _judge_inside(self, *, final: bool) -> str | None:
        """Pass what stands before the next sign that could matter, then judge that sign."""
        found = _INSIDE_LINE.search(self._pending)
        at = found.start() if found else len(self._pending)
        if at:
            return self._pass(at)
        if self._pending[0] == "\n":
            self._line_begins = True
            if _is_long(line := self._text.rsplit("\n", 1)[-1].strip()):
                self._paragraphs.append(line)
            return ""
        verdict = self._mark(self._pending[: self._window], final=final)
        match verdict.kind:
            case _Kind.WAIT:
                return None
            case _Kind.CUT:
                return self._stop(verdict)
            case _Kind.DROP:
                self.cuts.append(Cut(verdict.why, self._pending[: verdict.length]))
                self._pending = self._pending[verdict.length :]
                return ""
            case _Kind.PASS:
                return self._pass(1)

    def _pass(self, length: int) -> str:
        passed, self._pending = self._pending[:length], self._pending[length:]
        self._said = True
        return passed

    def _stop(self, verdict: _Verdict) -> str:
        self.cuts.append(Cut(verdict.why, self._pending.strip()))
        self.stopped = True
        self._pending = ""
        return ""

    def _said_again(self, rest: str, *, final: bool) -> _Verdict:
        """Judge whether a line begins what was said already."""
        if self._fenced:
            return _PASS
        whole = self._text.strip()
        said = (whole, *self._paragraphs) if _is_long(whole) else self._paragraphs
        verdict = _judged(said_again.length(rest, said, final=final), Why.REPEAT)
        if verdict is _PASS and not self._said:
            verdict = _judged(said_again.length(rest, self._echoes, final=final), Why.ECHO)
        return verdict

    def _at_begin(self, rest: str, *, final: bool) -> _Verdict:
        """The first verdict that is not PASS; a check that has to wait makes all wait."""
        folded = labels.fold(rest)
        verdict = self._mark(rest, final=final)
        if verdict is _PASS and self._after_mark:
            verdict = _role(folded, final=final)
        if verdict is _PASS:
            verdict = _heading(folded, _HEADINGS, _TURN_BEGINS, final=final)
        if verdict is _PASS:
            own = _Verdict(_Kind.DROP, len(_OWN_HEADINGS[0]), Why.NAME)
            own = _TURN_BEGINS if self._said else own
            verdict = _heading(folded, _OWN_HEADINGS, own, final=final)
        if verdict is _PASS and not self._said:
            verdict = _judged(labels.length(folded, self._own, final=final), Why.NAME)
        if verdict is _PASS and not self._fenced:
            verdict = _judged(labels.length(folded, self._others, final=final), Why.TURN)
            verdict = _TURN_BEGINS if verdict.kind is _Kind.DROP else verdict
        if verdict is _PASS and not final and _FENCE.startswith(rest) and rest != _FENCE:
            verdict = _WAIT
        return verdict

    def _mark(self, rest: str, *, final: bool) -> _Verdict:
        """Judge what may be a template's mark."""
        if found := _MARK.match(rest):
            of_turn = _TURN_MARK.match(found[0]) is not None
            if of_turn and self._said:
                return _TURN_ENDS
            self._after_mark |= of_turn
            return _Verdict(_Kind.DROP, found.end())
        begun = _MARK_BEGUN.fullmatch(rest) or any(it.startswith(rest) for it in _FIXED_MARKS)
        return _WAIT if rest and begun and not final else _PASS


def _judged(length: int | None, why: Why) -> _Verdict:
    """What is to go, by its length; 0: nothing, None: more text decides."""
    if length is None:
        return _WAIT
    return _Verdict(_Kind.DROP, length, why) if length else _PASS


def _role(rest: str, *, final: bool) -> _Verdict:
    """Judge the role after a mark such as `<|im_start|>`: a word that ends its line."""
    for word, own in _ROLES_AFTER_MARKS.items():
        after = rest[len(word) : len(word) + 1]
        if rest.startswith(word) and (after or final):
            if after in ("", "\n", "<"):
                return _Verdict(_Kind.DROP, len(word)) if own else _TURN_BEGINS
        elif word.startswith(rest) and not final:
            return _WAIT
    return _PASS


def _heading(rest: str, headings: tuple[str, ...], verdict: _Verdict, *, final: bool) -> _Verdict:
    if rest.startswith(headings):
        return verdict
    begun = any(heading.startswith(rest) for heading in headings)
    return _WAIT if begun and not final else _PASS


def _is_long(text: str) -> bool:
    return said_again.is_long(text, said_again.LEAST_REPEAT)
