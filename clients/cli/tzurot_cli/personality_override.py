"""`tzurot personality override`: how you have a character, whatever its card says."""

import json as documents
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from tzurot_cli import handing
from tzurot_cli.calling import Json, Named, call, refer
from tzurot_cli.console import as_json, show_fields, show_json
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.google.protobuf import FieldMask
from tzurot_client.gen.tzurot.personality.v1 import (
    GetPersonalityOverrideRequest,
    PersonalityOverride,
    UpdatePersonalityOverrideRequest,
)

app = typer.Typer(
    help="How you have characters; nobody else sees it, and nothing else changes.",
    no_args_is_help=True,
)

FIELDS = ("nickname", "addition", "scenario", "greeting", "instructions")


@app.command("show")
def show(context: typer.Context, name: Named, json: Json = False) -> None:
    """Show how you have a character otherwise than its card says."""

    async def found(client: Client) -> PersonalityOverride:
        return await _get(client, name, quiet=json)

    _show(call(context, found), json=json)


@app.command("set")
def set_fields(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    name: Named,
    nickname: Annotated[str | None, typer.Option(help="What it is called with you.")] = None,
    addition: Annotated[str | None, typer.Option(help="Told besides its description.")] = None,
    scenario: Annotated[
        str | None, typer.Option(help="Where you talk, instead of its own.")
    ] = None,
    greeting: Annotated[str | None, typer.Option(help="What it says first to you.")] = None,
    instructions: Annotated[str | None, typer.Option(help="Told after all that was said.")] = None,
    file: Annotated[
        Path | None,
        typer.Option("--from-file", help="A JSON object of these fields, as `show --json` has."),
    ] = None,
    json: Json = False,
) -> None:
    """Have a character otherwise than its card says; an empty value goes back to the card."""
    options = zip(FIELDS, (nickname, addition, scenario, greeting, instructions), strict=True)
    values = (_read(file) if file else {}) | {key: it for key, it in options if it is not None}
    if not values:
        raise CommandFailed("Nothing to change: give one of --nickname, --addition, ….")
    _change(context, name, values, json=json)


@app.command("clear")
def clear(context: typer.Context, name: Named, json: Json = False) -> None:
    """Have a character as its card says again."""
    _change(context, name, dict.fromkeys(FIELDS, ""), json=json)


def _change(context: typer.Context, name: str, values: dict[str, str], *, json: bool) -> None:
    async def changed(client: Client) -> PersonalityOverride:
        now = await _get(client, name, quiet=json)
        request = UpdatePersonalityOverrideRequest(
            personality=await refer(client, now.personality_id),
            override=PersonalityOverride(etag=now.etag, **values),
            update_mask=FieldMask(paths=list(values)),
        )
        response = await client.override.update_personality_override(request)
        return response.override or PersonalityOverride()

    _show(call(context, changed), json=json)


async def _get(client: Client, name: str, *, quiet: bool) -> PersonalityOverride:
    request = GetPersonalityOverrideRequest(personality=await refer(client, name, quiet=quiet))
    response = await client.override.get_personality_override(request)
    return response.override or PersonalityOverride()


def _read(file: Path) -> dict[str, str]:
    """The fields of a file, which may be what `show --json` printed."""
    try:
        found: Any = documents.loads(handing.take(str(file)).content)
    except ValueError as error:
        raise CommandFailed(
            f"{file.name} is no JSON: {error}.", reason="FILE_UNREADABLE"
        ) from error
    if isinstance(found, dict) and isinstance(found.get("override"), dict):  # pyright: ignore[reportUnknownMemberType] - any JSON
        found = cast("Any", found)["override"]
    if not isinstance(found, dict):
        raise CommandFailed(f"{file.name} is no JSON object.", reason="FILE_UNREADABLE")
    return {
        key: str(value) for key, value in cast("dict[str, Any]", found).items() if key in FIELDS
    }


def _show(override: PersonalityOverride, *, json: bool) -> None:
    if json:
        show_json({"override": as_json(override)})
        return
    show_fields({field: getattr(override, field) for field in FIELDS})
