"""Dialogues that are held with people, and the files that they hand over in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base, Identified


class Flow(Base, Identified):
    """One dialogue with one person. `draft` is what its kind has to remember between steps."""

    __tablename__ = "flows"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'working', 'done', 'closed')", name="state"),
        Index("flows_request_key", "person_id", "request_id", unique=True),
        Index("flows_person_idx", "person_id", "id"),
        Index("flows_expire_idx", "expire_time"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    persona_id: Mapped[UUID] = mapped_column(ForeignKey("personas.id", ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(Text)  # who answers it, for jobs that act in its name
    path: Mapped[str] = mapped_column(String(64))
    step: Mapped[str] = mapped_column(Text)
    draft: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text, default="open")
    version: Mapped[int] = mapped_column(default=1)
    request_id: Mapped[UUID | None]
    request_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    create_time: Mapped[datetime]
    expire_time: Mapped[datetime]


class FlowFile(Base, Identified):
    """A file handed over in a flow; it goes with it."""

    __tablename__ = "flow_files"

    flow_id: Mapped[UUID] = mapped_column(ForeignKey("flows.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    create_time: Mapped[datetime]
