"""`tzurot maintenance` and `tzurot age`: work on the server, and what is known of people's ages."""

from enum import StrEnum
from typing import Annotated

import typer

from tzurot_cli.calling import Json, call
from tzurot_cli.console import as_json, show_fields, show_json
from tzurot_cli.failing import CommandFailed
from tzurot_client.gen.tzurot.account.v1 import (
    AgeStanding,
    GetMaintenanceRequest,
    RevokeAgeVerificationRequest,
    SetAgeStandingRequest,
    SetMaintenanceRequest,
)

maintenance_app = typer.Typer(help="Work on the server.", no_args_is_help=True)
age_app = typer.Typer(help="What is known of people's ages.", no_args_is_help=True)


class Standing(StrEnum):
    """What can be known of a person's age."""

    ADULT = "adult"
    BARRED = "barred"
    UNPROVEN = "unproven"


@maintenance_app.command("on")
def begin(
    context: typer.Context,
    message: Annotated[str, typer.Argument(help="What people are told.")],
    json: Json = False,
) -> None:
    """Begin work: nobody is answered meanwhile. What is being answered ends as it would."""
    if not message.strip():
        raise CommandFailed("Say what people are told meanwhile.")
    request = SetMaintenanceRequest(message=message)
    call(context, lambda client: client.moderation.set_maintenance(request))
    _done(json, "Nobody is answered until `tzurot maintenance off`.")


@maintenance_app.command("off")
def end(context: typer.Context, json: Json = False) -> None:
    """End work: people are answered again."""
    call(context, lambda client: client.moderation.set_maintenance(SetMaintenanceRequest()))
    _done(json, "People are answered.")


@maintenance_app.command("show")
def show(context: typer.Context, json: Json = False) -> None:
    """Show whether the server is being worked on."""
    found = call(context, lambda client: client.moderation.get_maintenance(GetMaintenanceRequest()))
    if json:
        show_json(as_json(found))
        return
    if not found.message:
        typer.echo("The server is not being worked on.")
        return
    show_fields({"message": found.message, "since": found.start_time})


@age_app.command("set")
def decide(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(help="Who, such as discord:123.")],
    standing: Annotated[
        Standing, typer.Argument(help="Barred: whatever place they speak in proves nothing.")
    ],
    json: Json = False,
) -> None:
    """Say of a person that they are an adult, have to prove it, or can't."""
    request = SetAgeStandingRequest(subject=subject, standing=AgeStanding[standing.name])
    call(context, lambda client: client.moderation.set_age_standing(request))
    _done(json, f"{subject} is {standing} from now on.")


@age_app.command("revoke")
def revoke(context: typer.Context, json: Json = False) -> None:
    """Forget that you proved to be an adult, until you speak again where only adults are let in."""
    request = RevokeAgeVerificationRequest()
    call(context, lambda client: client.moderation.revoke_age_verification(request))
    _done(json, "It is forgotten that you proved to be an adult.")


def _done(json: bool, sentence: str) -> None:
    if json:
        show_json({})
        return
    typer.echo(sentence)
