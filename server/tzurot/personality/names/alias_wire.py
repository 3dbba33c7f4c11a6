"""Aliases as messages, and back."""

from tzurot.personality.names.aliases import NewAlias
from tzurot.personality.tables import Alias
from tzurot.personality.v1 import alias_service_pb2
from tzurot.transport.subject import Caller
from tzurot.transport.wire import uuid_or_none


def alias_to(alias: Alias) -> alias_service_pb2.PersonalityAlias:
    """An alias."""
    message = alias_service_pb2.PersonalityAlias(
        id=str(alias.id), personality_id=str(alias.personality_id), alias=alias.alias
    )
    setattr(message, "global", alias.person_id is None)  # a word of Python's own
    return message


def new_from(request: alias_service_pb2.CreatePersonalityAliasRequest, creator: Caller) -> NewAlias:
    """The alias that a request describes."""
    return NewAlias(
        creator.person_id,
        request.alias,
        bool(getattr(request, "global")),
        uuid_or_none(request.request_id),
    )
