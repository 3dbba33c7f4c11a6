"""Messages of what is asked, as the room has it."""

import hashlib
import time
from datetime import UTC
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.common.v1 import venue_pb2
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Ref
from tzurot.personality.v1 import personality_pb2
from tzurot.session.said import (
    AgeLimit,
    Ask,
    Continuation,
    Greeting,
    Interjection,
    MessageRef,
    Place,
    PlatformMessage,
    Proxy,
    Reference,
    ReferenceKind,
    ReferenceState,
    Regeneration,
    Said,
    Scene,
    Utterance,
)
from tzurot.session.v1 import place_pb2, session_service_pb2, utterance_pb2
from tzurot.transport.subject import Call
from tzurot.transport.wire import uuid_or_none

_VENUES = {
    venue_pb2.VENUE_DIRECT: Venue.DIRECT,
    venue_pb2.VENUE_PRIVATE_CHANNEL: Venue.PRIVATE_CHANNEL,
    venue_pb2.VENUE_PUBLIC_CHANNEL: Venue.PUBLIC_CHANNEL,
}
_VENUE_NUMBERS = {venue: number for number, venue in _VENUES.items()}
_AGE_LIMITS = {
    place_pb2.AGE_LIMIT_UNSPECIFIED: AgeLimit.UNKNOWN,
    place_pb2.AGE_LIMIT_NONE: AgeLimit.NONE,
    place_pb2.AGE_LIMIT_ADULTS: AgeLimit.ADULTS,
}
_SCENE_REPLIES = 6  # where the request says nothing


def said_from(request: session_service_pb2.ChatRequest, call: Call) -> Said:
    """What a request asks. Its digest tells a repeat from another request with the same id."""
    return Said(
        place=place_from(request.place),
        ask=_ask_from(request),
        addressees=tuple(ref_from(ref) for ref in request.addressees),
        # One of our own where the client has none: turns of one message are known by it.
        request_id=uuid_or_none(request.request_id) or clock.uuid7(),
        digest=hashlib.sha256(request.SerializeToString(deterministic=True)).digest(),
        arrived=time.perf_counter(),
        seconds=call.seconds_left,
    )


def place_from(place: place_pb2.Place) -> Place:
    """Which place a request names."""
    return Place(
        place.platform,
        place.space_id,
        place.channel_id,
        _VENUES[place.venue],
        place.parent_channel_id,
        _AGE_LIMITS.get(place.age_limit, AgeLimit.UNKNOWN),
    )


def place_to(place: Place) -> place_pb2.Place:
    """A stored place: whom it lets in only its platform knows."""
    return place_pb2.Place(
        platform=place.platform,
        space_id=place.space_id,
        channel_id=place.channel_id,
        venue=_VENUE_NUMBERS[place.venue],
        parent_channel_id=place.parent_channel_id,
    )


def ref_from(ref: personality_pb2.PersonalityRef) -> Ref:
    """Which personality a request names."""
    return UUID(ref.id) if ref.WhichOneof("ref") == "id" else ref.slug


def message_ref_from(ref: utterance_pb2.MessageRef) -> MessageRef:
    """Which message a request names."""
    if ref.WhichOneof("ref") == "id":
        return UUID(ref.id)
    named = ref.platform_message
    return PlatformMessage(named.platform, named.channel_id, named.message_id)


def _ask_from(request: session_service_pb2.ChatRequest) -> Ask:
    match request.WhichOneof("input"):
        case "greeting":
            it = request.greeting
            return Greeting(it.index, _one_line(it.speaker_name))
        case "regeneration":
            it = request.regeneration
            return Regeneration(message_ref_from(it.message), _one_line(it.speaker_name))
        case "continuation":
            it = request.continuation
            return Continuation(message_ref_from(it.message), _one_line(it.speaker_name))
        case "interjection":
            return Interjection(_one_line(request.interjection.speaker_name))
        case "scene":
            it = request.scene
            limit = it.reply_limit or _SCENE_REPLIES
            return Scene(limit, _one_line(it.topic), _one_line(it.speaker_name))
        case _:
            return _utterance_from(request.utterance)


def _utterance_from(said: utterance_pb2.Utterance) -> Utterance:
    return Utterance(
        text=said.text,
        speaker_name=_one_line(said.speaker_name),
        replied_to_message_id=said.replied_to_message_id,
        platform_message_id=said.platform_message_id,
        references=tuple(_reference_from(it) for it in said.references),
        attachment_ids=tuple(UUID(it) for it in said.attachment_ids),
        proxy=_proxy_from(said.proxy) if said.HasField("proxy") else None,
    )


def _reference_from(it: utterance_pb2.Reference) -> Reference:
    read = it.state == utterance_pb2.REFERENCE_STATE_READ
    words: dict[str, Any] = {}
    if read:  # of what was not read nothing is known, whatever a client says
        words = {
            "author_subject": it.author_subject,
            "author_name": _one_line(it.author_name),
            "text": it.text,
            "create_time": it.create_time.ToDatetime(UTC) if it.HasField("create_time") else None,
        }
    return Reference(
        kind=ReferenceKind[_name(utterance_pb2.ReferenceKind, it.kind, "REFERENCE_KIND_")],
        referrer=it.referrer_index if it.HasField("referrer_index") else None,
        state=ReferenceState[_name(utterance_pb2.ReferenceState, it.state, "REFERENCE_STATE_")],
        platform_message_id=it.platform_message_id,
        channel_id=it.channel_id,
        age_limit=_AGE_LIMITS.get(it.age_limit, AgeLimit.UNKNOWN),
        **words,
    )


def _proxy_from(it: utterance_pb2.Proxy) -> Proxy:
    name = _one_line(it.member_name)
    return Proxy(it.service, it.member_id, name, it.system_id, it.verified)


def _one_line(text: str) -> str:
    """As prompts show it."""
    return " ".join(text.split())


def _name(kind: Any, number: int, prefix: str) -> str:
    return str(kind.Name(number)).removeprefix(prefix)
