"""`tzurot personality`: the characters."""

import sys
from enum import StrEnum
from typing import Annotated
from uuid import uuid4

import typer

from tzurot_cli import flow, handing, moving_in
from tzurot_cli.calling import Json, Limit, call, collect, personality, ref
from tzurot_cli.console import as_json, show_fields, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.google.protobuf import FieldMask
from tzurot_client.gen.tzurot.personality.v1 import (
    CreatePersonalityRequest,
    DeletePersonalityRequest,
    ListPersonalitiesRequest,
    Personality,
    UpdatePersonalityRequest,
    Visibility,
)
from tzurot_client.gen.tzurot.transfer.v1 import ExportFormat, ExportPersonalityRequest

app = typer.Typer(help="The characters.", no_args_is_help=True)
IN_DIALOGUES = "character"  # what dialogues, which are for people, call a personality


class ExportAs(StrEnum):
    """What a character can be written as."""

    TZUROT = "tzurot"
    V2 = "v2"
    V3 = "v3"
    PNG = "png"
    CHARX = "charx"


_FORMATS = {
    ExportAs.TZUROT: ExportFormat.TZUROT,
    ExportAs.V2: ExportFormat.CARD_V2,
    ExportAs.V3: ExportFormat.CARD_V3,
    ExportAs.PNG: ExportFormat.PNG,
    ExportAs.CHARX: ExportFormat.CHARX,
}

Named = Annotated[str, typer.Argument(metavar="PERSONALITY", help="Slug or id.")]
Name = Annotated[str | None, typer.Option(help="The name it goes by.")]
Slug = Annotated[str | None, typer.Option(help="The handle, unique on the server.")]
Description = Annotated[str | None, typer.Option(help="Who the character is.")]
SystemPrompt = Annotated[str | None, typer.Option(help="How the character is to speak.")]
Greeting = Annotated[str | None, typer.Option(help="What it says first.")]
ExampleDialogues = Annotated[
    str | None, typer.Option(help="Lines of {{user}}: … and {{char}}: …, parted by <START>.")
]
Public = Annotated[
    bool | None, typer.Option("--public/--private", help="Who may find it and talk with it.")
]


@app.command("create")
def create(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    name: Annotated[str, typer.Option(help="The name it goes by.")],
    slug: Slug = None,
    description: Description = None,
    system_prompt: SystemPrompt = None,
    greeting: Greeting = None,
    example_dialogues: ExampleDialogues = None,
    public: Public = None,
    json: Json = False,
) -> None:
    """Create a character that is yours."""
    fields = _given(
        name=name,
        slug=slug,
        description=description,
        system_prompt=system_prompt,
        greeting=greeting,
        example_dialogues=example_dialogues,
    )
    new = _filled(fields, public)
    request = CreatePersonalityRequest(personality=new, request_id=str(uuid4()))
    response = call(context, lambda client: client.personality.create_personality(request))
    _show(response.personality, json=json)


@app.command("list")
def list_all(
    context: typer.Context,
    mine: Annotated[bool, typer.Option("--mine", help="Only your own.")] = False,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List the characters that you can talk with, newest first."""

    async def listed(client: Client) -> list[Personality]:
        return await collect(
            limit,
            lambda size, token: client.personality.list_personalities(
                ListPersonalitiesRequest(mine=mine, page_size=size, page_token=token)
            ),
            lambda page: page.personalities,
        )

    found = call(context, listed)
    if json:
        show_json({"personalities": [as_json(each) for each in found]})
        return
    show_table(
        ("slug", "name", "visibility", "yours", "id"),
        ((p.slug, p.name, _word(p.visibility), p.editable, p.id) for p in found),
    )


@app.command("show")
def show(context: typer.Context, name: Named, json: Json = False) -> None:
    """Show a character."""
    _show(call(context, lambda client: personality(client, name)), json=json)


@app.command("edit")
def edit(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    which: Named,
    name: Name = None,
    slug: Slug = None,
    description: Description = None,
    system_prompt: SystemPrompt = None,
    greeting: Greeting = None,
    example_dialogues: ExampleDialogues = None,
    public: Public = None,
    json: Json = False,
) -> None:
    """Change what is given of a character; on a terminal without any option: a dialogue."""
    fields = _given(
        name=name,
        slug=slug,
        description=description,
        system_prompt=system_prompt,
        greeting=greeting,
        example_dialogues=example_dialogues,
    )
    paths = [*fields, *(["visibility"] if public is not None else [])]
    if not paths:
        if flow.is_on_a_terminal() and not json:
            flow.hold(context, f"{IN_DIALOGUES} edit", {IN_DIALOGUES: which})
        raise CommandFailed("Nothing to change: give one of --name, --slug, --description, ….")

    async def edited(client: Client) -> Personality | None:
        now = await personality(client, which)
        request = UpdatePersonalityRequest(
            ref=ref(now.id),
            personality=_filled(fields, public, etag=now.etag),
            update_mask=FieldMask(paths=paths),
        )
        return (await client.personality.update_personality(request)).personality

    _show(call(context, edited), json=json)


@app.command("import")
def move_in(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    path: moving_in.Where,
    preview: moving_in.Only = False,
    yes: moving_in.Yes = False,
    who: moving_in.For = None,
    copy: moving_in.Copy = False,
    overwrite: moving_in.Overwrite = False,
    me: moving_in.Me = None,
    json: Json = False,
) -> None:
    """Import a card, a backup, a lorebook, a chat or a list of personas: it is looked at first."""
    wishes = moving_in.wishes(who, copy=copy, overwrite=overwrite, me=me)
    moving_in.move_in(context, path, wishes, only=preview, yes=yes, as_document=json)


@app.command("export")
def export(
    context: typer.Context,
    name: Named,
    as_format: Annotated[
        ExportAs, typer.Option("--format", "-f", help="What to write.")
    ] = ExportAs.PNG,
    output: moving_in.Output = None,
    json: Json = False,
) -> None:
    """Write a character to a file: a card with everything that it was imported with."""
    request = ExportPersonalityRequest(personality=ref(name), format=_FORMATS[as_format])
    file = call(
        context, lambda client: handing.received(client.transfer.export_personality(request))
    )
    handing.tell_written([handing.write(file, output)], as_document=json)


@app.command("delete")
def delete(
    context: typer.Context,
    name: Named,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Delete a character, with its conversations and everybody's memories of it."""
    if not yes:
        if not sys.stdin.isatty():
            raise CommandFailed(f"Deleting {name} cannot be undone: say --yes if you mean it.")
        typer.confirm(f"Delete {name}, its conversations and all memories of it?", abort=True)
    request = DeletePersonalityRequest(personality=ref(name))
    call(context, lambda client: client.personality.delete_personality(request))
    if json:
        show_json({})
        return
    typer.echo(f"{name} is deleted.")


def _given(**fields: str | None) -> dict[str, str]:
    return {field: value for field, value in fields.items() if value is not None}


def _filled(fields: dict[str, str], public: bool | None, etag: str = "") -> Personality:
    filled = Personality(etag=etag)
    for field, value in fields.items():
        setattr(filled, field, value)
    if public is not None:
        filled.visibility = Visibility.PUBLIC if public else Visibility.PRIVATE
    return filled


def _word(visibility: Visibility) -> str:
    return str(visibility).lower()


def _show(shown: Personality | None, *, json: bool) -> None:
    shown = shown or Personality()
    if json:
        show_json({"personality": as_json(shown)})
        return
    show_fields(
        {
            "name": shown.name,
            "slug": shown.slug,
            "id": shown.id,
            "visibility": _word(shown.visibility),
            "yours": shown.editable,
            "avatar": shown.avatar_sha256,
            "created": shown.create_time,
            "changed": shown.update_time,
            "description": shown.description,
            "system prompt": shown.system_prompt,
            "greeting": shown.greeting,
            "example dialogues": shown.example_dialogues,
        }
    )
