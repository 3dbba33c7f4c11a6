"""Memories and claims as messages."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from tzurot.common.v1 import venue_pb2
from tzurot.errors import UpdateMaskInvalid
from tzurot.memory import fading
from tzurot.memory.browsing import Beside
from tzurot.memory.claim_store import Waiting
from tzurot.memory.claims import State
from tzurot.memory.filters import Filter
from tzurot.memory.purging import Preview, Purge, Purged
from tzurot.memory.recall import Hit
from tzurot.memory.remembering import Kind, Remembered
from tzurot.memory.scoring import ScoreParts
from tzurot.memory.sectors import Sector
from tzurot.memory.tables import MemoryClaim
from tzurot.memory.v1 import (
    claim_pb2,
    graph_pb2,
    memory_filter_pb2,
    memory_pb2,
    memory_service_pb2,
)
from tzurot.memory.venues import Venue
from tzurot.memory.waypoints import Waypoint, WaypointKind
from tzurot.transport.wire import datetime_from, moment, moment_or_none, text_of, uuid_or_none

_CHANGING = ("text", "locked")
_DIGITS = 3  # of what fades: asked again a moment later it is the same

_STATES = {
    State.PENDING: claim_pb2.MEMORY_CLAIM_STATE_PENDING,
    State.CONFIRMED: claim_pb2.MEMORY_CLAIM_STATE_CONFIRMED,
    State.REJECTED: claim_pb2.MEMORY_CLAIM_STATE_REJECTED,
}
_VENUES = {
    Venue.DIRECT: venue_pb2.VENUE_DIRECT,
    Venue.PRIVATE_CHANNEL: venue_pb2.VENUE_PRIVATE_CHANNEL,
    Venue.PUBLIC_CHANNEL: venue_pb2.VENUE_PUBLIC_CHANNEL,
}
_KINDS = {
    Kind.EXCHANGE: memory_pb2.MEMORY_KIND_EXCHANGE,
    Kind.REFLECTION: memory_pb2.MEMORY_KIND_REFLECTION,
}
SECTORS = {
    Sector.EPISODIC: memory_pb2.SECTOR_EPISODIC,
    Sector.SEMANTIC: memory_pb2.SECTOR_SEMANTIC,
    Sector.PROCEDURAL: memory_pb2.SECTOR_PROCEDURAL,
    Sector.EMOTIONAL: memory_pb2.SECTOR_EMOTIONAL,
    Sector.REFLECTIVE: memory_pb2.SECTOR_REFLECTIVE,
}
_VENUE_OF = {shown: venue for venue, shown in _VENUES.items()}
_SECTOR_OF = {shown: sector for sector, shown in SECTORS.items()}
WAYPOINT_KINDS = {
    WaypointKind.SIMILARITY: graph_pb2.WAYPOINT_KIND_SIMILARITY,
    WaypointKind.CONVERSATION: graph_pb2.WAYPOINT_KIND_CONVERSATION,
    WaypointKind.RECALLED_TOGETHER: graph_pb2.WAYPOINT_KIND_RECALLED_TOGETHER,
    WaypointKind.ACROSS_SECTORS: graph_pb2.WAYPOINT_KIND_ACROSS_SECTORS,
}


def memory_to(memory: Remembered, beside: Beside, now: datetime) -> memory_pb2.Memory:
    """A memory, each utterance with its speaker. What the character noted is the character's."""
    sides = (
        (memory_pb2.SPEAKER_PERSON, memory.person_name, memory.person_text),
        (memory_pb2.SPEAKER_PERSONALITY, memory.personality_name, memory.personality_text),
    )
    if memory.is_note:
        sides = ((memory_pb2.SPEAKER_PERSONALITY, memory.personality_name, memory.person_text),)
    recalls = beside.recalls
    return memory_pb2.Memory(
        id=str(memory.memory_id),
        persona_id=str(memory.persona_id),
        personality_id=str(memory.personality_id),
        utterances=[
            memory_pb2.RememberedUtterance(speaker=speaker, speaker_name=name, text=text)
            for speaker, name, text in sides
            if text
        ],
        venue=_VENUES[memory.venue],
        turn_id=text_of(memory.turn_id),
        occur_time=moment(memory.occur_time),
        create_time=moment(memory.create_time),
        kind=_KINDS[memory.kind],
        sector=SECTORS[memory.sector],
        other_sectors=[SECTORS[sector] for sector in memory.other_sectors],
        salience=round(fading.now(memory, recalls, now), _DIGITS),
        recall_count=recalls.count if recalls else 0,
        last_recall_time=moment_or_none(recalls.last_time if recalls else None),
        source_ids=[str(it) for it in beside.source_ids],
        locked=memory.locked,
        edit_time=moment_or_none(memory.edit_time),
    )


def filter_of(message: memory_filter_pb2.MemoryFilter) -> Filter:
    """Which memories are meant. The contract's rules have checked ids and kinds."""
    return Filter(
        persona_ids=frozenset(map(UUID, message.persona_ids)),
        sectors=frozenset(_SECTOR_OF[it] for it in message.sectors),
        venues=frozenset(_VENUE_OF[it] for it in message.venues),
        occur_from=_moment_of(message, "occur_from"),
        occur_until=_moment_of(message, "occur_until"),
        locked=message.locked if message.HasField("locked") else None,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise of a memory; None stays as it is."""

    text: str | None
    locked: bool | None


def change_from(request: memory_service_pb2.UpdateMemoryRequest) -> Change:
    """What a request names: what is in its mask, or without one what is set.

    Raises:
        UpdateMaskInvalid: a path is unknown or a wildcard, or names words and there are none.
    """
    paths = list(request.update_mask.paths) or [it for it in _CHANGING if request.HasField(it)]
    for path in paths:
        if path not in _CHANGING or (path == "text" and not request.HasField("text")):
            raise UpdateMaskInvalid(path[:80])
    return Change(
        text=request.text if "text" in paths else None,
        locked=request.locked if "locked" in paths else None,
    )


def purge_from(request: memory_service_pb2.PurgeMemoriesRequest) -> Purge:
    """What to forget."""
    return Purge(
        uuid_or_none(request.personality_id), filter_of(request.filter), request.include_locked
    )


def purged_to(gone: Purged) -> memory_service_pb2.PurgeMemoriesResponse:
    """What was forgotten."""
    return memory_service_pb2.PurgeMemoriesResponse(**_counts(gone))


def preview_to(
    preview: Preview, samples: Sequence[memory_pb2.Memory]
) -> memory_service_pb2.PurgeMemoriesResponse:
    """What would be."""
    return memory_service_pb2.PurgeMemoriesResponse(
        **_counts(preview),
        samples=samples,
        confirmation=preview.confirmation,
        confirmation_expire_time=moment_or_none(preview.expire_time),
    )


def _counts(purged: Purged) -> dict[str, Any]:
    return {it.name: getattr(purged, it.name) for it in fields(Purged)}


def _moment_of(message: memory_filter_pb2.MemoryFilter, name: str) -> datetime | None:
    return datetime_from(getattr(message, name)) if message.HasField(name) else None


def waypoint_to(link: Waypoint, now: datetime) -> graph_pb2.Waypoint:
    """A link, as strong as it is now."""
    return graph_pb2.Waypoint(
        first_memory_id=str(link.first_id),
        second_memory_id=str(link.second_id),
        kind=WAYPOINT_KINDS[link.kind],
        weight=round(link.weight_at(now), _DIGITS),
        update_time=moment(link.update_time),
    )


def hit_to(
    memory: memory_pb2.Memory, hit: Hit, why: Sequence[str] | None = None
) -> memory_service_pb2.MemoryHit:
    """A memory that was found; with `why` in words also the parts of its score."""
    return memory_service_pb2.MemoryHit(
        memory=memory,
        score=hit.parts.final,
        parts=None if why is None else _parts_to(hit.parts),
        reasons=why,
    )


def _parts_to(parts: ScoreParts) -> memory_pb2.ScoreParts:
    return memory_pb2.ScoreParts(final=parts.final, **parts.told)


def unclaimed_to(personality_id: UUID, waiting: Waiting) -> claim_pb2.UnclaimedMemories:
    """How much waits for an old id."""
    return claim_pb2.UnclaimedMemories(
        personality_id=str(personality_id),
        sender_id=waiting.sender_id,
        memory_count=waiting.memory_count,
        group_memory_count=waiting.group_memory_count,
        first_time=moment_or_none(waiting.first_time),
        last_time=moment_or_none(waiting.last_time),
    )


def claim_to(claim: MemoryClaim) -> claim_pb2.MemoryClaim:
    """A claim, with what waited when it was made."""
    waiting = Waiting(
        claim.sender_id,
        claim.memory_count,
        claim.group_memory_count,
        claim.first_time,
        claim.last_time,
    )
    return claim_pb2.MemoryClaim(
        id=str(claim.id),
        memories=unclaimed_to(claim.personality_id, waiting),
        subject=claim.subject,
        state=_STATES[State(claim.state)],
        create_time=moment(claim.create_time),
        decide_time=moment_or_none(claim.decide_time),
    )
