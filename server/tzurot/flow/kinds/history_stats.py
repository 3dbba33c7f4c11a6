"""`history stats`: a conversation in numbers."""

from tzurot.flow.kind import Answers, At, Step
from tzurot.flow.kinds import about_conversation, telling
from tzurot.flow.kinds.about_conversation import AboutConversation, Found
from tzurot.flow.views import Action, Item, View
from tzurot.session.conversations import Conversation
from tzurot.session.histories.histories import Stats
from tzurot.transport.subject import Caller


class HistoryStats(AboutConversation):
    """Counts."""

    path = "history stats"
    summary = "How much was said in a conversation, and how much of it is in sight."
    heading = "A conversation in numbers"

    async def open(self, who: Caller, found: Conversation) -> Step:
        """The numbers."""
        return Step("stats", about_conversation.about(found))

    async def show(self, who: Caller, at: At, found: Found) -> View:
        """All of them."""
        conversation, label = found
        stats = await self._histories.stats(who, conversation.id)
        return View(
            title=f"You and {label}",
            body=f"{about_conversation.where(conversation)}.",
            items=_items(stats),
            actions=(Action("refresh", "Refresh"),),
        )

    async def do(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Count again."""
        return Step("stats", at.draft)


def _items(stats: Stats) -> tuple[Item, ...]:
    it = stats.counted
    said = f"{it.person_message_count:,} by you; alternatives are counted, too"
    found = [
        Item(telling.count(it.message_count, "message"), said),
        Item(f"{it.visible_message_count:,} in sight", "on the chosen path, since it began anew"),
        Item(telling.count(stats.memory_count, "memory", "memories"), "that came of them"),
        Item(
            telling.count(stats.restorable_count, "new beginning"),
            "that `history undo` takes back",
        ),
        Item(telling.count(it.token_count, "token"), "that the model was told and has said"),
    ]
    if stats.summary_count:
        told = telling.count(stats.summary_count, "summary", "summaries")
        found.append(Item(told, "of what falls out of sight"))
    if it.first_time and it.last_time:
        found.append(
            Item(f"From {telling.when(it.first_time)}", f"to {telling.when(it.last_time)}")
        )
    return tuple(found)
