"""`message alternatives`: what stands in the place of a message: choose one, or write another."""

from collections.abc import Sequence
from uuid import UUID

from tzurot.flow.kind import Answers, At, Step
from tzurot.flow.kinds import about_message
from tzurot.flow.kinds.about_message import TEXT, AboutMessage
from tzurot.flow.kinds.paging import NEXT, PREVIOUS
from tzurot.flow.views import Action, Style, View
from tzurot.session.messages.messages import Shown
from tzurot.transport.subject import Caller

_CHOSEN = "The conversation goes on with this one."


class MessageAlternatives(AboutMessage):
    """Leafs through them; the draft keeps which one is looked at."""

    path = "message alternatives"
    summary = "Look through the alternatives of a message, choose one, or write another."

    async def about(self, found: Shown) -> Step:
        """The named one first."""
        return _looking_at(found)

    async def view(self, who: Caller, at: At) -> View:
        """One of them."""
        found = await self._messages.alternatives(who, UUID(at.draft["message_id"]))
        number, it = _looked_at(found, at)
        actions = [Action(PREVIOUS, "Previous")] if number > 0 else []
        if number + 1 < len(found):
            actions.append(Action(NEXT, "Next"))
        if not it.message.chosen:
            actions.append(Action("choose", "Go on with this one", Style.PRIMARY))
        return View(
            title=f"{number + 1}/{len(found)}: {await self.title(it)}",
            body="\n\n".join([it.message.text, *([_CHOSEN] if it.message.chosen else [])]),
            fields=(about_message.words(it, "Its words"),),
            actions=(*actions, Action("add", "Edit as a new one", asks=(TEXT,))),
            message_id=str(it.message.id) if it.message.chosen else "",
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Turn to the next one, choose this one, or put another beside it."""
        message_id = UUID(at.draft["message_id"])
        match action:
            case "choose":
                return _looking_at(await self._messages.choose(who, message_id))
            case "add":
                added = await self._messages.add(who, message_id, answers[TEXT][0])
                return _looking_at(added)
            case _:
                found = await self._messages.alternatives(who, message_id)
                number, _ = _looked_at(found, at)
                number += 1 if action == NEXT else -1
                return _looking_at(found[max(0, min(number, len(found) - 1))])


def _looking_at(found: Shown) -> Step:
    return Step("look", {"message_id": str(found.message.id)})


def _looked_at(found: Sequence[Shown], at: At) -> tuple[int, Shown]:
    ids = [str(it.message.id) for it in found]
    number = ids.index(at.draft["message_id"])
    return number, found[number]
