"""What one incognito turn said, as the server that answered it has it in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from tzurot.session.delivery.events import StoredMessage
from tzurot.session.prompt.attached import Piece
from tzurot.session.said import MessageRef, PlatformMessage, Reference
from tzurot.session.turns import Line, Talk, Turn, TurnId


@dataclass(frozen=True, slots=True)
class Spot:
    """A person in a channel: what they say incognito there is one talk."""

    person_id: UUID
    platform: str
    channel_id: str

    @classmethod
    def of(cls, turn: Turn) -> "Spot":
        """Where a turn is."""
        return cls(turn.person_id, turn.said.place.platform, turn.said.place.channel_id)


@dataclass(slots=True)
class Round:
    """One turn: what was said and answered, and what came with it."""

    turn_id: TurnId
    spot: Spot
    conversation_id: UUID
    epoch: int
    personality_id: UUID
    request_id: UUID | None
    until: datetime | None
    """When the person stops being incognito by themselves."""
    said: Line | None
    platform_message_id: str = ""
    leads: bool = True
    """Whether it is the first turn that answers the message."""
    followed: bool = False
    """Whether another one answers it after this."""
    runs: bool = True
    reply: StoredMessage | None = None
    reply_line: Line | None = None
    """The same, as others hear it."""
    own_words: str = ""
    """What the character said of a failure."""
    count_before: tuple[int, int] = (0, 0)
    """Messages of the conversation that were said incognito before it; and the character's."""
    talk: Talk | None = None
    """What the conversation keeps from then on."""
    references: tuple[Reference, ...] = ()
    pieces: tuple[Piece, ...] = field(default=(), repr=False)
    attachment_ids: tuple[UUID, ...] = ()

    @classmethod
    def of(
        cls, turn: Turn, pieces: Sequence[Piece], *, leads: bool, followed: bool = False
    ) -> "Round":
        """An admitted turn."""
        utterance = turn.said.utterance
        return cls(
            turn.id,
            Spot.of(turn),
            turn.conversation_id,
            turn.epoch,
            turn.personality.id,
            turn.said.request_id,
            turn.settings.outcomes["incognito"].counts.expire_time,
            _line(turn) if utterance else None,
            utterance.platform_message_id if utterance else "",
            leads,
            followed,
            references=utterance.references if utterance else (),
            pieces=tuple(pieces),
            attachment_ids=utterance.attachment_ids if utterance else (),
        )

    @property
    def lines(self) -> tuple[Line, ...]:
        """It as the character's own history has it."""
        own = _told(self.reply, self.spot.person_id) if self.reply else None
        return tuple(filter(None, (self.said, own)))

    @property
    def count(self) -> tuple[int, int]:
        """The same after it."""
        said, answered = self.count_before
        return said + len(self.lines), answered + bool(self.reply)

    @property
    def size(self) -> int:
        """Bytes of its words; of what is attached only while the turn runs there is more."""
        words = [it.text for it in (*self.lines, *self.references)]
        if self.talk:
            words += map(str, (self.talk.variables, self.talk.timings))
        return sum(len(it.encode(errors="replace")) for it in (self.own_words, *words))

    def is_meant(self, ref: MessageRef) -> bool:
        """Whether one of its messages is meant."""
        if isinstance(ref, PlatformMessage):
            there = (self.spot.platform, self.spot.channel_id, self.platform_message_id)
            return bool(ref.message_id) and there == (
                ref.platform,
                ref.channel_id,
                ref.message_id,
            )
        return any(line.message_id == ref for line in self.lines)

    def is_of(self, since: datetime | None, personality_id: UUID | None) -> bool:
        """Whether it was spoken in since then, with this character; None: ever, with any."""
        spoken = any(since is None or line.create_time >= since for line in self.lines)
        return spoken and personality_id in (None, self.personality_id)

    def answered(self, reply: StoredMessage | None, display_name: str, own_words: str) -> None:
        """Take in how it ended."""
        self.reply, self.own_words = reply, own_words
        if reply:
            told = _told(reply, self.spot.person_id)
            self.reply_line = replace(told, author_name=display_name, around=True)

    def unload(self) -> None:
        """Let go of the contents of what is attached: no later turn is told them."""
        self.pieces = tuple(replace(it, content=None) for it in self.pieces)


def _line(turn: Turn) -> Line | None:
    utterance, message_id = turn.said.utterance, turn.utterance_message_id
    if utterance is None or message_id is None:
        return None
    return Line(
        message_id,
        turn.id,
        True,
        utterance.speaker_name,
        utterance.text,
        turn.create_time,
        turn.person_id,
        turn.persona_id,
    )


def _told(reply: StoredMessage, person_id: UUID) -> Line:
    turn_id = TurnId(reply.turn_id) if reply.turn_id else None
    return Line(
        reply.id, turn_id, False, reply.author_name, reply.text, reply.create_time, person_id
    )
