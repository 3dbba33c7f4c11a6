"""`tzurot token`: who may call this server. Needs a token with the scope `admin`."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import uuid4

import typer

from tzurot_cli.calling import Json, Limit, call, collect
from tzurot_cli.console import as_json, console, show_json, show_table
from tzurot_client import Client
from tzurot_client.gen.tzurot.account.v1 import (
    CreateServiceTokenRequest,
    ListServiceTokensRequest,
    RevokeServiceTokenRequest,
    ServiceToken,
)

app = typer.Typer(help="Service tokens: who may call this server.", no_args_is_help=True)


@app.command("create")
def create(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    name: Annotated[str, typer.Option(help="What the token is for.")],
    scope: Annotated[list[str], typer.Option(help="What its holder may do; repeat it.")],
    subject: Annotated[str, typer.Option(help="Who calls when a call names nobody.")] = "",
    acts_for: Annotated[
        list[str] | None, typer.Option(help="A subject, `discord:*` or `*`; repeat it.")
    ] = None,
    expire_days: Annotated[
        int | None, typer.Option(min=1, help="After how many days it stops working.")
    ] = None,
    json: Json = False,
) -> None:
    """Create a token. Its secret goes to stdout, once: nobody can read it again."""
    expire_time = datetime.now(UTC) + timedelta(days=expire_days) if expire_days else None
    token = ServiceToken(
        name=name, scopes=scope, subject=subject, acts_for=acts_for or [], expire_time=expire_time
    )
    request = CreateServiceTokenRequest(service_token=token, request_id=str(uuid4()))
    response = call(context, lambda client: client.admin.create_service_token(request))
    if json:
        show_json(as_json(response))
        return
    made = response.service_token or ServiceToken()
    console(stderr=True).print(f"The token {made.id}; its secret is shown this once:")
    typer.echo(response.secret)


@app.command("list")
def list_all(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    """List all tokens, newest first, revoked ones included."""

    async def listed(client: Client) -> list[ServiceToken]:
        return await collect(
            limit,
            lambda size, token: client.admin.list_service_tokens(
                ListServiceTokensRequest(page_size=size, page_token=token)
            ),
            lambda page: page.service_tokens,
        )

    found = call(context, listed)
    if json:
        show_json({"service_tokens": [as_json(each) for each in found]})
        return
    show_table(
        ("id", "name", "subject", "acts for", "scopes", "last used", "expires", "revoked"),
        ((t.id, t.name, t.subject, t.acts_for, t.scopes, *_times(t)) for t in found),
    )


@app.command("revoke")
def revoke(
    context: typer.Context,
    token_id: Annotated[str, typer.Argument(help="As `token list` shows it.")],
    json: Json = False,
) -> None:
    """End a token at once."""
    request = RevokeServiceTokenRequest(token_id=token_id)
    call(context, lambda client: client.admin.revoke_service_token(request))
    if json:
        show_json({})
        return
    typer.echo(f"The token {token_id} is revoked.")


def _times(token: ServiceToken) -> tuple[datetime | None, datetime | None, datetime | None]:
    return token.last_use_time, token.expire_time, token.revoke_time
