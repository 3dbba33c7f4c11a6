"""`tzurot persona`: your faces in conversations."""

from datetime import timedelta
from typing import Annotated

import typer

from tzurot_cli import moving_in
from tzurot_cli.calling import Json, Limit, call, collect
from tzurot_cli.console import as_json, show_json, show_table
from tzurot_client import Client
from tzurot_client.gen.tzurot.account.v1 import (
    DeletePersonaRequest,
    ListPersonasRequest,
    Person,
    Persona,
    SetFrontRequest,
)

app = typer.Typer(help="Your faces in conversations.", no_args_is_help=True)


@app.command("list")
def list_all(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    """List your personas, the default first."""

    async def listed(client: Client) -> list[Persona]:
        return await collect(
            limit,
            lambda size, token: client.account.list_personas(
                ListPersonasRequest(page_size=size, page_token=token)
            ),
            lambda page: page.personas,
        )

    found = call(context, listed)
    if json:
        show_json({"personas": [as_json(each) for each in found]})
        return
    show_table(
        ("id", "name", "default", "pronouns", "proxy tags"),
        ((p.id, p.display_name or p.name, p.is_default, p.pronouns, _tags(p)) for p in found),
    )


@app.command("front")
def front(
    context: typer.Context,
    persona: Annotated[
        str, typer.Argument(metavar="[PERSONA_ID]", help="Nothing: whoever usually does.")
    ] = "",
    hours: Annotated[
        float, typer.Option(min=0, max=8760, help="For how long; 0: until it is changed.")
    ] = 0,
    json: Json = False,
) -> None:
    """Say which persona speaks where PluralKit or Tupperbox doesn't say it for you."""
    duration = timedelta(hours=hours) if hours else None
    request = SetFrontRequest(persona_id=persona, duration=duration)
    person = call(context, lambda client: client.account.set_front(request)).person or Person()
    if json:
        show_json({"person": as_json(person)})
        return
    shown = person.front
    typer.echo(f"{shown.display_name or shown.name} speaks." if shown else "Whoever usually does.")


@app.command("import")
def move_in(
    context: typer.Context,
    path: moving_in.Where,
    preview: moving_in.Only = False,
    yes: moving_in.Yes = False,
    json: Json = False,
) -> None:
    """Import the members of a PluralKit or Tupperbox export as personas of yours."""
    wishes = moving_in.wishes(None, copy=False, overwrite=False, me=None)
    moving_in.move_in(context, path, wishes, only=preview, yes=yes, as_document=json)


@app.command("delete")
def delete(
    context: typer.Context,
    persona: Annotated[str, typer.Argument(metavar="PERSONA_ID")],
    yes: moving_in.Yes = False,
    json: Json = False,
) -> None:
    """Delete a persona, with everybody's memories of it."""
    if not yes:
        typer.confirm("Delete it, and all memories of it?", abort=True)
    request = DeletePersonaRequest(persona_id=persona)
    call(context, lambda client: client.account.delete_persona(request))
    if json:
        show_json({})
        return
    typer.echo("It is deleted.")


def _tags(persona: Persona) -> str:
    return "  ".join(f"{tag.prefix}text{tag.suffix}" for tag in persona.proxy_tags)
