"""People, their platforms and faces, and the tokens of clients."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from tzurot.storage.base import Base, Identified, Timestamped


class Person(Base, Identified, Timestamped):
    """Somebody who talks with characters."""

    __tablename__ = "people"

    adult_time: Mapped[datetime | None]  # when they proved to be an adult
    age_barred: Mapped[bool] = mapped_column(default=False)  # no place proves it
    # Who speaks where no service speaks for them, and until when; null: whoever usually does.
    front_persona_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("personas.id", ondelete="SET NULL", use_alter=True)
    )
    front_expire_time: Mapped[datetime | None]
    # A name in the IANA database; empty: not known.
    time_zone: Mapped[str] = mapped_column(String(64), default="", server_default="")


class Identity(Base):
    """Who a person is on a platform: a subject such as `discord:123`."""

    __tablename__ = "identities"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)


class Persona(Base, Identified, Timestamped):
    """A person's face in conversations; memories belong to it."""

    __tablename__ = "personas"
    __table_args__ = (
        Index("personas_default_key", "person_id", unique=True, postgresql_where="is_default"),
        Index(
            "personas_origin_key",
            "person_id",
            "origin",
            unique=True,
            postgresql_where="origin <> ''",
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    is_default: Mapped[bool] = mapped_column(default=False)
    display_name: Mapped[str] = mapped_column(String(255), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    pronouns: Mapped[str] = mapped_column(String(255), default="")
    birthday: Mapped[str] = mapped_column(String(10), default="")
    avatar_url: Mapped[str] = mapped_column(Text, default="")
    keep_proxy: Mapped[bool] = mapped_column(default=False)
    private: Mapped[bool] = mapped_column(default=True)
    # Shown to this character alone; null: to all.
    personality_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("personalities.id", ondelete="CASCADE"), index=True
    )
    origin: Mapped[str] = mapped_column(Text, default="")  # its id where it was imported from
    # What its service calls it where it speaks, if nothing else tells who that is; else empty.
    shown_as: Mapped[str] = mapped_column(String(255), default="")
    source: Mapped[bytes | None] = mapped_column(LargeBinary)  # its JSON there, verbatim


class ProxyTag(Base):
    """What marks a message as said by a persona."""

    __tablename__ = "persona_proxy_tags"
    __table_args__ = (CheckConstraint("prefix <> '' OR suffix <> ''", name="marked"),)

    persona_id: Mapped[UUID] = mapped_column(
        ForeignKey("personas.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(Text, default="")
    suffix: Mapped[str] = mapped_column(Text, default="")


class Denial(Base, Identified):
    """Somebody or some place that is not answered. Empty `platform` and `space_id`: anywhere."""

    __tablename__ = "denials"
    __table_args__ = (
        CheckConstraint("target IN ('subject', 'space', 'channel', 'personality')", name="target"),
        CheckConstraint("kind IN ('block', 'mute')", name="kind"),
        Index("denials_target_idx", "target", "target_id"),
        Index("denials_request_key", "creator_id", "request_id", unique=True),
    )

    target: Mapped[str] = mapped_column(Text)
    target_id: Mapped[str] = mapped_column(Text)  # a subject, the platform's id, a character's id
    platform: Mapped[str] = mapped_column(String(32), default="")
    space_id: Mapped[str] = mapped_column(String(64), default="")
    kind: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    by_operator: Mapped[bool] = mapped_column(default=False)  # then moderators don't lift it
    creator_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    request_id: Mapped[UUID | None]
    create_time: Mapped[datetime]
    expire_time: Mapped[datetime | None]


class Maintenance(Base):
    """Work on the server: while its one row is there, nobody is answered."""

    __tablename__ = "maintenance"
    __table_args__ = (CheckConstraint("single", name="single"),)

    single: Mapped[bool] = mapped_column(primary_key=True, default=True)
    message: Mapped[str] = mapped_column(Text)
    start_time: Mapped[datetime]


class ServiceToken(Base, Identified):
    """Lets a client in; only the hash of its secret is kept."""

    __tablename__ = "service_tokens"
    __table_args__ = (Index("service_tokens_request_key", "creator_id", "request_id", unique=True),)

    name: Mapped[str] = mapped_column(String(80))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    subject: Mapped[str | None] = mapped_column(Text)
    acts_for: Mapped[list[str]] = mapped_column(ARRAY(Text))
    creator_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    request_id: Mapped[UUID | None]
    create_time: Mapped[datetime]
    last_use_time: Mapped[datetime | None]
    revoke_time: Mapped[datetime | None]
    expire_time: Mapped[datetime | None]
