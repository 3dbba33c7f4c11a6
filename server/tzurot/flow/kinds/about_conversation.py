"""Flows about one conversation: which one is meant, and how conversations are told.

Begun where a character was spoken to, it is the conversation there.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from tzurot.errors import ConversationNotFound
from tzurot.flow.kind import Answers, Argument, At, Kind, Origin, Step
from tzurot.flow.kinds import choosing, naming, telling
from tzurot.flow.views import ITEM, MAX_CHOICES, Choice, Item, View, line
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Characters, Label
from tzurot.session.conversations import Conversation, ConversationFilter, Conversations
from tzurot.session.histories.histories import Histories
from tzurot.transport.subject import Caller

_CHOOSE = "choose"
_ANYWHERE = ("", "")  # in place of a platform and a channel

Found = tuple[Conversation, Label]
"""A conversation, and with whom."""


class AboutConversation(Kind):
    """A kind that is about a conversation of the person's."""

    arguments = (
        choosing.CHARACTER,
        Argument("conversation", "Which conversation.", completes=True),
    )
    heading: ClassVar[str]
    """The title while a conversation is chosen."""

    def __init__(
        self, histories: Histories, conversations: Conversations, characters: Characters
    ) -> None:
        self._histories = histories
        self._conversations = conversations
        self._characters = characters

    @abstractmethod
    async def open(self, who: Caller, found: Conversation) -> Step:
        """The first step about this one."""

    @abstractmethod
    async def show(self, who: Caller, at: At, found: Found) -> View:
        """What is shown at a step about this one."""

    @abstractmethod
    async def do(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """What is done at a step about one; the draft has its `conversation_id`."""

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """Characters, or conversations with them."""
        if key == "character":
            return await choosing.offered(self._characters, who, typed)
        found = await self._newest(who, None, _ANYWHERE)
        said = typed.casefold()
        choices = [Choice(str(one.id), title(one, name), where(one)) for one, name in found]
        return [it for it in choices if said in f"{it.label} {it.description}".casefold()]

    async def begin(self, who: Caller, arguments: Mapping[str, str], origin: Origin) -> Step:
        """The first step about the conversation that is meant, or the question which one is.

        Raises:
            ConversationNotFound, PersonalityNotFound: what is named is not there.
        """
        if "conversation" in arguments:
            return await self._named(who, arguments["conversation"])
        personality_id = None
        if "character" in arguments:
            meant = await choosing.meant(self._characters, who, arguments["character"])
            personality_id = meant.id
        here = _here(origin)
        found = await self._newest(who, personality_id, here)
        if not found and here != _ANYWHERE:
            here = _ANYWHERE
            found = await self._newest(who, personality_id, here)
        if len(found) == 1:
            return await self.open(who, found[0][0])
        return Step(_CHOOSE, {"personality_id": str(personality_id or ""), "here": here})

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """Without a place it is any."""
        return await self.begin(who, arguments, Origin())

    async def view(self, who: Caller, at: At) -> View:
        """Which one, or what is shown of it."""
        if at.step == _CHOOSE:
            return await self._choosing(who, at)
        return await self.show(who, at, await self.found(who, at))

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Choose one, or do something with it."""
        if at.step == _CHOOSE:
            return await self._named(who, answers[ITEM][0])
        return await self.do(who, at, action, answers)

    async def found(self, who: Caller, at: At) -> Found:
        """The conversation of a step."""
        return await self._conversations.get(who, conversation_of(at))

    async def called(self, who: Caller, found: Found) -> str:
        """The character's name, so that nobody takes another for it."""
        conversation, label = found
        return await naming.called(self._characters, who, conversation.personality_id, label)

    async def _named(self, who: Caller, conversation_id: str) -> Step:
        try:
            found, _ = await self._conversations.get(who, UUID(conversation_id))
        except ValueError:
            raise ConversationNotFound(conversation_id[:80]) from None
        return await self.open(who, found)

    async def _choosing(self, who: Caller, at: At) -> View:
        platform, channel_id = at.draft["here"]
        whose = at.draft["personality_id"]
        found = await self._newest(who, UUID(whose) if whose else None, (platform, channel_id))
        items = tuple(Item(title(one, name), where(one), key=str(one.id)) for one, name in found)
        body = "Which conversation?" if items else "You have no conversation here."
        return View(self.heading, body, items=items, item_action=_CHOOSE)

    async def _newest(
        self, who: Caller, personality_id: UUID | None, here: tuple[str, str]
    ) -> Sequence[Found]:
        wanted = ConversationFilter(personality_id, here[0], None, here[1])
        return await self._conversations.list(who, wanted, MAX_CHOICES)


def _here(origin: Origin) -> tuple[str, str]:
    return (origin.place.platform, origin.place.channel_id) if origin.place else _ANYWHERE


def conversation_of(at: At) -> UUID:
    """Which conversation a step is about."""
    return UUID(at.draft["conversation_id"])


def about(found: Conversation, **more: Any) -> dict[str, Any]:
    """The draft of a step about a conversation."""
    return {"conversation_id": str(found.id), **more}


def title(conversation: Conversation, who: Label) -> str:
    """With whom, and when somebody last spoke."""
    return f"{line(str(who), 90)}, {telling.when(conversation.update_time)}"


def where(conversation: Conversation) -> str:
    """On which platform, in what kind of place, and which one."""
    venue = telling.VENUES[Venue(conversation.venue)]
    return f"On {conversation.platform.capitalize()}, {venue} ({conversation.channel_id})"
