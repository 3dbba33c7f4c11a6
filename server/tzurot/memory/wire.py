"""Memories as messages."""

from tzurot.common.v1 import venue_pb2
from tzurot.memory.recall import Hit
from tzurot.memory.remembering import Remembered
from tzurot.memory.scoring import ScoreParts
from tzurot.memory.v1 import memory_pb2, memory_service_pb2
from tzurot.memory.venues import Venue
from tzurot.transport.wire import moment, text_of

_VENUES = {
    Venue.DIRECT: venue_pb2.VENUE_DIRECT,
    Venue.PRIVATE_CHANNEL: venue_pb2.VENUE_PRIVATE_CHANNEL,
    Venue.PUBLIC_CHANNEL: venue_pb2.VENUE_PUBLIC_CHANNEL,
}


def memory_to(memory: Remembered) -> memory_pb2.Memory:
    """A memory, each utterance with its speaker."""
    sides = (
        (memory_pb2.SPEAKER_PERSON, memory.person_name, memory.person_text),
        (memory_pb2.SPEAKER_PERSONALITY, memory.personality_name, memory.personality_text),
    )
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
        similarity=parts.similarity, keyword=parts.keyword, final=parts.final
    )
