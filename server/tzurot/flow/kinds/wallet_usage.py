"""`wallet usage`: what models were asked for somebody, what it cost, and what may be spent.

    sums → chart

A budget is set in the same place: it is what somebody thinks of who has just read what they spent.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from tzurot import clock
from tzurot.flow.kind import Answers, At, Kind, Step
from tzurot.flow.kinds import budget_words
from tzurot.flow.views import Action, Asks, Choice, Document, Field, Item, Style, View, line
from tzurot.transport.subject import Caller
from tzurot.wallet.budgets.budgets import Budgets, Target
from tzurot.wallet.budgets.periods import Period
from tzurot.wallet.budgets.standing import Standing
from tzurot.wallet.catalogue import price
from tzurot.wallet.usage import chart
from tzurot.wallet.usage.usage import Group, Summed, Told, Usage, span_of

_MOST_ITEMS = 15
_BY = {
    Group.DAY: "Day",
    Group.MODEL: "Model",
    Group.PERSONALITY: "Character",
    Group.CONVERSATION: "Conversation",
    Group.PURPOSE: "What for",
}
_SPANS = {"1": "Today", "7": "7 days", "30": "30 days", "365": "A year"}


class WalletUsage(Kind):
    """Shows sums, and sets the person's budgets."""

    path = "wallet usage"
    summary = "What models were asked for you, what it cost, and how much may be spent."

    def __init__(self, usage: Usage, budgets: Budgets) -> None:
        self._usage = usage
        self._budgets = budgets

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The last 30 days, day by day."""
        return Step("sums", {"by": Group.DAY.value, "days": "30"})

    async def view(self, who: Caller, at: At) -> View:
        """The sums as they are now, or the days as a picture."""
        if at.step == "chart":
            return await self._chart(who, int(at.draft["days"]))
        group, days = Group(at.draft["by"]), int(at.draft["days"])
        told = await self._told(who, group, days)
        budgets = await self._budgets.own(who.person_id)
        sums = told.groups[::-1] if group is Group.DAY else told.groups
        return View(
            "What was spent",
            "\n".join(_sentences(told.total, budgets)),
            fields=(*_looks(group, str(days)), *budget_words.FIELDS),
            items=tuple(
                Item(line(_name(it, group), 120), _amount(it)) for it in sums[:_MOST_ITEMS]
            ),
            actions=(
                Action("look", "Look at it otherwise", Style.PRIMARY, asks=("by", "days")),
                Action("budget", "Set a budget", asks=budget_words.ASKS),
                *((Action("chart", "Draw the days"),) if told.total.attempt_count else ()),
            ),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Look at it otherwise, or set a budget."""
        if action in {"chart", "back"}:
            return Step("chart" if action == "chart" else "sums", at.draft)
        given = {key: values[0].strip() if values else "" for key, values in answers.items()}
        if action == "look":
            return Step("sums", {**at.draft, **{key: it for key, it in given.items() if it}})
        micros, tokens = budget_words.caps(given)
        target = Target("person", who.person_id)
        await self._budgets.put(target, Period(given["period"]), micros, tokens)
        ended = micros is None and tokens is None
        return Step("sums", at.draft, told="It is ended." if ended else "It is set.")

    async def _told(self, who: Caller, group: Group, days: int) -> Told:
        """Of so many days, today's the last."""
        now = clock.now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        span = span_of(midnight - timedelta(days=days - 1), now)
        return await self._usage.of(who.person_id, span, group)

    async def _chart(self, who: Caller, days: int) -> View:
        told = await self._told(who, Group.DAY, days)
        drawn = await asyncio.to_thread(chart.png, told)
        return View(
            f"What was spent: {_SPANS[str(days)]}",
            f"Altogether {_amount(told.total)}.",
            actions=(Action("back", "Back"),),
            document=Document("usage.png", drawn),
        )


def _looks(group: Group, days: str) -> tuple[Field, Field]:
    by = tuple(Choice(it.value, label) for it, label in _BY.items())
    spans = tuple(Choice(it, label) for it, label in _SPANS.items())
    return (
        Field("by", "By", Asks.CHOICE, choices=by, values=(group.value,)),
        Field("days", "Of what time", Asks.CHOICE, choices=spans, values=(days,)),
    )


def _sentences(total: Summed, budgets: Sequence[Standing]) -> Iterator[str]:
    if total.attempt_count:
        yield f"Altogether {_amount(total)}."
    else:
        yield "No model was asked for you in this time."
    if total.unpriced_count:
        yield f"Of {total.unpriced_count} requests nobody knows what they cost."
    for it in budgets:
        whose = "Your budget" if it.target.kind == "person" else "The budget of a key of yours"
        yield f"{whose} for a {it.period}: {budget_words.left(it)}"


def _name(it: Summed, group: Group) -> str:
    if group is Group.CONVERSATION:
        return f"{it.name} · {it.key[-8:] or 'in no conversation'}"
    return it.name


def _amount(it: Summed) -> str:
    cost = "cost unknown" if it.cost_micros is None else price.dollars(it.cost_micros)
    some = " and more" if it.cost_micros is not None and it.unpriced_count else ""
    return (
        f"{cost}{some} · {it.prompt_tokens:,} tokens in, {it.completion_tokens:,} out ·"
        f" {it.attempt_count:,} request{'' if it.attempt_count == 1 else 's'}"
    )
