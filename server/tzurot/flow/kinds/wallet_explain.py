"""`wallet explain`: who pays for a person's turns, and why nobody else does."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.flow.kind import Answers, At, Kind, Origin, Step
from tzurot.flow.kinds import choosing, naming
from tzurot.flow.views import Action, Choice, Item, View, line
from tzurot.llm.data_policy import DataPolicy
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Characters
from tzurot.session.said import Place
from tzurot.session.settings.deciding import Deciding
from tzurot.transport.subject import Caller
from tzurot.wallet.explaining import explained
from tzurot.wallet.paying import Payer, Wallet
from tzurot.wallet.plan import Alternative, Plan, Route

_ROUTES = {
    Route.OWN_KEY: "Your own key",
    Route.SPONSOR: "A sponsor of this server",
    Route.OPERATORS_KEY: "The key of whoever runs this server",
    Route.FREE_MODEL: "A model that costs nothing",
    Route.OPEN_ADDRESS: "An address that wants no key",
    Route.LOCAL: "A model on this server's own machine",
}


class WalletExplain(Kind):
    """Shows every alternative in the order in which they are asked."""

    path = "wallet explain"
    summary = "Who pays for your turns, and why nobody else does."
    arguments = (choosing.CHARACTER,)

    def __init__(self, wallet: Wallet, deciding: Deciding, characters: Characters) -> None:
        self._wallet = wallet
        self._deciding = deciding
        self._characters = characters

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees."""
        return await choosing.offered(self._characters, who, typed)

    async def begin(self, who: Caller, arguments: Mapping[str, str], origin: Origin) -> Step:
        """As things stand where it is asked."""
        step, place = await self.start(who, arguments), origin.place
        if place is None or place.venue is Venue.DIRECT:
            return step
        place.require_own(who)
        there = (place.platform, place.space_id, place.channel_id, place.parent_channel_id)
        return Step(step.name, {**step.draft, "place": there})

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """With any character, or with one."""
        draft: dict[str, Any] = {}
        if "character" in arguments:
            meant = await choosing.meant(self._characters, who, arguments["character"])
            draft["personality_id"] = str(meant.id)
        return Step("shown", draft)

    async def view(self, who: Caller, at: At) -> View:
        """The alternatives."""
        ref = UUID(at.draft["personality_id"]) if "personality_id" in at.draft else None
        place = _place(at)
        found = await self._deciding.explain(who, ref, place)
        space = place.space if place else None
        payer = Payer(who.person_id, who.subject, found.chosen.policy, space)
        plan = await self._wallet.plan(payer)
        title = "Who pays for your turns"
        if ref:
            character = (await self._characters.get(who.person_id, ref)).personality
            title += f" with {await naming.told(self._characters, who, character)}"
        now = clock.now()
        return View(
            title,
            "\n".join(_sentences(plan)),
            items=tuple(
                Item(_title(it, plan), explained(it, plan, now)) for it in plan.alternatives
            ),
            actions=(Action("refresh", "Refresh"),),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Look again."""
        return Step("shown", at.draft)


def _place(at: At) -> Place | None:
    if "place" not in at.draft:
        return None
    platform, space_id, channel_id, parent_channel_id = at.draft["place"]
    return Place(platform, space_id, channel_id, Venue.PUBLIC_CHANNEL, parent_channel_id)


def _sentences(plan: Plan) -> Iterator[str]:
    if plan.taken is None:
        yield plan.error.message
    if plan.policy is not DataPolicy.NONE:
        yield f"Your words are to be {plan.policy.in_words}."


def _title(it: Alternative, plan: Plan) -> str:
    model = f": {line(it.candidate.speaker.model, 100)}" if it.candidate else ""
    return f"{'→ ' if it is plan.taken else ''}{_ROUTES[it.route]}{model}"
