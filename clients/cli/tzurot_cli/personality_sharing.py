"""`tzurot personality share`, `unshare` and `shares`: who may do what with a character."""

from enum import StrEnum
from typing import Annotated

import typer

from tzurot_cli.calling import Json, Limit, Named, call, collect, refer
from tzurot_cli.console import as_json, clean, moment, show_json, show_table
from tzurot_client import Client
from tzurot_client.gen.tzurot.personality.v1 import (
    ListPersonalitySharesRequest,
    PersonalityRole,
    PersonalityShare,
    SharePersonalityRequest,
    SharePersonalityResponse,
    UnsharePersonalityRequest,
)


class Role(StrEnum):
    """The roles that can be given."""

    USER = "user"
    VIEWER = "viewer"
    EDITOR = "editor"
    BLOCKED = "blocked"


_MEANS = {
    Role.USER: "may talk with it unless it is private",
    Role.VIEWER: "co-owns it now and reads all of it",
    Role.EDITOR: "co-owns it now and may change it",
    Role.BLOCKED: "does not see it any more",
}

Subject = Annotated[str, typer.Argument(metavar="SUBJECT", help="Who, such as discord:123.")]


def share(
    context: typer.Context,
    name: Named,
    subject: Subject,
    role: Annotated[Role, typer.Option(help="What they may do.")],
    json: Json = False,
) -> None:
    """Give somebody a role with a character of yours, instead of any that they had."""

    async def shared(client: Client) -> SharePersonalityResponse:
        ref = await refer(client, name, quiet=json)
        given = PersonalityRole[role.name]
        request = SharePersonalityRequest(personality=ref, subject=subject, role=given)
        return await client.sharing.share_personality(request)

    response = call(context, shared)
    if json:
        show_json(as_json(response))
        return
    who = clean((response.share or PersonalityShare()).name) or subject
    typer.echo(f"{who} {_MEANS[role]}.")


def unshare(context: typer.Context, name: Named, subject: Subject, json: Json = False) -> None:
    """Take somebody's role away; your own you may give up yourself."""

    async def unshared(client: Client) -> None:
        ref = await refer(client, name, quiet=json)
        request = UnsharePersonalityRequest(personality=ref, subject=subject)
        await client.sharing.unshare_personality(request)

    call(context, unshared)
    if json:
        show_json({})
        return
    typer.echo(f"{subject} has no role there any more.")


def shares(context: typer.Context, name: Named, limit: Limit = 50, json: Json = False) -> None:
    """List who has a role with a character, the latest given first."""

    async def listed(client: Client) -> list[PersonalityShare]:
        ref = await refer(client, name, quiet=json)
        return await collect(
            limit,
            lambda size, token: client.sharing.list_personality_shares(
                ListPersonalitySharesRequest(personality=ref, page_size=size, page_token=token)
            ),
            lambda page: page.shares,
        )

    found = call(context, listed)
    if json:
        show_json({"shares": [as_json(each) for each in found]})
        return
    show_table(
        ("who", "name", "role", "since"),
        ((it.subject, it.name, str(it.role).lower(), moment(it.create_time)) for it in found),
    )
