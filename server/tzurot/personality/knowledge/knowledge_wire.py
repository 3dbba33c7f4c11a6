"""Documents and passages as messages."""

from tzurot.personality.knowledge.knowledge import PassageHit
from tzurot.personality.knowledge.knowledge_store import Known
from tzurot.personality.v1 import knowledge_pb2
from tzurot.transport.wire import moment


def document_to(known: Known) -> knowledge_pb2.Document:
    """A document, with as much of its text as was read."""
    return knowledge_pb2.Document(
        id=str(known.id),
        personality_id=str(known.personality_id),
        title=known.title,
        source_kind=known.kind,
        url=known.url,
        character_count=known.character_count,
        passage_count=known.passage_count,
        text=known.text,
        create_time=moment(known.create_time),
    )


def passage_to(hit: PassageHit) -> knowledge_pb2.Passage:
    """A passage that was found."""
    return knowledge_pb2.Passage(
        document_id=str(hit.document_id), title=hit.title, text=hit.text, score=hit.parts.final
    )
