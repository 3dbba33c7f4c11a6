"""The rules that the contracts state, checked on every request."""

import protovalidate
from google.protobuf.message import Message

from tzurot.errors import InvalidField


class Validation:
    """Checks requests; keeps what it compiled from each message's rules."""

    def __init__(self) -> None:
        self._validator = protovalidate.Validator()

    def check(self, request: Message) -> None:
        """Check `request` by the rules in its proto.

        Raises:
            InvalidField: names each field that breaks a rule.
        """
        violations = self._validator.collect_violations(request)
        if violations:
            raise InvalidField([_told(violation) for violation in violations])


def _told(violation: protovalidate.Violation) -> tuple[str, str, str]:
    told = violation.proto
    path = ".".join(element.field_name for element in told.field.elements) if told.field else ""
    return path, told.rule_id, told.message or told.rule_id
