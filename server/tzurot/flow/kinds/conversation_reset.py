"""`conversation reset`: a character begins anew with somebody, and keeps its memories."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.errors import ConversationNotFound
from tzurot.flow.drawing import CLOSE
from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.kinds import choosing, telling
from tzurot.flow.views import ITEM, MAX_CHOICES, Action, Choice, Item, State, Style, View, line
from tzurot.personality.characters import Characters, Label
from tzurot.session.conversations import Conversation, ConversationFilter, Conversations
from tzurot.transport.subject import Caller

_VENUES = {
    "direct": "a direct message",
    "private_channel": "a private channel",
    "public_channel": "a public channel",
}


class ConversationReset(Kind):
    """Asks which conversation if that is not clear, and then whether it is meant."""

    path = "conversation reset"
    summary = "Let a character begin a conversation anew."
    arguments = (
        choosing.CHARACTER,
        Argument("conversation", "Which conversation.", completes=True),
    )

    def __init__(self, conversations: Conversations, characters: Characters) -> None:
        self._conversations = conversations
        self._characters = characters

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """Characters, or conversations with them."""
        if key == "character":
            return await choosing.offered(self._characters, who, typed)
        found = await self._newest(who, None)
        said = typed.casefold()
        choices = [Choice(str(one.id), _title(one, name), _where(one)) for one, name in found]
        return [it for it in choices if said in f"{it.label} {it.description}".casefold()]

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The question, or first which conversation."""
        if "conversation" in arguments:
            return await self._asking(who, arguments["conversation"])
        personality_id = None
        if "character" in arguments:
            meant = await choosing.meant(self._characters, who, arguments["character"])
            personality_id = str(meant.id)
        found = await self._newest(who, personality_id)
        if len(found) == 1:
            return await self._asking(who, str(found[0][0].id))
        return Step("choose", {"personality_id": personality_id})

    async def view(self, who: Caller, at: At) -> View:
        """Which one, whether it is meant, or that it is done."""
        if at.step == "choose":
            found = await self._newest(who, at.draft["personality_id"])
            items = tuple(
                Item(_title(one, name), _where(one), key=str(one.id)) for one, name in found
            )
            body = "Which one is to begin anew?" if items else "You have no conversation here."
            return View("Reset a conversation", body, items=items, item_action="choose")
        found, label = await self._conversations.get(who, UUID(at.draft["conversation_id"]))
        if found.epoch != at.draft["epoch"]:  # by this flow, or elsewhere in the meantime
            return View("A new beginning", f"{label} sees nothing of what was said before.")
        return View(
            title=f"Begin anew with {label}?",
            body=f"{_where(found)}, last used {telling.when(found.update_time)}.\n\n"
            f"{label.name} will no longer see what was said there. Its memories of you stay.",
            actions=(Action(CLOSE, "Cancel"), Action("reset", "Begin anew", Style.DANGER)),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Choose one, or reset the chosen one."""
        if action == "choose":
            return await self._asking(who, answers[ITEM][0])
        conversation_id = UUID(at.draft["conversation_id"])
        found, _ = await self._conversations.get(who, conversation_id)
        if found.epoch == at.draft["epoch"]:
            await self._conversations.reset(who, conversation_id)
        return Step("done", at.draft, State.DONE)

    async def _asking(self, who: Caller, conversation_id: str) -> Step:
        try:
            found, _ = await self._conversations.get(who, UUID(conversation_id))
        except ValueError:
            raise ConversationNotFound(conversation_id[:80]) from None
        return Step("confirm", {"conversation_id": str(found.id), "epoch": found.epoch})

    async def _newest(
        self, who: Caller, personality_id: str | None
    ) -> Sequence[tuple[Conversation, Label]]:
        whose = UUID(personality_id) if personality_id else None
        wanted = ConversationFilter(personality_id=whose, platform="", before=None)
        return await self._conversations.list(who, wanted, MAX_CHOICES)


def _title(conversation: Conversation, who: Label) -> str:
    return f"{line(str(who), 90)}, {telling.when(conversation.update_time)}"


def _where(conversation: Conversation) -> str:
    where = _VENUES.get(conversation.venue, conversation.venue.replace("_", " "))
    return f"On {conversation.platform.capitalize()}, {where} ({conversation.channel_id})"
