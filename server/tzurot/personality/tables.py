"""Characters and their avatars."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.personality import mentions
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
        CheckConstraint("visibility IN ('private', 'public')", name="visibility"),
        Index("personalities_request_key", "owner_id", "request_id", unique=True),
        Index("personalities_folded_name_idx", "folded_name"),
    )

    owner_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    # As mentions are compared; not Postgres's lower(), which leaves ß, and by locale all but ASCII.
    folded_name: Mapped[str] = mapped_column(Text, default=_folded)
    description: Mapped[str] = mapped_column(Text, default="")
    system_prompt: Mapped[str] = mapped_column(Text, default="")
    greeting: Mapped[str] = mapped_column(Text, default="")
    example_dialogues: Mapped[str] = mapped_column(Text, default="")
    visibility: Mapped[str] = mapped_column(Text, default="private")
    avatar_sha256: Mapped[str | None] = mapped_column(ForeignKey("avatars.sha256"))
    version: Mapped[int] = mapped_column(default=1)
    request_id: Mapped[UUID | None]
    request_hash: Mapped[bytes | None] = mapped_column(LargeBinary)  # tells a repeat from a misuse
