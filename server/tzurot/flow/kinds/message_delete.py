"""`message delete`: a message goes with its alternatives and what is remembered of them."""

from uuid import UUID

from tzurot.flow.drawing import CLOSE
from tzurot.flow.kind import Answers, At, Step
from tzurot.flow.kinds import telling
from tzurot.flow.kinds.about_message import AboutMessage
from tzurot.flow.views import Action, State, Style, View
from tzurot.session.messages.messages import Shown
from tzurot.transport.subject import Caller

_SAID = "What is remembered of it goes, too. What was answered to it stays: delete that as well."
_TOLD = "What you said before it stays, and is remembered."


class MessageDelete(AboutMessage):
    """Asks whether it is meant."""

    path = "message delete"
    summary = "Delete a message, its alternatives, and what is remembered of them."

    async def about(self, found: Shown) -> Step:
        """The question."""
        return Step("confirm", {"message_id": str(found.message.id)})

    async def view(self, who: Caller, at: At) -> View:
        """The question, or what is gone."""
        if at.step == "done":
            gone = f"{telling.count(at.draft['messages'], 'message')} and "
            gone += telling.count(at.draft["memories"], "memory", "memories")
            return View("Deleted", f"Gone: {gone}.")
        found = await self._messages.get(who, UUID(at.draft["message_id"]))
        others = found.alternative_count - 1
        beside = (
            f"Its {telling.count(others, 'alternative')} will be deleted, too. " if others else ""
        )
        derived = _SAID if found.message.author == "person" else _TOLD
        return View(
            title="Delete this message?",
            body=f"{await self.title(found)}\n\n{found.message.text}\n\n"
            f"{beside}{derived} This cannot be undone.",
            actions=(Action(CLOSE, "Cancel"), Action("delete", "Delete", Style.DANGER)),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Delete it."""
        gone = await self._messages.delete(who, UUID(at.draft["message_id"]))
        counts = {"messages": gone.messages, "memories": gone.memories}
        return Step("done", {**at.draft, **counts}, State.DONE)
