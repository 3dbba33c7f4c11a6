"""Rows of characters as messages, and back."""

import hashlib
from uuid import UUID

from tzurot import clock
from tzurot.errors import InvalidField, UpdateMaskInvalid
from tzurot.personality import custom_field_wire, searching
from tzurot.personality.characters import NOTHING, Belongings
from tzurot.personality.cloning import Copy
from tzurot.personality.fields import DEFINITION, LISTS, OTHERS, TEXTS, Change, Value
from tzurot.personality.names.resolving import Match
from tzurot.personality.scripts import script_wire
from tzurot.personality.searching import Wanted
from tzurot.personality.sharing.sharing import Access, Role
from tzurot.personality.store import Ref
from tzurot.personality.tables import Personality
from tzurot.personality.v1 import personality_pb2, personality_service_pb2
from tzurot.transport.subject import Caller
from tzurot.transport.wire import moment, uuid_or_none

_VISIBILITY = {
    personality_pb2.VISIBILITY_PRIVATE: "private",
    personality_pb2.VISIBILITY_SHARED: "shared",
    personality_pb2.VISIBILITY_UNLISTED: "unlisted",
    personality_pb2.VISIBILITY_PUBLIC: "public",
}
_PROMPT_ROLE = {
    personality_pb2.PROMPT_ROLE_UNSPECIFIED: "system",
    personality_pb2.PROMPT_ROLE_SYSTEM: "system",
    personality_pb2.PROMPT_ROLE_USER: "user",
    personality_pb2.PROMPT_ROLE_ASSISTANT: "assistant",
}
_DEPTH = 4
_TEXT_FIELDS = ("slug", "name", *TEXTS)
_FIELDS = (*_TEXT_FIELDS, *LISTS, *OTHERS, "visibility")
_REQUIRED_FIELDS = ("slug", "name", "visibility")  # may be changed, not emptied


def personality_to(
    access: Access, owner_name: str = "", came_with: Belongings = NOTHING
) -> personality_pb2.Personality:
    """A personality as the person of `access` may see it."""
    row = access.personality
    shown = {name for name in (*TEXTS, *LISTS) if access.sees_definition or name not in DEFINITION}
    message = personality_pb2.Personality(
        id=str(row.id),
        slug=row.slug,
        name=row.name,
        visibility=next(number for number, name in _VISIBILITY.items() if name == row.visibility),
        avatar_sha256=row.avatar_sha256 or "",
        editable=access.edits,
        create_time=moment(row.create_time),
        update_time=moment(row.update_time),
        etag=str(row.version),
        age_restricted=row.age_restricted,
        definition_visible=row.definition_visible,
        definition_hidden=not access.sees_definition,
        role=role_to(access.role),
        owner_name=owner_name,
        aliases=came_with.aliases,
        **{name: getattr(row, name) for name in shown},
    )
    if access.sees_definition:
        message.source_format = came_with.source_format
        message.lorebook_ids.extend(str(lorebook_id) for lorebook_id in came_with.lorebook_ids)
        message.depth_prompt_depth = row.depth_prompt_depth
        message.depth_prompt_role = getattr(
            personality_pb2, f"PROMPT_ROLE_{row.depth_prompt_role.upper()}"
        )
        message.regex_scripts.extend(script_wire.script_to(raw) for raw in row.regex_scripts)
        message.custom_fields.extend(custom_field_wire.field_to(raw) for raw in row.custom_fields)
    return message


def role_to(role: Role) -> personality_pb2.PersonalityRole:
    """A role; nobody in particular has none."""
    if role is Role.NOBODY:
        return personality_pb2.PERSONALITY_ROLE_UNSPECIFIED
    return getattr(personality_pb2, f"PERSONALITY_ROLE_{role.name}")


def wanted_from(request: personality_service_pb2.ListPersonalitiesRequest) -> Wanted:
    """Which characters a list is to show."""
    return searching.wanted(request.query, request.tags, mine=request.mine)


def match_to(match: Match, owner_name: str) -> personality_service_pb2.PersonalityMatch:
    """A mention."""
    return personality_service_pb2.PersonalityMatch(
        personality=personality_to(match.access, owner_name),
        start=match.start,
        length=match.length,
    )


def ref_from(ref: personality_pb2.PersonalityRef) -> Ref:
    """Which personality a request names."""
    return UUID(ref.id) if ref.WhichOneof("ref") == "id" else ref.slug


def new_from(
    request: personality_service_pb2.CreatePersonalityRequest, owner: Caller
) -> Personality:
    """The personality that a request describes.

    Raises:
        InvalidField: a custom field has no name, or that of another one.
    """
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
        definition_visible=wanted.definition_visible,
        depth_prompt_depth=_depth(wanted),
        depth_prompt_role=_PROMPT_ROLE[wanted.depth_prompt_role],
        regex_scripts=[script_wire.script_from(it) for it in wanted.regex_scripts],
        custom_fields=custom_field_wire.rows_from(wanted.custom_fields),
        age_restricted=wanted.age_restricted,
        **{name: getattr(wanted, name) for name in _TEXT_FIELDS},
        **{name: list(getattr(wanted, name)) for name in LISTS},
    )


def copy_from(request: personality_service_pb2.ClonePersonalityRequest, owner: Caller) -> Copy:
    """The copy that a request describes."""
    return Copy(
        owner.person_id,
        request.name,
        request.slug,
        uuid_or_none(request.request_id),
        hashlib.sha256(request.SerializeToString(deterministic=True)).digest(),
    )


def change_from(request: personality_service_pb2.UpdatePersonalityRequest) -> Change:
    """The new values that a request names: those in its mask, or without one those that are set.

    Raises:
        UpdateMaskInvalid: a path is unknown, output only or a wildcard.
        InvalidField: a field is to be emptied that must not be, or a custom field has no name, or
            that of another one.
    """
    wanted = request.personality
    paths = list(request.update_mask.paths) or [name for name in _FIELDS if getattr(wanted, name)]
    values: dict[str, Value] = {}
    for path in paths:
        if path not in _FIELDS:
            raise UpdateMaskInvalid(path[:80])
        if path in _REQUIRED_FIELDS and not getattr(wanted, path):
            raise InvalidField([(f"personality.{path}", "required", "must not be emptied")])
        values[path] = _value(path, wanted)
    return Change(values, wanted.etag)


def _value(path: str, wanted: personality_pb2.Personality) -> Value:
    match path:
        case "visibility":
            return _VISIBILITY[wanted.visibility]
        case "depth_prompt_depth":
            return _depth(wanted)
        case "depth_prompt_role":
            return _PROMPT_ROLE[wanted.depth_prompt_role]
        case "regex_scripts":
            return [script_wire.script_from(it) for it in wanted.regex_scripts]
        case "custom_fields":
            return custom_field_wire.rows_from(wanted.custom_fields)
        case _:
            value = getattr(wanted, path)
            return list(value) if path in LISTS else value


def _depth(wanted: personality_pb2.Personality) -> int:
    return wanted.depth_prompt_depth if wanted.HasField("depth_prompt_depth") else _DEPTH
