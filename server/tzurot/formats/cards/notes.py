"""What is said about a card while it is read: where each part went, and what was odd."""

from dataclasses import dataclass, field

from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Mapped
from tzurot.formats.narrowing import is_empty, text

LISTED = 500  # entries of one list in a preview; the rest is a number
_PATH = 200  # characters


@dataclass(slots=True)
class Notes:
    """A preview in the making."""

    fields: list[Mapped] = field(default_factory=list[Mapped])
    warnings: list[str] = field(default_factory=list[str])
    _kept: list[Aside] = field(default_factory=list[Aside])
    _more: int = 0

    @property
    def kept_aside(self) -> tuple[Aside, ...]:
        """What only the stored source keeps: as much as a preview can show, and how much more."""
        if not self._more:
            return tuple(self._kept)
        return (*self._kept, Aside("…", f"{self._more} more parts have no place here."))

    def map(self, source: str, destination: str, note: str = "") -> None:
        """A field with a value has found its place."""
        self.fields.append(Mapped(path(source), destination, note))

    def keep(self, source: str, value: Json, reason: str) -> None:
        """A part without a place stays in the stored source, if there is anything in it."""
        if is_empty(value):
            return
        if len(self._kept) < LISTED:
            self._kept.append(Aside(path(source), reason))
        else:
            self._more += 1

    def warn(self, sentence: str) -> None:
        """Something odd that a person should see before the card moves in."""
        self.warnings.append(sentence)


def path(source: str) -> str:
    """A path that can be shown, whatever its keys are."""
    return text(source)[:_PATH]
