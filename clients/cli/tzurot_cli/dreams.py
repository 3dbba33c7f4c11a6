"""`tzurot memory dreams`: what characters dreamt of you while you were away."""

from typing import Annotated

import typer

from tzurot_cli.calling import Json, Limit, call, collect, personality
from tzurot_cli.console import as_json, moment, show_fields, show_json
from tzurot_cli.labels import labels
from tzurot_client import Client
from tzurot_client.gen.tzurot.memory.v1 import DeleteDreamRequest, Dream, ListDreamsRequest

DreamId = Annotated[str, typer.Argument(metavar="DREAM_ID", help="As `memory dreams` shows it.")]


def show(
    context: typer.Context,
    who: Annotated[
        str | None,
        typer.Option("--personality", "-p", help="Only of this character (slug, id or name)."),
    ] = None,
    limit: Limit = 10,
    json: Json = False,
) -> None:
    """Read what characters dreamt of you while you were away, newest first."""

    async def listed(client: Client) -> tuple[list[Dream], dict[str, str]]:
        personality_id = (await personality(client, who, quiet=json)).id if who else ""
        dreams = await collect(
            limit,
            lambda size, token: client.dream.list_dreams(
                ListDreamsRequest(personality_id=personality_id, page_size=size, page_token=token)
            ),
            lambda page: page.dreams,
        )
        return dreams, {} if json else await labels(client, (it.personality_id for it in dreams))

    found, whose = call(context, listed)
    if json:
        show_json({"dreams": [as_json(each) for each in found]})
        return
    for number, dream in enumerate(found):
        if number:
            typer.echo()
        show_fields(
            {
                "id": dream.id,
                "dreamt": moment(dream.create_time),
                "by": whose.get(dream.personality_id, dream.personality_id),
                "dream": dream.text,
            }
        )


def delete(context: typer.Context, dream_id: DreamId, json: Json = False) -> None:
    """Make a dream as if it had never been."""
    request = DeleteDreamRequest(dream_id=dream_id)
    call(context, lambda client: client.dream.delete_dream(request))
    if json:
        show_json({})
        return
    typer.echo(f"The dream {dream_id} is forgotten.")
