"""The ledger: every request to a provider of models.

Rows go with their person. What else they name is no foreign key: a character, a conversation or a
key may be gone, and what was spent on it was spent all the same.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base, Identified


class ModelAttempt(Base, Identified):
    """One attempt. Prices are micro-dollars for a million tokens; what is NULL nobody knows."""

    __tablename__ = "model_attempts"
    __table_args__ = (
        CheckConstraint("payer IN ('own', 'sponsor', 'server')", name="payer"),
        CheckConstraint(
            "purpose IN ('chat', 'vision', 'extraction', 'summary', 'dream', 'reflection')",
            name="purpose",
        ),
        Index("model_attempts_person_id_idx", "person_id", "id"),
        Index("model_attempts_person_time_idx", "person_id", "create_time"),
        Index(
            "model_attempts_sponsor_idx",
            "sponsor_id",
            "create_time",
            postgresql_where="sponsor_id IS NOT NULL",
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    payer: Mapped[str] = mapped_column(Text)
    key_id: Mapped[UUID | None]  # of the person's own
    sponsor_id: Mapped[UUID | None]
    provider: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    personality_id: Mapped[UUID]
    personality_name: Mapped[str] = mapped_column(Text)
    conversation_id: Mapped[UUID | None]
    turn_id: Mapped[UUID | None]
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    cached_tokens: Mapped[int]
    reasoning_tokens: Mapped[int]
    estimated: Mapped[bool]
    input_micros: Mapped[int | None] = mapped_column(BigInteger)
    output_micros: Mapped[int | None] = mapped_column(BigInteger)
    cached_input_micros: Mapped[int | None] = mapped_column(BigInteger)
    cost_micros: Mapped[int | None] = mapped_column(BigInteger)
    latency_ms: Mapped[int]
    outcome: Mapped[str] = mapped_column(Text)
    create_time: Mapped[datetime]  # when it began
