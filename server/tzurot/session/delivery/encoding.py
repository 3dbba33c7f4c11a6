"""Events of a turn as text, for a follower on another server.

The end is not among them: that is read from where it is stored.
"""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tzurot.session.delivery.events import (
    ChatEvent,
    FactLearnt,
    KnowledgeCited,
    MemoryCited,
    Notice,
    SkillStep,
    TextDelta,
    TurnFinished,
    TurnStarted,
)
from tzurot.session.turns import TurnId

_KINDS: dict[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (
        TurnStarted,
        TextDelta,
        SkillStep,
        MemoryCited,
        KnowledgeCited,
        FactLearnt,
        Notice,
    )
}


def written(events: Sequence[ChatEvent]) -> str:
    """Events of one turn, in ASCII: it may be cut anywhere."""
    return json.dumps([_written(it) for it in events if not isinstance(it.kind, TurnFinished)])


def read(turn_id: TurnId, text: str) -> list[ChatEvent]:
    """The events again, but for those that only another version of the server knows."""
    read = [_read(turn_id, *it) for it in json.loads(text)]
    return [event for event in read if event]


def _written(event: ChatEvent) -> tuple[int, str, Any]:
    name = type(event.kind).__name__
    return event.sequence, name, _KINDS[name].dump_python(event.kind, mode="json")


def _read(turn_id: TurnId, sequence: int, name: str, fields: Any) -> ChatEvent | None:
    try:
        kind = _KINDS[name].validate_python(fields) if name in _KINDS else None
    except ValidationError:
        kind = None
    return ChatEvent(turn_id, sequence, kind) if kind else None
