"""Summaries as prompts tell them and as people read them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tzurot.session.prompt import marks


@dataclass(frozen=True, slots=True)
class InShort:
    """Some messages that are out of sight, in short."""

    id: UUID
    text: str
    model: str
    """Whose words it is in; empty: in those of the messages, each in quotation marks."""
    message_count: int
    first_message_id: UUID
    last_message_id: UUID
    first_time: datetime
    last_time: datetime

    @property
    def line(self) -> str:
        """What a prompt tells, in one line, with when it was said."""
        first, last = f"{self.first_time:%Y-%m-%d}", f"{self.last_time:%Y-%m-%d}"
        days = first if first == last else f"{first} to {last}"
        words = marks.quoted(self.text) if self.model else self.text
        return marks.harmless(f"- ({days}) {words}")


@dataclass(frozen=True, slots=True)
class Read:
    """A summary as somebody may read it who takes part in the conversation."""

    it: InShort
    message_ids: tuple[UUID, ...]
    """Those of its messages that are the reader's part: what they said and were answered."""
    create_time: datetime

    @property
    def is_own(self) -> bool:
        """Whether nothing else is in it: else its words could be others'."""
        return len(self.message_ids) == self.it.message_count
