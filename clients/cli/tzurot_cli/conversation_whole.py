"""`tzurot conversation stats|summaries|restore|delete|note`: conversations as a whole."""

import sys
from typing import Annotated

import typer

from tzurot_cli import moving_in
from tzurot_cli.calling import Json, Limit, call, collect
from tzurot_cli.console import as_json, moment, show_fields, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.tzurot.session.v1 import (
    Conversation,
    ConversationNote,
    DeleteConversationRequest,
    GetConversationRequest,
    GetConversationStatsRequest,
    ListSummariesRequest,
    RestoreConversationRequest,
    SetConversationNoteRequest,
    Summary,
)

ConversationId = Annotated[str, typer.Argument(help="As `conversation list` shows it.")]


def stats(context: typer.Context, conversation_id: ConversationId, json: Json = False) -> None:
    """Count what you said in a conversation and were answered, and what came of it."""
    request = GetConversationStatsRequest(conversation_id=conversation_id)
    it = call(context, lambda client: client.history.get_conversation_stats(request))
    if json:
        show_json(as_json(it))
        return
    show_fields(
        {
            "messages": it.message_count,
            "said by you": it.person_message_count,
            "in sight": it.visible_message_count,
            "memories": it.memory_count,
            "resets to restore": it.restorable_count,
            "tokens": it.token_count,
            "summaries": it.summary_count,
            "first": moment(it.first_time),
            "last": moment(it.last_time),
        }
    )


def summaries(
    context: typer.Context, conversation_id: ConversationId, limit: Limit = 50, json: Json = False
) -> None:
    """List what characters are told in short of what has fallen out of sight, newest first."""

    async def listed(client: Client) -> list[Summary]:
        return await collect(
            limit,
            lambda size, token: client.history.list_summaries(
                ListSummariesRequest(
                    conversation_id=conversation_id, page_size=size, page_token=token
                )
            ),
            lambda page: page.summaries,
        )

    found = call(context, listed)
    if json:
        show_json({"summaries": [as_json(each) for each in found]})
        return
    show_table(
        ("messages", "from", "to", "by", "in short"),
        (
            (
                it.message_count,
                moment(it.first_time),
                moment(it.last_time),
                it.model or "their own words",
                it.text or "[words of others, too]",
            )
            for it in found
        ),
    )


def restore(context: typer.Context, conversation_id: ConversationId, json: Json = False) -> None:
    """Take back the last reset: what was said before comes into sight again."""
    request = RestoreConversationRequest(conversation_id=conversation_id)
    response = call(context, lambda client: client.history.restore_conversation(request))
    if json:
        show_json(as_json(response))
        return
    typer.echo(f"What was said before is in sight again in the conversation {conversation_id}.")


def delete(
    context: typer.Context,
    conversation_id: ConversationId,
    yes: moving_in.Yes = False,
    json: Json = False,
) -> None:
    """Delete what you said in a conversation and were answered, with all that came of it."""
    if not yes:
        if json or not sys.stdin.isatty():
            raise CommandFailed("Deleting cannot be undone: say --yes if you mean it.")
        typer.confirm("Delete what was said, and what is remembered of it, for good?", abort=True)
    request = DeleteConversationRequest(conversation_id=conversation_id)
    response = call(context, lambda client: client.history.delete_conversation(request))
    if json:
        show_json(as_json(response))
        return
    typer.echo(
        f"Deleted: messages {response.deleted_message_count},"
        f" memories {response.deleted_memory_count}."
    )


def note(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    conversation_id: ConversationId,
    text: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help="The note. Nothing: show it.")
    ] = None,
    depth: Annotated[
        int, typer.Option(min=0, max=1000, help="How many of the newest messages come after it.")
    ] = 4,
    remove: Annotated[bool, typer.Option("--remove", help="Take the note away.")] = False,
    json: Json = False,
) -> None:
    """Show or write what a character keeps in mind in a conversation, or take it away."""
    if text is None and not remove:
        asked = GetConversationRequest(conversation_id=conversation_id)
        shown = call(context, lambda client: client.session.get_conversation(asked)).conversation
    else:
        if (text is not None) is remove or text == "":
            raise CommandFailed("Give the note's words, or --remove to take it away.")
        new = ConversationNote(text=text, depth=depth) if text else None
        request = SetConversationNoteRequest(conversation_id=conversation_id, note=new)
        shown = call(
            context, lambda client: client.history.set_conversation_note(request)
        ).conversation
    _show_note(shown or Conversation(), as_document=json)


def _show_note(shown: Conversation, *, as_document: bool) -> None:
    if as_document:
        show_json({"note": as_json(shown.note) if shown.note else None})
    elif shown.note is None:
        typer.echo("There is no note.")
    else:
        show_fields({"depth": shown.note.depth, "note": shown.note.text})


def add_to(app: typer.Typer) -> None:
    """Let a group have these commands."""
    for command in (stats, summaries, restore, delete, note):
        app.command(command.__name__)(command)
