"""Presets, and who was told that another model answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base, Identified, Timestamped


class PresetRow(Base, Identified, Timestamped):
    """A preset of a person's."""

    __tablename__ = "presets"

    owner_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(Text, default="")
    provider: Mapped[str] = mapped_column(Text, default="")  # as llm/speaker.py names its kind
    # By the names of llm/parameters.py; null: off. Read and written as one.
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    published: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    request_id: Mapped[UUID | None]
    request_hash: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        Index("presets_name_key", "owner_id", func.lower(name), unique=True),
        Index("presets_request_key", "owner_id", "request_id", unique=True),
        Index("presets_published_idx", "id", postgresql_where="published"),
    )


class PresetTelling(Base):
    """A person was told that a preset's model is not theirs to ask."""

    __tablename__ = "preset_tellings"

    preset_id: Mapped[UUID] = mapped_column(
        ForeignKey("presets.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    model: Mapped[str] = mapped_column(Text, primary_key=True)
    create_time: Mapped[datetime]
