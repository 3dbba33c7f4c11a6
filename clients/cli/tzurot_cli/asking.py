"""Asking on a terminal for what a form wants: a line, several, a number, yes or no, a file.

Enter keeps what there is, a single `-` empties it. Several lines end with a line of a single `.`,
as letters do in SMTP; `e` opens them in the editor of VISUAL or EDITOR instead.
"""

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterable
from getpass import getpass
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.text import Text

from tzurot_cli import handing, views
from tzurot_cli.console import clean, one_line
from tzurot_cli.failing import CommandFailed
from tzurot_cli.handing import Handed
from tzurot_client.gen.tzurot.flow.v1 import Choice, FlowField, ValueKind

_LONGEST = 40  # characters of what is in brackets
_EMPTY, _EDIT, _END = "-", "e", "."
_YES_OR_NO = {"y": "true", "yes": "true", "n": "false", "no": "false"}


class Unusable(Exception):
    """What was entered can't be taken; the message says why. It is asked again."""


class Form:
    """Asks fields one by one; a file is handed to `upload`, which gives its id."""

    def __init__(self, out: Console, upload: Callable[[Handed], str]) -> None:
        self._out = out
        self._upload = upload
        self._editor = (os.environ.get("VISUAL") or os.environ.get("EDITOR") or "").strip()

    def explain(self, fields: Iterable[FlowField]) -> None:
        """Say how these are answered, as far as it is no matter of course."""
        asked = list(fields)
        if any(field.values for field in asked):
            self._say("Enter keeps what is in brackets, a single - empties it.")
        if any(field.kind == ValueKind.LONG_TEXT for field in asked):
            name = Path(self._editor.split()[0]).name if self._editor else ""
            more = f", or say e for {name}" if name else ""
            self._say(f"A long text ends with a line of a single .{more}")

    def ask(self, field: FlowField) -> list[str]:
        """The values of a field: asked until they can be taken.

        Raises:
            EOFError, KeyboardInterrupt: the person leaves.
        """
        self._introduce(field)
        while True:
            try:
                return self._taken(field, self._typed(field))
            except Unusable as unusable:
                self._say(str(unusable), "red")

    def _typed(self, field: FlowField) -> str:
        prompt = _prompt(field)
        if field.kind == ValueKind.SECRET and sys.stdin.isatty():
            return getpass(f"{prompt} (not shown) ").strip()
        return typed(self._out, prompt)

    def _introduce(self, field: FlowField) -> None:
        if field.error:
            self._say(field.error, "red")
        if field.description:
            self._say(field.description)
        for number, choice in enumerate(field.choices, 1):
            chosen = "*" if choice.value in field.values else " "
            more = f": {one_line(choice.description)}" if choice.description else ""
            label = one_line(choice.label or choice.value)
            self._out.print(Text(f" {chosen}{number:>2}. {label}{more}"))

    def _taken(self, field: FlowField, line: str) -> list[str]:
        values = field.values if not line else [] if line == _EMPTY else self._read(field, line)
        if field.required and not any(values):
            raise Unusable("This is needed.")
        return values

    def _read(self, field: FlowField, line: str) -> list[str]:
        match field.kind:
            case ValueKind.LONG_TEXT:
                return self._several(field, line)
            case ValueKind.CHOICE:
                return [chosen(field.choices, line)]
            case ValueKind.CHOICES:
                words = re.split(r"[,\s]+", line.strip(", "))
                return list(dict.fromkeys(chosen(field.choices, word) for word in words))
            case ValueKind.BOOLEAN:
                if (answer := _YES_OR_NO.get(line.casefold())) is None:
                    raise Unusable("Say y or n.")
                return [answer]
            case ValueKind.FILE:
                return [self._file(line)]
            case _:
                return [line]

    def _several(self, field: FlowField, first: str) -> list[str]:
        if first == _EDIT and self._editor:
            return edited(field.values, self._editor)
        lines = [first]
        while lines[-1] != _END:
            lines.append(input("… "))
        return ["\n".join(lines[:-1])]

    def _file(self, path: str) -> str:
        try:
            return self._upload(taken(path))
        except CommandFailed as failed:
            raise Unusable(failed.sentence) from failed

    def _say(self, sentence: str, style: str = "dim") -> None:
        self._out.print(Text(clean(sentence), style=style))


def typed(out: Console, prompt: str) -> str:
    """A line that is typed after a prompt.

    Raises:
        EOFError, KeyboardInterrupt: the person leaves.
    """
    if out.color_system:  # \x01 and \x02 tell readline which characters take no room
        prompt = f"\x01\x1b[1m\x02{prompt}\x01\x1b[0m\x02"
    return input(f"{prompt} ").strip()


def taken(path: str) -> Handed:
    """The file, or the folder as a ZIP, at a path as it is typed or dropped onto a terminal.

    Raises:
        CommandFailed: there is none that can be read.
    """
    plain = path.strip("'\"")
    if "://" in plain:
        raise CommandFailed("Give a path of this machine.")
    return handing.take(os.path.expanduser(plain))  # noqa: PTH111  Path raises for ~nobody


def chosen(choices: list[Choice], word: str) -> str:
    """The value of the choice with this number, value or label.

    Raises:
        Unusable: there is none.
    """
    if word.isdecimal() and 1 <= int(word) <= len(choices):
        return choices[int(word) - 1].value
    for choice in choices:
        if word.casefold() in (choice.value.casefold(), choice.label.casefold()):
            return choice.value
    raise Unusable(f"There is no {one_line(word, _LONGEST)}: say a number of the list.")


def edited(values: list[str], editor: str) -> list[str]:
    """A text as somebody leaves it in their editor; what they leave alone stays as it was.

    Raises:
        Unusable: the editor failed.
    """
    before = clean(values[0]) if values else ""
    with tempfile.TemporaryDirectory(prefix="tzurot-") as folder:
        file = Path(folder) / "text.md"
        file.write_text(f"{before}\n", "utf-8")
        try:
            with _interrupts_are_the_editors():
                subprocess.run([*shlex.split(editor), str(file)], check=True)  # noqa: S603  theirs
            after = file.read_text("utf-8", errors="replace")
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            raise Unusable(f"{editor} failed, and nothing was changed: {error}.") from error
    after = after.removesuffix("\n")
    if after == before:
        return values
    return [after] if after else []


def _prompt(field: FlowField) -> str:
    label = one_line(field.label or field.key)
    more = " (y/n)" if field.kind == ValueKind.BOOLEAN else ""
    now = one_line(views.shown(field), _LONGEST)
    return f"{label}{more} [{now}]:" if now else f"{label}{more}:"


@contextlib.contextmanager
def _interrupts_are_the_editors() -> Generator[None]:
    """Ctrl-C reaches every process of the terminal; here it is meant for one."""
    # A function and not SIG_IGN, which the editor would inherit.
    before = signal.signal(signal.SIGINT, _ignored)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _ignored(number: int, frame: FrameType | None) -> None:
    pass
