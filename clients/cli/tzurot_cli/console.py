"""What goes to stdout: tables, lists of fields, JSON. Everything from a server is plain text.

Control characters and terminal sequences are taken out before anything is shown, and Rich's own
markup is off: what a model says never steers a terminal.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import betterproto2
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDE = 10_000  # columns where no terminal folds the lines: tables of a pipe are never cut

# ECMA-48: control sequences (CSI), strings (OSC, DCS, … up to BEL or ST), other escapes.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[PX\]^_]|[\x90\x98\x9d\x9e\x9f]).*?(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-OQ-WYZ\\`-~]",
    re.DOTALL,
)
_OPEN = re.compile(r"[\x1b\x90\x98\x9b\x9d-\x9f]")  # what begins a sequence
# What is left of C0 and C1 but newline and tab, and the marks that turn the direction of text.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """The text without anything that a terminal would obey."""
    return _CONTROL.sub("", _SEQUENCE.sub("", text))


def without_open_end(text: str) -> tuple[str, str]:
    """The text without whole sequences, and its end if a sequence begins there that may go on."""
    text = _SEQUENCE.sub("", text)
    begun = _OPEN.search(text)
    return (text[: begun.start()], text[begun.start() :]) if begun else (text, "")


def one_line(text: str, longest: int = WIDE) -> str:
    """The text cleaned, on one line, cut with an ellipsis where it is longer than `longest`."""
    line = " ".join(clean(text).split())
    return line if len(line) <= longest else line[: max(longest - 1, 0)].rstrip() + "…"


def console(*, stderr: bool = False) -> Console:
    """Rich's console, with everything off that would read meaning into text."""
    made = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if not made.is_terminal:
        made.width = WIDE
    return made


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; the first column (ids) is never folded."""
    console().print(table(columns, rows))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table of plain text without borders."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        made.add_column(column, no_wrap=index == 0, overflow="fold")
    for row in rows:
        made.add_row(*(Text(one_line(_shown(cell))) for cell in row))
    return made


def show_fields(fields: Mapping[str, object]) -> None:
    """Names and values, one a line; texts of several lines are indented below their name."""
    out = console()
    width = max(map(len, fields)) + 2
    for name, value in fields.items():
        text = clean(_shown(value))
        if "\n" in text:
            text = "\n" + "\n".join(f"  {line}" for line in text.splitlines())
        out.print(Text(name.ljust(width), style="bold") + Text(text), soft_wrap=True)


def show_json(document: Mapping[str, object]) -> None:
    """One JSON document, in ASCII: no byte of it can steer a terminal."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")


def as_json(message: betterproto2.Message) -> dict[str, object]:
    """A message as ProtoJSON with the contract's field names, unset fields included."""
    return message.to_dict(casing=betterproto2.Casing.SNAKE, include_default_values=True)


def moment(when: datetime | None) -> str:
    """A time in this machine's zone, to the minute; a dash if it never was."""
    return f"{when.astimezone():%Y-%m-%d %H:%M}" if when else "-"


def day(when: datetime | None, today: date) -> str:
    """How long ago a day is, as somebody would say it; the date after a month."""
    if when is None:
        return "some day"
    days = (today - when.astimezone().date()).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    return f"{days} days ago" if days <= 30 else f"{when.astimezone():%Y-%m-%d}"


def _shown(value: object) -> str:
    match value:
        case None | "":
            return "-"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return moment(value)
        case list():
            return ", ".join(map(str, value)) or "-"  # pyright: ignore[reportUnknownArgumentType] # any list
        case _:
            return str(value)
