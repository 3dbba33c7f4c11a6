"""`tzurot me`: who you are here, and where your clock is."""

from typing import Annotated

import typer

from tzurot_cli.calling import Json, call
from tzurot_cli.console import as_json, moment, show_fields, show_json
from tzurot_client.gen.tzurot.account.v1 import (
    GetMeRequest,
    Person,
    Persona,
    SetTimeZoneRequest,
)

app = typer.Typer(help="Who you are here.", no_args_is_help=True)


@app.command("show")
def show(context: typer.Context, json: Json = False) -> None:
    """Show who you are: your subject, who speaks for you, your time zone."""
    me = call(context, lambda client: client.account.get_me(GetMeRequest())).person or Person()
    if json:
        show_json({"person": as_json(me)})
        return
    show_fields(
        {
            "id": me.id,
            "subject": me.subject,
            "persona": _called(me.persona),
            "in front": _called(me.front),
            "time zone": me.time_zone,
            "here since": moment(me.create_time),
        }
    )


@app.command("time-zone")
def time_zone(
    context: typer.Context,
    zone: Annotated[
        str, typer.Argument(metavar="[ZONE]", help="Such as Europe/Berlin. Nothing: forget it.")
    ] = "",
    json: Json = False,
) -> None:
    """Say in which time zone you live: characters are told your time then."""
    request = SetTimeZoneRequest(time_zone=zone)
    me = call(context, lambda client: client.account.set_time_zone(request)).person or Person()
    if json:
        show_json({"person": as_json(me)})
        return
    typer.echo(
        f"You live in {me.time_zone}." if me.time_zone else "Your time zone is not known any more."
    )


def _called(persona: Persona | None) -> str:
    return (persona.display_name or persona.name or "the usual one") if persona else ""
