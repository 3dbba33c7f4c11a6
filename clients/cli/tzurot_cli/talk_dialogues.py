"""Dialogues in a talk: a line such as `/memory browse` holds one, and the talk goes on after it."""

import shlex
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from tzurot_cli.background import Background
from tzurot_cli.dialogue import Dialogue
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.tzurot.flow.v1 import FlowKind, FlowState, ListFlowKindsRequest

_CHARACTER = "character"  # what a dialogue is about unless a line says otherwise
_LEFT = "You are back in the talk."


def hold(line: str, slug: str, background: Background, client: Client, out: Console) -> bool:
    """Hold the dialogue that a line with a slash names; False if it names none.

    It is about the character with this slug if it takes one and the line names none.

    Raises:
        TzurotError: a call failed.
        CommandFailed: the line can't be understood, or the group has no such dialogue.
    """
    words = _words(line)
    listed = background.run(client.flow.list_flow_kinds(ListFlowKindsRequest())).kinds
    group = [kind for kind in listed if kind.path.split()[0] == words[0]]
    if not group:
        return False
    kind, given = _named(group, words)
    arguments = _arguments(kind, given)
    if _CHARACTER in {argument.key for argument in kind.arguments}:
        arguments = {_CHARACTER: slug, **arguments}
    dialogue = Dialogue(background, client, out)
    try:
        dialogue.begin(kind.path, arguments)
        dialogue.hold()
    except (EOFError, KeyboardInterrupt):
        out.print()
    if dialogue.flow.state in (FlowState.OPEN, FlowState.WORKING):
        out.print(Text(f"{_LEFT} Go on with `tzurot flow resume {dialogue.flow.id}`.", "dim"))
    else:
        out.print(Text(_LEFT, "dim"))
    return True


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line[1:])
    except ValueError as error:
        raise CommandFailed(f"This can't be read: {str(error).lower()}.") from error


def _named(group: Sequence[FlowKind], words: Sequence[str]) -> tuple[FlowKind, Sequence[str]]:
    """The kind that the first words name, and the words after them."""
    for kind in group:
        path = kind.path.split()
        if list(words[: len(path)]) == path:
            return kind, words[len(path) :]
    paths = ", ".join(f"/{kind.path}" for kind in group)
    raise CommandFailed(f"There are {paths}.")


def _arguments(kind: FlowKind, words: Sequence[str]) -> Mapping[str, str]:
    """What a line gives."""
    pairs = [word.partition("=") for word in words]
    if any(not (key and equals) for key, equals, _ in pairs):
        keys = " ".join(f"{argument.key}=…" for argument in kind.arguments)
        raise CommandFailed(
            f"/{kind.path} takes {keys}." if keys else f"/{kind.path} takes nothing."
        )
    return {key: value for key, _, value in pairs}
