"""`message edit`: a message gets other words, and so does what is remembered of it."""

from uuid import UUID

from tzurot.flow.kind import Answers, At, Step
from tzurot.flow.kinds import about_message
from tzurot.flow.kinds.about_message import TEXT, AboutMessage
from tzurot.flow.views import Action, State, Style, View
from tzurot.session.messages.messages import Shown
from tzurot.transport.subject import Caller


class MessageEdit(AboutMessage):
    """Shows the words, and takes others."""

    path = "message edit"
    summary = "Give a message other words; what is remembered of it follows."

    async def about(self, found: Shown) -> Step:
        """Its words as they are."""
        return Step("words", {"message_id": str(found.message.id)})

    async def view(self, who: Caller, at: At) -> View:
        """The words, or the new ones."""
        found = await self._messages.get(who, UUID(at.draft["message_id"]))
        if at.step == "done":
            return View("Edited", found.message.text, message_id=at.draft["message_id"])
        return View(
            title=await self.title(found),
            body=found.message.text,
            fields=(about_message.words(found, "New words"),),
            actions=(Action("edit", "Edit", Style.PRIMARY, asks=(TEXT,)),),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Write the new words."""
        await self._messages.edit(who, UUID(at.draft["message_id"]), answers[TEXT][0])
        return Step("done", at.draft, State.DONE)
