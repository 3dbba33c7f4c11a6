"""The little Markdown of the contract in Discord's: what else looks like markup stays text. Pure.

The contract has `**bold**`, `*italics*`, `` `code` `` and lines of `- `. Discord knows far more,
and mentions: a name such as `*_~|>#` must neither format nor ping.
"""

import re
import unicodedata

ELLIPSIS = "…"
MUCH = 16  # times its limit: what comes later of a text is not looked at

_TOKEN = re.compile(
    r"(?<!`)`(?P<code>[^`\n]+)`(?!`)"
    r"|\*\*(?=\S)(?P<bold>[^\n]+?)(?<=\S)\*\*"
    r"|\*(?=[^\s*])(?P<italics>[^*\n]*?)(?<=[^\s*])\*"
    r"|(?P<link>https?://[\w./?=&%#+:,;!$-]+)"
    r"|(?P<ping>@)(?=everyone|here)"
    r"|^(?P<start>[ \t]*(?:>|\#|-\#))"
    r"|(?P<sign>[\\*_~|`\[\]<])",
    re.MULTILINE,
)


def fit(text: str, limit: int) -> tuple[str, bool]:
    """`text` in Discord's Markdown within `limit` characters, and whether it had to be cut."""
    whole = text.strip()
    head = _printable(whole[: limit + 1])
    cut = len(whole) > limit
    kept = head[:limit]
    while len(shown := _converted(kept)) + cut > limit:  # escaping makes it longer
        cut = True
        kept = kept[: len(kept) - max(1, (len(shown) - limit) // 2)].rstrip()
    return (shown + ELLIPSIS, True) if cut else (shown, False)


def clamp(text: str, limit: int) -> tuple[str, bool]:
    """`text` as one plain line within `limit` characters, and whether it had to be cut."""
    whole = text.strip()
    head = whole[: limit * MUCH]
    line = " ".join(_printable(head).split())
    if len(line) > limit or head != whole:
        return line[: limit - 1].rstrip() + ELLIPSIS, True
    return line, False


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen: separators and formatting characters only."""
    return all(unicodedata.category(c)[0] in "CZ" for c in text)


def _printable(text: str) -> str:
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")


def _converted(text: str) -> str:
    return _TOKEN.sub(_token, text)


def _token(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "code" | "link":
            return found[0]
        case "bold":
            return f"**{_converted(found['bold'])}**"
        case "italics":
            return f"*{_converted(found['italics'])}*"
        case "ping":
            return "@\u200b"
        case "start":
            return f"{found[0][:-1]}\\{found[0][-1]}"
        case _:
            return f"\\{found[0]}"
