"""People's keys, each sealed where it lies: see sealing.py."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base, Identified
from tzurot.wallet.keys.sealing import Bound, Sealed


class ApiKey(Base, Identified):
    """A key of a person's at a provider of models."""

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint(
            "provider IN ('openrouter', 'openai', 'anthropic', 'gemini', 'elevenlabs', 'mistral',"
            " 'compatible')",
            name="provider",
        ),
        CheckConstraint(
            "failure IN ('rejected', 'lacks_permission', 'lacks_credit')", name="failure"
        ),
        Index("api_keys_name_key", "person_id", "provider", "name", unique=True),
        Index("api_keys_request_key", "person_id", "request_id", unique=True),
        # What a rotation still has to seal anew.
        Index("api_keys_master_idx", "master_key_id", "id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    provider: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(40))
    master_key_id: Mapped[str] = mapped_column(String(12))  # what its data key is sealed with
    data_key: Mapped[bytes] = mapped_column(LargeBinary)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    last_four: Mapped[str] = mapped_column(String(4), default="")
    fingerprint: Mapped[str] = mapped_column(String(8), default="")
    base_url: Mapped[str] = mapped_column(Text, default="")
    model: Mapped[str] = mapped_column(Text, default="")
    request_id: Mapped[UUID | None]
    create_time: Mapped[datetime]
    check_time: Mapped[datetime]
    last_use_time: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Text)
    failure_time: Mapped[datetime | None]

    @property
    def sealed(self) -> Sealed:
        """The key itself, as it lies here."""
        return Sealed(self.master_key_id, self.data_key, self.secret)

    @property
    def bound(self) -> Bound:
        """Where it belongs: whoever changes any of it in the database keeps it from opening."""
        return Bound(self.id, str(self.person_id), self.provider, self.base_url)
