"""`tzurot personality`: the characters."""

import sys
from enum import StrEnum
from typing import Annotated
from uuid import uuid4

import typer

from tzurot_cli import (
    flow,
    handing,
    moving_in,
    personality_alias,
    personality_avatar,
    personality_cloning,
    personality_fields,
    personality_override,
    personality_sharing,
)
from tzurot_cli.calling import (
    Json,
    Limit,
    Named,
    call,
    collect,
    personality,
    ref,
    refer,
)
from tzurot_cli.console import as_json, clean, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_cli.personality_fields import (
    AgeRestricted,
    AlternateGreetings,
    CustomFields,
    DefinitionVisible,
    Depth,
    DepthPrompt,
    DepthRole,
    Description,
    ExampleDialogues,
    Greeting,
    Name,
    SilentFields,
    Slug,
    SystemPrompt,
    VisibleFor,
    role,
    word,
)
from tzurot_client import Client
from tzurot_client.gen.google.protobuf import FieldMask
from tzurot_client.gen.tzurot.personality.v1 import (
    CreatePersonalityRequest,
    DeletePersonalityRequest,
    ListPersonalitiesRequest,
    Personality,
    UpdatePersonalityRequest,
)
from tzurot_client.gen.tzurot.transfer.v1 import ExportFormat, ExportPersonalityRequest

app = typer.Typer(help="The characters.", no_args_is_help=True)
app.command("share")(personality_sharing.share)
app.command("unshare")(personality_sharing.unshare)
app.command("shares")(personality_sharing.shares)
app.command("clone")(personality_cloning.clone)
app.add_typer(personality_alias.app, name="alias")
app.add_typer(personality_override.app, name="override")
app.add_typer(personality_avatar.app, name="avatar")
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


@app.command("create")
def create(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    name: Annotated[str, typer.Option(help="The name it goes by.")],
    slug: Slug = None,
    description: Description = None,
    system_prompt: SystemPrompt = None,
    greeting: Greeting = None,
    alternate_greetings: AlternateGreetings = None,
    example_dialogues: ExampleDialogues = None,
    depth_prompt: DepthPrompt = None,
    depth_prompt_depth: Depth = None,
    depth_prompt_role: DepthRole = None,
    custom_field: CustomFields = None,
    silent_field: SilentFields = None,
    visibility: VisibleFor = None,
    definition_visible: DefinitionVisible = None,
    age_restricted: AgeRestricted = None,
    json: Json = False,
) -> None:
    """Create a character that is yours."""
    fields = personality_fields.given(
        name=name,
        slug=slug,
        description=description,
        system_prompt=system_prompt,
        greeting=greeting,
        alternate_greetings=alternate_greetings,
        example_dialogues=example_dialogues,
        depth_prompt=depth_prompt,
        depth_prompt_depth=depth_prompt_depth,
        depth_prompt_role=depth_prompt_role,
        visibility=visibility,
        definition_visible=definition_visible,
        age_restricted=age_restricted,
        custom_fields=personality_fields.custom(custom_field, silent_field) or None,
    )
    new = personality_fields.filled(fields)
    request = CreatePersonalityRequest(personality=new, request_id=str(uuid4()))
    response = call(context, lambda client: client.personality.create_personality(request))
    personality_fields.show(response.personality, json=json)


@app.command("list")
def list_all(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    mine: Annotated[
        bool, typer.Option("--mine", help="Only those that you own or co-own.")
    ] = False,
    query: Annotated[
        str, typer.Option("--query", "-q", help="Only those with these words in what all may read.")
    ] = "",
    tag: Annotated[
        list[str] | None, typer.Option(help="Only those with this tag; again for more.")
    ] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List the characters that you can talk with, newest first."""

    async def listed(client: Client) -> list[Personality]:
        return await collect(
            limit,
            lambda size, token: client.personality.list_personalities(
                ListPersonalitiesRequest(
                    mine=mine, query=query, tags=tag or [], page_size=size, page_token=token
                )
            ),
            lambda page: page.personalities,
        )

    found = call(context, listed)
    if json:
        show_json({"personalities": [as_json(each) for each in found]})
        return
    show_table(
        ("slug", "name", "owner", "visibility", "role", "id"),
        ((p.slug, p.name, p.owner_name, word(p.visibility), role(p), p.id) for p in found),
    )


@app.command("show")
def show(context: typer.Context, name: Named, json: Json = False) -> None:
    """Show a character."""
    personality_fields.show(
        call(context, lambda client: personality(client, name, quiet=json)), json=json
    )


@app.command("edit")
def edit(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    which: Named,
    name: Name = None,
    slug: Slug = None,
    description: Description = None,
    system_prompt: SystemPrompt = None,
    greeting: Greeting = None,
    alternate_greetings: AlternateGreetings = None,
    example_dialogues: ExampleDialogues = None,
    depth_prompt: DepthPrompt = None,
    depth_prompt_depth: Depth = None,
    depth_prompt_role: DepthRole = None,
    custom_field: CustomFields = None,
    silent_field: SilentFields = None,
    visibility: VisibleFor = None,
    definition_visible: DefinitionVisible = None,
    age_restricted: AgeRestricted = None,
    json: Json = False,
) -> None:
    """Change what is given of a character; on a terminal without any option: a dialogue."""
    fields = personality_fields.given(
        name=name,
        slug=slug,
        description=description,
        system_prompt=system_prompt,
        greeting=greeting,
        alternate_greetings=alternate_greetings,
        example_dialogues=example_dialogues,
        depth_prompt=depth_prompt,
        depth_prompt_depth=depth_prompt_depth,
        depth_prompt_role=depth_prompt_role,
        visibility=visibility,
        definition_visible=definition_visible,
        age_restricted=age_restricted,
        custom_fields=personality_fields.custom(custom_field, silent_field) or None,
    )
    if not fields:
        if flow.is_on_a_terminal() and not json:
            flow.hold(context, f"{IN_DIALOGUES} edit", {IN_DIALOGUES: which})
        raise CommandFailed("Nothing to change: give one of --name, --slug, --description, ….")

    async def edited(client: Client) -> Personality | None:
        now = await personality(client, which, quiet=json)
        if "custom_fields" in fields:
            fields["custom_fields"] = personality_fields.merged(
                now.custom_fields, fields["custom_fields"]
            )
        request = UpdatePersonalityRequest(
            ref=ref(now.id),
            personality=personality_fields.filled(fields, etag=now.etag),
            update_mask=FieldMask(paths=list(fields)),
        )
        return (await client.personality.update_personality(request)).personality

    personality_fields.show(call(context, edited), json=json)


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

    async def exported(client: Client) -> handing.Handed:
        which = await refer(client, name, quiet=json)
        request = ExportPersonalityRequest(personality=which, format=_FORMATS[as_format])
        return await handing.received(client.transfer.export_personality(request))

    file = call(context, exported)
    handing.tell_written([handing.write(file, output)], as_document=json)


@app.command("delete")
def delete(
    context: typer.Context,
    name: Named,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Delete a character, with its conversations and everybody's memories of it."""
    if not yes and not sys.stdin.isatty():
        raise CommandFailed(f"Deleting {name} cannot be undone: say --yes if you mean it.")
    meant = call(context, lambda client: personality(client, name, quiet=json))
    if not yes:
        who = clean(f"{meant.name} ({meant.slug})")
        typer.confirm(f"Delete {who}, its conversations and all memories of it?", abort=True)
    request = DeletePersonalityRequest(personality=ref(meant.id))
    call(context, lambda client: client.personality.delete_personality(request))
    if json:
        show_json({})
        return
    typer.echo(f"{clean(meant.slug)} is deleted.")
