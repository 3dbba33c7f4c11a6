"""Custom fields of a character: parts of its definition that somebody gave a name of their own.

As rows they are `name`, `text` and, if the model is not told them, `silent`. What may be in them
says personality.proto; files can say anything, so what they bring is collected here. Pure.
"""

from collections.abc import Iterable, Mapping

from tzurot.formats import caps, narrowing
from tzurot.formats.documents import Json
from tzurot.formats.found import CustomField, Mapped

MAX_FIELDS = 50
MAX_NAME = 100  # characters


def name_of(written: str) -> str:
    """A name in one line, without space around it."""
    return " ".join(written.split())


def key_of(name: str) -> str:
    """What two names have in common that count as the same."""
    return name_of(name).casefold()


def field_of(row: Mapping[str, Json]) -> CustomField:
    """A stored row."""
    name, text = narrowing.text(row.get("name")), narrowing.text(row.get("text"))
    return CustomField(name, text, narrowing.flag(row.get("silent")))


def row_of(field: CustomField) -> dict[str, Json]:
    """The row that says the same."""
    row: dict[str, Json] = {"name": field.name, "text": field.text}
    return {**row, "silent": True} if field.silent else row


def fields_of(rows: Iterable[Mapping[str, Json]]) -> tuple[CustomField, ...]:
    """The fields of stored rows."""
    return tuple(map(field_of, rows))


def rows_of(fields: Iterable[CustomField]) -> list[dict[str, Json]]:
    """The rows that say the same."""
    return list(map(row_of, fields))


class Collected:
    """The custom fields that a file turned out to have."""

    def __init__(self) -> None:
        self._fields: dict[str, CustomField] = {}

    @property
    def fields(self) -> tuple[CustomField, ...]:
        """All of them, in order."""
        return tuple(self._fields.values())

    def add(self, field: CustomField) -> str:
        """Take one in; or else why there is no place for it, as a part of a sentence."""
        name = name_of(field.name)
        if not name:
            return "it has no name"
        if len(name) > MAX_NAME:
            return f"its name has more than {MAX_NAME} characters"
        if len(field.text) > caps.TEXT:
            return f"it has more than {caps.TEXT:,} characters"
        if key_of(name) in self._fields:
            return "another one has the same name"
        if len(self._fields) >= MAX_FIELDS:
            return f"there can be {MAX_FIELDS} custom fields"
        self._fields[key_of(name)] = CustomField(name, field.text, field.silent)
        return ""

    def add_rows(self, rows: Json) -> dict[int, str]:
        """Take in a list of rows; of those that have no place, why, by their numbers."""
        problems: dict[int, str] = {}
        for number, row in enumerate(narrowing.items(rows)):
            problem = "it is no object"
            if narrowing.is_object(row):
                problem = self.add(field_of(row))
            if problem:
                problems[number] = problem
        return problems


class Placed:
    """The custom fields that readers make of parts of a source that have no field of ours."""

    def __init__(self) -> None:
        self._found = Collected()
        self._mapped: list[Mapped] = []

    @property
    def fields(self) -> tuple[CustomField, ...]:
        """All of them, in order."""
        return self._found.fields

    @property
    def mapped(self) -> tuple[Mapped, ...]:
        """Where each came from."""
        return tuple(self._mapped)

    @property
    def sources(self) -> frozenset[str]:
        """The paths that each came from."""
        return frozenset(it.source for it in self._mapped)

    def place(self, source: str, field: CustomField) -> str:
        """Make a field of what is at a path; or else why that can't be, as a part of a sentence."""
        if not field.text.strip():
            return "not a text that can be told"
        if problem := self._found.add(field):
            return problem
        silent = ", not told to the model" if field.silent else ""
        self._mapped.append(Mapped(source, "custom_fields", f"as `{name_of(field.name)}`{silent}"))
        return ""


def told(value: Json) -> str:
    """A value as the text of a field: a text, or texts with commas between; else empty."""
    if narrowing.is_list(value):
        return ", ".join(text.strip() for text in narrowing.texts(value))
    return narrowing.text(value)
