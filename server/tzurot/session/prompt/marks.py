"""The marks that give a prompt its structure, and how strangers' words are kept from forging them.

Pure. The marks are: the control tokens of chat templates, which part messages from each other; the
`Name: ` before what somebody says where several can speak; and the lines of a list, each with its
words in quotation marks. Cards, lore, names and what people say go through here before a model sees
them; what is stored stays as it was said.
"""

import re
import unicodedata
from collections.abc import Container

_LONGEST_NAME = 80  # characters of a name before what it says

# Of the templates of Llama, Mistral, ChatML, Gemma, DeepSeek, Phi, GLM, Command, EXAONE, Seed, Qwen
# and their kin: a model server may read them as the end of a message wherever they stand.
_CONTROL = re.compile(
    r"<(?=[|｜][^<>\n]{0,80}>)"
    r"|<(?=/?(?:s|bos|eos|pad|unk|mask|sop|eop|start_of_turn|end_of_turn|start_of_image"
    r"|end_of_text|endoftext|sep|cls|(?:bos|eos|pad|unk)_token|seed:\w{1,40}"
    r"|tool_calls?|tool_responses?|think)>)"
    r"|<(?=</?SYS>>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|THINK"
    r"|BOS|EOS|gMASK)\])"
    r"|\[(?=\|[^\[\]\n]{0,80}\|\])",
    re.I,
)
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_COLONS = ":：﹕︓︰∶꞉ː˸։׃܃܄᛬⁚ꓽ"  # what looks like one: Unicode's confusables.txt
_COLON = re.compile(f"[{_COLONS}]")
_LABEL = re.compile(f"^([^\n{_COLONS}]*+)[{_COLONS}]", re.M)
_QUOTES = re.compile('["“”„‟＂″‶〝〞〟ˮʺ״❝❞]')
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
# What is drawn as nothing and no format sign (Cf): Default_Ignorable_Code_Point, and a blank.
_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0000-\U000e0fff]"
)
# Small letters whose small or capital shape is that of a Latin one, and Latin ones of one shape.
_ALIKE = str.maketrans(
    "авсԁеһіјкӏмнорԛѕтуԝхαβεζηικμνορτυχl10",
    "abcdehijkimhopqstywxabezhikmnoptyxiio",
)


def harmless(text: str) -> str:
    """The text with a space in each control token, so that it is none any more."""
    return _CONTROL.sub(lambda token: f"{token[0]} ", text)


def one_line(text: str) -> str:
    """The text in one line, without what no eye sees."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def lines(text: str) -> list[str]:
    """The lines of a text, however they end: none of them breaks again where it is shown."""
    return [_UNSEEN.sub(" ", line) for line in _BREAK.sub("\n", text).split("\n")]


def name(called: str) -> str:
    """A name as it can stand before a colon; empty if nobody would see it."""
    told = one_line(_COLON.sub(" ", called))[:_LONGEST_NAME].strip(" |")
    return told if _seen(told).strip() else ""


def said(speaker: str, text: str, alike: Container[str]) -> str:
    """What somebody says, behind their name; no other line of it looks like somebody speaking.

    `alike`: the names of all who could, as `folded` makes them.
    """
    return f"{speaker}: {unlabelled(text, alike)}"


def unlabelled(text: str, alike: Container[str]) -> str:
    """The text, with a mark of quotation before each line that begins like one of these names."""

    def quoted(line: re.Match[str]) -> str:
        return f"| {line[0]}" if folded(line[1]) in alike else line[0]

    return _LABEL.sub(quoted, _BREAK.sub("\n", text))


def quoted(text: str) -> str:
    """The text in quotation marks, in one line, with no such mark in it."""
    words = _QUOTES.sub("'", one_line(text))
    return f'"{words}"'


def folded(called: str) -> str:
    """What two names have in common that look alike: letter case, width, script, signs around."""
    if not called.isascii():
        called = unicodedata.normalize("NFKC", _seen(called))
    plain = " ".join(called.casefold().split()).translate(_ALIKE)
    return _EDGES.sub("", plain) or plain


def _seen(called: str) -> str:
    """A name without what is drawn as nothing."""
    return "".join(it for it in _NOTHING.sub("", called) if unicodedata.category(it) != "Cf")
