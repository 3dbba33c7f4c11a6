"""The rules that the contracts state, checked on every request."""

from collections.abc import Iterator

import protovalidate
from google.protobuf.message import Message

from tzurot.errors import InvalidField


class Validation:
    """Checks requests; keeps what it compiled from each message's rules."""

    def __init__(self) -> None:
        self._validator = protovalidate.Validator()

    def check(self, request: Message) -> None:
        """Check `request` by the rules in its proto, and that Postgres can store its texts.

        Raises:
            InvalidField: names each field that breaks a rule.
        """
        violations = [_told(it) for it in self._validator.collect_violations(request)]
        violations = violations or [
            (path, "string.no_zero", "must not contain the character U+0000")
            for path, text in _texts(request)
            if "\0" in text
        ]
        if violations:
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


def _texts(message: Message, above: str = "") -> Iterator[tuple[str, str]]:
    """Every text in `message`, with its path."""
    for field, value in message.ListFields():
        many = list(value) if field.is_repeated else [value]
        for index, one in enumerate(many):
            path = f"{above}{field.name}" + (f"[{index}]" if field.is_repeated else "")
            if isinstance(one, str):
                yield path, one
            elif isinstance(one, Message):
                yield from _texts(one, f"{path}.")
