"""Roles that people have as messages, and back."""

from tzurot.personality import wire
from tzurot.personality.sharing.shares import Given
from tzurot.personality.sharing.sharing import Role
from tzurot.personality.v1 import personality_pb2, sharing_service_pb2
from tzurot.transport.wire import moment

_ROLE = {
    personality_pb2.PERSONALITY_ROLE_BLOCKED: Role.BLOCKED,
    personality_pb2.PERSONALITY_ROLE_USER: Role.USER,
    personality_pb2.PERSONALITY_ROLE_VIEWER: Role.VIEWER,
    personality_pb2.PERSONALITY_ROLE_EDITOR: Role.EDITOR,
}


def share_to(given: Given) -> sharing_service_pb2.PersonalityShare:
    """A role that a person has."""
    return sharing_service_pb2.PersonalityShare(
        subject=given.subject,
        name=given.name,
        role=wire.role_to(given.role),
        create_time=moment(given.create_time),
    )


def role_from(role: personality_pb2.PersonalityRole) -> Role:
    """A role that can be given; the contract's rules let no other one in."""
    return _ROLE[role]
