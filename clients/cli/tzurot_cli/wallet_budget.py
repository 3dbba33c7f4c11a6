"""`tzurot wallet budget`: what may be spent in a day or a month."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import typer

from tzurot_cli import places, wallet_usage
from tzurot_cli.calling import Json, call, personality
from tzurot_cli.console import as_json, one_line, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.tzurot.wallet.v1 import (
    Budget,
    BudgetPeriod,
    BudgetScope,
    ListApiKeysRequest,
    ListBudgetsRequest,
    ListChannelBudgetsRequest,
    ListServerBudgetsRequest,
    UpdateBudgetRequest,
    UpdateChannelBudgetRequest,
    UpdateServerBudgetRequest,
)

app = typer.Typer(help="What may be spent in a day or a month.", no_args_is_help=True)

_SCOPES = {
    BudgetScope.PERSON: "you",
    BudgetScope.API_KEY: "key",
    BudgetScope.PERSONALITY: "character",
    BudgetScope.SERVER: "server",
    BudgetScope.CHANNEL: "channel",
}


class Span(StrEnum):
    """A period as it is typed."""

    DAY = "day"
    MONTH = "month"


Period = Annotated[Span, typer.Argument(help="For what time; days and months are those of UTC.")]
Key = Annotated[str, typer.Option("--key", help="Of one of your keys: its name or id.")]
Server = Annotated[bool, typer.Option("--server", help="The operator's, for what the server pays.")]
Character = Annotated[
    str, typer.Option("--character", help="The operator's, for a character: slug, id or name.")
]
Channel = Annotated[
    str,
    typer.Option(
        "--channel", metavar="PLACE", help="A channel's that you moderate: PLATFORM:SPACE/CHANNEL."
    ),
]


@app.command("list")
def list_all(
    context: typer.Context, server: Server = False, channel: Channel = "", json: Json = False
) -> None:
    """List budgets, and what of them is spent."""
    if server and channel:
        raise CommandFailed("Name one of --server and --channel.")
    place = places.parsed(channel) if channel else None

    async def listed(client: Client) -> list[Budget]:
        if place:
            there = ListChannelBudgetsRequest(platform=place.platform, channel_id=place.channel_id)
            return (await client.wallet.list_channel_budgets(there)).budgets
        if server:
            return (await client.wallet.list_server_budgets(ListServerBudgetsRequest())).budgets
        return (await client.wallet.list_budgets(ListBudgetsRequest())).budgets

    found = call(context, listed)
    if json:
        show_json({"budgets": [as_json(it) for it in found]})
        return
    show_table(("for", "a", "spent", "of", "reached", "anew", "id"), _rows(found))


@app.command("set")
def put(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    period: Period,
    dollars: Annotated[float | None, typer.Option(min=0, max=1_000_000)] = None,
    tokens: Annotated[int | None, typer.Option(min=0, max=10**12)] = None,
    key: Key = "",
    character: Character = "",
    server: Server = False,
    channel: Channel = "",
    json: Json = False,
) -> None:
    """Set how much may be spent: in dollars where prices are known, or in tokens."""
    if dollars is None and tokens is None:
        raise CommandFailed("Say how much may be spent: --dollars, --tokens or both.")
    caps = (None if dollars is None else round(dollars * 1_000_000), tokens)
    _update(context, period, caps, (key, character, server, channel), json=json)


@app.command("remove")
def remove(  # noqa: PLR0913, PLR0917  as `set`
    context: typer.Context,
    period: Period,
    key: Key = "",
    character: Character = "",
    server: Server = False,
    channel: Channel = "",
    json: Json = False,
) -> None:
    """End a budget: any number may be spent again."""
    _update(context, period, (None, None), (key, character, server, channel), json=json)


def _update(
    context: typer.Context,
    period: Span,
    caps: tuple[int | None, int | None],
    whose: tuple[str, str, bool, str],
    *,
    json: bool,
) -> None:
    key, character, server, channel = whose
    if sum(map(bool, whose)) > 1:
        raise CommandFailed("Name one of --key, --character, --server and --channel.")
    place = places.parsed(channel) if channel else None
    number = BudgetPeriod[period.name]

    async def updated(client: Client) -> Budget:
        micros, tokens = caps
        if place:
            there = UpdateChannelBudgetRequest(
                platform=place.platform,
                channel_id=place.channel_id,
                period=number,
                cap_micros=micros,
                cap_tokens=tokens,
            )
            return (await client.wallet.update_channel_budget(there)).budget or Budget()
        if server or character:
            who = (await personality(client, character, quiet=json)).id if character else ""
            request = UpdateServerBudgetRequest(
                personality_id=who, period=number, cap_micros=micros, cap_tokens=tokens
            )
            return (await client.wallet.update_server_budget(request)).budget or Budget()
        paying = await key_id(client, key) if key else ""
        own = UpdateBudgetRequest(
            api_key_id=paying, period=number, cap_micros=micros, cap_tokens=tokens
        )
        return (await client.wallet.update_budget(own)).budget or Budget()

    budget = call(context, updated)
    if json:
        show_json({"budget": as_json(budget)})
    elif caps == (None, None):
        typer.echo("It is ended: any number may be spent.")
    else:
        typer.echo(f"{_capped(budget)} a {period}, of which {_spent(budget)} is spent.")


async def key_id(client: Client, named: str) -> str:
    """The id of a key of the person's own.

    Raises:
        CommandFailed: none is called so, or several.
    """
    keys = (await client.wallet.list_api_keys(ListApiKeysRequest())).api_keys
    found = [it.id for it in keys if named in (it.id, it.name)]
    if len(found) != 1:
        which = "several keys of this name: name one by its id" if found else "no such key"
        raise CommandFailed(f"You have {which}. `tzurot wallet key list` shows yours.")
    return found[0]


def _rows(found: Iterable[Budget]) -> Iterable[tuple[object, ...]]:
    for it in found:
        yield (
            _SCOPES.get(it.scope, "something else"),
            str(it.period).lower(),
            _spent(it),
            _capped(it),
            f"{it.reached_percent} %" if it.reached_percent else "",
            it.reset_time,
            one_line(it.api_key_id or it.personality_id or it.channel_id),
        )


def _spent(it: Budget) -> str:
    return _amounts(
        it.spent_micros if it.cap_micros is not None else None,
        it.spent_tokens if it.cap_tokens is not None else None,
    )


def _capped(it: Budget) -> str:
    return _amounts(it.cap_micros, it.cap_tokens)


def _amounts(micros: int | None, tokens: int | None) -> str:
    money = None if micros is None else wallet_usage.dollars(micros)
    return " and ".join(filter(None, (money, None if tokens is None else f"{tokens:,} tokens")))
