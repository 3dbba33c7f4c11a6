"""`tzurot knowledge`: the stories and documents that characters know."""

from typing import Annotated

import typer

from tzurot_cli import moving_in
from tzurot_cli.calling import Json, Limit, call, collect, ref
from tzurot_cli.console import as_json, clean, one_line, show_json, show_table
from tzurot_client import Client
from tzurot_client.gen.tzurot.personality.v1 import (
    DeleteDocumentRequest,
    Document,
    GetDocumentRequest,
    ListDocumentsRequest,
    SearchKnowledgeRequest,
)

app = typer.Typer(help="What characters know from documents.", no_args_is_help=True)

DocumentId = Annotated[
    str, typer.Argument(metavar="DOCUMENT_ID", help="As `knowledge list` shows it.")
]
Character = Annotated[str, typer.Argument(metavar="PERSONALITY", help="Slug or id.")]


@app.command("list")
def list_all(
    context: typer.Context, character: Character, limit: Limit = 50, json: Json = False
) -> None:
    """List the documents of a character of yours, newest first."""

    async def listed(client: Client) -> list[Document]:
        return await collect(
            limit,
            lambda size, token: client.knowledge.list_documents(
                ListDocumentsRequest(personality=ref(character), page_size=size, page_token=token)
            ),
            lambda page: page.documents,
        )

    found = call(context, listed)
    if json:
        show_json({"documents": [as_json(each) for each in found]})
        return
    show_table(
        ("id", "title", "characters", "passages"),
        ((d.id, one_line(d.title, 60), d.character_count, d.passage_count) for d in found),
    )


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
    request = SearchKnowledgeRequest(personality=ref(character), query=query, limit=limit)
    found = call(context, lambda client: client.knowledge.search_knowledge(request)).passages
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
