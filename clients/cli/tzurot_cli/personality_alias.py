"""`tzurot personality alias`: the names that characters are found by besides their own."""

from typing import Annotated
from uuid import uuid4

import typer

from tzurot_cli.calling import Json, Limit, Named, call, collect, refer
from tzurot_cli.console import as_json, clean, console, show_json, show_table
from tzurot_cli.labels import labels
from tzurot_client import Client
from tzurot_client.gen.tzurot.personality.v1 import (
    CreatePersonalityAliasRequest,
    CreatePersonalityAliasResponse,
    DeletePersonalityAliasRequest,
    ListPersonalityAliasesRequest,
    PersonalityAlias,
)

app = typer.Typer(help="Other names of characters.", no_args_is_help=True)


@app.command("add")
def add(
    context: typer.Context,
    name: Named,
    alias: Annotated[str, typer.Argument(metavar="ALIAS", help="The new name, without an @.")],
    everybody: Annotated[
        bool, typer.Option("--global", help="For everybody who sees it, not for you alone.")
    ] = False,
    json: Json = False,
) -> None:
    """Give a character another name; what else the name means is told."""

    async def added(client: Client) -> CreatePersonalityAliasResponse:
        ref = await refer(client, name, quiet=json)
        request = CreatePersonalityAliasRequest(
            personality=ref, alias=alias, global_=everybody, request_id=str(uuid4())
        )
        return await client.alias.create_personality_alias(request)

    response = call(context, added)
    if json:
        show_json(as_json(response))
        return
    made = response.alias or PersonalityAlias()
    typer.echo(
        f"{clean(made.alias)} is {'a name for everybody' if everybody else 'your name'} now."
    )
    for warning in response.warnings:
        console(stderr=True).print(clean(warning), soft_wrap=True)


@app.command("list")
def list_all(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[PERSONALITY]", help="Of this character alone.")
    ] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List a character's other names, or all that are yours alone; newest first."""

    async def listed(client: Client) -> tuple[list[PersonalityAlias], dict[str, str]]:
        ref = await refer(client, name, quiet=json) if name else None
        aliases = await collect(
            limit,
            lambda size, token: client.alias.list_personality_aliases(
                ListPersonalityAliasesRequest(personality=ref, page_size=size, page_token=token)
            ),
            lambda page: page.aliases,
        )
        return aliases, {} if json else await labels(client, (it.personality_id for it in aliases))

    found, whose = call(context, listed)
    if json:
        show_json({"aliases": [as_json(each) for each in found]})
        return
    show_table(
        ("id", "alias", "for", "personality"),
        (
            (it.id, it.alias, "everybody" if it.global_ else "you", whose.get(it.personality_id))
            for it in found
        ),
    )


@app.command("remove")
def remove(
    context: typer.Context,
    alias_id: Annotated[str, typer.Argument(metavar="ALIAS_ID", help="As `alias list` shows it.")],
    json: Json = False,
) -> None:
    """Take a name away."""
    request = DeletePersonalityAliasRequest(alias_id=alias_id)
    call(context, lambda client: client.alias.delete_personality_alias(request))
    if json:
        show_json({})
        return
    typer.echo("It is no name any more.")
