"""`tzurot memory`: what characters remember of you."""

from typing import Annotated
from uuid import uuid4

import typer

from tzurot_cli import moving_in, scores
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
from tzurot_client import Client
from tzurot_client.gen.tzurot.memory.v1 import (
    CreateMemoryRequest,
    CreateMemoryResponse,
    DeleteMemoryRequest,
    GetMemoryRequest,
    GetMemoryResponse,
    ListMemoriesRequest,
    Memory,
    SearchMemoriesRequest,
    SearchMemoriesResponse,
)

app = typer.Typer(help="What characters remember of you.", no_args_is_help=True)

MemoryId = Annotated[str, typer.Argument(metavar="MEMORY_ID", help="As `memory list` shows it.")]


@app.command("list")
def list_all(
    context: typer.Context,
    who: Annotated[
        str | None,
        typer.Option("--personality", "-p", help="Only of this character (slug, id or name)."),
    ] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List memories, newest first."""

    async def listed(client: Client) -> tuple[list[Memory], dict[str, str]]:
        personality_id = (await personality(client, who, quiet=json)).id if who else ""
        memories = await collect(
            limit,
            lambda size, token: client.memory.list_memories(
                ListMemoriesRequest(personality_id=personality_id, page_size=size, page_token=token)
            ),
            lambda page: page.memories,
        )
        return memories, {} if json else await labels(client, (m.personality_id for m in memories))

    found, whose = call(context, listed)
    if json:
        show_json({"memories": [as_json(each) for each in found]})
        return
    show_table(
        ("id", "said", "remembered by", "words"),
        ((m.id, m.occur_time, whose.get(m.personality_id), words(m)) for m in found),
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
    """Import memories of a character: of shapes.inc, mem0, OpenMemory, chats, or our own lines."""
    wishes = moving_in.wishes(who, copy=False, overwrite=False, me=me)
    moving_in.move_in(context, path, wishes, only=preview, yes=yes, as_document=json)


@app.command("search")
def search(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="What to look for, in any language.")],
    who: Who = STARTER,
    explain: Annotated[bool, typer.Option("--explain", help="Show the parts of scores.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=50, help="How many.")] = 8,
    json: Json = False,
) -> None:
    """Find memories as a turn would recall them, best first."""

    async def searched(client: Client) -> SearchMemoriesResponse:
        personality_id = (await personality(client, who, quiet=json)).id
        return await client.memory.search_memories(
            SearchMemoriesRequest(
                personality_id=personality_id, query=query, limit=limit, explain=explain
            )
        )

    response = call(context, searched)
    if json:
        show_json(as_json(response))
        return
    columns = ["id", "score", *(["why"] if explain else []), "said", "words"]
    rows: list[list[object]] = []
    for hit in response.hits:
        memory, parts = hit.memory or Memory(), hit.parts
        why = [scores.why(parts)] if explain and parts else []
        rows.append([memory.id, f"{hit.score:.3f}", *why, memory.occur_time, words(memory)])
    show_table(columns, rows)
    if response.degraded:
        console(stderr=True).print("The vector index is away: only the words were searched.")


@app.command("show")
def show(context: typer.Context, memory_id: MemoryId, json: Json = False) -> None:
    """Show a memory, word by word."""

    async def read(client: Client) -> tuple[GetMemoryResponse, dict[str, str]]:
        response = await client.memory.get_memory(GetMemoryRequest(memory_id=memory_id))
        ids = [response.memory.personality_id] if response.memory and not json else []
        return response, await labels(client, ids)

    response, whose = call(context, read)
    if json:
        show_json(as_json(response))
        return
    memory = response.memory or Memory()
    said = "\n".join(f"{one.speaker_name or 'you'}: {one.text}" for one in memory.utterances)
    show_fields(
        {
            "id": memory.id,
            "said": moment(memory.occur_time),
            "remembered by": "".join(whose.values()),
            "where": str(memory.venue).lower().replace("_", " "),
            "turn": memory.turn_id,
            "words": said,
        }
    )


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


def words(memory: Memory, longest: int = 100) -> str:
    """The beginning of what was said, on one line."""
    return one_line(memory.utterances[0].text if memory.utterances else "", longest)
