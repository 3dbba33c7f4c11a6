"""Who is calling: what authentication found out, handed to every servicer."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import grpc.aio


@dataclass(frozen=True, slots=True)
class Caller:
    """The person that a call acts for, and the service token that it came with."""

    person_id: UUID
    persona_id: UUID
    subject: str
    scopes: frozenset[str]
    token_id: UUID

    @property
    def platform(self) -> str:
        """The subject's platform: `discord` of `discord:123`."""
        return self.subject.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Call:
    """What a servicer gets as its context: the caller, and how long it will wait."""

    caller: Caller
    context: "grpc.aio.ServicerContext[Any, Any]"
    seconds_left: float
    """At the start of the call: the client's deadline or the server's cap, whichever is sooner."""


def caller(context: object) -> Caller:
    """The caller of the call that a servicer serves."""
    if not isinstance(context, Call):
        raise TypeError("servicers are called through transport.calls.Calls")
    return context.caller
