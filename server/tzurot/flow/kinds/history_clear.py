"""`history clear`: a character begins anew with somebody, and keeps its memories."""

from tzurot.flow.drawing import CLOSE
from tzurot.flow.kind import Answers, At, Step
from tzurot.flow.kinds import about_conversation, telling
from tzurot.flow.kinds.about_conversation import AboutConversation, Found
from tzurot.flow.views import Action, State, Style, View
from tzurot.session.conversations import Conversation
from tzurot.transport.subject import Caller


class HistoryClear(AboutConversation):
    """Asks which conversation if that is not clear, and then whether it is meant."""

    path = "history clear"
    summary = "Let a character begin a conversation anew; its memories stay."
    heading = "Begin a conversation anew"

    async def open(self, who: Caller, found: Conversation) -> Step:
        """The question; the draft keeps how often it was answered."""
        return Step("confirm", about_conversation.about(found, epoch=found.epoch))

    async def show(self, who: Caller, at: At, found: Found) -> View:
        """Whether it is meant, or that it is done, by this flow or elsewhere in the meantime."""
        conversation, label = found
        name = await self.called(who, found)
        if conversation.epoch != at.draft["epoch"]:
            return View(
                "A new beginning",
                f"{name} sees nothing of what was said before. `history undo` takes it back.",
            )
        return View(
            title=f"Begin anew with {label}?",
            body=f"{about_conversation.where(conversation)}, last used "
            f"{telling.when(conversation.update_time)}.\n\n{name} will no longer see what was said"
            " there. Its memories of you stay, and `history undo` takes it back.",
            actions=(Action(CLOSE, "Cancel"), Action("clear", "Begin anew", Style.DANGER)),
        )

    async def do(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Begin anew, unless that was done."""
        conversation, _ = await self.found(who, at)
        if conversation.epoch == at.draft["epoch"]:
            await self._histories.reset(who, conversation.id)
        return Step("done", at.draft, State.DONE)
