"""Dreams as messages."""

from tzurot.memory.reflection.dreamt import Dreamt
from tzurot.memory.v1 import dream_pb2
from tzurot.transport.wire import moment


def dream_to(dream: Dreamt) -> dream_pb2.Dream:
    """A dream."""
    return dream_pb2.Dream(
        id=str(dream.dream_id),
        persona_id=str(dream.persona_id),
        personality_id=str(dream.personality_id),
        text=dream.text,
        reflection_ids=[str(it) for it in dream.reflection_ids],
        create_time=moment(dream.create_time),
    )
