"""Conversations, their trees of messages, turns with their traces, and what was delivered where."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tzurot.session.histories.history_tables import ConversationNote
from tzurot.storage.base import Base, Identified, Timestamped

VENUES = "('direct', 'private_channel', 'public_channel')"


class Conversation(Base, Identified, Timestamped):
    """One character in one place. Its head is the newest message on the chosen path."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint(
            "platform",
            "channel_id",
            "personality_id",
            "direct_person_id",
            name="conversations_place_key",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(f"venue IN {VENUES}", name="venue"),
    )

    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )
    platform: Mapped[str] = mapped_column(String(32))
    space_id: Mapped[str] = mapped_column(String(64), default="")
    channel_id: Mapped[str] = mapped_column(String(64))
    venue: Mapped[str] = mapped_column(Text)
    # In a direct place the person is part of the key: nobody reaches it by naming its channel.
    direct_person_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    epoch: Mapped[int] = mapped_column(default=0)
    reset_time: Mapped[datetime | None]  # what was said around it before is out of sight
    head_message_id: Mapped[UUID | None]  # no foreign key: messages point here already
    sight_message_id: Mapped[UUID | None]  # the oldest that the last prompt told
    source: Mapped[bytes | None] = mapped_column(LargeBinary)  # header of an imported chat, JSON
    greeting_index: Mapped[int] = mapped_column(default=0)  # 1 is the first alternate one
    # What macros have set, by name, and what is remembered of lorebook entries: of this epoch.
    variables: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    timings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    note: Mapped[ConversationNote | None] = relationship(lazy="raise", viewonly=True)


class Message(Base, Identified):
    """One thing said. Siblings are alternatives, of which one is chosen."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("author IN ('person', 'personality')", name="author"),
        Index(
            "messages_chosen_key",
            "conversation_id",
            "epoch",
            "parent_id",
            unique=True,
            postgresql_where="chosen",
            postgresql_nulls_not_distinct=True,
        ),
        Index("messages_person_idx", "conversation_id", "person_id", "id"),
        Index(
            "messages_platform_message_idx",
            "platform_message_id",
            postgresql_where="platform_message_id <> ''",
        ),
    )

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    epoch: Mapped[int]
    parent_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("messages.id"),
        index=True,  # no cascade: others' messages may follow
    )
    chosen: Mapped[bool] = mapped_column(default=True)
    # Null: it was imported.
    turn_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("turns.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
        index=True,
    )
    author: Mapped[str] = mapped_column(Text)
    author_name: Mapped[str] = mapped_column(String(255))
    # Whose turn it is: who said it, or who was answered.
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    hidden: Mapped[bool] = mapped_column(default=False)  # kept, never told to a model
    source: Mapped[bytes | None] = mapped_column(LargeBinary)  # its row where it came from, JSON
    create_time: Mapped[datetime]
    edit_time: Mapped[datetime | None]
    # Of what a person said: the platform's id of the message.
    platform_message_id: Mapped[str] = mapped_column(String(64), default="")


class Attachment(Base, Identified):
    """A picture or a text that somebody says something with. Unsaid it expires."""

    __tablename__ = "attachments"
    __table_args__ = (Index("attachments_expire_idx", "expire_time"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    # A message of several conversations has its attachments once: with its first turn.
    turn_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("turns.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
        index=True,
    )
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    description: Mapped[str] = mapped_column(Text, default="")  # of a picture, by a model
    create_time: Mapped[datetime]
    expire_time: Mapped[datetime | None]


class Turn(Base, Identified):
    """One message and its answer by one character, from admission on."""

    __tablename__ = "turns"
    __table_args__ = (
        CheckConstraint(
            "state IN ('running', 'answered', 'failed', 'cancelled', 'interrupted')", name="state"
        ),
        Index("turns_request_key", "person_id", "request_id", "position", unique=True),
        Index("turns_person_idx", "person_id", "id"),
        Index("turns_conversation_idx", "conversation_id", "id"),
        Index("turns_lease_idx", "lease_expire_time", postgresql_where="state = 'running'"),
        Index(
            "turns_channel_idx",
            "platform",
            "channel_id",
            "id",
            postgresql_where="state = 'running'",
        ),
    )

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    persona_id: Mapped[UUID] = mapped_column(ForeignKey("personas.id", ondelete="CASCADE"))
    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )
    request_id: Mapped[UUID | None]
    request_hash: Mapped[bytes]  # SHA-256 of the request, to tell a repeat from a reused id
    position: Mapped[int] = mapped_column(default=0)  # among the turns of one request
    state: Mapped[str] = mapped_column(Text, default="running")
    lease_expire_time: Mapped[datetime]
    utterance_message_id: Mapped[UUID | None]
    reply_message_id: Mapped[UUID | None]
    finish_reason: Mapped[str | None] = mapped_column(Text)
    failure_reason: Mapped[str | None] = mapped_column(Text)
    failure_message: Mapped[str | None] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text, default="")
    prompt_token_count: Mapped[int] = mapped_column(default=0)
    completion_token_count: Mapped[int] = mapped_column(default=0)
    cached_token_count: Mapped[int] = mapped_column(default=0)
    reasoning_token_count: Mapped[int] = mapped_column(default=0)
    tokens_estimated: Mapped[bool] = mapped_column(default=False)
    last_sequence: Mapped[int] = mapped_column(default=0)
    platform: Mapped[str] = mapped_column(String(32), default="")  # where replies have an order
    channel_id: Mapped[str] = mapped_column(String(64), default="")
    display_name: Mapped[str] = mapped_column(Text, default="")  # under which the character spoke
    # Whether its person was incognito: this row is all that is kept of it.
    incognito: Mapped[bool] = mapped_column(default=False, server_default="false")
    # Whether something that it was told was deleted while it ran: how it ended is not traced.
    untraced: Mapped[bool] = mapped_column(default=False, server_default="false")
    # Whether another character answers the same message after it.
    followed: Mapped[bool] = mapped_column(default=False)
    # Turns that ran when it began and whose words it answers too, if it supersedes them.
    exchange_turn_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    # While it runs: what is referred to by all these messages and its own, each a list.
    referred: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    # The client's instance that shows it, and until when; without an end it was shown.
    delivery_instance_id: Mapped[UUID | None]
    delivery_expire_time: Mapped[datetime | None]
    create_time: Mapped[datetime]
    finish_time: Mapped[datetime | None]


class Trace(Base):
    """How a turn came to its end: one document of the shape `trace_document.py` defines."""

    __tablename__ = "traces"

    turn_id: Mapped[UUID] = mapped_column(
        ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True
    )
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Setting(Base, Identified):
    """What somebody decided about conversations, at one tier of the cascade."""

    __tablename__ = "settings"
    __table_args__ = (
        UniqueConstraint(
            "key",
            "personality_id",
            "person_id",
            "platform",
            "channel_id",
            "passing",
            name="settings_decided_key",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("(platform IS NULL) = (channel_id IS NULL)", name="channel"),
        CheckConstraint(
            "channel_id IS NULL OR (personality_id IS NULL AND person_id IS NULL)", name="tier"
        ),
        CheckConstraint("channel_id IS NOT NULL OR NOT bound", name="bound"),
        Index(
            "settings_expire_idx",
            "expire_time",
            postgresql_where=text("expire_time IS NOT NULL"),
        ),
    )

    key: Mapped[str] = mapped_column(String(64))
    # Whose it is. None of them: the system's. Person and character: of that person for it alone.
    personality_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    platform: Mapped[str | None] = mapped_column(String(32))
    channel_id: Mapped[str | None] = mapped_column(String(64))
    value: Mapped[Any] = mapped_column(JSONB(none_as_null=False))  # null: off
    bound: Mapped[bool] = mapped_column(default=False)
    # Until then it counts before what is decided for good; after it, as if it had never been.
    expire_time: Mapped[datetime | None]
    passing: Mapped[bool] = mapped_column(Computed("expire_time IS NOT NULL", persisted=True))


class Delivery(Base):
    """A message of a platform that shows a turn's reply."""

    __tablename__ = "deliveries"

    platform: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    platform_message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    turn_id: Mapped[UUID] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), index=True)
