"""`tzurot wallet usage`: what models were asked for somebody, and what it cost."""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tzurot_cli.calling import Json, call
from tzurot_cli.console import as_json, clean, one_line, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.tzurot.wallet.v1 import (
    GetUsageRequest,
    GetUsageResponse,
    ListUsageRecordsRequest,
    UsageGrouping,
    UsageRecord,
    UsageSum,
)

_BAR = 24  # columns of the longest bar
_EIGHTHS = " ▏▎▍▌▋▊▉"
_PAGE = 200
_COLUMNS = (
    "id",
    "create_time",
    "payer",
    "api_key_id",
    "provider",
    "model",
    "purpose",
    "personality_id",
    "personality_name",
    "conversation_id",
    "turn_id",
    "prompt_tokens",
    "completion_tokens",
    "cached_tokens",
    "reasoning_tokens",
    "estimated",
    "cost_micros",
    "input_micros",
    "output_micros",
    "cached_input_micros",
    "latency",
    "outcome",
)


class By(StrEnum):
    """By what usage is added up, as it is typed."""

    DAY = "day"
    MODEL = "model"
    CHARACTER = "character"
    CONVERSATION = "conversation"
    PURPOSE = "purpose"


_GROUPINGS = {it: UsageGrouping[it.name] for it in By if it is not By.CHARACTER}


def usage(
    context: typer.Context,
    by: Annotated[By, typer.Option(help="By what it is added up.")] = By.DAY,
    days: Annotated[int, typer.Option(min=1, max=3_650, help="Of how many days.")] = 30,
    to_csv: Annotated[
        Path | None,
        typer.Option("--csv", help="Write each request to a provider to this file instead."),
    ] = None,
    json: Json = False,
) -> None:
    """Show what models were asked for you, and what it cost. Days are those of UTC."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight - timedelta(days=days - 1)
    if to_csv:
        written = call(context, lambda client: _written(client, start, to_csv))
        show_json({"records": written}) if json else typer.echo(
            f"{one_line(str(to_csv))} is written: {written} requests."
        )
        return
    request = GetUsageRequest(
        group_by=_GROUPINGS.get(by, UsageGrouping.PERSONALITY), start_time=start
    )
    found = call(context, lambda client: client.wallet.get_usage(request))
    if json:
        show_json(as_json(found))
    else:
        _show(found, by)


def _show(found: GetUsageResponse, by: By) -> None:
    total = found.total or UsageSum()
    if not total.attempt_count:
        typer.echo("No model was asked for you in this time.")
        return
    weights = [_weight(it, total) for it in found.sums]
    most = max(weights, default=0)
    show_table(
        (by.value, "cost", "in", "out", "requests", ""),
        (
            (
                _called(it, by),
                cost(it),
                it.prompt_tokens,
                it.completion_tokens,
                it.attempt_count,
                bar(weight, most),
            )
            for it, weight in zip(found.sums, weights, strict=True)
        ),
    )
    typer.echo(
        f"Altogether {cost(total)}: {total.prompt_tokens:,} tokens in"
        f" ({total.cached_tokens:,} of them cached), {total.completion_tokens:,} out."
    )
    if total.unpriced_count:
        typer.echo(f"Of {total.unpriced_count} requests nobody knows what they cost.")


def cost(it: UsageSum) -> str:
    """What is known of a cost; a question mark for what is not."""
    if it.cost_micros is None:
        return "?"
    return f"{dollars(it.cost_micros)}{' + ?' if it.unpriced_count else ''}"


def dollars(micros: int) -> str:
    """A sum of money: to the cent, below a dollar to its hundredth, and what is less exactly."""
    digits = 2 if micros >= 1_000_000 else 6 if 0 < micros < 100 else 4
    return f"${micros / 1_000_000:,.{digits}f}"


def bar(weight: int, most: int) -> str:
    """A bar as long as `weight` is of `most`, to an eighth of a column."""
    eighths = round(weight * _BAR * 8 / most) if most else 0
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def _weight(it: UsageSum, total: UsageSum) -> int:
    """Bars are of money, or of tokens where no cost is known."""
    return (it.cost_micros or 0) if total.cost_micros else it.prompt_tokens + it.completion_tokens


def _called(it: UsageSum, by: By) -> str:
    if by is By.CONVERSATION:
        return f"{it.name} {it.key[-8:] or '(in none)'}"
    return it.name


async def _written(client: Client, start: datetime, file: Path) -> int:
    """Write all records to a file, oldest first; how many.

    Raises:
        CommandFailed: it can't be written.
    """
    found: list[UsageRecord] = []
    token = ""
    while True:
        request = ListUsageRecordsRequest(start_time=start, page_size=_PAGE, page_token=token)
        page = await client.wallet.list_usage_records(request)
        found += page.usage_records
        token = page.next_page_token
        if not token:
            break
    try:
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow(_COLUMNS)
            writer.writerows(_cells(found[::-1]))
    except OSError as error:
        raise CommandFailed(f"{one_line(str(file))} can't be written: {error.strerror}.") from None
    return len(found)


def _cells(records: Sequence[UsageRecord]) -> Iterator[list[str]]:
    for record in records:
        values = as_json(record)
        yield [_cell(values.get(name)) for name in _COLUMNS]


def _cell(value: object) -> str:
    """A value that no spreadsheet takes for a formula: names and models come from others."""
    text = "" if value is None else clean(str(value))
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
