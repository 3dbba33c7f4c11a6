"""`me front`: under which persona somebody speaks where no service speaks for them.

It is also where the members of a system decide what goes for all of them: whether it is looked up
who fronts, and whether they share what is remembered of each.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.account.personas import Personas, called
from tzurot.errors import PersonaNotFound
from tzurot.flow.drawing import CLOSE
from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.views import ITEM, MAX_CHOICES, Action, Choice, Item, View
from tzurot.session.settings.deciding import Deciding
from tzurot.session.settings.settings import Chosen
from tzurot.transport.subject import Caller

_USUAL = "usual"  # in place of a persona's id
_LOOKED_THROUGH = 200


class MeFront(Kind):
    """Shows who is in front, and lets another persona come there."""

    path = "me front"
    summary = "Say which of your personas speaks."
    arguments = (Argument("persona", "Who speaks.", completes=True),)

    def __init__(self, personas: Personas, deciding: Deciding) -> None:
        self._personas = personas
        self._deciding = deciding

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """Personas whose names hold what was typed."""
        folded = typed.casefold()
        items = await self._items(who)
        return [Choice(it.key, it.title) for it in items if folded in it.title.casefold()]

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The personas to choose from, or the question whether it is to be this one."""
        if (wanted := arguments.get("persona", "")) == "":
            return Step("choose")
        folded = wanted.casefold()
        found = [it for it in await self._items(who) if folded in (it.key, it.title.casefold())]
        if not found:
            raise PersonaNotFound(wanted[:80])
        return Step("confirm", {"key": found[0].key, "name": found[0].title})

    async def view(self, who: Caller, at: At) -> View:
        """Who speaks now, and who could."""
        if at.step == "confirm":
            return View(
                f"Is {at.draft['name']} to speak?",
                await self._told(who),
                actions=(Action(CLOSE, "Cancel"), Action("put", "Yes")),
            )
        items = (await self._items(who))[:MAX_CHOICES]
        return View(
            "Who speaks",
            await self._told(who),
            items=tuple(items),
            actions=_switches(await self._chosen(who)),
            item_action="choose",
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Put somebody in front, or decide for all."""
        if action in _SWITCHES:
            key, on = _SWITCHES[action]
            await self._deciding.for_person(who, None, key, on)
            return Step("choose")
        key = answers[ITEM][0] if action == "choose" else at.draft["key"]
        await self._personas.front(who.person_id, None if key == _USUAL else UUID(key), None)
        return Step("choose", told="From now on it is as you chose.")

    async def _items(self, who: Caller) -> list[Item]:
        found = await self._personas.list(who.person_id, after=None, limit=_LOOKED_THROUGH)
        others = [Item(called(it), it.pronouns, str(it.id)) for it, _ in found if not it.is_default]
        return [Item("Whoever usually does", key=_USUAL), *others]

    async def _told(self, who: Caller) -> str:
        front = await self._personas.in_front(who.person_id)
        chosen = await self._chosen(who)
        usual = _FOLLOWED if chosen.front_followed else "Whoever usually does speaks now."
        now = f"{front} speaks now." if front else usual
        return (
            f"{now}\n\nWhere PluralKit or Tupperbox speaks for you, it is whom they name. "
            "In direct messages and commands it is whom you choose here"
            f"{_AND_ELSE if chosen.front_followed else ''}.\n\n"
            f"{_SHARED if chosen.members_share else _APART}"
        )

    async def _chosen(self, who: Caller) -> Chosen:
        return (await self._deciding.explain(who, None, None)).chosen


_FOLLOWED = "Whoever fronts at PluralKit speaks now; if it doesn't say, whoever usually does."
_AND_ELSE = ", and if you choose nobody, whoever fronts at PluralKit"
_SHARED = "What one of you said may come up for the others."
_APART = "What one of you said does not come up for the others."

# What an action decides: a setting, and whether it is to hold.
_SWITCHES = {
    "follow": ("front_followed", True),
    "unfollow": ("front_followed", False),
    "share": ("members_share", True),
    "unshare": ("members_share", False),
}


def _switches(chosen: Chosen) -> tuple[Action, ...]:
    """What can be decided otherwise than it is."""
    follow = Action("follow", "Follow who fronts at PluralKit")
    unfollow = Action("unfollow", "Don't follow who fronts")
    share, unshare = Action("share", "Share memories"), Action("unshare", "Don't share memories")
    return (
        unfollow if chosen.front_followed else follow,
        unshare if chosen.members_share else share,
    )
