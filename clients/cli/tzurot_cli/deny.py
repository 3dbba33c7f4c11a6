"""`tzurot deny`: who is not answered, and where."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import uuid4

import betterproto2
import typer

from tzurot_cli.calling import Json, Limit, call, collect, personality
from tzurot_cli.console import as_json, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.tzurot.account.v1 import (
    CreateDenialRequest,
    DeleteDenialRequest,
    Denial,
    DenialKind,
    ListDenialsRequest,
)

app = typer.Typer(help="Who is not answered, and where.", no_args_is_help=True)

Platform = Annotated[str, typer.Option(help="On this platform only, such as discord.")]
Within = Annotated[
    str, typer.Option("--within", help="In this server of --platform only: its id there.")
]
_TARGETS = {
    "subject": "person",
    "space_id": "server",
    "channel_id": "channel",
    "personality_id": "character",
}


@app.command("add")
def add(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    subject: Annotated[
        str | None, typer.Argument(metavar="[SUBJECT]", help="A person, such as discord:123.")
    ] = None,
    space: Annotated[str | None, typer.Option("--server", help="A server: its id.")] = None,
    channel: Annotated[str | None, typer.Option(help="A channel with its threads: its id.")] = None,
    character: Annotated[str | None, typer.Option(help="A character: slug, id or name.")] = None,
    platform: Platform = "",
    within: Within = "",
    mute: Annotated[bool, typer.Option("--mute", help="Who is denied is not told.")] = False,
    reason: Annotated[str, typer.Option(help="Why, for moderators.")] = "",
    expire_days: Annotated[
        int | None, typer.Option(min=1, help="After how many days it ends.")
    ] = None,
    json: Json = False,
) -> None:
    """Keep somebody or something from being answered."""
    if sum(map(bool, (subject, space, channel, character))) != 1:
        raise CommandFailed("Deny one: a SUBJECT, --server, --channel or --character.")
    expire_time = datetime.now(UTC) + timedelta(days=expire_days) if expire_days else None
    denial = Denial(
        platform=platform,
        within_space_id=within,
        kind=DenialKind.MUTE if mute else DenialKind.BLOCK,
        reason=reason,
        expire_time=expire_time,
        subject=subject or None,
        space_id=space or None,
        channel_id=channel or None,
    )

    async def added(client: Client) -> Denial:
        if character:
            denial.personality_id = (await personality(client, character, quiet=json)).id
        request = CreateDenialRequest(denial=denial, request_id=str(uuid4()))
        return (await client.moderation.create_denial(request)).denial or Denial()

    made = call(context, added)
    if json:
        show_json({"denial": as_json(made)})
        return
    what, who = _target(made)
    typer.echo(f"The {what} {who} is denied ({made.id}).")


@app.command("list")
def list_all(
    context: typer.Context,
    platform: Platform = "",
    within: Within = "",
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List denials, newest first."""

    async def listed(client: Client) -> list[Denial]:
        return await collect(
            limit,
            lambda size, token: client.moderation.list_denials(
                ListDenialsRequest(
                    platform=platform, within_space_id=within, page_size=size, page_token=token
                )
            ),
            lambda page: page.denials,
        )

    found = call(context, listed)
    if json:
        show_json({"denials": [as_json(each) for each in found]})
        return
    show_table(
        ("id", "what", "who", "platform", "within", "by", "kind", "expires", "reason"),
        (
            (
                it.id,
                *_target(it),
                it.platform,
                it.within_space_id,
                "operator" if it.by_operator else "moderator",
                (it.kind.name or "").lower(),
                it.expire_time,
                it.reason,
            )
            for it in found
        ),
    )


@app.command("remove")
def remove(
    context: typer.Context,
    denial_id: Annotated[str, typer.Argument(help="As `deny list` shows it.")],
    platform: Platform = "",
    within: Within = "",
    json: Json = False,
) -> None:
    """Take a denial back."""
    request = DeleteDenialRequest(denial_id=denial_id, platform=platform, within_space_id=within)
    call(context, lambda client: client.moderation.delete_denial(request))
    if json:
        show_json({})
        return
    typer.echo(f"The denial {denial_id} is taken back.")


def _target(denial: Denial) -> tuple[str, str]:
    """What is denied, and its id."""
    name, value = betterproto2.which_one_of(denial, "target")
    return _TARGETS.get(name, ""), str(value or "")
