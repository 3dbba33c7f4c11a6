"""`history delete`: what somebody said in a conversation, for good, after a phrase was typed."""

from tzurot.flow.drawing import CLOSE
from tzurot.flow.kind import Answers, At, Step
from tzurot.flow.kinds import about_conversation, phrases, telling
from tzurot.flow.kinds.about_conversation import AboutConversation, Found
from tzurot.flow.views import Action, Item, State, View
from tzurot.session.conversations import Conversation
from tzurot.transport.subject import Caller


class HistoryDelete(AboutConversation):
    """Shows what would be gone, and deletes after its phrase was typed."""

    path = "history delete"
    summary = "Delete what you said in a conversation and were answered, with all that came of it."
    heading = "Delete a conversation"

    async def open(self, who: Caller, found: Conversation) -> Step:
        """The question."""
        return Step("confirm", about_conversation.about(found))

    async def view(self, who: Caller, at: At) -> View:
        """What would be gone; afterwards that it is, though nothing is there to be looked up."""
        if at.step == "done":
            gone = telling.count(at.draft["messages"], "message")
            gone += f" and {telling.count(at.draft['memories'], 'memory', 'memories')}"
            return View("Deleted", f"Gone: {gone}.")
        return await super().view(who, at)

    async def show(self, who: Caller, at: At, found: Found) -> View:
        """How much there is, and what to type."""
        conversation, label = found
        stats = await self._histories.stats(who, conversation.id)
        phrase = phrases.to_delete(label.name)
        others = "" if conversation.venue == "direct" else " What others said there stays."
        return View(
            title=f"Delete your conversation with {label}?",
            body=f"{about_conversation.where(conversation)}.{others}\n\n"
            f"This cannot be undone. To delete all of this, type `{phrase}`.",
            fields=(phrases.asked(phrase),),
            items=(
                Item(
                    telling.count(stats.counted.message_count, "message"),
                    "with alternatives, attachments, and how answers came about",
                ),
                Item(
                    telling.count(stats.memory_count, "memory", "memories"),
                    "and what was learnt of them alone",
                ),
            ),
            actions=(Action(CLOSE, "Cancel"), phrases.deleting()),
        )

    async def do(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Delete, if the phrase is right."""
        conversation, label = await self.found(who, at)
        phrases.require(answers, phrases.to_delete(label.name))
        gone = await self._histories.delete(who, conversation.id)
        counts = {"messages": gone.messages, "memories": gone.memories}
        return Step("done", counts, State.DONE)
