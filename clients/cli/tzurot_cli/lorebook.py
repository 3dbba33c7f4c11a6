"""`tzurot lorebook`: books of things that characters know when the talk comes to them."""

from typing import Annotated

import typer

from tzurot_cli import handing, moving_in
from tzurot_cli.calling import Json, Limit, call, collect, ref
from tzurot_cli.console import as_json, show_fields, show_json, show_table
from tzurot_client import Client
from tzurot_client.gen.tzurot.personality.v1 import (
    AttachLorebookRequest,
    DeleteLorebookRequest,
    DetachLorebookRequest,
    ExportLorebookRequest,
    GetLorebookRequest,
    ListLorebooksRequest,
    Lorebook,
    TestLorebookRequest,
)

app = typer.Typer(help="Lorebooks.", no_args_is_help=True)

BookId = Annotated[str, typer.Argument(metavar="LOREBOOK_ID", help="As `lorebook list` shows it.")]
Character = Annotated[str, typer.Argument(metavar="PERSONALITY", help="Slug or id.")]


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
    found = found or Lorebook()
    if json:
        show_json({"lorebook": as_json(found)})
        return
    show_fields({"name": found.name, "description": found.description, "id": found.id})
    show_table(
        ("nr", "name", "keys", "on", "always", "content"),
        (
            (e.position, e.name, e.keys, e.enabled, e.constant, e.content[:200])
            for e in found.entries
        ),
    )


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
def test(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What somebody says.")],
    book: Annotated[str, typer.Option("--lorebook", "-b", help="Its id.")],
    json: Json = False,
) -> None:
    """Say which entries a text brings up, and why."""
    request = TestLorebookRequest(lorebook_id=book, messages=[text])
    matches = call(context, lambda client: client.lorebook.test_lorebook(request)).matches
    if json:
        show_json({"matches": [as_json(match) for match in matches]})
        return
    show_table(
        ("nr", "name", "told", "why"),
        ((m.position, m.name, m.activated, m.reason) for m in matches),
    )


@app.command("attach")
def attach(context: typer.Context, book: BookId, character: Character, json: Json = False) -> None:
    """Let a character use a lorebook."""
    request = AttachLorebookRequest(lorebook_id=book, personality=ref(character))
    call(context, lambda client: client.lorebook.attach_lorebook(request))
    if json:
        show_json({})
        return
    typer.echo(f"{character} uses it.")


@app.command("detach")
def detach(context: typer.Context, book: BookId, character: Character, json: Json = False) -> None:
    """Stop a character from using a lorebook."""
    request = DetachLorebookRequest(lorebook_id=book, personality=ref(character))
    call(context, lambda client: client.lorebook.detach_lorebook(request))
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
