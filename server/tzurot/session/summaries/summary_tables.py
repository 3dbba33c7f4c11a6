"""Summaries of what fell out of sight, the messages that each is made of, and what waits for one.

A summary outlives none of its messages: triggers delete it in the transaction that deletes one of
them, gives it other words, hides it or takes it off the chosen path, or in which its person has a
fact forgotten. Another one is made of what is left.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base, Identified


class Summary(Base, Identified):
    """Some messages in short, which follow each other on the chosen path of a conversation."""

    __tablename__ = "summaries"
    __table_args__ = (
        CheckConstraint("text <> ''", name="text"),
        Index("summaries_conversation_idx", "conversation_id", "last_message_id"),
    )

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    # No foreign keys: they are among its sources. Its epoch is theirs: a reset can be taken back.
    first_message_id: Mapped[UUID]
    last_message_id: Mapped[UUID]
    message_count: Mapped[int]
    first_time: Mapped[datetime]
    last_time: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)  # empty: its words are the messages' own
    create_time: Mapped[datetime]


class SummarySource(Base):
    """A message that a summary is made of. None is in two."""

    __tablename__ = "summary_sources"

    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    summary_id: Mapped[UUID] = mapped_column(
        ForeignKey("summaries.id", ondelete="CASCADE"), index=True
    )


class UntoldMessage(Base):
    """A message of a round of which a fact was forgotten: it is in no summary, ever again.

    The memory that says so can be deleted; this goes with the message alone.
    """

    __tablename__ = "untold_messages"

    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )


class UnsummarizedConversation(Base):
    """A conversation that is to be looked at: some of it falls out of sight, or lost its summary.

    No foreign key and no key of its own: nobody who writes it waits for anybody.
    """

    __tablename__ = "unsummarized_conversations"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    conversation_id: Mapped[UUID] = mapped_column(index=True)
    until_message_id: Mapped[UUID | None]  # what comes before it; null: the first in sight
    due_time: Mapped[datetime | None]  # null: at once
    failures: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")


# Who edits or swipes often does it again: what is left is summarized ten minutes later.
SUMMARY_TRIGGERS = (
    """
    CREATE FUNCTION messages_end_summaries() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM summaries WHERE id = (
            SELECT summary_id FROM summary_sources WHERE message_id = NEW.id);
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER messages_end_summaries AFTER UPDATE OF text, chosen, hidden ON messages
    FOR EACH ROW WHEN ((OLD.text, OLD.chosen, OLD.hidden)
        IS DISTINCT FROM (NEW.text, NEW.chosen, NEW.hidden))
    EXECUTE FUNCTION messages_end_summaries()
    """,
    """
    CREATE FUNCTION summary_sources_end_summaries() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM summaries WHERE id = OLD.summary_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER summary_sources_end_summaries AFTER DELETE ON summary_sources
    FOR EACH ROW EXECUTE FUNCTION summary_sources_end_summaries()
    """,
    """
    CREATE FUNCTION summaries_tell_conversations() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO unsummarized_conversations (conversation_id, due_time)
        SELECT id, now() + interval '10 minutes' FROM conversations WHERE id = OLD.conversation_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER summaries_tell_conversations AFTER DELETE ON summaries
    FOR EACH ROW EXECUTE FUNCTION summaries_tell_conversations()
    """,
)

# Forgetting waits for nobody who deletes messages, who may wait for it: what is held at that moment
# goes with its messages, or is looked at afterwards.
WITHHELD_TRIGGER = (
    """
    CREATE FUNCTION memories_end_summaries() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        there uuid := coalesce(
            (SELECT conversation_id FROM messages WHERE id = NEW.message_id),
            (SELECT conversation_id FROM turns WHERE id = NEW.turn_id));
    BEGIN
        IF there IS NOT NULL THEN
            INSERT INTO untold_messages (message_id)
            SELECT id FROM messages WHERE id IN (
                SELECT NEW.message_id UNION SELECT m.id FROM turns t
                JOIN messages m ON m.turn_id = ANY(t.exchange_turn_ids || t.id)
                WHERE t.id = NEW.turn_id)
            ORDER BY id FOR KEY SHARE SKIP LOCKED ON CONFLICT DO NOTHING;
            DELETE FROM summaries WHERE id IN (
                SELECT id FROM summaries WHERE conversation_id = there FOR UPDATE SKIP LOCKED);
            INSERT INTO unsummarized_conversations (conversation_id) VALUES (there);
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER memories_end_summaries AFTER UPDATE OF withheld ON memories
    FOR EACH ROW WHEN (NEW.withheld AND NOT OLD.withheld)
    EXECUTE FUNCTION memories_end_summaries()
    """,
    """
    CREATE TRIGGER memories_end_summaries_when_new AFTER INSERT ON memories
    FOR EACH ROW WHEN (NEW.withheld) EXECUTE FUNCTION memories_end_summaries()
    """,
)

for _statement in (*SUMMARY_TRIGGERS, *WITHHELD_TRIGGER):
    event.listen(Base.metadata, "after_create", DDL(_statement))
