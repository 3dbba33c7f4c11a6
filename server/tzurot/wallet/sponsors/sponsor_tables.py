"""Who sponsors which space, with which key. What it gives a day is a budget: budget_tables.py."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base, Identified


class Sponsor(Base, Identified):
    """A key that pays in a space. It ends with its key, and that with its person."""

    __tablename__ = "sponsors"
    __table_args__ = (
        Index("sponsors_space_key", "platform", "space_id", "key_id", unique=True),
        Index("sponsors_key_idx", "key_id"),
        Index("sponsors_person_idx", "person_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_keys.id", ondelete="CASCADE"))
    platform: Mapped[str] = mapped_column(String(32))
    space_id: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(Text)
    member_cap_micros: Mapped[int] = mapped_column(BigInteger)
    create_time: Mapped[datetime]
