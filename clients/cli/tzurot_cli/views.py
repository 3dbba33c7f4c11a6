"""How a flow looks on a terminal: what it says, what was entered, what can be chosen."""

import re
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from tzurot_cli.console import clean, console, one_line
from tzurot_client.gen.tzurot.flow.v1 import (
    Flow,
    FlowAction,
    FlowActionStyle,
    FlowField,
    FlowItem,
    FlowProgress,
    FlowView,
    ValueKind,
)

# The contract's Markdown. A star beside a space or inside a word is a star.
_MARK = re.compile(
    r"\*\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*\*"
    r"|(?<![\w*])\*(?P<italic>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|`(?P<cyan>[^`\n]+)`"
)
_DASH = re.compile(r"^- ", re.MULTILINE)
_STYLES = {FlowActionStyle.PRIMARY: "bold", FlowActionStyle.DANGER: "red"}
_NARROWEST = 20  # columns that a text has beside its margin


@dataclass(frozen=True, slots=True)
class Pick:
    """Something to choose: an action, or an item by the action that a view's items take."""

    action: FlowAction
    item: str = ""


Name = Callable[[int, Pick], str]
"""What to choose a pick by: from its number, counted from 1, or from itself."""


def numbered(number: int, pick: Pick) -> str:
    """For a person at the keyboard."""
    return f"{number}."


def keyed(number: int, pick: Pick) -> str:
    """For a script: what `tzurot flow submit` takes."""
    if pick.item:
        return f"{one_line(pick.action.key)} item={one_line(pick.item)}"
    asks = "".join(f" {one_line(key)}=…" for key in pick.action.asks)
    return f"{one_line(pick.action.key)}{asks}:"


def picks(view: FlowView) -> list[Pick]:
    """What can be chosen, in the order of the numbers: items, then actions."""
    of_items = FlowAction(key=view.item_action)
    items = [Pick(of_items, item.key) for item in view.items if view.item_action and item.key]
    return items + [Pick(action) for action in view.actions]


def draw(out: Console, flow: Flow, name: Name, own: Sequence[Pick] = ()) -> None:
    """The whole of a flow as it stands; `own` are picks that the client itself offers last."""
    view = flow.view or FlowView()
    out.print()
    out.print(Text(one_line(view.title), style="bold"))
    if view.notice:
        out.print(Text(clean(view.notice), style="yellow"))
    if view.body:
        out.print(marked(view.body))
    if view.progress:
        out.print(Text(" ".join(_progress(view.progress)), style="dim"))
    _fields(out, view)
    _choices(out, view, name, own)


def marked(text: str) -> Text:
    """A text with the contract's Markdown drawn; everything else of it is plain."""
    plain, drawn, at = _DASH.sub("• ", clean(text)), Text(), 0
    for mark in _MARK.finditer(plain):
        style = mark.lastgroup or ""
        drawn.append(plain[at : mark.start()]).append(mark[style], style)
        at = mark.end()
    return drawn.append(plain[at:])


def shown(field: FlowField) -> str:
    """What a field is now, on one line; empty if it is nothing."""
    if field.kind == ValueKind.BOOLEAN:
        words = {"true": "yes", "false": "no"}
    elif field.kind == ValueKind.FILE:
        words = dict.fromkeys(field.values, "a file")
    else:
        words = {choice.value: choice.label or choice.value for choice in field.choices}
    return one_line(", ".join(words.get(value, value) for value in field.values))


@contextmanager
def progress() -> Generator[Callable[[FlowProgress], None]]:
    """A bar on stderr for somebody who watches; gone when the work is done."""
    watched = sys.stderr.isatty()
    with Progress(console=console(stderr=True), transient=True, disable=not watched) as bar:
        task = bar.add_task("", total=None)

        def tell(told: FlowProgress) -> None:
            bar.update(
                task,
                description=one_line(told.label),
                completed=told.done_count,
                total=told.total_count or None,
            )

        yield tell


def _progress(told: FlowProgress) -> Iterator[str]:
    yield f"{one_line(told.label)} …"
    if told.total_count:
        yield f"{told.done_count} of {told.total_count}"


def _fields(out: Console, view: FlowView) -> None:
    """Values, unless items tell what there is; and in any case what was not taken."""
    told = [it for it in view.fields if it.error or (it.values and not view.items)]
    width = max((len(one_line(field.label)) for field in told), default=0) + 2
    for field in told:
        label = Text(f"  {one_line(field.label).ljust(width)}", style="dim")
        out.print(label + Text(one_line(shown(field), max(out.width - width - 2, _NARROWEST))))
        if field.error:
            _indented(out, Text(clean(field.error), style="red"), width + 2)


def _choices(out: Console, view: FlowView, name: Name, own: Sequence[Pick]) -> None:
    choices = list(enumerate((*picks(view), *own), 1))
    items = {pick.item: name(number, pick) for number, pick in choices if pick.item}
    for item in view.items:
        _item(out, item, items.get(item.key, "") if item.key else "")
    for number, pick in choices:
        if not pick.item:
            label = Text(one_line(pick.action.label), style=_STYLES.get(pick.action.style, ""))
            out.print(Text(f"  {name(number, pick)} ") + label)


def _item(out: Console, item: FlowItem, name: str) -> None:
    out.print(Text(f"  {name} " if name else "  ") + Text(one_line(item.title), style="bold"))
    if item.text:
        _indented(out, marked(item.text), 5)


def _indented(out: Console, text: Text, columns: int) -> None:
    for line in text.wrap(out, max(out.width - columns, _NARROWEST)):
        line.rstrip()
        out.print(Text(" " * columns) + line)
