"""Budgets with what was spent of them in their running period, and what is set aside."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base, Identified


class Budget(Base, Identified):
    """A cap for one period: of a person, a key, a character, the server, a channel, a sponsor.

    What was spent counts for the period that began on `period_date`; in a later one it is nothing.
    `member` is what a sponsor gives one of them: it is none of that person's own budgets.
    """

    __tablename__ = "budgets"
    __table_args__ = (
        CheckConstraint("period IN ('day', 'month')", name="period"),
        CheckConstraint("num_nonnulls(cap_micros, cap_tokens) > 0", name="cap"),
        CheckConstraint(
            "CASE kind WHEN 'person' THEN person_id IS NOT NULL AND key_id IS NULL"
            " WHEN 'key' THEN person_id IS NOT NULL AND key_id IS NOT NULL"
            " WHEN 'character' THEN person_id IS NULL AND personality_id IS NOT NULL"
            " WHEN 'channel' THEN person_id IS NULL AND num_nonnulls(platform, channel_id) = 2"
            " WHEN 'sponsor' THEN num_nonnulls(person_id, member_id) = 0 AND sponsor_id IS NOT NULL"
            " WHEN 'member' THEN person_id IS NULL AND num_nonnulls(sponsor_id, member_id) = 2"
            " ELSE kind = 'server' AND num_nonnulls(person_id, key_id, personality_id) = 0 END",
            name="kind",
        ),
        Index(
            "budgets_target_key",
            "kind",
            "person_id",
            "key_id",
            "personality_id",
            "sponsor_id",
            "member_id",
            "platform",
            "channel_id",
            "period",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("budgets_person_idx", "person_id"),
        Index("budgets_key_idx", "key_id"),
        Index("budgets_personality_idx", "personality_id"),
        Index("budgets_sponsor_idx", "sponsor_id", "member_id"),
        Index("budgets_member_idx", "member_id"),
        Index("budgets_channel_idx", "platform", "channel_id"),
    )

    kind: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("api_keys.id", ondelete="CASCADE"))
    personality_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE")
    )
    sponsor_id: Mapped[UUID | None] = mapped_column(ForeignKey("sponsors.id", ondelete="CASCADE"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    platform: Mapped[str | None] = mapped_column(String(32))
    channel_id: Mapped[str | None] = mapped_column(String(64))
    period: Mapped[str] = mapped_column(Text)
    cap_micros: Mapped[int | None] = mapped_column(BigInteger)
    cap_tokens: Mapped[int | None] = mapped_column(BigInteger)
    period_date: Mapped[date]
    spent_micros: Mapped[int] = mapped_column(BigInteger)
    spent_tokens: Mapped[int] = mapped_column(BigInteger)
    told_percent: Mapped[int] = mapped_column(SmallInteger)


class Reservation(Base):
    """What a call that runs may take of a budget; of a killed process it ends by itself."""

    __tablename__ = "budget_reservations"
    __table_args__ = (Index("budget_reservations_call_idx", "call_id"),)

    budget_id: Mapped[UUID] = mapped_column(
        ForeignKey("budgets.id", ondelete="CASCADE"), primary_key=True
    )
    call_id: Mapped[UUID] = mapped_column(primary_key=True)
    micros: Mapped[int] = mapped_column(BigInteger)
    tokens: Mapped[int] = mapped_column(BigInteger)
    expire_time: Mapped[datetime]
