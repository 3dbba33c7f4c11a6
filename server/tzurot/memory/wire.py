"""Memories and claims as messages."""

from uuid import UUID

from tzurot.common.v1 import venue_pb2
from tzurot.memory.claim_store import Waiting
from tzurot.memory.claims import State
from tzurot.memory.recall import Hit
from tzurot.memory.remembering import Remembered
from tzurot.memory.scoring import ScoreParts
from tzurot.memory.tables import MemoryClaim
from tzurot.memory.v1 import claim_pb2, memory_pb2, memory_service_pb2
from tzurot.memory.venues import Venue
from tzurot.transport.wire import moment, moment_or_none, text_of

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


def memory_to(memory: Remembered) -> memory_pb2.Memory:
    """A memory, each utterance with its speaker. What the character noted is the character's."""
    sides = (
        (memory_pb2.SPEAKER_PERSON, memory.person_name, memory.person_text),
        (memory_pb2.SPEAKER_PERSONALITY, memory.personality_name, memory.personality_text),
    )
    if memory.is_note:
        sides = ((memory_pb2.SPEAKER_PERSONALITY, memory.personality_name, memory.person_text),)
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
    )


def hit_to(hit: Hit, *, explain: bool) -> memory_service_pb2.MemoryHit:
    """A memory that was found; with `explain` also why."""
    return memory_service_pb2.MemoryHit(
        memory=memory_to(hit),
        score=hit.parts.final,
        parts=_parts_to(hit.parts) if explain else None,
    )


def _parts_to(parts: ScoreParts) -> memory_pb2.ScoreParts:
    return memory_pb2.ScoreParts(
        similarity=parts.similarity,
        keyword=parts.keyword,
        wording=parts.wording,
        neighbors=parts.neighbors,
        speaker=parts.speaker,
        time=parts.time,
        final=parts.final,
    )


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
