"""Asking for usage and budgets, and spending."""

from typing import Any
from uuid import uuid4

from tests.calling import Client, request_for
from tests.contract.residents import saying


async def character(who: Client) -> str:
    """The id of a new character of theirs."""
    new = request_for("CreatePersonality", personality={"name": f"Lilith {uuid4().hex}"})
    return str((await who.call("CreatePersonality", new)).personality.id)


async def said(who: Client, words: str, to: str) -> list[Any]:
    """The events of a turn."""
    return [it.event for it in await who.call("Chat", saying(words, to))]


async def records(who: Client, **asked: Any) -> Any:
    """What was asked for them, oldest first."""
    found = await who.call("ListUsageRecords", request_for("ListUsageRecords", **asked))
    return list(found.usage_records)[::-1]


async def usage(who: Client, group: str) -> Any:
    """What that adds up to."""
    return await who.call("GetUsage", request_for("GetUsage", group_by=f"USAGE_GROUPING_{group}"))


async def budget(who: Client, period: str = "DAY", **caps: Any) -> Any:
    """One of their budgets, with these caps."""
    asked = request_for("UpdateBudget", period=f"BUDGET_PERIOD_{period}", **caps)
    return (await who.call("UpdateBudget", asked)).budget
