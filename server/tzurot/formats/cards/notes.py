"""What is said about a card while it is read: where each part went, and what was odd."""

from dataclasses import dataclass, field

from tzurot.formats.cards.values import empty, storable
from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Mapped

LISTED = 500  # entries of one list in a preview; the rest is a number
_PATH = 200  # characters


@dataclass(slots=True)
class Notes:
    """A preview in the making."""

    fields: list[Mapped] = field(default_factory=list[Mapped])
    kept_aside: list[Aside] = field(default_factory=list[Aside])
    warnings: list[str] = field(default_factory=list[str])

    def map(self, source: str, destination: str, note: str = "") -> None:
        """A field with a value has found its place."""
        self.fields.append(Mapped(path(source), destination, note))

    def keep(self, source: str, value: Json, reason: str) -> None:
        """A part without a place stays in the stored source, if there is anything in it."""
        if not empty(value):
            self.kept_aside.append(Aside(path(source), reason))

    def warn(self, sentence: str) -> None:
        """Something odd that a person should see before the card moves in."""
        self.warnings.append(sentence)


def listed(asides: list[Aside]) -> tuple[Aside, ...]:
    """As many as a preview can show, and how many more there are."""
    if len(asides) <= LISTED:
        return tuple(asides)
    more = Aside("…", f"{len(asides) - LISTED} more parts without a place here.")
    return (*asides[:LISTED], more)


def path(source: str) -> str:
    """A path that can be shown, whatever its keys are."""
    return storable(source)[:_PATH]
