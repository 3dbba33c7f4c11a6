"""`tzurot turn`: what became of what was said, step by step."""

from typing import Annotated

import typer

from tzurot_cli import trace
from tzurot_cli.calling import Json, Limit, call, collect
from tzurot_cli.console import as_json, console, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_cli.labels import labels
from tzurot_client import Client
from tzurot_client.gen.tzurot.session.v1 import (
    GetTurnTraceRequest,
    GetTurnTraceResponse,
    ListTurnsRequest,
    Turn,
)

app = typer.Typer(help="Turns: a message and its answer.", no_args_is_help=True)


@app.command("list")
def list_all(
    context: typer.Context,
    conversation: Annotated[
        str, typer.Option("--conversation", "-c", help="Only of this conversation (its id).")
    ] = "",
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List your turns, newest first."""

    async def listed(client: Client) -> tuple[list[Turn], dict[str, str]]:
        turns = await _turns(client, conversation, limit)
        return turns, {} if json else await labels(client, (t.personality_id for t in turns))

    found, who = call(context, listed)
    if json:
        show_json({"turns": [as_json(each) for each in found]})
        return
    show_table(
        ("id", "when", "with", "state", "took", "model", "failure"),
        (
            (
                t.id,
                t.create_time,
                who.get(t.personality_id),
                trace.state(t),
                trace.took(t),
                t.model,
                trace.failure(t),
            )
            for t in found
        ),
    )


@app.command("inspect")
def inspect(
    context: typer.Context,
    turn_id: Annotated[str, typer.Argument(metavar="ID|last", help="A turn's id, or `last`.")],
    everything: Annotated[
        bool,
        typer.Option("--all", help="With lore that did not come up, and settings by default."),
    ] = False,
    json: Json = False,
) -> None:
    """Show how a turn came to its end: its steps, memories, lore, prompt, calls of models, tokens.

    As JSON it is always everything.
    """

    async def read(client: Client) -> tuple[GetTurnTraceResponse, dict[str, str]]:
        which = turn_id
        if turn_id == "last":
            newest = await _turns(client, "", 1)
            if not newest:
                raise CommandFailed("There is no turn yet: say something with `tzurot chat`.")
            which = newest[0].id
        traced = await client.session.get_turn_trace(GetTurnTraceRequest(turn_id=which))
        ids = [traced.turn.personality_id] if traced.turn and not json else []
        return traced, await labels(client, ids)

    response, who = call(context, read)
    if json:
        show_json(as_json(response))
        return
    trace.show(response, "".join(who.values()), console(), everything=everything)


async def _turns(client: Client, conversation_id: str, limit: int) -> list[Turn]:
    return await collect(
        limit,
        lambda size, token: client.session.list_turns(
            ListTurnsRequest(conversation_id=conversation_id, page_size=size, page_token=token)
        ),
        lambda page: page.turns,
    )
