"""`tzurot memory purge`: forget many memories at once, once it is seen which."""

import sys
from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console

from tzurot_cli import counting, memory_fields, memory_filters
from tzurot_cli.asking import typed
from tzurot_cli.calling import Json, call, personality
from tzurot_cli.console import as_json, clean, console, show_json, table
from tzurot_cli.counting import counted
from tzurot_cli.failing import CommandFailed
from tzurot_cli.labels import labels
from tzurot_client import Client
from tzurot_client.gen.tzurot.memory.v1 import (
    PurgeMemoriesRequest,
    PurgeMemoriesResponse,
)


def purge(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    who: Annotated[
        str | None,
        typer.Option("--personality", "-p", help="Only of this character (slug, id or name)."),
    ] = None,
    sectors: memory_filters.Sectors = None,
    venues: memory_filters.Venues = None,
    personas: memory_filters.Personas = None,
    since: memory_filters.Since = None,
    until: memory_filters.Until = None,
    locked: memory_filters.Locked = None,
    include_locked: Annotated[
        bool, typer.Option("--include-locked", help="Forget locked memories, too.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Forget many memories at once: shows them, asks, and forgets those that it has shown.

    Facts that you told go, too, unless an option takes only some memories. Facts that you had
    forgotten stay forgotten. With --json and without --yes it only shows.
    """
    if not (yes or json or sys.stdin.isatty()):
        raise CommandFailed("Forgetting cannot be undone: say --yes if you mean it.")

    async def asked(client: Client) -> PurgeMemoriesRequest:
        found = await memory_filters.filter_of(
            client,
            sectors=sectors,
            venues=venues,
            personas=personas,
            since=since,
            until=until,
            locked=locked,
        )
        return PurgeMemoriesRequest(
            personality_id=(await personality(client, who, quiet=json)).id if who else "",
            filter=found,
            include_locked=include_locked,
        )

    request = call(context, asked)
    preview = _purge(context, request)
    if json and not (yes and preview.confirmation):
        show_json(as_json(preview))
        return
    if not json:
        ids = [it.personality_id for it in preview.samples]
        whose = call(context, lambda client: labels(client, ids)) if ids else {}
        _show(console(), preview, whose)
    if not preview.confirmation:
        return
    if not yes:
        _require_phrase(preview)
    request.confirmation = preview.confirmation
    gone = _purge(context, request)
    if json:
        show_json(as_json(gone))
        return
    typer.echo(f"Forgotten: {_told(gone)}.")


def _purge(context: typer.Context, request: PurgeMemoriesRequest) -> PurgeMemoriesResponse:
    return call(context, lambda client: client.memory.purge_memories(request))


def _show(out: Console, preview: PurgeMemoriesResponse, whose: Mapping[str, str]) -> None:
    if not preview.confirmation:
        out.print(f"There is nothing to forget.{_kept(preview)}")
        return
    newest = "" if len(preview.samples) == preview.memory_count else " The newest memories:"
    out.print(f"This would forget {_told(preview)}.{_kept(preview)}{newest}", soft_wrap=True)
    if not preview.samples:
        return
    rows = (
        (it.id, it.occur_time, whose.get(it.personality_id), memory_fields.words(it))
        for it in preview.samples
    )
    out.print(table(("id", "said", "remembered by", "words"), rows))


def _require_phrase(preview: PurgeMemoriesResponse) -> None:
    """Ask for words that nobody types by accident.

    Raises:
        CommandFailed: other words came.
    """
    memories = counting.some((preview.memory_count, "memory", "memories"))
    what = memories or counted(preview.told_fact_count, "fact", "facts")
    phrase = f"forget {what.replace(',', '')}"
    try:
        said = typed(console(), f'Type "{phrase}" to have it done:')
    except EOFError:
        said = ""
    if " ".join(clean(said).replace(",", "").casefold().split()) != phrase:
        raise CommandFailed("Nothing was forgotten.")


def _told(purged: PurgeMemoriesResponse) -> str:
    return counting.some(
        (purged.memory_count, "memory", "memories"),
        (purged.reflection_count, "reflection among them", "reflections among them"),
        (purged.fact_count, "fact learnt from them", "facts learnt from them"),
        (purged.told_fact_count, "fact that you told", "facts that you told"),
        (purged.dream_count, "dream", "dreams"),
    )


def _kept(preview: PurgeMemoriesResponse) -> str:
    if not preview.locked_count:
        return ""
    return f" {counted(preview.locked_count, 'locked memory stays', 'locked memories stay')}."
