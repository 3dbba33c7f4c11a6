"""What is asked of characters: what was said, where, and what they are to do with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tzurot.errors import SubjectDenied
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Ref
from tzurot.transport.subject import Caller
from tzurot.wallet.sponsors.paying import Space
from tzurot.wallet.usage.attempts import Channel


class AgeLimit(StrEnum):
    """Whom a place lets in, as its platform says."""

    UNKNOWN = "unknown"
    NONE = "none"
    ADULTS = "adults"


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of a platform, and who can listen there."""

    platform: str
    space_id: str
    channel_id: str
    venue: Venue
    parent_channel_id: str = ""
    """Of a thread: the channel that it belongs to."""
    age_limit: AgeLimit = AgeLimit.UNKNOWN

    @property
    def space(self) -> Space | None:
        """Whose sponsors may pay here; None: nobody's, as in private."""
        if self.venue is Venue.DIRECT or not self.space_id:
            return None
        return Space(self.platform, self.space_id)

    @property
    def channel(self) -> Channel | None:
        """Whose budgets count here; None: nobody else listens."""
        if self.venue is Venue.DIRECT:
            return None
        return Channel(self.platform, self.channel_id, self.parent_channel_id)

    def require_own(self, caller: Caller) -> None:
        """Channels belong to their platform: nobody reaches one from elsewhere by naming it.

        A direct place is the person's own, wherever they come from.

        Raises:
            SubjectDenied: the caller is of another platform than the channel.
        """
        if self.venue is not Venue.DIRECT and self.platform != caller.platform:
            raise SubjectDenied(caller.subject)


class ReferenceKind(StrEnum):
    """How a message is referred to."""

    REPLY = "reply"
    LINK = "link"
    FORWARD = "forward"
    THREAD_STARTER = "thread_starter"


class ReferenceState(StrEnum):
    """What became of reading a message that is referred to."""

    READ = "read"
    DELETED = "deleted"
    HIDDEN = "hidden"
    OVER_LIMIT = "over_limit"
    REPEATED = "repeated"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Reference:
    """A message that is referred to. Only one that was READ has an author and words."""

    kind: ReferenceKind
    referrer: int | None
    """Which of those before it refers to it; None: the utterance itself."""
    state: ReferenceState
    platform_message_id: str = ""
    channel_id: str = ""
    age_limit: AgeLimit = AgeLimit.UNKNOWN
    author_subject: str = ""
    author_name: str = ""
    text: str = ""
    create_time: datetime | None = None


def in_one(messages: Iterable[Sequence[Reference]]) -> tuple[Reference, ...]:
    """The references of several messages as if one had them all."""
    found: list[Reference] = []
    for own in messages:
        start = len(found)
        for it in own:
            below = None if it.referrer is None else start + it.referrer
            found.append(replace(it, referrer=below))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A service that said something in the name of a member of a system."""

    service: str
    member_id: str
    member_name: str
    system_id: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that a person says."""

    text: str
    speaker_name: str = ""
    replied_to_message_id: str = ""
    platform_message_id: str = ""
    references: tuple[Reference, ...] = ()
    attachment_ids: tuple[UUID, ...] = ()
    proxy: Proxy | None = None


@dataclass(frozen=True, slots=True)
class Greeting:
    """The character speaks first, in its own words. Index 1 is the first alternate greeting."""

    index: int = 0
    speaker_name: str = ""


@dataclass(frozen=True, slots=True)
class PlatformMessage:
    """A message as a platform names it."""

    platform: str
    channel_id: str
    message_id: str


MessageRef = UUID | PlatformMessage


@dataclass(frozen=True, slots=True)
class Regeneration:
    """Another reply instead of one."""

    message: MessageRef
    speaker_name: str = ""


@dataclass(frozen=True, slots=True)
class Continuation:
    """A reply goes on."""

    message: MessageRef
    speaker_name: str = ""


@dataclass(frozen=True, slots=True)
class Interjection:
    """A character says something though nobody spoke to it."""

    speaker_name: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Characters talk with each other, about something or nothing in particular."""

    reply_limit: int
    topic: str = ""
    speaker_name: str = ""


Ask = Utterance | Greeting | Regeneration | Continuation | Interjection | Scene


@dataclass(frozen=True, slots=True)
class Said:
    """One call of Chat: what is asked, where, of whom."""

    place: Place
    ask: Ask
    addressees: tuple[Ref, ...]
    request_id: UUID | None
    digest: bytes
    arrived: float  # on the clock of time.perf_counter
    seconds: float  # until the caller's deadline

    @property
    def utterance(self) -> Utterance | None:
        """What the person says, if that is what is to be answered."""
        return self.ask if isinstance(self.ask, Utterance) else None

    @property
    def is_vouched_for(self) -> bool:
        """Whether it is known who says it."""
        proxy = self.utterance.proxy if self.utterance else None
        return proxy is None or proxy.verified

    @property
    def speaker_name(self) -> str:
        """What the person is called here, as the client says; empty: it does not."""
        return self.ask.speaker_name

    @property
    def greeting_index(self) -> int:
        """Which greeting is asked for: 1 is the first alternate one."""
        return self.ask.index if isinstance(self.ask, Greeting) else 0
