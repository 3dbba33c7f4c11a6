"""What is being carried in, and what has become of it so far."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.formats.found import Found
from tzurot.llm.embeddings import Vector
from tzurot.personality.avatars.pictures import Picture
from tzurot.personality.characters import Personality
from tzurot.personality.fields import Value
from tzurot.transfer.plans import Action, Change, Options, OwnEdit, Upload
from tzurot.transport.subject import Caller

Progress = Callable[[str, int, int], Awaitable[None]]
"""Told what is being done, how much of it, of how much (0: not known)."""


async def untold(label: str, done: int, total: int) -> None:
    """The progress that nobody waits for."""


@dataclass(slots=True)
class Arrived:
    """What has happened so far."""

    personality_id: UUID | None = None
    slug: str = ""
    changes: list[Change] = field(default_factory=list[Change])
    own_edits: list[OwnEdit] = field(default_factory=list[OwnEdit])
    warnings: list[str] = field(default_factory=list[str])

    def say(self, action: Action, resource: str, name: str, size_bytes: int = 0) -> None:
        """One resource was treated so."""
        self.changes.append(Change(action, resource, name, 1, size_bytes))

    def say_of(self, here: Personality, action: Action, resource: str, size_bytes: int = 0) -> None:
        """The same of a character, or of what has no name but its: with its slug, if it was here.

        A new one's slug is known when it is stored, and a preview says no more than is true then.
        """
        made = any(
            it.action is Action.CREATE and it.resource == "personality" for it in self.changes
        )
        slug = "" if made else here.slug
        self.changes.append(Change(action, resource, here.name, 1, size_bytes, slug))

    def count(
        self,
        resource: str,
        counts: Iterable[tuple[Action, int]],
        size: int = 0,
        whose: Personality | None = None,
    ) -> None:
        """So many of a resource were treated so; none of them is not said.

        `whose`: of which character, where a file has something for several.
        """
        name, slug = (whose.name, whose.slug) if whose else ("", "")
        for action, number in counts:
            if number:
                told = 0 if action is Action.KEEP else size
                self.changes.append(Change(action, resource, name, number, told, slug))


@dataclass(frozen=True, slots=True)
class Moving:
    """One file on its way in, in one transaction.

    `picture` is the avatar that lies in it, `fetched` the one from the address that it names; both
    are made anew already.
    """

    tx: AsyncSession
    who: Caller
    upload: Upload
    found: Found
    picture: Picture | None
    fetched: Picture | None
    rehearsed: bool
    """Whether it is taken back afterwards: then a character that is not named is no error."""
    progress: Progress
    vectors: Mapping[str, Vector] = field(default_factory=dict[str, Vector])
    """Of the texts of facts."""
    arrived: Arrived = field(default_factory=Arrived)

    @property
    def options(self) -> Options:
        """What the person says about it."""
        return self.upload.options

    @property
    def file_sha256(self) -> str:
        """Of the whole file, lowercase hex."""
        return hashlib.sha256(self.upload.content).hexdigest()


def size_of(values: Iterable[Value]) -> int:
    """How many bytes the texts have."""
    return sum(len(json.dumps(value, ensure_ascii=False).encode()) for value in values)
