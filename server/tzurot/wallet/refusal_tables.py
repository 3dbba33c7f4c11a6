"""What providers refused, for as long as they are not asked again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base, Identified


class ProviderRefusal(Base, Identified):
    """A refusal of one payer's, of one model or of all: at most one each, so they stay few."""

    __tablename__ = "provider_refusals"
    __table_args__ = (
        CheckConstraint("refusal IN ('rejected', 'lacks_credit', 'rate_limited')", name="refusal"),
        Index("provider_refusals_account_key", "payer", "provider", "model", unique=True),
        Index("provider_refusals_key_idx", "api_key_id"),
        Index("provider_refusals_until_idx", "until_time"),
    )

    payer: Mapped[str] = mapped_column(String(60))
    provider: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)  # empty: all of the key's
    api_key_id: Mapped[UUID | None] = mapped_column(ForeignKey("api_keys.id", ondelete="CASCADE"))
    refusal: Mapped[str] = mapped_column(Text)
    until_time: Mapped[datetime]
