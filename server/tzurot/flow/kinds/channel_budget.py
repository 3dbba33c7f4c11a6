"""`channel budget`: what may be spent in a channel, but for people's own keys."""

from collections.abc import Mapping

from tzurot.flow.kind import Answers, At, Step
from tzurot.flow.kinds import budget_words, in_channel
from tzurot.flow.kinds.in_channel import InChannel
from tzurot.flow.views import Action, Item, Style, View
from tzurot.session.said import Place
from tzurot.transport.subject import Caller
from tzurot.wallet.budgets.budgets import Budgets, Target
from tzurot.wallet.budgets.periods import Period

_BODY = (
    "It counts what is answered here and in threads of this channel, whoever pays, but for people's"
    " own keys. What would take more than is left is refused."
)


class ChannelBudget(InChannel):
    """Shows the channel's budgets, and sets them."""

    path = "channel budget"
    summary = "How much may be spent in this channel in a day or a month."

    def __init__(self, budgets: Budgets) -> None:
        self._budgets = budgets

    async def begin_in(self, who: Caller, place: Place, arguments: Mapping[str, str]) -> Step:
        """What is set now."""
        return Step("budgets")

    async def view(self, who: Caller, at: At) -> View:
        """The budgets as they stand."""
        place = in_channel.place_of(who, at)
        found = await self._budgets.of_channel(who, place.platform, place.channel_id)
        return View(
            "What may be spent in this channel",
            _BODY,
            fields=budget_words.FIELDS,
            items=tuple(Item(f"A {it.period}", budget_words.left(it)) for it in found),
            actions=(Action("set", "Set a budget", Style.PRIMARY, asks=budget_words.ASKS),),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Set one, or end it."""
        place = in_channel.place_of(who, at)
        given = {key: values[0].strip() if values else "" for key, values in answers.items()}
        caps = budget_words.caps(given)
        target = Target("channel", platform=place.platform, channel_id=place.channel_id)
        await self._budgets.put_for_channel(who, target, Period(given["period"]), caps)
        told = "It is ended." if caps == (None, None) else "It is set."
        return Step("budgets", at.draft, told=told)
