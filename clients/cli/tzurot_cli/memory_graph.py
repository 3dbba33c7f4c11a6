"""`tzurot memory graph` and `memory stats`: memories and their links, drawn and counted."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tzurot_cli import memory_fields
from tzurot_cli.calling import Json, call, personality
from tzurot_cli.console import (
    as_json,
    console,
    moment,
    one_line,
    show_fields,
    show_json,
    show_table,
)
from tzurot_cli.failing import CommandFailed
from tzurot_cli.labels import labels
from tzurot_client import Client
from tzurot_client.gen.tzurot.memory.v1 import (
    GetMemoryGraphRequest,
    GetMemoryGraphResponse,
    GetMemoryStatsRequest,
    GetMemoryStatsResponse,
    GraphEdge,
    GraphView,
)

_EDGES = 20  # that are shown

Whose = Annotated[
    str | None,
    typer.Option("--personality", "-p", help="Only of this character (slug, id or name)."),
]


class View(StrEnum):
    """What stands at a graph's nodes."""

    WAYPOINTS = "waypoints"
    RELATIONSHIPS = "relationships"


def graph(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    who: Whose = None,
    view: Annotated[
        View,
        typer.Option(help="Memories and their links, or whom and what they are about."),
    ] = View.RELATIONSHIPS,
    svg: Annotated[
        str | None,
        typer.Option("--svg", metavar="FILE", help="Draw it into this file; `-` is stdout."),
    ] = None,
    most: Annotated[int, typer.Option("--max", min=1, max=200, help="How many nodes.")] = 60,
    json: Json = False,
) -> None:
    """Show whom and what memories are about, or how they are linked: as a table or a picture."""

    async def read(client: Client) -> GetMemoryGraphResponse:
        whose = (await personality(client, who, quiet=json)).id if who else ""
        request = GetMemoryGraphRequest(
            personality_id=whose,
            view=GraphView[view.name],
            max_nodes=most,
            svg=svg is not None,
        )
        return await client.memory.get_memory_graph(request)

    response = call(context, read)
    if svg not in (None, "-"):
        _write(response.svg, svg)
    if json:
        show_json(as_json(response))
    elif svg == "-":
        typer.echo(response.svg, nl=False)
    elif svg is not None:
        typer.echo(f"{one_line(svg)} is written: {_told(response)}.")
    else:
        _show(response)


def stats(context: typer.Context, who: Whose = None, json: Json = False) -> None:
    """Count memories: by kind of thing that they tell, by character, and how they hang together."""

    async def read(client: Client) -> tuple[GetMemoryStatsResponse, dict[str, str]]:
        whose = (await personality(client, who, quiet=json)).id if who else ""
        found = await client.memory.get_memory_stats(GetMemoryStatsRequest(personality_id=whose))
        ids = () if json else (it.personality_id for it in found.personalities)
        return found, await labels(client, ids)

    found, whose = call(context, read)
    if json:
        show_json(as_json(found))
        return
    show_fields(
        {
            "memories": found.memory_count,
            "reflections": found.reflection_count,
            "links": found.waypoint_count,
            "ever recalled": found.recalled_count,
            "not read yet": found.waiting_count,
            "first said": moment(found.first_time),
            "last said": moment(found.last_time),
        }
    )
    if not found.memory_count:
        return
    typer.echo()
    show_table(
        ("tells above all", "memories", "stands out"),
        (
            (
                memory_fields.sector(it.sector),
                it.memory_count,
                f"{memory_fields.salience(it.mean_salience)} ({it.mean_salience:.2f})",
            )
            for it in found.sectors
        ),
    )
    typer.echo()
    show_table(
        ("remembered by", "memories"),
        ((whose[it.personality_id], it.memory_count) for it in found.personalities),
    )


def _show(response: GetMemoryGraphResponse) -> None:
    called = {node.id: node.label for node in response.nodes}
    show_table(
        ("what", "is", "weight"),
        (
            (node.label, str(node.kind).lower().replace("_", " "), _weight(node.weight))
            for node in response.nodes
        ),
    )
    if response.edges:
        typer.echo()
        show_table(
            ("one", "other", "weight", "why"),
            (
                (called[it.first_id], called[it.second_id], _weight(it.weight), _why(it))
                for it in response.edges[:_EDGES]
            ),
        )
    console(stderr=True).print(f"{_told(response)}.")


def _told(response: GetMemoryGraphResponse) -> str:
    """How much of what there is was shown."""
    left_out = f", {response.left_out_count} left out" if response.left_out_count else ""
    return f"{len(response.nodes)} nodes of {response.read_count} memories{left_out}"


def _weight(weight: float) -> str:
    return f"{weight:.0f}" if weight >= 1 else f"{weight:.2f}"


def _why(edge: GraphEdge) -> str:
    return memory_fields.links(edge.kinds) if edge.kinds else "named together"


def _write(drawing: str, file: str) -> None:
    """Write all of it or nothing: what was there is replaced in one step."""
    target = Path(file)
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_text(drawing, "utf-8")
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        reason = (error.strerror or str(error)).lower()
        raise CommandFailed(f"{file} can't be written: {reason}.") from error
