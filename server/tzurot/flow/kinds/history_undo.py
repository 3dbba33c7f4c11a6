"""`history undo`: what was said before a conversation began anew comes into sight again."""

from tzurot.flow.drawing import CLOSE
from tzurot.flow.kind import Answers, At, Step
from tzurot.flow.kinds import about_conversation, telling
from tzurot.flow.kinds.about_conversation import AboutConversation, Found
from tzurot.flow.views import Action, Style, View
from tzurot.session.conversations import Conversation
from tzurot.transport.subject import Caller


class HistoryUndo(AboutConversation):
    """Takes back one new beginning after the other."""

    path = "history undo"
    summary = "Let a character see again what was said before it began anew."
    heading = "Take back a new beginning"

    async def open(self, who: Caller, found: Conversation) -> Step:
        """The question."""
        return Step("confirm", about_conversation.about(found))

    async def show(self, who: Caller, at: At, found: Found) -> View:
        """How much is in sight, and how often it can go further back."""
        conversation, label = found
        stats = await self._histories.stats(who, conversation.id)
        name, left = await self.called(who, found), stats.restorable_count
        seen = telling.count(stats.counted.visible_message_count, "message")
        sight = f"{name} sees {seen} of you and to you."
        where = about_conversation.where(conversation)
        if not left:
            return View(str(label), f"{where}.\n\n{sight} There is no new beginning to take back.")
        back = "once" if left == 1 else f"{left} times"
        return View(
            title=f"Take back the new beginning with {label}?",
            body=f"{where}.\n\n{sight} What was said before comes before it again. "
            f"You can go back {back}.",
            actions=(Action(CLOSE, "Close"), Action("undo", "Take it back", Style.PRIMARY)),
            mark=f"{conversation.epoch}",
        )

    async def do(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Go back once."""
        await self._histories.restore(who, about_conversation.conversation_of(at))
        return Step("confirm", at.draft, told="It is in sight again.")
