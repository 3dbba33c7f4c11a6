"""The rules that the contracts state, checked on every request."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import protovalidate
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from tzurot.errors import InvalidField

_YEAR_1, _YEAR_10000 = -62_135_596_800, 253_402_300_800  # seconds since 1970


class Validation:
    """Checks requests; keeps what it compiled from each message's rules."""

    def __init__(self) -> None:
        self._validator = protovalidate.Validator()

    def check(self, request: Message) -> None:
        """Check `request` by the rules in its proto, and that Postgres can store what is in it.

        Raises:
            InvalidField: names each field that breaks a rule.
        """
        violations = [_told(it) for it in self._validator.collect_violations(request)]
        if violations := violations or list(_unstorable(request)):
            raise InvalidField(violations)


def _told(violation: protovalidate.Violation) -> tuple[str, str, str]:
    told = violation.proto
    path = ".".join(_step(element) for element in told.field.elements) if told.field else ""
    # A rule over several fields has no path: its id names the field, `personality.name.required`.
    path = path or told.rule_id.rpartition(".")[0]
    return path, told.rule_id, (told.message or told.rule_id).removeprefix(f"{path} ")


def _step(element: protovalidate.FieldPathElementPb) -> str:
    index = element.subscript
    return element.field_name + (f"[{index.value}]" if index else "")


def _unstorable(message: Message, above: str = "") -> Iterator[tuple[str, str, str]]:
    """What no rule of a proto says: values that neither Python nor Postgres have."""
    for field, value in message.ListFields():
        for key, one in _each(field, value):
            path = f"{above}{field.name}{key}"
            if isinstance(one, str) and "\0" in one:
                yield path, "string.no_zero", "must not contain the character U+0000"
            elif isinstance(one, Timestamp) and not _is_moment(one):
                yield path, "timestamp.valid", "must lie in the years 1 to 9999"
            elif isinstance(one, Message):
                yield from _unstorable(one, f"{path}.")


def _each(field: FieldDescriptor, value: Any) -> Iterator[tuple[str, object]]:
    """The values of a field, each with its key in a path; of a map the keys count as values."""
    if not field.is_repeated:
        yield "", value
    elif isinstance(value, Mapping):
        for key, one in cast("Mapping[object, object]", value).items():
            yield f"[{key}]", key
            yield f"[{key}]", one
    else:
        yield from ((f"[{index}]", one) for index, one in enumerate(value))


def _is_moment(stamp: Timestamp) -> bool:
    """Whether it keeps to the range that timestamp.proto states."""
    return _YEAR_1 <= stamp.seconds < _YEAR_10000 and 0 <= stamp.nanos < 10**9
