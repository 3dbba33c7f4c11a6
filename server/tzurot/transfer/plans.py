"""The values of an import: what was handed over, what would happen, what was done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tzurot.formats.found import Aside, Found, Mapped
from tzurot.personality.characters import Ref
from tzurot.personality.fields import Value


@dataclass(frozen=True, slots=True)
class Options:
    """What the person says about an import."""

    personality: Ref | None = None
    as_copy: bool = False
    overwrite_own_edits: bool = False
    caller_sender_ids: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """Names of those of a system that are to come; none: all of them."""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file, what its person calls it, and what to do with it."""

    content: bytes
    name: str = ""
    options: Options = field(default_factory=Options)


class Action(StrEnum):
    """What happens to a resource."""

    CREATE = "create"
    UPDATE = "update"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that an import creates, updates or keeps: `count` of them, with so much text.

    `slug` is of a character that is here already.
    """

    action: Action
    resource: str
    name: str = ""
    count: int = 1
    size_bytes: int = 0
    slug: str = ""


@dataclass(frozen=True, slots=True)
class OwnEdit:
    """A field that somebody here changed since the last import, and that the file has otherwise."""

    field: str
    current: str
    imported: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose memories come along, by their id at the source."""

    sender_id: str
    memory_count: int
    group_memory_count: int
    first_time: datetime | None
    last_time: datetime | None
    is_caller: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file is and what an import of it does."""

    digest: str
    found: Found
    changes: tuple[Change, ...]
    own_edits: tuple[OwnEdit, ...]
    senders: tuple[Sender, ...]
    warnings: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What the file is about."""
        return self.found.kind

    @property
    def format(self) -> str:
        """Its format."""
        return self.found.format

    @property
    def name(self) -> str:
        """Of the character, book or system."""
        return self.found.name

    @property
    def fields(self) -> tuple[Mapped, ...]:
        """Where each field goes."""
        return self.found.fields

    @property
    def kept_aside(self) -> tuple[Aside, ...]:
        """What only the stored source keeps."""
        return self.found.kept_aside

    @property
    def dropped(self) -> tuple[Aside, ...]:
        """What is not stored."""
        return self.found.dropped

    @property
    def details(self) -> Mapping[str, object]:
        """More about a file of this format."""
        return self.found.details

    @property
    def has_avatar(self) -> bool:
        """Whether it brings a picture, or the address of one."""
        who = self.found.character
        return bool(who and (who.avatar or who.avatar_url))

    @property
    def entry_count(self) -> int:
        """Of all its lorebooks."""
        return sum(len(book.entries) for book in self.found.lorebooks)

    @property
    def alternate_greeting_count(self) -> int:
        """Greetings besides the first."""
        return len(self.found.character.alternate_greetings) if self.found.character else 0


@dataclass(frozen=True, slots=True)
class Result:
    """What an import did. `warnings`: what failed without harm to the rest."""

    preview: Preview
    personality_id: UUID | None
    slug: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """New values for a character that is here, and what stays though the file says otherwise."""

    values: dict[str, Value]
    own_edits: tuple[OwnEdit, ...]
