"""Who may do what with a character: roles, and what each sees at each visibility.

The owner decides. Co-owners are editors and viewers; a character can also be shared with somebody
who just talks with it, and somebody can be kept out of it. docs/reference/rights.md has it as a
table, which is the test, too.
"""

from dataclasses import dataclass
from enum import IntEnum

from tzurot.errors import DefinitionHidden, NotEditor, NotOwner
from tzurot.personality.tables import Override, Personality


class Role(IntEnum):
    """What somebody is to a character: each may do what the ones before may."""

    BLOCKED = -1
    NOBODY = 0
    USER = 1
    VIEWER = 2
    EDITOR = 3
    OWNER = 4

    @classmethod
    def named(cls, name: str | None) -> "Role":
        """The role that is stored under this name; nobody's without one."""
        return cls[name.upper()] if name else cls.NOBODY


@dataclass(frozen=True, slots=True)
class Access:
    """A character as one person has it, who may see it."""

    personality: Personality
    role: Role
    override: Override | None = None

    @property
    def sees_definition(self) -> bool:
        """Whether they may read what the card, its books and its documents tell the model."""
        return self.role >= Role.VIEWER or self.personality.definition_visible

    def greeting(self, index: int = 0) -> str:
        """What the character says first to them; empty if it waits.

        `index` 1 is the first alternate greeting; one that is not there is the first of all.
        """
        others = self.personality.alternate_greetings or ()
        if 0 < index <= len(others):
            return others[index - 1]
        own = self.override.greeting if self.override else ""
        return own or self.personality.greeting or ""

    @property
    def edits(self) -> bool:
        """Whether they may change it."""
        return self.role >= Role.EDITOR

    @property
    def owns(self) -> bool:
        """Whether they decide who sees it."""
        return self.role is Role.OWNER

    def require_definition(self) -> None:
        """Make sure that they may read it.

        Raises:
            DefinitionHidden: they may not.
        """
        if not self.sees_definition:
            raise DefinitionHidden(self.personality.slug)

    def require_editor(self) -> None:
        """Make sure that they may change it.

        Raises:
            NotEditor: they may not.
        """
        if not self.edits:
            raise NotEditor(self.personality.slug)

    def require_owner(self) -> None:
        """Make sure that it is theirs.

        Raises:
            NotOwner: it is not.
        """
        if not self.owns:
            raise NotOwner(self.personality.slug)
