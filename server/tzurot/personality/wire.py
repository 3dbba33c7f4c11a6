"""Rows of characters as messages, and back."""

import hashlib
from uuid import UUID

from tzurot import clock
from tzurot.errors import InvalidField, UpdateMaskInvalid
from tzurot.personality.characters import Change, Match
from tzurot.personality.store import Ref
from tzurot.personality.tables import Personality
from tzurot.personality.v1 import personality_pb2, personality_service_pb2
from tzurot.transport.subject import Caller
from tzurot.transport.wire import moment, uuid_or_none

_VISIBILITY = {
    personality_pb2.VISIBILITY_PRIVATE: "private",
    personality_pb2.VISIBILITY_PUBLIC: "public",
}
_TEXT_FIELDS = ("slug", "name", "description", "system_prompt", "greeting", "example_dialogues")
_REQUIRED_FIELDS = ("slug", "name", "visibility")  # may be changed, not emptied


def personality_to(row: Personality, caller: Caller) -> personality_pb2.Personality:
    """A personality as `caller` sees it."""
    return personality_pb2.Personality(
        id=str(row.id),
        slug=row.slug,
        name=row.name,
        description=row.description,
        system_prompt=row.system_prompt,
        greeting=row.greeting,
        example_dialogues=row.example_dialogues,
        visibility=next(number for number, name in _VISIBILITY.items() if name == row.visibility),
        avatar_sha256=row.avatar_sha256 or "",
        editable=row.owner_id == caller.person_id,
        create_time=moment(row.create_time),
        update_time=moment(row.update_time),
        etag=str(row.version),
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
    )


def change_from(request: personality_service_pb2.UpdatePersonalityRequest) -> Change:
    """The new values that a request names: those in its mask, or without one those that are set.

    Raises:
        UpdateMaskInvalid: a path is unknown, output only or a wildcard.
        InvalidField: a field is to be emptied that must not be.
    """
    wanted = request.personality
    paths = list(request.update_mask.paths) or [
        name for name in (*_TEXT_FIELDS, "visibility") if getattr(wanted, name)
    ]
    values: dict[str, str] = {}
    for path in paths:
        if path not in (*_TEXT_FIELDS, "visibility"):
            raise UpdateMaskInvalid(path[:80])
        value = getattr(wanted, path)
        if path in _REQUIRED_FIELDS and not value:
            raise InvalidField([(f"personality.{path}", "required", "must not be emptied")])
        values[path] = _VISIBILITY[value] if path == "visibility" else value
    return Change(values, wanted.etag)
