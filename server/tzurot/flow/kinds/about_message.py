"""Flows about one message: which one is meant, and how messages are told."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.errors import MessageNotFound
from tzurot.flow.kind import Argument, Kind, Origin, Step
from tzurot.flow.kinds import naming, telling
from tzurot.flow.views import MAX_CHOICES, Asks, Choice, Field, line
from tzurot.personality.characters import Label
from tzurot.session.messages.messages import Message, Messages, Shown
from tzurot.session.said import MessageRef, Place, PlatformMessage
from tzurot.transport.subject import Caller

_LONGEST = 20_000  # characters of a message
TEXT = "text"


class AboutMessage(Kind):
    """A kind that is about a message of the person's."""

    arguments = (Argument("message", "Which message: its id.", required=True, completes=True),)

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    async def begin(self, who: Caller, arguments: Mapping[str, str], origin: Origin) -> Step:
        """The first step; the place is where a platform's id is to be looked for.

        Raises:
            MessageNotFound: there is no such message of the person's.
        """
        found = await self._messages.get(who, meant(arguments["message"], origin.place))
        return await self.about(found)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """Without a place only ids of ours are known."""
        return await self.begin(who, arguments, Origin())

    @abstractmethod
    async def about(self, found: Shown) -> Step:
        """The first step about this message."""

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The person's newest messages, and what they were answered."""
        return await offered(self._messages, who, typed)

    async def title(self, found: Shown) -> str:
        """Who said it, to whom, and when."""
        message = found.message
        (label,) = (await self._messages.with_whom([message])).values()
        return f"{_speaker(message, label)}, {telling.when(message.create_time)}"


def meant(named: str, place: Place | None) -> MessageRef:
    """Which message a person names, by our id or by that of the place's platform.

    Raises:
        MessageNotFound: it is no id.
    """
    try:
        return UUID(named)
    except ValueError:
        if place is None or not named or len(named) > 64:
            raise MessageNotFound(line(named, 80)) from None
    return PlatformMessage(place.platform, place.channel_id, named)


async def offered(messages: Messages, who: Caller, typed: str) -> list[Choice]:
    """The newest of the person's messages, and of what they were answered, that have the words."""
    said = typed.casefold()
    newest = await messages.newest(who, 10 * MAX_CHOICES)
    labels = await messages.with_whom(newest)
    named = [(it, f"{_speaker(it, labels[it.conversation_id])}: {it.text}") for it in newest]
    fitting = [(it, words) for it, words in named if said in words.casefold()]
    return [
        Choice(str(it.id), words, telling.when(it.create_time))
        for it, words in fitting[:MAX_CHOICES]
    ]


def words(found: Shown, label: str) -> Field:
    """A field with a message's words."""
    return Field(
        TEXT,
        label,
        asks=Asks.LONG_TEXT,
        values=(found.message.text,),
        required=True,
        max_length=_LONGEST,
    )


def _speaker(message: Message, who: Label) -> str:
    if message.author == "personality":
        return naming.listed(who)
    return f"You to {naming.listed(who)}"
