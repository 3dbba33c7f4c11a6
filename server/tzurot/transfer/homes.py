"""Where memories and facts of a file go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from tzurot.personality.characters import Personality


@dataclass(frozen=True, slots=True)
class Home:
    """The character, and the caller's personas by their names.

    `named`: whether the file has something for several characters: then each is told by its name.
    """

    here: Personality
    faces: Mapping[str, UUID] = field(default_factory=dict[str, UUID])
    named: bool = False

    def persona(self, name: str) -> UUID | None:
        """The caller's persona of that name; None: whoever they speak as."""
        return self.faces.get(name) if name else None

    def is_stranger(self, name: str) -> bool:
        """Whether a name is of a persona that the caller doesn't have."""
        return bool(name) and name not in self.faces
