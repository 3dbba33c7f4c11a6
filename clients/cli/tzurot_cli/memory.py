"""`tzurot memory`: what characters remember of you."""

from typing import Annotated
from uuid import uuid4

import typer
from rich.text import Text

from tzurot_cli import (
    dreams,
    fact,
    memory_export,
    memory_fields,
    memory_filters,
    memory_graph,
    memory_keeping,
    memory_modes,
    memory_purge,
    moving_in,
    scores,
)
from tzurot_cli.calling import STARTER, Json, Limit, Who, call, collect, personality
from tzurot_cli.console import (
    as_json,
    console,
    moment,
    one_line,
    show_fields,
    show_json,
    show_table,
)
from tzurot_cli.labels import labels
from tzurot_cli.memory_keeping import MemoryId
from tzurot_client import Client
from tzurot_client.gen.tzurot.memory.v1 import (
    CreateMemoryRequest,
    CreateMemoryResponse,
    DeleteMemoryRequest,
    GetMemoryRequest,
    GetMemoryResponse,
    ListMemoriesRequest,
    Memory,
    MemoryHit,
    SearchMemoriesRequest,
    SearchMemoriesResponse,
)

app = typer.Typer(help="What characters remember of you.", no_args_is_help=True)
app.command("dreams")(dreams.show)
app.command("dream-delete")(dreams.delete)
app.add_typer(fact.app, name="fact")
app.command("graph")(memory_graph.graph)
app.command("stats")(memory_graph.stats)
app.command("export")(memory_export.export)
app.command("edit")(memory_keeping.edit)
app.command("forget")(memory_modes.forget)
app.command("fresh")(memory_modes.fresh)
app.command("incognito")(memory_modes.incognito)
app.command("lock")(memory_keeping.lock)
app.command("unlock")(memory_keeping.unlock)
app.command("purge")(memory_purge.purge)


@app.command("list")
def list_all(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    who: Annotated[
        str | None,
        typer.Option("--personality", "-p", help="Only of this character (slug, id or name)."),
    ] = None,
    limit: Limit = 50,
    sectors: memory_filters.Sectors = None,
    venues: memory_filters.Venues = None,
    personas: memory_filters.Personas = None,
    since: memory_filters.Since = None,
    until: memory_filters.Until = None,
    locked: memory_filters.Locked = None,
    json: Json = False,
) -> None:
    """List memories of all your personas, newest first."""

    async def listed(client: Client) -> tuple[list[Memory], dict[str, str]]:
        personality_id = (await personality(client, who, quiet=json)).id if who else ""
        meant = await memory_filters.filter_of(
            client,
            sectors=sectors,
            venues=venues,
            personas=personas,
            since=since,
            until=until,
            locked=locked,
        )
        memories = await collect(
            limit,
            lambda size, token: client.memory.list_memories(
                ListMemoriesRequest(
                    personality_id=personality_id, page_size=size, page_token=token, filter=meant
                )
            ),
            lambda page: page.memories,
        )
        return memories, {} if json else await labels(client, (m.personality_id for m in memories))

    found, whose = call(context, listed)
    if json:
        show_json({"memories": [as_json(each) for each in found]})
        return
    show_table(
        ("id", "kind", "said", "remembered by", "words"),
        (
            (
                m.id,
                memory_fields.kept(m),
                m.occur_time,
                whose.get(m.personality_id),
                memory_fields.words(m),
            )
            for m in found
        ),
    )


@app.command("import")
def move_in(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    path: moving_in.Where,
    who: moving_in.For = None,
    preview: moving_in.Only = False,
    yes: moving_in.Yes = False,
    me: moving_in.Me = None,
    json: Json = False,
) -> None:
    """Import memories: our own, of mem0, OpenMemory or shapes.inc, or a chat."""
    wishes = moving_in.wishes(who, copy=False, overwrite=False, me=me)
    moving_in.move_in(context, path, wishes, only=preview, yes=yes, as_document=json)


@app.command("search")
def search(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="What to look for, in any language.")],
    who: Who = STARTER,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the parts of scores as numbers.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=50, help="How many.")] = 8,
    sectors: memory_filters.Sectors = None,
    venues: memory_filters.Venues = None,
    personas: memory_filters.Personas = None,
    since: memory_filters.Since = None,
    until: memory_filters.Until = None,
    locked: memory_filters.Locked = None,
    json: Json = False,
) -> None:
    """Find memories as a turn would recall them, best first, and say why."""

    async def searched(client: Client) -> SearchMemoriesResponse:
        personality_id = (await personality(client, who, quiet=json)).id
        meant = await memory_filters.filter_of(
            client,
            sectors=sectors,
            venues=venues,
            personas=personas,
            since=since,
            until=until,
            locked=locked,
        )
        return await client.memory.search_memories(
            SearchMemoriesRequest(
                personality_id=personality_id,
                query=query,
                limit=limit,
                explain=explain or not json,
                filter=meant,
            )
        )

    response = call(context, searched)
    if json:
        show_json(as_json(response))
        return
    out = console()
    for hit in response.hits:
        out.print(_told(hit, explain=explain), soft_wrap=True)
    if not response.hits:
        out.print("Nothing comes to mind.")
    if response.degraded:
        console(stderr=True).print("The vector index is away: only the words were searched.")


@app.command("show")
def show(context: typer.Context, memory_id: MemoryId, json: Json = False) -> None:
    """Show a memory, word by word, and how it hangs together with others."""

    async def read(client: Client) -> tuple[GetMemoryResponse, str, dict[str, Memory]]:
        response = await client.memory.get_memory(GetMemoryRequest(memory_id=memory_id))
        if json or response.memory is None:
            return response, "", {}
        whose = await labels(client, [response.memory.personality_id])
        return response, "".join(whose.values()), await memory_fields.others(client, response)

    response, whose, linked = call(context, read)
    if json:
        show_json(as_json(response))
        return
    show_fields(memory_fields.fields(response, whose, linked))


@app.command("add")
def add(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What it is to remember of you.")],
    who: Who = STARTER,
    json: Json = False,
) -> None:
    """Tell a character something to remember."""

    async def told(client: Client) -> CreateMemoryResponse:
        personality_id = (await personality(client, who, quiet=json)).id
        request = CreateMemoryRequest(
            personality_id=personality_id, text=text, request_id=str(uuid4())
        )
        return await client.memory.create_memory(request)

    response = call(context, told)
    if json:
        show_json(as_json(response))
        return
    typer.echo(f"Remembered as {response.memory.id if response.memory else ''}.")


@app.command("delete")
def delete(context: typer.Context, memory_id: MemoryId, json: Json = False) -> None:
    """Make a character forget a memory."""
    request = DeleteMemoryRequest(memory_id=memory_id)
    call(context, lambda client: client.memory.delete_memory(request))
    if json:
        show_json({})
        return
    typer.echo(f"The memory {memory_id} is forgotten.")


def _told(hit: MemoryHit, *, explain: bool) -> Text:
    """A hit: its words, and below them why it was found."""
    memory = hit.memory or Memory()
    lines = [memory_fields.words(memory), one_line("; ".join(hit.reasons))]
    if explain and hit.parts:
        lines.append(scores.why(hit.parts))
    words, *below = (f"\n  {line}" for line in lines if line)
    head = f"{memory.id}  {hit.score:.3f}  {moment(memory.occur_time)}"
    return Text.assemble((head, "bold"), words, ("".join(below), "dim"))
