"""`tzurot wallet sponsor`: a key of one's own that pays for the members of a server."""

from typing import Annotated

import typer

from tzurot_cli import wallet_usage
from tzurot_cli.calling import Json, call
from tzurot_cli.console import as_json, clean, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_cli.wallet_budget import key_id
from tzurot_client import Client
from tzurot_client.gen.tzurot.wallet.v1 import (
    DeleteSponsorRequest,
    ListSponsorsRequest,
    Sponsor,
    SponsorSpaceRequest,
    UpdateSponsorRequest,
)

app = typer.Typer(help="Keys of yours that pay for members of a server.", no_args_is_help=True)

Which = Annotated[str, typer.Argument(metavar="ID", help="As `tzurot wallet sponsor list` has it.")]
Amount = Annotated[float | None, typer.Option(min=0, max=1_000_000)]


@app.command("add")
def add(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="Which of your keys: its name or id.")],
    server: Annotated[str, typer.Argument(metavar="PLATFORM:SPACE", help="For whose members.")],
    dollars: Annotated[float, typer.Option(min=0, max=1_000_000, help="A day, for all together.")],
    each: Annotated[float, typer.Option(min=0, max=1_000_000, help="A day, for each member.")],
    model: Annotated[str, typer.Option(help="Which model answers them.")] = "",
    json: Json = False,
) -> None:
    """Have a key of yours pay for members of a server that you moderate."""
    platform, _, space = server.partition(":")
    if not platform or not space:
        raise CommandFailed(f"{server!r} is no server: it must be PLATFORM:SPACE.")

    async def added(client: Client) -> Sponsor:
        request = SponsorSpaceRequest(
            platform=platform,
            space_id=space,
            api_key_id=await key_id(client, key),
            model=model,
            cap_micros=_micros(dollars),
            member_cap_micros=_micros(each),
        )
        return (await client.sponsor.sponsor_space(request)).sponsor or Sponsor()

    _tell(call(context, added), json=json)


@app.command("list")
def list_all(context: typer.Context, json: Json = False) -> None:
    """List where keys of yours pay for others, and what that cost."""
    response = call(context, lambda client: client.sponsor.list_sponsors(ListSponsorsRequest()))
    if json:
        show_json(as_json(response))
        return
    show_table(
        ("server", "model", "today", "of", "each", "30 days", "requests", "anew", "id"),
        (
            (
                f"{it.platform}:{it.space_id}",
                it.model,
                wallet_usage.dollars(it.spent_micros),
                wallet_usage.dollars(it.cap_micros),
                wallet_usage.dollars(it.member_cap_micros),
                wallet_usage.dollars(it.recent_micros),
                it.recent_request_count,
                it.reset_time,
                it.id,
            )
            for it in response.sponsors
        ),
    )


@app.command("set")
def put(
    context: typer.Context,
    sponsor: Which,
    dollars: Amount = None,
    each: Amount = None,
    json: Json = False,
) -> None:
    """Give more or less a day: to all together, to each member, or both."""
    if dollars is None and each is None:
        raise CommandFailed("Say how much: --dollars, --each or both.")

    async def changed(client: Client) -> Sponsor:
        request = UpdateSponsorRequest(
            sponsor_id=sponsor,
            cap_micros=None if dollars is None else _micros(dollars),
            member_cap_micros=None if each is None else _micros(each),
        )
        return (await client.sponsor.update_sponsor(request)).sponsor or Sponsor()

    _tell(call(context, changed), json=json)


@app.command("remove")
def remove(context: typer.Context, sponsor: Which, json: Json = False) -> None:
    """Pay for others no more. The key itself stays."""
    request = DeleteSponsorRequest(sponsor_id=sponsor)
    call(context, lambda client: client.sponsor.delete_sponsor(request))
    if json:
        show_json({})
        return
    typer.echo("It pays no more.")


def _tell(it: Sponsor, *, json: bool) -> None:
    if json:
        show_json({"sponsor": as_json(it)})
        return
    all_, each = wallet_usage.dollars(it.cap_micros), wallet_usage.dollars(it.member_cap_micros)
    spent = wallet_usage.dollars(it.spent_micros)
    typer.echo(f"{clean(it.model)} answers members of {clean(it.platform)}:{clean(it.space_id)}.")
    typer.echo(f"{all_} a day for all, of which {spent} is spent; {each} for each member.")


def _micros(dollars: float) -> int:
    return round(dollars * 1_000_000)
