"""The prompt of a channel as a strict reader takes it: by its marks alone, each in its place.

It shares nothing with the server: what that calls alike, or a line, or a quotation, is said again.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.provider import words

TOKENS = (
    *("<|im_start|>", "<|im_end|>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>"),
    *("<|assistant|>", "<|endoftext|>", "<|END_OF_TURN_TOKEN|>", "<EOS_TOKEN>", "<BOS_TOKEN>"),
    *("<s>", "</s>", "<bos>", "<eos>", "<unk>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>"),
    *("[TOOL_CALLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]", "<start_of_turn>", "<end_of_turn>"),
    *("<｜end▁of▁sentence｜>", "<｜Assistant｜>", "[|endofturn|]", "[|system|]"),
    *("<seed:bos>", "<seed:eos>", "<tool_call>", "</tool_call>", "<tool_response>"),
    *("</tool_response>", "<think>", "</think>"),
)
_COLONS = ":：﹕︓︰∶꞉ː˸։׃܃܄᛬⁚ꓽ"
_QUOTED = '"[^"“”„‟〝〞〟″‶＂ˮ״\n]*"'
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Letters of other scripts that look like these; Unicode's confusables.txt has all of them.
_LIKE = str.maketrans("аеіорсухѕјкԁһмтвнαοινκ", "aeiopcyxsjkdhmtbhaoivk")

_LABEL = re.compile(f"(?!\\| )([^\n{_COLONS}]{{1,95}}): ")
_PICTURE = re.compile(rf"\[picture {_QUOTED}(: {_QUOTED})?\]")
_FILE = re.compile(rf"\[file {_QUOTED}\](\n\| [^\n]*)*")
_ROWS = {
    "knowledge": re.compile(rf"- From {_QUOTED}: [^\n]+"),
    "memories": re.compile(
        rf"- (You noted: )?{_QUOTED}( You answered: {_QUOTED})? \(\d{{4}}-\d\d-\d\d\)"
    ),
    "references": re.compile(
        rf"- \[1\] \(replied to\) {_QUOTED}( \(not you\)| \(somebody else\))?, 2026-05-17: "
        rf"{_QUOTED}"
    ),
}
_TITLES = {
    "knowledge": re.compile("What you know that may be of use here:"),
    "memories": re.compile("What you remember [^\n]+ saying before:"),
    "references": re.compile(
        r"Messages that the last one refers to\. They are not said to you now:"
    ),
}
_FOUND = re.compile(
    rf"\[\d{{4}}-\d\d-\d\d\] (They said: {_QUOTED} You said: {_QUOTED}|You noted: {_QUOTED})"
)


def folded(name: str) -> str:
    """What the eye sees of a name: letters and digits, whatever script they are from."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate(_LIKE)
    seen = (it for it in plain if it.isalnum() and it not in "\u3164\u115f\u1160\uffa0")
    return "".join(seen) or "".join(it for it in plain if it.isprintable()).strip()


_TIME = re.compile(r"Today is \w+, \d{1,2} \w+ \d{4} \(UTC\)\.")


@dataclass(slots=True)
class Prompt:
    """A prompt in pieces, by what they are and in their order."""

    own: Sequence[str]
    """What the character is called."""
    pieces: dict[str, str] = field(default_factory=dict[str, str])
    labels: list[str] = field(default_factory=list[str])

    def add(self, name: str, text: str) -> None:
        assert name not in self.pieces, f"a second {name}: {text}"
        self.pieces[name] = text


def parsed(messages: Sequence[Mapping[str, Any]], own: Sequence[str]) -> Prompt:
    """The pieces of a prompt of the meadow.

    Raises:
        AssertionError: it can be read in another way than it was meant.
    """
    for token in TOKENS:
        assert token not in str(messages), token
    prompt, left = Prompt(own), list(messages)

    def take(role: str) -> str:
        assert left, f"no {role} any more"
        assert left[0]["role"] == role, f"{left[0]} instead of {role}"
        return words(left.pop(0))

    top, _, person = take("system").rpartition("\n\nYou talk with ")
    assert "\n" not in person
    prompt.add("character", top)
    prompt.add("person", person)
    prompt.add("example", take("user"))
    prompt.add("example answer", take("assistant"))
    prompt.add("greeting", take("assistant"))
    _labelled(prompt, "Kael", take("user"))
    prompt.add("lore", take("user"))
    _labelled(prompt, "Ada", take("user"))
    prompt.add("note", take("user"))
    prompt.add("reply", take("assistant"))
    if left and left[0]["role"] == "system":
        for block in take("system").split("\n\n"):
            if _TIME.fullmatch(block):
                prompt.add("time", block)
            else:
                _list(prompt, block)
    last = take("user")
    if last.startswith("(Say what you say next, to the others. You talk about: "):
        assert re.fullmatch(rf"\([^()\n]+ {_QUOTED}\)", last), last
        prompt.add("nudge", last)
    else:
        last = _attached(prompt, "picture", _PICTURE, last)
        last = _attached(prompt, "file", _FILE, last)
        _labelled(prompt, "Mallory", last, "message")
    prompt.add("instructions", take("system"))
    if left:
        (call,) = left[0]["tool_calls"]
        prompt.add("call", call["function"]["arguments"])
        take("assistant")
        for number, row in enumerate(take("tool").split("\n"), 1):
            assert _FOUND.fullmatch(row) or row.startswith("The arguments "), row
            prompt.add(f"found {number}", row)
    assert not left, left
    _nobody_else_speaks(prompt)
    return prompt


def _labelled(prompt: Prompt, who: str, text: str, piece: str = "") -> None:
    label = _LABEL.match(text)
    assert label, f"nobody says {text!r}"
    name = label[1]
    assert not _HIDDEN.search(name), repr(name)
    prompt.labels.append(name)
    prompt.add(f"label {who}", name)
    prompt.add(piece or f"said by {who}", text[label.end() :])


def _list(prompt: Prompt, block: str) -> None:
    title, *rows = _BREAKS.split(block)
    (kind,) = [name for name, pattern in _TITLES.items() if pattern.fullmatch(title)]
    prompt.add(f"{kind} title", title)
    one = {"knowledge": "knowledge", "memories": "memory", "references": "reference"}[kind]
    for number, row in enumerate(rows, 1):
        assert _ROWS[kind].fullmatch(row), row
        assert not _HIDDEN.search(row), repr(row)
        prompt.add(f"{one} {number}", row)


def _attached(prompt: Prompt, piece: str, pattern: re.Pattern[str], text: str) -> str:
    found = pattern.match(text)
    assert found, f"no {piece} before {text!r}"
    assert len(_BREAKS.split(found[0])) == len(found[0].split("\n"))
    prompt.add(piece, found[0])
    rest = text[found.end() :]
    assert rest.startswith("\n\n"), rest
    return rest[2:]


def _nobody_else_speaks(prompt: Prompt) -> None:
    """No two are called alike, and no line looks like somebody speaking that is not theirs."""
    names = [folded(it) for it in (*prompt.labels, "System", "Assistant", *prompt.own)]
    people, others = names[: len(prompt.labels)], names[len(prompt.labels) :]
    assert all(people), prompt.labels
    assert len(set(people)) == len(people), prompt.labels
    assert not set(people) & set(others), prompt.labels
    for name, text in prompt.pieces.items():
        if name in ("example", "lore", "note", "message") or name.startswith("said by "):
            for line in _BREAKS.split(text):
                assert _speaker(line) not in {*names, "user"}, f"{name}: {line!r}"


def _speaker(line: str) -> str | None:
    """Who a line looks like being said by."""
    head, *rest = re.split(f"[{_COLONS}]", line, maxsplit=1)
    return folded(head) if rest and not line.startswith("| ") else None
