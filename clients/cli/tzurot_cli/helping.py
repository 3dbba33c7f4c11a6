"""`tzurot help`: the dialogues that the server offers in every client, and what each one takes.

Without a name also what is typed here alone.
"""

from typing import Annotated

import typer
from typer.core import TyperGroup

from tzurot_cli.calling import Json, call
from tzurot_cli.console import WIDE, as_json, console, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_client.gen.tzurot.flow.v1 import FlowKind, ListFlowKindsRequest

Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="[COMMAND]", help="A group of them, or one: character edit."),
]


def help_(context: typer.Context, words: Words = None, json: Json = False) -> None:
    """List what there is to do with `flow run`, here as /help does on Discord."""
    listed = call(context, lambda client: client.flow.list_flow_kinds(ListFlowKindsRequest()))
    wanted = " ".join(words or ()).removeprefix("/")
    kinds = [kind for kind in listed.kinds if f"{kind.path} ".startswith(f"{wanted} ".lstrip())]
    if not kinds:
        raise CommandFailed(f"There is no command {wanted}. `tzurot help` lists all there are.")
    if json:
        show_json({"kinds": [as_json(kind) for kind in kinds]})
    elif wanted == kinds[0].path:
        _show(kinds[0])
    else:
        show_table(("command", "what for"), ((kind.path, kind.summary) for kind in kinds))
        if not wanted:
            console().print()
            show_table(("typed", "what for"), _typed(context))


def _show(kind: FlowKind) -> None:
    show_table(("command", "what for"), [(kind.path, kind.summary)])
    taken = [(it.key if it.required else f"[{it.key}]", it.summary) for it in kind.arguments]
    if taken:
        show_table(("takes", "what it is"), taken)


def _typed(context: typer.Context) -> list[tuple[str, str]]:
    """The groups of commands and single ones, with their first sentences."""
    root = context.find_root().command
    if not isinstance(root, TyperGroup):
        return []
    return [(f"tzurot {name}", it.get_short_help_str(WIDE)) for name, it in root.commands.items()]
