"""Denials, maintenance and ages as messages, and back."""

from tzurot.account.moderation import NewDenial
from tzurot.account.standing import Age, DenialKind, Target
from tzurot.account.tables import Denial, Maintenance
from tzurot.account.v1 import moderation_pb2
from tzurot.account.v1 import moderation_service_pb2 as pb
from tzurot.transport.wire import datetime_from, moment, moment_or_none, uuid_or_none

_FIELDS = {
    Target.SUBJECT: "subject",
    Target.SPACE: "space_id",
    Target.CHANNEL: "channel_id",
    Target.PERSONALITY: "personality_id",
}
_TARGETS = {field: target for target, field in _FIELDS.items()}
_KINDS = {
    moderation_pb2.DENIAL_KIND_BLOCK: DenialKind.BLOCK,
    moderation_pb2.DENIAL_KIND_MUTE: DenialKind.MUTE,
}
_KIND_NUMBERS = {kind: number for number, kind in _KINDS.items()}
_AGES = {
    pb.AGE_STANDING_UNPROVEN: Age.UNPROVEN,
    pb.AGE_STANDING_ADULT: Age.ADULT,
    pb.AGE_STANDING_BARRED: Age.BARRED,
}


def new_denial_from(request: pb.CreateDenialRequest) -> NewDenial:
    """What a request wants a denial to be."""
    denial = request.denial
    field = denial.WhichOneof("target") or "subject"  # the contract's rules let no other through
    expires = denial.HasField("expire_time")
    return NewDenial(
        target=_TARGETS[field],
        target_id=getattr(denial, field),
        kind=_KINDS[denial.kind],
        platform=denial.platform,
        space_id=denial.within_space_id,
        reason=denial.reason,
        expire_time=datetime_from(denial.expire_time) if expires else None,
        request_id=uuid_or_none(request.request_id),
    )


def denial_to(denial: Denial) -> moderation_pb2.Denial:
    """A denial as those see it who decide."""
    told = moderation_pb2.Denial(
        id=str(denial.id),
        platform=denial.platform,
        within_space_id=denial.space_id,
        kind=_KIND_NUMBERS[DenialKind(denial.kind)],
        reason=denial.reason,
        expire_time=moment_or_none(denial.expire_time),
        create_time=moment(denial.create_time),
        by_operator=denial.by_operator,
    )
    setattr(told, _FIELDS[Target(denial.target)], denial.target_id)
    return told


def maintenance_to(found: Maintenance | None) -> pb.GetMaintenanceResponse:
    """Whether the server is being worked on."""
    if found is None:
        return pb.GetMaintenanceResponse()
    return pb.GetMaintenanceResponse(message=found.message, start_time=moment(found.start_time))


def age_from(request: pb.SetAgeStandingRequest) -> Age:
    """What is to hold of a person's age."""
    return _AGES[request.standing]
