"""Markdown as it is worth knowing: what is only for the eye or for a browser goes.

Headings, lists, emphasis and code stay as they are written: models read them. Front matter gives
its title, links their text; pictures, comments and common HTML tags are left out. Line by line, and
no pattern looks twice at a place: a line can be 2,000,000 characters long.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?=\S)([^\n]{1,500})")
_CLOSING = re.compile(r"[ \t]#{1,6}\Z")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})\Z")
_FIELD = re.compile(r"[A-Za-z_][\w.-]{0,50}[ \t]{0,9}[:=]")
_TITLE = re.compile(r"title[ \t]{0,9}[:=][ \t]{0,9}([^\n]{1,500})", re.IGNORECASE)
_REFERENCE = re.compile(r" {0,3}\[[^\[\]\n]{1,200}\]:[ \t]{0,9}\S")
_FRONT_LINES = 100
_INLINE = re.compile(
    r"(?P<code>`[^`\n]++`)"
    r"|(?P<badge>\[!\[[^\[\]\n]{0,500}\]\([^()\n]{0,2000}\)\]\([^()\n]{0,2000}\))"
    r"|(?P<image>!\[[^\[\]\n]{0,500}\](?:\([^()\n]{0,2000}\)|\[[^\[\]\n]{0,200}\]))"
    r"|(?<!\w)\[(?P<label>[^\[\]\n]{1,500})\]"
    r"(?:\((?![\s]*\))[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500})?"
    r"(?:[ \t]{1,9}(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'))?[ \t]{0,9}\)|\[[^\[\]\n]{0,200}\])"
    r"|(?P<comment><!--[^<>\n]{0,2000}-->)"
    r"|(?P<tag></?(?:img|br|p|div|span|a|b|i|u|em|strong|sup|sub|center|details|summary|kbd|"
    r"table|thead|tbody|tr|td|th|h[1-6]|picture|source)(?:[ \t/][^<>\n]{0,500})?>)",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"\*{1,3}|__|`")


@dataclass(frozen=True, slots=True)
class Written:
    """A Markdown text; `title` is empty if it has none."""

    text: str
    title: str


def read(text: str) -> Written:
    """What a Markdown file says, and its title: that of the front matter, else the first heading's.

    `text` is cleaned already.
    """
    lines = text.split("\n")
    title, start = _front_matter(lines)
    body = lines[start:]
    kept = "\n".join(_kept(body))
    while "\n\n\n" in kept:
        kept = kept.replace("\n\n\n", "\n\n")
    return Written(kept.strip("\n").rstrip(), title or _first_heading(kept.split("\n")))


def _front_matter(lines: Sequence[str]) -> tuple[str, int]:
    """The title that stands there, and the line after it; 0 if there is none."""
    mark = lines[0]
    if mark not in {"---", "+++"} or not _FIELD.match("".join(lines[1:2])):
        return "", 0
    title = ""
    for number, line in enumerate(lines[1:_FRONT_LINES], 1):
        if line == mark:
            return title, number + 1
        if found := _TITLE.match(line):
            title = found[1].strip().strip("\"'")
    return "", 0


def _kept(lines: Sequence[str]) -> Iterator[str]:
    """The lines that say something, code untouched."""
    fence = ""
    after_comment = _after_comments(lines)
    skipped_to = 0
    for number, line in enumerate(lines):
        if number < skipped_to:
            continue
        if fence:
            fence = "" if line.strip().startswith(fence) and not line.strip(" `~") else fence
            yield line
        elif found := _FENCE.match(line):
            fence = found[1]
            yield line
        elif number in after_comment:
            skipped_to = after_comment[number]
        elif not _REFERENCE.match(line):
            said = _INLINE.sub(_said, line)
            if said.strip() or not line.strip():
                yield said


def _after_comments(lines: Sequence[str]) -> dict[int, int]:
    """Where comments that stand by themselves begin, each with the line after its end."""
    found: dict[int, int] = {}
    begun: int | None = None
    for number, line in enumerate(lines):
        if begun is None and line.lstrip().startswith("<!--"):
            begun = number
        if begun is not None and "-->" in line:
            if line.endswith("-->"):
                found[begun] = number + 1
            begun = None
    return found


def _said(found: re.Match[str]) -> str:
    return found[0] if found["code"] else found["label"] or ""


def _first_heading(lines: Sequence[str]) -> str:
    fence = ""
    before = ""
    for line in lines:
        if mark := _FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        elif not fence and (found := _HEADING.match(line)):
            return _plain(_CLOSING.sub("", found[1]))
        elif not fence and before.strip() and _UNDERLINE.match(line):
            return _plain(before[:500])
        before = line
    return ""


def _plain(heading: str) -> str:
    return _EMPHASIS.sub("", heading).strip()
