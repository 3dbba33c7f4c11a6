"""`tzurot conversation`: what characters and people have said to each other."""

from typing import Annotated

import typer

from tzurot_cli import conversation_whole, handing, moving_in
from tzurot_cli.calling import Json, Limit, call, collect, personality
from tzurot_cli.console import as_json, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_cli.labels import label
from tzurot_client import Client
from tzurot_client.gen.tzurot.session.v1 import (
    Conversation,
    ExportConversationRequest,
    ListConversationsRequest,
    Place,
    ResetConversationRequest,
)

app = typer.Typer(help="Conversations with characters.", no_args_is_help=True)
conversation_whole.add_to(app)


@app.command("list")
def list_all(
    context: typer.Context,
    who: Annotated[
        str | None, typer.Option("--personality", "-p", help="Only with this character.")
    ] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List the conversations that you spoke in, newest first."""

    async def listed(client: Client) -> list[Conversation]:
        personality_id = (await personality(client, who, quiet=json)).id if who else ""
        return await collect(
            limit,
            lambda size, token: client.session.list_conversations(
                ListConversationsRequest(
                    personality_id=personality_id, page_size=size, page_token=token
                )
            ),
            lambda page: page.conversations,
        )

    found = call(context, listed)
    if json:
        show_json({"conversations": [as_json(each) for each in found]})
        return
    show_table(
        ("id", "with", "platform", "channel", "resets", "last spoken"),
        (
            (
                c.id,
                label(c.personality_name, c.personality_slug),
                place.platform,
                place.channel_id,
                c.epoch,
                c.update_time,
            )
            for c in found
            for place in (c.place or Place(),)
        ),
    )


@app.command("reset")
def reset(
    context: typer.Context,
    conversation_id: Annotated[str, typer.Argument(help="As `conversation list` shows it.")],
    json: Json = False,
) -> None:
    """Start a conversation afresh: what was said leaves the character's sight, memories stay."""
    request = ResetConversationRequest(conversation_id=conversation_id)
    response = call(context, lambda client: client.session.reset_conversation(request))
    if json:
        show_json(as_json(response))
        return
    typer.echo(f"The conversation {conversation_id} starts afresh; memories stay.")


@app.command("import")
def move_in(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    path: moving_in.Where,
    who: moving_in.For = None,
    preview: moving_in.Only = False,
    yes: moving_in.Yes = False,
    json: Json = False,
) -> None:
    """Import a chat of SillyTavern, Agnai, Character.AI or Oobabooga, as history and memories."""
    wishes = moving_in.wishes(who, copy=False, overwrite=False, me=None)
    moving_in.move_in(context, path, wishes, only=preview, yes=yes, as_document=json)


@app.command("export")
def export(
    context: typer.Context,
    conversation_id: Annotated[str, typer.Argument(help="As `conversation list` shows it.")],
    branches: Annotated[
        bool,
        typer.Option(
            "--branches", help="Also each branch, as a file of its own; --output is a folder then."
        ),
    ] = False,
    output: moving_in.Output = None,
    json: Json = False,
) -> None:
    """Write a conversation to a file, as SillyTavern has its chats, with all alternatives."""
    if branches and output == "-":
        raise CommandFailed("Branches are files of their own: name a folder with --output.")
    request = ExportConversationRequest(conversation_id=conversation_id, with_branches=branches)
    files = call(
        context, lambda client: handing.received_all(client.session.export_conversation(request))
    )
    written = handing.write_all(files, output) if branches else [handing.write(files[0], output)]
    handing.tell_written(written, as_document=json)
