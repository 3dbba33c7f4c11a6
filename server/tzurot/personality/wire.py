"""Rows of characters as messages, and back."""

import hashlib
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.errors import InvalidField, UpdateMaskInvalid
from tzurot.personality.characters import (
    LISTS,
    NOTHING,
    TEXTS,
    Belongings,
    Change,
    Match,
    Value,
)
from tzurot.personality.store import Ref
from tzurot.personality.tables import Personality
from tzurot.personality.v1 import personality_pb2, personality_service_pb2
from tzurot.transport.subject import Caller
from tzurot.transport.wire import moment, uuid_or_none

_VISIBILITY = {
    personality_pb2.VISIBILITY_PRIVATE: "private",
    personality_pb2.VISIBILITY_PUBLIC: "public",
}
_TEXT_FIELDS = ("slug", "name", *TEXTS)
_FIELDS = (*_TEXT_FIELDS, *LISTS, "visibility")
_REQUIRED_FIELDS = ("slug", "name", "visibility")  # may be changed, not emptied


def personality_to(
    row: Personality, caller: Caller, came_with: Belongings = NOTHING
) -> personality_pb2.Personality:
    """A personality as `caller` sees it."""
    return personality_pb2.Personality(
        id=str(row.id),
        slug=row.slug,
        name=row.name,
        visibility=next(number for number, name in _VISIBILITY.items() if name == row.visibility),
        avatar_sha256=row.avatar_sha256 or "",
        editable=row.owner_id == caller.person_id,
        create_time=moment(row.create_time),
        update_time=moment(row.update_time),
        etag=str(row.version),
        source_format=came_with.source_format,
        lorebook_ids=[str(lorebook_id) for lorebook_id in came_with.lorebook_ids],
        **{name: getattr(row, name) for name in (*TEXTS, *LISTS)},
    )


def match_to(match: Match, caller: Caller) -> personality_service_pb2.PersonalityMatch:
    """A mention."""
    return personality_service_pb2.PersonalityMatch(
        personality=personality_to(match.personality, caller),
        start=match.start,
        length=match.length,
    )


def ref_from(ref: personality_pb2.PersonalityRef) -> Ref:
    """Which personality a request names."""
    return UUID(ref.id) if ref.WhichOneof("ref") == "id" else ref.slug


def new_from(
    request: personality_service_pb2.CreatePersonalityRequest, owner: Caller
) -> Personality:
    """The personality that a request describes."""
    wanted, now = request.personality, clock.now()
    return Personality(
        id=clock.uuid7(),
        owner_id=owner.person_id,
        visibility=_VISIBILITY.get(wanted.visibility, "private"),
        request_id=uuid_or_none(request.request_id),
        request_hash=hashlib.sha256(request.SerializeToString(deterministic=True)).digest(),
        create_time=now,
        update_time=now,
        avatar_sha256=None,
        version=1,
        **{name: getattr(wanted, name) for name in _TEXT_FIELDS},
        **{name: list(getattr(wanted, name)) for name in LISTS},
    )


def change_from(request: personality_service_pb2.UpdatePersonalityRequest) -> Change:
    """The new values that a request names: those in its mask, or without one those that are set.

    Raises:
        UpdateMaskInvalid: a path is unknown, output only or a wildcard.
        InvalidField: a field is to be emptied that must not be.
    """
    wanted = request.personality
    paths = list(request.update_mask.paths) or [name for name in _FIELDS if getattr(wanted, name)]
    values: dict[str, Value] = {}
    for path in paths:
        if path not in _FIELDS:
            raise UpdateMaskInvalid(path[:80])
        value = getattr(wanted, path)
        if path in _REQUIRED_FIELDS and not value:
            raise InvalidField([(f"personality.{path}", "required", "must not be emptied")])
        values[path] = _value(path, value)
    return Change(values, wanted.etag)


def _value(path: str, value: Any) -> Value:
    if path == "visibility":
        return _VISIBILITY[value]
    return list(value) if path in LISTS else value
