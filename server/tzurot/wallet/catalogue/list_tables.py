"""The last good lists of models, each as it was read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base, Identified


class ModelList(Base, Identified):
    """What a provider lists: for everybody, or for one key of a person's."""

    __tablename__ = "model_lists"
    __table_args__ = (
        Index(
            "model_lists_shared_key",
            "provider",
            unique=True,
            postgresql_where=text("api_key_id IS NULL"),
        ),
        Index("model_lists_key_key", "api_key_id", unique=True),
    )

    provider: Mapped[str] = mapped_column(Text)
    api_key_id: Mapped[UUID | None] = mapped_column(ForeignKey("api_keys.id", ondelete="CASCADE"))
    read_time: Mapped[datetime]
    # As entry.py writes them: a list is read and replaced as a whole, and never searched here.
    models: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
