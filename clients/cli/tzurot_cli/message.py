"""`tzurot message`: what was said, its alternatives, and changing both."""

from typing import Annotated

import typer

from tzurot_cli.calling import Json, Limit, call, collect
from tzurot_cli.console import as_json, moment, one_line, show_fields, show_json, show_table
from tzurot_client import Client
from tzurot_client.gen.tzurot.session.v1 import (
    AddAlternativeRequest,
    Author,
    BranchConversationRequest,
    ChooseMessageRequest,
    DeleteMessageRequest,
    EditMessageRequest,
    GetMessageRequest,
    ListAlternativesRequest,
    ListMessagesRequest,
    Message,
    MessageRef,
)

app = typer.Typer(help="What was said: read and change it.", no_args_is_help=True)

MessageId = Annotated[str, typer.Argument(metavar="MESSAGE_ID", help="As `message list` shows it.")]
Words = Annotated[str, typer.Argument(help="The words.")]


@app.command("list")
def list_all(
    context: typer.Context,
    conversation_id: Annotated[str, typer.Argument(help="As `conversation list` shows it.")],
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List what you said in a conversation and were answered, newest first."""

    async def listed(client: Client) -> list[Message]:
        return await collect(
            limit,
            lambda size, token: client.session.list_messages(
                ListMessagesRequest(
                    conversation_id=conversation_id, page_size=size, page_token=token
                )
            ),
            lambda page: page.messages,
        )

    _show_all(call(context, listed), as_document=json)


@app.command("show")
def show(context: typer.Context, message_id: MessageId, json: Json = False) -> None:
    """Show a message, word by word."""
    request = GetMessageRequest(message=MessageRef(id=message_id))
    response = call(context, lambda client: client.message.get_message(request))
    if json:
        show_json(as_json(response))
        return
    it = response.message or Message()
    show_fields(
        {
            "id": it.id,
            "said": moment(it.create_time),
            "edited": moment(it.edit_time) if it.edit_time else "",
            "by": speaker(it),
            "conversation": it.conversation_id,
            "turn": it.turn_id,
            "on the path": "yes" if it.chosen else "no",
            "alternatives": it.alternative_count,
            "words": it.text,
        }
    )


@app.command("alternatives")
def alternatives(context: typer.Context, message_id: MessageId, json: Json = False) -> None:
    """List what stands in a message's place, oldest first."""
    request = ListAlternativesRequest(message=MessageRef(id=message_id))
    response = call(context, lambda client: client.message.list_alternatives(request))
    _show_all(response.messages, as_document=json)


@app.command("edit")
def edit(context: typer.Context, message_id: MessageId, text: Words, json: Json = False) -> None:
    """Give a message other words; what is remembered of it follows."""
    request = EditMessageRequest(message=MessageRef(id=message_id), text=text)
    response = call(context, lambda client: client.message.edit_message(request))
    if json:
        show_json(as_json(response))
        return
    typer.echo(f"The message {message_id} has other words.")


@app.command("delete")
def delete(context: typer.Context, message_id: MessageId, json: Json = False) -> None:
    """Delete a message with its alternatives and what is remembered of them."""
    request = DeleteMessageRequest(message=MessageRef(id=message_id))
    response = call(context, lambda client: client.message.delete_message(request))
    if json:
        show_json(as_json(response))
        return
    typer.echo(
        f"Deleted: messages {response.deleted_message_count},"
        f" memories {response.deleted_memory_count}."
    )


@app.command("add")
def add(context: typer.Context, message_id: MessageId, text: Words, json: Json = False) -> None:
    """Put other words in a message's place and go on with them; the message stays."""
    request = AddAlternativeRequest(message=MessageRef(id=message_id), text=text)
    response = call(context, lambda client: client.message.add_alternative(request))
    if json:
        show_json(as_json(response))
        return
    typer.echo(f"The conversation goes on with {response.message.id if response.message else ''}.")


@app.command("choose")
def choose(context: typer.Context, message_id: MessageId, json: Json = False) -> None:
    """Go on with a message and what was last said after it."""
    request = ChooseMessageRequest(message=MessageRef(id=message_id))
    response = call(context, lambda client: client.message.choose_message(request))
    if json:
        show_json(as_json(response))
        return
    typer.echo(f"The conversation goes on with {message_id}.")


@app.command("branch")
def branch(context: typer.Context, message_id: MessageId, json: Json = False) -> None:
    """Go on right after a message; what followed it stays beside."""
    request = BranchConversationRequest(message=MessageRef(id=message_id))
    response = call(context, lambda client: client.message.branch_conversation(request))
    if json:
        show_json(as_json(response))
        return
    typer.echo(f"The conversation goes on right after {message_id}.")


def speaker(message: Message) -> str:
    """Who said it."""
    mine = message.author == Author.PERSON
    return one_line(message.author_name or ("you" if mine else "the character"), 40)


def _show_all(messages: list[Message], *, as_document: bool) -> None:
    if as_document:
        show_json({"messages": [as_json(each) for each in messages]})
        return
    show_table(
        ("id", "said", "by", "path", "of", "words"),
        (
            (
                it.id,
                it.create_time,
                speaker(it),
                "yes" if it.chosen else "",
                it.alternative_count,
                one_line(it.text, 100),
            )
            for it in messages
        ),
    )
