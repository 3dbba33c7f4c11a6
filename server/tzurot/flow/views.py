"""What a flow shows and asks: the contract's views as values that keep its limits. Pure.

Texts that come from people (titles, items, the labels of choices) are cut to one line that fits.
What a kind writes itself (keys, labels of fields and actions) must fit, or it is a bug.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

MAX_LABEL = 45  # characters of a field's or an action's label
MAX_DESCRIPTION = 100  # characters of what is said beside a field or a choice
MAX_CHOICES = 25
MAX_ASKS = 5  # fields of one form
MAX_DOCUMENT = 1024 * 1024  # bytes
MAX_TITLE = 200  # characters; the contract says only: one line
ITEM = "item"  # the answer that names a chosen item

# Ends of lines, other controls, and what turns the direction of the text around it.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class Asks(StrEnum):
    """What a value looks like."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    BOOLEAN = "boolean"
    FILE = "file"
    SECRET = "secret"  # noqa: S105 - it says what is asked; a flow never remembers the answer


class Style(StrEnum):
    """What an action weighs."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DANGER = "danger"


class State(StrEnum):
    """Whether a flow can be answered."""

    OPEN = "open"
    WORKING = "working"
    DONE = "done"
    CLOSED = "closed"


def line(text: str, limit: int = MAX_TITLE) -> str:
    """`text` as one line of at most `limit` characters; what is cut off leaves an ellipsis."""
    words = " ".join(_UNSEEN.sub(" ", text[: limit * 4]).split())
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to choose; `description` is shown beside its label."""

    value: str
    label: str
    description: str = ""

    def __post_init__(self) -> None:
        _demand(len(self.value) <= 100, f"choice {self.value[:40]}… is too long")
        label = line(self.label, 100) or line(self.value, 100) or "…"
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "description", line(self.description, MAX_DESCRIPTION))


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a form asks. `values` are what it is now; `max_length` is of a text."""

    key: str
    label: str
    asks: Asks = Asks.TEXT
    description: str = ""
    values: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    required: bool = False
    max_length: int = 255
    error: str = ""

    def __post_init__(self) -> None:
        _demand(bool(self.key) and self.key != ITEM, f"a field can't be called `{self.key}`")
        _demand(0 < len(self.label) <= MAX_LABEL, f"label of field {self.key}")
        _demand(len(self.description) <= MAX_DESCRIPTION, f"description of field {self.key}")
        _demand(len(self.choices) <= MAX_CHOICES, f"choices of field {self.key}")
        _demand(_unique(it.value for it in self.choices), f"choices of field {self.key} repeat")
        _demand(self.asks is not Asks.SECRET or not self.values, f"field {self.key} is secret")
        _demand(self.max_length > 0, f"max_length of field {self.key}")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list. Without a key it is only shown."""

    title: str
    text: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", line(self.title) or "…")


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the person can do; `asks` are keys of fields."""

    key: str
    label: str
    style: Style = Style.SECONDARY
    asks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _demand(0 < len(self.key) <= 64, f"key of action {self.key}")
        _demand(0 < len(self.label) <= MAX_LABEL, f"label of action {self.key}")
        _demand(len(self.asks) <= MAX_ASKS, f"action {self.key} asks too much at once")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a work is: `done` of `total`, which is 0 if nobody knows."""

    label: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A file that goes with what is shown; its name has no folder."""

    name: str
    content: bytes

    def __post_init__(self) -> None:
        _demand(bool(self.name) and "/" not in self.name, f"name of document {self.name}")
        _demand(len(self.content) <= MAX_DOCUMENT, f"document {self.name} is too large")


@dataclass(frozen=True, slots=True)
class View:
    """What is shown at a step.

    `mark` says of which state of the world it is, such as a version: an answer to a view with
    another mark is not taken before its person has seen what changed. At most 200 characters.
    """

    title: str
    body: str = ""
    fields: tuple[Field, ...] = ()
    items: tuple[Item, ...] = ()
    actions: tuple[Action, ...] = ()
    item_action: str = ""
    notice: str = ""
    mark: str = ""
    progress: Progress | None = None
    message_id: str = ""
    """The message that the flow has changed, for clients that show it elsewhere."""
    document: Document | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", line(self.title) or "…")
        keys = {field.key for field in self.fields}
        _demand(len(keys) == len(self.fields), "keys of fields repeat")
        _demand(_unique(action.key for action in self.actions), "keys of actions repeat")
        _demand(_unique(item.key for item in self.items if item.key), "keys of items repeat")
        for action in self.actions:
            _demand(keys.issuperset(action.asks), f"{action.key} asks what is no field")
            _demand(action.key != self.item_action, f"{action.key} is the item's action")

    def action(self, key: str) -> Action | None:
        """The action with this key, the one of items included."""
        if key and key == self.item_action:
            return Action(key, "Choose")
        return next((action for action in self.actions if action.key == key), None)

    def field(self, key: str) -> Field:
        """The field with this key, which must be there."""
        return next(field for field in self.fields if field.key == key)

    def without_actions(self) -> "View":
        """The view as it is shown while nothing can be answered."""
        return replace(self, actions=(), fields=(), item_action="")


def _unique(keys: Iterable[str]) -> bool:
    listed = list(keys)
    return len(set(listed)) == len(listed)


def _demand(kept: bool, limit: str) -> None:
    if not kept:
        raise ValueError(f"the contract of flows does not allow this: {limit}")
