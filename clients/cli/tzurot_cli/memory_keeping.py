"""`tzurot memory edit|lock|unlock`: what a memory says, and whether it is to be kept."""

import os
import sys
from typing import Annotated

import typer

from tzurot_cli import asking
from tzurot_cli.asking import Unusable
from tzurot_cli.calling import Json, call
from tzurot_cli.console import as_json, show_json
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.tzurot.memory.v1 import (
    GetMemoryRequest,
    Memory,
    MemoryKind,
    Speaker,
    UpdateMemoryRequest,
    UpdateMemoryResponse,
)

MemoryId = Annotated[str, typer.Argument(metavar="MEMORY_ID", help="As `memory list` shows it.")]
Words = Annotated[
    str | None,
    typer.Argument(help="The words. Without: those of a pipe, or what you make of it in EDITOR."),
]


def edit(
    context: typer.Context, memory_id: MemoryId, text: Words = None, json: Json = False
) -> None:
    """Give a memory other words: those of your side of it; what was gathered from the old goes."""
    if text is None:
        text = _written(context, memory_id)
    response = _update(context, UpdateMemoryRequest(memory_id=memory_id, text=text))
    if json:
        show_json(as_json(response))
        return
    typer.echo(f"The memory {memory_id} has other words.")


def lock(context: typer.Context, memory_id: MemoryId, json: Json = False) -> None:
    """Keep a memory: it does not fade, and a purge leaves it."""
    response = _update(context, UpdateMemoryRequest(memory_id=memory_id, locked=True))
    if json:
        show_json(as_json(response))
        return
    typer.echo(f"The memory {memory_id} is locked.")


def unlock(context: typer.Context, memory_id: MemoryId, json: Json = False) -> None:
    """Let a memory fade again, and go with a purge."""
    response = _update(context, UpdateMemoryRequest(memory_id=memory_id, locked=False))
    if json:
        show_json(as_json(response))
        return
    typer.echo(f"The memory {memory_id} is not locked.")


def _update(context: typer.Context, request: UpdateMemoryRequest) -> UpdateMemoryResponse:
    return call(context, lambda client: client.memory.update_memory(request))


def _written(context: typer.Context, memory_id: str) -> str:
    """What somebody pipes in, or makes of a memory in their editor.

    Raises:
        CommandFailed: there is no editor, it failed, or it left nothing.
    """
    if not sys.stdin.isatty():
        return sys.stdin.read().removesuffix("\n")
    editor = (os.environ.get("VISUAL") or os.environ.get("EDITOR") or "").strip()
    if not editor:
        raise CommandFailed("Say the words after the id, or name your editor in EDITOR.")

    async def read(client: Client) -> Memory:
        response = await client.memory.get_memory(GetMemoryRequest(memory_id=memory_id))
        return response.memory or Memory()

    try:
        words = asking.edited([_own_words(call(context, read))], editor)
    except Unusable as failed:
        raise CommandFailed(str(failed)) from failed
    if not words:
        raise CommandFailed("Nothing was changed: a memory says something.")
    return words[0]


def _own_words(memory: Memory) -> str:
    """What an edit changes: the person's side, or the only one that there is."""
    said = {it.speaker: it.text for it in memory.utterances}
    if memory.kind == MemoryKind.EXCHANGE and Speaker.PERSON in said:
        return said[Speaker.PERSON]
    return "".join(said.values())
