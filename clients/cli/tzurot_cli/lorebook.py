"""`tzurot lorebook`: books of things that characters know when the talk comes to them."""

from typing import Annotated
from uuid import uuid4

import typer

from tzurot_cli import handing, lorebook_entry, lorebook_fields, moving_in
from tzurot_cli.calling import Json, Limit, call, collect, refer
from tzurot_cli.console import as_json, show_fields, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_cli.labels import labels
from tzurot_client import Client
from tzurot_client.gen.google.protobuf import FieldMask
from tzurot_client.gen.tzurot.personality.v1 import (
    AttachLorebookRequest,
    CreateLorebookRequest,
    DeleteLorebookRequest,
    DetachLorebookRequest,
    ExportLorebookRequest,
    GetLorebookRequest,
    ListLorebooksRequest,
    Lorebook,
    LorebookEntry,
    LorebookMatch,
    TestLorebookRequest,
    UpdateLorebookRequest,
)

app = typer.Typer(help="Lorebooks.", no_args_is_help=True)
app.add_typer(lorebook_entry.app, name="entry")

BookId = lorebook_entry.BookId
Character = Annotated[str, typer.Argument(metavar="PERSONALITY", help="Slug, id or name.")]

Name = Annotated[str | None, typer.Option(help="What it is called.")]
Description = Annotated[str | None, typer.Option(help="What it is about; never told.")]
ScanDepth = Annotated[
    int | None, typer.Option(help="How many of the last messages its keys are looked for in.")
]
Budget = Annotated[
    int | None, typer.Option(help="How many tokens its entries may have together; 0: any number.")
]
Recursive = Annotated[
    bool | None,
    typer.Option("--recursive/--flat", help="Whether entries bring up each other."),
]


@app.command("create")
def create(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    name: Annotated[str, typer.Option(help="What it is called.")],
    description: Description = None,
    scan_depth: ScanDepth = None,
    budget: Budget = None,
    recursive: Recursive = None,
    json: Json = False,
) -> None:
    """Create an empty lorebook that is yours."""
    fields = _given(name, description, scan_depth, budget, recursive)
    request = CreateLorebookRequest(lorebook=_filled(fields), request_id=str(uuid4()))
    made = call(context, lambda client: client.lorebook.create_lorebook(request)).lorebook
    _show(context, made or Lorebook(), json=json)


@app.command("edit")
def edit(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    book: BookId,
    name: Name = None,
    description: Description = None,
    scan_depth: ScanDepth = None,
    budget: Budget = None,
    recursive: Recursive = None,
    clear: lorebook_fields.Clear = None,
    json: Json = False,
) -> None:
    """Change what is given of a lorebook; its entries with `lorebook entry`."""
    fields = _given(name, description, scan_depth, budget, recursive)
    paths = [*fields, *(field.replace("-", "_") for field in clear or ())]
    if not paths:
        raise CommandFailed("Nothing to change: give one of --name, --description, --budget, ….")
    request = UpdateLorebookRequest(
        lorebook_id=book, lorebook=_filled(fields), update_mask=FieldMask(paths=paths)
    )
    changed = call(context, lambda client: client.lorebook.update_lorebook(request)).lorebook
    _show(context, changed or Lorebook(), json=json)


@app.command("list")
def list_all(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    """List your lorebooks, newest first."""

    async def listed(client: Client) -> list[Lorebook]:
        return await collect(
            limit,
            lambda size, token: client.lorebook.list_lorebooks(
                ListLorebooksRequest(page_size=size, page_token=token)
            ),
            lambda page: page.lorebooks,
        )

    found = call(context, listed)
    if json:
        show_json({"lorebooks": [as_json(each) for each in found]})
        return
    show_table(
        ("id", "name", "entries", "characters", "format"),
        ((b.id, b.name, b.entry_count, len(b.personality_ids), b.source_format) for b in found),
    )


@app.command("show")
def show(context: typer.Context, book: BookId, json: Json = False) -> None:
    """Show a lorebook with its entries."""
    request = GetLorebookRequest(lorebook_id=book)
    found = call(context, lambda client: client.lorebook.get_lorebook(request)).lorebook
    _show(context, found or Lorebook(), json=json)


@app.command("import")
def move_in(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    path: moving_in.Where,
    preview: moving_in.Only = False,
    yes: moving_in.Yes = False,
    who: moving_in.For = None,
    json: Json = False,
) -> None:
    """Import a lorebook of SillyTavern, RisuAI, Agnai or NovelAI; -p lets a character use it."""
    wishes = moving_in.wishes(who, copy=False, overwrite=False, me=None)
    moving_in.move_in(context, path, wishes, only=preview, yes=yes, as_document=json)


@app.command("export")
def export(
    context: typer.Context, book: BookId, output: moving_in.Output = None, json: Json = False
) -> None:
    """Write a lorebook to a file, in the format that it came in."""
    request = ExportLorebookRequest(lorebook_id=book)
    file = call(context, lambda client: handing.received(client.lorebook.export_lorebook(request)))
    handing.tell_written([handing.write(file, output)], as_document=json)


@app.command("test")
def test(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    which: Annotated[
        str, typer.Argument(metavar="REF", help="A lorebook's id; with --character, a character.")
    ],
    texts: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT…", help="Messages: the last is a person's, those before in turn."
        ),
    ],
    character: Annotated[
        bool, typer.Option("--character", "-c", help="Test all books of a character.")
    ] = False,
    greeting: Annotated[
        int, typer.Option(help="The greeting that it all began with: 0 is the first.")
    ] = 0,
    json: Json = False,
) -> None:
    """Say which entries some messages bring up, where they are told, and why."""

    async def tested(client: Client) -> list[LorebookMatch]:
        request = TestLorebookRequest(messages=texts, greeting_index=greeting)
        if character:
            request.personality = await refer(client, which, quiet=json)
        else:
            request.lorebook_id = which
        return (await client.lorebook.test_lorebook(request)).matches

    matches = call(context, tested)
    if json:
        show_json({"matches": [as_json(match) for match in matches]})
        return
    show_table(("nr", "entry", "told", "where", "why"), (_row(match) for match in matches))


@app.command("attach")
def attach(context: typer.Context, book: BookId, character: Character, json: Json = False) -> None:
    """Let a character use a lorebook."""

    async def attached(client: Client) -> None:
        who = await refer(client, character, quiet=json)
        request = AttachLorebookRequest(lorebook_id=book, personality=who)
        await client.lorebook.attach_lorebook(request)

    call(context, attached)
    if json:
        show_json({})
        return
    typer.echo(f"{character} uses it.")


@app.command("detach")
def detach(context: typer.Context, book: BookId, character: Character, json: Json = False) -> None:
    """Stop a character from using a lorebook."""

    async def detached(client: Client) -> None:
        who = await refer(client, character, quiet=json)
        request = DetachLorebookRequest(lorebook_id=book, personality=who)
        await client.lorebook.detach_lorebook(request)

    call(context, detached)
    if json:
        show_json({})
        return
    typer.echo(f"{character} does not use it any more.")


@app.command("delete")
def delete(
    context: typer.Context, book: BookId, yes: moving_in.Yes = False, json: Json = False
) -> None:
    """Delete a lorebook."""
    if not yes:
        typer.confirm("Delete it?", abort=True)
    request = DeleteLorebookRequest(lorebook_id=book)
    call(context, lambda client: client.lorebook.delete_lorebook(request))
    if json:
        show_json({})
        return
    typer.echo("It is deleted.")


def _given(
    name: str | None,
    description: str | None,
    scan_depth: int | None,
    token_budget: int | None,
    recursive_scanning: bool | None,
) -> dict[str, object]:
    fields = {
        "name": name,
        "description": description,
        "scan_depth": scan_depth,
        "token_budget": token_budget,
        "recursive_scanning": recursive_scanning,
    }
    return {field: value for field, value in fields.items() if value is not None}


def _filled(fields: dict[str, object]) -> Lorebook:
    filled = Lorebook()
    for field, value in fields.items():
        setattr(filled, field, value)
    return filled


def _row(match: LorebookMatch) -> tuple[object, ...]:
    told = "no room" if match.left_out else match.activated
    where = lorebook_fields.place_of(match.place, match.depth) if match.activated else ""
    return match.position, match.name, told, where, match.reason


def _show(context: typer.Context, shown: Lorebook, *, json: bool) -> None:
    if json:
        show_json({"lorebook": as_json(shown)})
        return
    used_by = shown.personality_ids
    who = call(context, lambda client: labels(client, used_by)) if used_by else {}
    show_fields(
        {
            "name": shown.name,
            "id": shown.id,
            "description": shown.description,
            "format": shown.source_format,
            "entries": shown.entry_count,
            "characters": list(who.values()),
            "scan depth": shown.scan_depth,
            "token budget": shown.token_budget,
            "recursive": shown.recursive_scanning,
            "yours": shown.owned,
            "editable": shown.editable,
        }
    )
    if shown.entries:
        show_table(
            ("nr", "id", "name", "keys", "on", "always", "where", "content"),
            (_line(entry) for entry in shown.entries),
        )


def _line(entry: LorebookEntry) -> tuple[object, ...]:
    depth = 4 if entry.depth is None else entry.depth
    where = lorebook_fields.place_of(entry.place, depth)
    told = (entry.enabled, entry.constant, where, entry.content[:200])
    return (entry.position, entry.id, entry.name, entry.keys, *told)
