"""`tzurot memory export`: what characters remember of you, as a file."""

from enum import StrEnum
from typing import Annotated

import typer

from tzurot_cli import handing, memory_filters, moving_in
from tzurot_cli.calling import Json, call, personality
from tzurot_client import Client
from tzurot_client.gen.tzurot.transfer.v1 import ExportMemoriesRequest, MemoryFormat


class ExportAs(StrEnum):
    """What memories can be written as."""

    JSONL = "jsonl"
    MEM0 = "mem0"
    OPENMEMORY = "openmemory"


_FORMATS = {
    ExportAs.JSONL: MemoryFormat.JSON_LINES,
    ExportAs.MEM0: MemoryFormat.MEM0,
    ExportAs.OPENMEMORY: MemoryFormat.OPENMEMORY,
}


def export(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    who: Annotated[
        str | None,
        typer.Option("--personality", "-p", help="Only of this character (slug, id or name)."),
    ] = None,
    as_format: Annotated[
        ExportAs, typer.Option("--format", "-f", help="What to write.")
    ] = ExportAs.JSONL,
    output: moving_in.Output = None,
    sectors: memory_filters.Sectors = None,
    venues: memory_filters.Venues = None,
    personas: memory_filters.Personas = None,
    since: memory_filters.Since = None,
    until: memory_filters.Until = None,
    locked: memory_filters.Locked = None,
    json: Json = False,
) -> None:
    """Write memories of all your personas, and facts, to a file, with all that is known of them."""

    async def exported(client: Client) -> handing.Handed:
        request = ExportMemoriesRequest(
            personality_id=(await personality(client, who, quiet=json)).id if who else "",
            filter=await memory_filters.filter_of(
                client,
                sectors=sectors,
                venues=venues,
                personas=personas,
                since=since,
                until=until,
                locked=locked,
            ),
            format=_FORMATS[as_format],
        )
        return await handing.received(client.transfer.export_memories(request))

    file = call(context, exported)
    handing.tell_written([handing.write(file, output)], as_document=json)
