"""Custom fields as messages, and back to the rows that are kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from tzurot.errors import InvalidField
from tzurot.formats import custom_fields
from tzurot.formats.found import CustomField
from tzurot.personality.v1 import personality_pb2

_PATH = "personality.custom_fields"


def field_to(row: Mapping[str, Any]) -> personality_pb2.CustomField:
    """A custom field."""
    field = custom_fields.field_of(row)
    return personality_pb2.CustomField(name=field.name, text=field.text, silent=field.silent)


def rows_from(fields: Iterable[personality_pb2.CustomField]) -> list[dict[str, Any]]:
    """The rows that say the same, their names in one line without space around them.

    Raises:
        InvalidField: a name is blank, or that of another one in other letter case.
    """
    found = [CustomField(custom_fields.name_of(it.name), it.text, it.silent) for it in fields]
    first: dict[str, int] = {}
    problems: list[tuple[str, str, str]] = []
    for number, field in enumerate(found):
        path, key = f"{_PATH}[{number}].name", custom_fields.key_of(field.name)
        if not field.name:
            problems.append((path, "required", "must not be blank"))
        elif first.setdefault(key, number) != number:
            problems.append((path, "custom_fields.unique", "no two may have the same name"))
    if problems:
        raise InvalidField(problems)
    return custom_fields.rows_of(found)
