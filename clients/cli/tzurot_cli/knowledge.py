"""`tzurot knowledge`: the stories and documents that characters know."""

from collections.abc import AsyncIterator
from typing import Annotated

import typer

from tzurot_cli import handing, moving_in
from tzurot_cli.calling import Json, Limit, call, collect, refer
from tzurot_cli.console import as_json, clean, one_line, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_cli.handing import Handed
from tzurot_client import Client
from tzurot_client.gen.tzurot.personality.v1 import (
    DeleteDocumentRequest,
    Document,
    GetDocumentRequest,
    ListDocumentsRequest,
    Passage,
    PersonalityRef,
    SearchKnowledgeRequest,
    UploadDocumentHeader,
    UploadDocumentRequest,
)

app = typer.Typer(help="What characters know from documents.", no_args_is_help=True)

DocumentId = Annotated[
    str, typer.Argument(metavar="DOCUMENT_ID", help="As `knowledge list` shows it.")
]
Character = Annotated[str, typer.Argument(metavar="PERSONALITY", help="Slug, id or name.")]


@app.command("add")
def add(
    context: typer.Context,
    character: Character,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="Text, Markdown or PDF, up to 16 MiB.")
    ],
    title: Annotated[str | None, typer.Option(help="Its title, if not what the file says.")] = None,
    json: Json = False,
) -> None:
    """Let a character know documents."""
    if title is not None and len(files) > 1:
        raise CommandFailed("One title is for one document: give the files one by one.")
    handed = [_taken(path) for path in files]

    async def added(client: Client) -> list[Document]:
        who = await refer(client, character, quiet=json)
        sent = [
            await client.knowledge.upload_document(_parts(who, it, title or "")) for it in handed
        ]
        return [it.document or Document() for it in sent]

    found = call(context, added)
    if json:
        show_json({"documents": [as_json(each) for each in found]})
        return
    _show_documents(found)


@app.command("list")
def list_all(
    context: typer.Context, character: Character, limit: Limit = 50, json: Json = False
) -> None:
    """List the documents of a character of yours, newest first."""

    async def listed(client: Client) -> list[Document]:
        who = await refer(client, character, quiet=json)
        return await collect(
            limit,
            lambda size, token: client.knowledge.list_documents(
                ListDocumentsRequest(personality=who, page_size=size, page_token=token)
            ),
            lambda page: page.documents,
        )

    found = call(context, listed)
    if json:
        show_json({"documents": [as_json(each) for each in found]})
        return
    _show_documents(found)


@app.command("show")
def show(context: typer.Context, document: DocumentId, json: Json = False) -> None:
    """Show a document's text."""
    request = GetDocumentRequest(document_id=document)
    found = call(context, lambda client: client.knowledge.get_document(request)).document
    found = found or Document()
    if json:
        show_json({"document": as_json(found)})
        return
    typer.echo(clean(found.text))


@app.command("search")
def search(
    context: typer.Context, character: Character, query: str, limit: Limit = 8, json: Json = False
) -> None:
    """Find the passages that a turn would recall, best first."""

    async def searched(client: Client) -> list[Passage]:
        who = await refer(client, character, quiet=json)
        request = SearchKnowledgeRequest(personality=who, query=query, limit=limit)
        return (await client.knowledge.search_knowledge(request)).passages

    found = call(context, searched)
    if json:
        show_json({"passages": [as_json(each) for each in found]})
        return
    show_table(
        ("score", "title", "passage"),
        ((f"{p.score:.2f}", one_line(p.title, 40), one_line(p.text, 300)) for p in found),
    )


@app.command("delete")
def delete(
    context: typer.Context, document: DocumentId, yes: moving_in.Yes = False, json: Json = False
) -> None:
    """Make a character forget a document."""
    if not yes:
        typer.confirm("Delete it?", abort=True)
    request = DeleteDocumentRequest(document_id=document)
    call(context, lambda client: client.knowledge.delete_document(request))
    if json:
        show_json({})
        return
    typer.echo("It is deleted.")


def _taken(path: str) -> Handed:
    handed = handing.take(path)
    if handed.url:
        raise CommandFailed(f"{path} is an address: save what is there, and give the file.")
    return handed


async def _parts(
    who: PersonalityRef, handed: Handed, title: str
) -> AsyncIterator[UploadDocumentRequest]:
    yield UploadDocumentRequest(
        header=UploadDocumentHeader(
            personality=who,
            file_name=handed.name[-255:],
            title=title,
            size_bytes=len(handed.content),
            sha256=handed.sha256,
        )
    )
    for chunk in handed.chunks:
        yield UploadDocumentRequest(chunk=chunk)


def _show_documents(found: list[Document]) -> None:
    show_table(
        ("id", "title", "characters", "passages"),
        ((d.id, one_line(d.title, 60), d.character_count, d.passage_count) for d in found),
    )
