"""Places: who is active there, what is said around, how fast people may speak."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base, Identified, Timestamped


class Channel(Base, Identified, Timestamped):
    """A channel that decided something. A thread without a row is as its parent."""

    __tablename__ = "channels"
    __table_args__ = (
        UniqueConstraint("platform", "channel_id", name="channels_channel_key"),
        Index("channels_space_idx", "platform", "space_id", "update_time"),
    )

    platform: Mapped[str] = mapped_column(String(32))
    space_id: Mapped[str] = mapped_column(String(64), default="")
    channel_id: Mapped[str] = mapped_column(String(64))
    parent_channel_id: Mapped[str] = mapped_column(String(64), default="")
    venue: Mapped[str] = mapped_column(Text)
    next_speaker_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("personalities.id", ondelete="SET NULL")
    )
    next_request_id: Mapped[UUID | None]  # the request that the next speaker answered


class Activation(Base):
    """A character that answers in a channel without being named."""

    __tablename__ = "activations"
    __table_args__ = (CheckConstraint("mode IN ('every', 'named', 'muted')", name="mode"),)

    channel_row_id: Mapped[UUID] = mapped_column(
        ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )
    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    mode: Mapped[str] = mapped_column(Text, default="every")
    talkativeness: Mapped[float] = mapped_column(default=1.0)  # 0..1
    proactive: Mapped[bool] = mapped_column(default=False)
    proactive_time: Mapped[datetime | None]  # when it last was to speak up
    activator_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    create_time: Mapped[datetime]  # the order in which they answer


class ChannelLine(Base, Identified):
    """Something said in a channel, by anybody to anybody, as all who answer there see it.

    It lives for hours. What belongs to a turn goes with it, what a person said with the person.
    """

    __tablename__ = "channel_lines"
    __table_args__ = (
        CheckConstraint("author IN ('person', 'personality')", name="author"),
        Index("channel_lines_channel_idx", "platform", "channel_id", "id"),
        Index(
            "channel_lines_platform_message_key",
            "platform",
            "channel_id",
            "platform_message_id",
            unique=True,
            postgresql_where="platform_message_id <> ''",
        ),
        Index("channel_lines_time_idx", "create_time"),
    )

    platform: Mapped[str] = mapped_column(String(32))
    channel_id: Mapped[str] = mapped_column(String(64))
    platform_message_id: Mapped[str] = mapped_column(String(64), default="")
    author: Mapped[str] = mapped_column(Text)
    author_subject: Mapped[str] = mapped_column(Text, default="")
    author_name: Mapped[str] = mapped_column(String(255))
    person_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    personality_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )
    turn_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("turns.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
        index=True,
    )
    text: Mapped[str] = mapped_column(Text)
    create_time: Mapped[datetime]


class TokenBucket(Base):
    """How much somebody or something may still say at once; it fills up with time."""

    __tablename__ = "token_buckets"

    key: Mapped[str] = mapped_column(Text, primary_key=True)  # such as `person:<id>`
    tokens: Mapped[float]
    fill_time: Mapped[datetime]  # when `tokens` was right
    told_time: Mapped[datetime | None]  # until when somebody was told that it is empty
