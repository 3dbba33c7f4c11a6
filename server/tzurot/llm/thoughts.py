"""Tells what a model thinks from what it answers, where both come in one text; pure.

Read `ThoughtSeparator`. Thoughts stand between tags, of nine names in angle brackets or of the
signs that some models have for it:

- `<think>…</think>` and so on with the names below, with or without a namespace and attributes
- `<|channel|>analysis<|message|>…<|end|>` of gpt-oss (Harmony), `[THINK]…[/THINK]` of Magistral,
  `◁think▷…◁/think▷` of Kimi, `<|START_THINKING|>…<|END_THINKING|>` of Command

Text is judged from left to right, and each piece only once more could not change the verdict: so it
does not matter where a stream happens to be cut.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from tzurot.llm.streaming import ReasoningDelta, TextDelta

NAMES = (
    "think",
    "thinking",
    "ant_thinking",
    "reasoning",
    "thought",
    "reflection",
    "scratchpad",
    "character_analysis",
    "understanding",
)
_NAMESPACES = ("", "antml:", "seed:")
_STEMS = tuple(f"{space}{name}" for space in _NAMESPACES for name in NAMES)
_STEM = f"(?:{'|'.join(map(re.escape, _STEMS))})"

_OPENING_SIGNS = ("[think]", "◁think▷", "<|start_thinking|>", "<|channel|>analysis<|message|>")
_MESSAGE_ENDS = "<|end|>"  # ends a thought; an answer's own end is for others to see
_CLOSING_SIGNS = ("[/think]", "◁/think▷", "<|end_thinking|>", _MESSAGE_ENDS)
# Between thoughts and answer; without thoughts before it, too.
_ANSWER_SIGNS = (
    "<|start|>assistant<|channel|>final<|message|>",
    "<|channel|>final<|message|>",
)
_OPENING = re.compile(rf"<{_STEM}(?:\s[^<>\n]{{0,60}})?>", re.I)
_CLOSING = re.compile(rf"</{_STEM}\s?>", re.I)
_EMPTY = re.compile(rf"<{_STEM}\s?/>", re.I)
# What a tag is until its last sign comes, as far as it has no attributes.
_WHOLE = (
    *_OPENING_SIGNS,
    *_CLOSING_SIGNS,
    *_ANSWER_SIGNS,
    *(f"<{stem}{end}" for stem in _STEMS for end in (">", "/>", " />")),
    *(f"</{stem}{end}" for stem in _STEMS for end in (">", " >")),
)
_ATTRIBUTES_BEGUN = re.compile(rf"<{_STEM}\s[^<>\n]{{0,60}}", re.I)
_BEGIN = re.compile(r"[<\[◁]")

_QUOTES = {"`": "`", '"': '"', "'": "'", "“": "”", "„": "“", "‘": "’", "«": "»", "「": "」"}
_FENCE = re.compile(r"\s{0,3}(?:`{3,}[^`]*|~{3,}.*)")


class _Kind(Enum):
    WAIT = auto()  # more text may change the verdict
    TEXT = auto()  # no tag
    OPENING = auto()
    CLOSING = auto()
    NOTHING = auto()  # a tag that says nothing here


@dataclass(frozen=True, slots=True)
class _Verdict:
    kind: _Kind
    length: int = 1


class ThoughtSeparator:
    """Separates one reply while it streams: `feed` each piece in order, then `end`.

    - What stands between tags is thought, however often it happens. Tags nest; any closing tag
      closes what is open, whatever its name.
    - After an opening tag that is never closed all is thought.
    - A closing tag that closes nothing goes. What came before it is thought if nothing of it was
      told yet, so with `starts_within`: a model that begins with thoughts and no tag.
    - Tags in code, between quotation marks and in fenced blocks of the answer are spoken about:
      they stay. An opening tag in the middle of a thought's line may be a mention, too: it counts
      as one that opens only if it is closed.
    """

    def __init__(self, *, starts_within: bool = False) -> None:
        """`starts_within`: whether thoughts may come first, with only their end marked.

        The answer waits for that end then, or for the end of all.
        """
        self._opened = 0
        self._mentioned = int(starts_within)  # openings that may not have been meant
        self._closed = 0
        self._pending = ""
        self._held = ""  # is the answer, unless another closing tag comes
        self._line = ""  # what was passed of the line so far
        self._fenced = False
        self._last = ""  # the answer's last sign
        self._trims = False  # white space on both sides of a thought is too much
        self._told: list[TextDelta | ReasoningDelta] = []

    def feed(self, text: str) -> list[TextDelta | ReasoningDelta]:
        """What is known now that `text` has come; often less, sometimes nothing."""
        self._pending += text
        return self._judge(final=False)

    def end(self) -> list[TextDelta | ReasoningDelta]:
        """The rest, once nothing more comes."""
        told = self._judge(final=True)
        held, self._held = self._held, ""
        self._show(held)
        return told + self._taken()

    def thoughts_came(self) -> None:
        """Thoughts have come apart from the text: it does not start within them."""
        if self._is_new:
            self._mentioned = 0

    def _judge(self, *, final: bool) -> list[TextDelta | ReasoningDelta]:
        while self._pending:
            found = _BEGIN.search(self._pending)
            at = found.start() if found else len(self._pending)
            if at:
                self._pass(at)
                continue
            verdict = self._verdict(final=final)
            if verdict.kind is _Kind.WAIT:
                break
            if verdict.kind is _Kind.TEXT:
                self._pass(verdict.length)
                continue
            self._pending = self._pending[verdict.length :]
            self._turn(verdict.kind)
        return self._taken()

    def _verdict(self, *, final: bool) -> _Verdict:
        """What the pending text begins with."""
        if self._answers and (self._fenced or self._line.count("`") % 2):
            return _Verdict(_Kind.TEXT)
        verdict = _tag(self._pending, final=final)
        if self._answers and self._pending.lower().startswith(_MESSAGE_ENDS):
            return _Verdict(_Kind.TEXT, len(_MESSAGE_ENDS))
        if verdict.kind in (_Kind.OPENING, _Kind.CLOSING) and self._line:
            closing_quote = _QUOTES.get(self._line[-1])
            after = self._pending[verdict.length : verdict.length + 1]
            if closing_quote and not after and not final:
                return _Verdict(_Kind.WAIT)
            if closing_quote and after == closing_quote:
                return _Verdict(_Kind.TEXT, verdict.length)
        return verdict

    @property
    def _answers(self) -> bool:
        """Whether what comes now is the answer for sure."""
        return self._closed >= self._opened + self._mentioned

    @property
    def _is_new(self) -> bool:
        """Whether nothing has come yet that says anything."""
        return not (self._opened or self._closed or self._held.strip())

    def _turn(self, kind: _Kind) -> None:
        """Take in a tag."""
        if kind is _Kind.OPENING and self._is_new:
            self._mentioned, self._held = 0, ""  # it says itself where its thoughts begin
        blank, answered = not self._line.strip(), self._answers
        self._line = ""
        match kind:
            case _Kind.OPENING if blank or answered:
                self._opened += 1
            case _Kind.OPENING:
                self._mentioned += 1
            case _Kind.CLOSING if not answered:
                self._closed += 1
                self._think(self._held)
                self._held = ""
            case _:
                pass
        self._trims = True
        if self._answers:
            self._opened = self._mentioned = self._closed = 0

    def _pass(self, length: int) -> None:
        """Tell the next piece as what it is."""
        piece, self._pending = self._pending[:length], self._pending[length:]
        self._follow(piece)
        if self._answers:
            self._show(piece)
        elif self._closed < self._opened:
            self._think(piece)
        else:
            self._held += piece

    def _follow(self, piece: str) -> None:
        """Keep the begun line, and whether the answer is in a fenced block."""
        *whole, begun = (self._line + piece).split("\n")
        if self._answers:
            for line in whole:
                self._fenced ^= _FENCE.fullmatch(line) is not None
        self._line = begun

    def _show(self, text: str) -> None:
        if self._trims and (not self._last or self._last.isspace()):
            text = text.lstrip()
        if text:
            self._trims, self._last = False, text[-1]
            self._tell(TextDelta(text))

    def _think(self, text: str) -> None:
        if text:
            self._tell(ReasoningDelta(text))

    def _tell(self, delta: TextDelta | ReasoningDelta) -> None:
        last = self._told[-1] if self._told else None
        if last and type(last) is type(delta):
            self._told[-1] = type(delta)(last.text + delta.text)
        else:
            self._told.append(delta)

    def _taken(self) -> list[TextDelta | ReasoningDelta]:
        told, self._told = self._told, []
        return told


def _tag(text: str, *, final: bool) -> _Verdict:
    """Which tag a text begins with."""
    for pattern, kind in (
        (_EMPTY, _Kind.NOTHING),
        (_OPENING, _Kind.OPENING),
        (_CLOSING, _Kind.CLOSING),
    ):
        if found := pattern.match(text):
            return _Verdict(kind, found.end())
    start = text[: max(map(len, _ANSWER_SIGNS))].lower()
    for signs, kind in (
        (_OPENING_SIGNS, _Kind.OPENING),
        (_ANSWER_SIGNS, _Kind.CLOSING),
        (_CLOSING_SIGNS, _Kind.CLOSING),
    ):
        for sign in signs:
            if start.startswith(sign):
                return _Verdict(kind, len(sign))
    begun = any(it.startswith(start) for it in _WHOLE) or _ATTRIBUTES_BEGUN.fullmatch(text)
    return _Verdict(_Kind.WAIT if begun and not final else _Kind.TEXT)
