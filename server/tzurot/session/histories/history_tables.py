"""What a conversation keeps besides its messages: how it stood before each reset, and its note."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base


class ConversationReset(Base):
    """What a reset took out of a conversation, but for the messages: these are of its epoch."""

    __tablename__ = "conversation_resets"

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    epoch: Mapped[int] = mapped_column(primary_key=True)  # the one that ended
    reset_time: Mapped[datetime]
    greeting_index: Mapped[int]
    variables: Mapped[dict[str, str]] = mapped_column(JSONB)
    timings: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ConversationNote(Base):
    """What its people want the character to keep in mind. It goes with whoever wrote it."""

    __tablename__ = "conversation_notes"

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    depth: Mapped[int]  # messages after it
