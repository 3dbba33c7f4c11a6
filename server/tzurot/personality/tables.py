"""Characters and who may do what with them, their avatars, sources, lorebooks and documents."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from tzurot import clock
from tzurot.personality.names import mentions
from tzurot.storage.base import Base, Identified, Timestamped


class Avatar(Base):
    """A picture by the SHA-256 of its bytes, so that equal ones are stored once."""

    __tablename__ = "avatars"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)


def _folded(context: DefaultExecutionContext) -> str:
    return mentions.key(context.get_current_parameters()["name"])


class Personality(Base, Identified, Timestamped):
    """A character. Without an owner it is the system's own."""

    __tablename__ = "personalities"
    __table_args__ = (
        CheckConstraint(
            "visibility IN ('private', 'shared', 'unlisted', 'public')", name="visibility"
        ),
        CheckConstraint(
            "depth_prompt_role IN ('system', 'user', 'assistant')", name="depth_prompt_role"
        ),
        Index("personalities_request_key", "owner_id", "request_id", unique=True),
        Index("personalities_folded_name_idx", "folded_name"),
    )

    owner_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    # As mentions are compared; not Postgres's lower(), which leaves ß, and by locale all but ASCII.
    folded_name: Mapped[str] = mapped_column(Text, default=_folded)
    description: Mapped[str] = mapped_column(Text, default="")
    system_prompt: Mapped[str] = mapped_column(Text, default="")
    greeting: Mapped[str] = mapped_column(Text, default="")
    example_dialogues: Mapped[str] = mapped_column(Text, default="")
    nickname: Mapped[str] = mapped_column(String(255), default="")
    traits: Mapped[str] = mapped_column(Text, default="")
    tone: Mapped[str] = mapped_column(Text, default="")
    age: Mapped[str] = mapped_column(Text, default="")
    appearance: Mapped[str] = mapped_column(Text, default="")
    likes: Mapped[str] = mapped_column(Text, default="")
    dislikes: Mapped[str] = mapped_column(Text, default="")
    goals: Mapped[str] = mapped_column(Text, default="")
    history: Mapped[str] = mapped_column(Text, default="")
    scenario: Mapped[str] = mapped_column(Text, default="")
    post_history_instructions: Mapped[str] = mapped_column(Text, default="")
    error_message: Mapped[str] = mapped_column(Text, default="")
    birthday: Mapped[str] = mapped_column(String(10), default="")
    creator: Mapped[str] = mapped_column(Text, default="")
    creator_notes: Mapped[str] = mapped_column(Text, default="")
    character_version: Mapped[str] = mapped_column(Text, default="")
    alternate_greetings: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    group_greetings: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    depth_prompt: Mapped[str] = mapped_column(Text, default="")
    depth_prompt_depth: Mapped[int] = mapped_column(default=4)
    depth_prompt_role: Mapped[str] = mapped_column(Text, default="system")
    # SillyTavern's rows by its own names; their set is open, and they are read and written as one.
    regex_scripts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    # Rows of `name`, `text` and, if the model is not told it, `silent`: read and written as one.
    custom_fields: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    age_restricted: Mapped[bool] = mapped_column(default=False)
    visibility: Mapped[str] = mapped_column(Text, default="private")
    definition_visible: Mapped[bool] = mapped_column(default=False)
    avatar_sha256: Mapped[str | None] = mapped_column(ForeignKey("avatars.sha256"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    request_id: Mapped[UUID | None]
    request_hash: Mapped[bytes | None] = mapped_column(LargeBinary)  # tells a repeat from a misuse


class Share(Base, Identified):
    """What somebody who doesn't own a character may do with it."""

    __tablename__ = "personality_shares"
    __table_args__ = (
        CheckConstraint("role IN ('blocked', 'user', 'viewer', 'editor')", name="role"),
        Index("personality_shares_person_key", "personality_id", "person_id", unique=True),
    )

    personality_id: Mapped[UUID] = mapped_column(ForeignKey("personalities.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(Text)  # as the owner named them
    role: Mapped[str] = mapped_column(Text)
    create_time: Mapped[datetime]


class Alias(Base, Identified):
    """A name besides its own. Without a person it is for everybody."""

    __tablename__ = "personality_aliases"
    __table_args__ = (
        Index(
            "personality_aliases_own_key",
            "person_id",
            "folded_alias",
            unique=True,
            postgresql_where="person_id IS NOT NULL",
        ),
        Index(
            "personality_aliases_global_key",
            "personality_id",
            "folded_alias",
            unique=True,
            postgresql_where="person_id IS NULL",
        ),
        Index("personality_aliases_request_key", "creator_id", "request_id", unique=True),
    )

    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    creator_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    alias: Mapped[str] = mapped_column(String(100))
    folded_alias: Mapped[str] = mapped_column(Text, index=True)
    request_id: Mapped[UUID | None]


class Override(Base):
    """How one person has a character otherwise than its card says."""

    __tablename__ = "personality_overrides"

    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    nickname: Mapped[str] = mapped_column(String(255), default="")
    addition: Mapped[str] = mapped_column(Text, default="")
    scenario: Mapped[str] = mapped_column(Text, default="")
    greeting: Mapped[str] = mapped_column(Text, default="")
    instructions: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)


class Source(Base):
    """What a character was imported from, verbatim: exports start from it."""

    __tablename__ = "personality_sources"

    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text, default="", index=True)  # its id there, if it has one
    file_sha256: Mapped[str] = mapped_column(String(64), index=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)  # JSON, without what must not be kept
    # The whole file where it holds more than document and picture (CHARX).
    file: Mapped[bytes | None] = mapped_column(LargeBinary)
    # What the document said of the avatar: to tell whether the picture was changed here since.
    avatar_sha256: Mapped[str | None] = mapped_column(String(64))
    import_time: Mapped[datetime]


class Lorebook(Base, Identified, Timestamped):
    """A book of entries. It belongs to a person, who lets characters use it."""

    __tablename__ = "lorebooks"
    __table_args__ = (
        Index("lorebooks_content_key", "owner_id", "content_sha256", unique=True),
        Index("lorebooks_request_key", "owner_id", "request_id", unique=True),
    )

    owner_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    scan_depth: Mapped[int | None]
    token_budget: Mapped[int | None]
    recursive_scanning: Mapped[bool | None]
    format: Mapped[str] = mapped_column(Text, default="")
    document: Mapped[bytes] = mapped_column(LargeBinary)  # its JSON, verbatim
    # Of the book as it came: equal ones are stored once, and one that was edited here since is
    # found again. Of one that was written here: of its id.
    content_sha256: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    request_id: Mapped[UUID | None]
    request_hash: Mapped[bytes | None] = mapped_column(LargeBinary)


class LorebookEntry(Base):
    """One entry of a book, in the words of Character Card V3."""

    __tablename__ = "lorebook_entries"
    __table_args__ = (
        Index("lorebook_entries_id_key", "id", unique=True),
        Index("lorebook_entries_request_key", "lorebook_id", "request_id", unique=True),
    )

    id: Mapped[UUID] = mapped_column(default=clock.uuid7)
    lorebook_id: Mapped[UUID] = mapped_column(
        ForeignKey("lorebooks.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, default="")
    keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    secondary_keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    content: Mapped[str] = mapped_column(Text)
    enabled: Mapped[bool]
    constant: Mapped[bool]
    selective: Mapped[bool]
    use_regex: Mapped[bool]
    case_sensitive: Mapped[bool | None]
    insertion_order: Mapped[float]
    priority: Mapped[float | None]
    place: Mapped[str] = mapped_column(Text)  # `before_char` or `after_char`
    # SillyTavern's settings by its own names; their set is open.
    extensions: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(default=1)
    request_id: Mapped[UUID | None]
    request_hash: Mapped[bytes | None] = mapped_column(LargeBinary)


class LorebookUse(Base):
    """A character that uses a book."""

    __tablename__ = "lorebook_uses"

    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), primary_key=True
    )
    lorebook_id: Mapped[UUID] = mapped_column(
        ForeignKey("lorebooks.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    embedded: Mapped[bool] = mapped_column(default=False)  # the book inside its card


class Document(Base, Identified):
    """A story or text that a character knows."""

    __tablename__ = "documents"
    __table_args__ = (
        Index("documents_origin_key", "personality_id", "origin", unique=True),
        Index("documents_page_idx", "personality_id", "id"),
    )

    personality_id: Mapped[UUID] = mapped_column(ForeignKey("personalities.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[str] = mapped_column(Text)  # its id at the source, or the hash of its text
    url: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    create_time: Mapped[datetime]


class Passage(Base, Identified):
    """A part of a document, as it is recalled. No index on vectors and words, as with memories."""

    __tablename__ = "passages"

    document_id: Mapped[UUID] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), index=True
    )
    personality_id: Mapped[UUID] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    # Two slots, for two models (memory/reading/slot_tables.py).
    embedding: Mapped[list[float] | None] = mapped_column(HALFVEC())
    embedding_b: Mapped[list[float] | None] = mapped_column(HALFVEC())
    words: Mapped[str] = mapped_column(TSVECTOR)
