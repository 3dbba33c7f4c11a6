"""Conversations as a whole, as messages of the contract."""

from tzurot.session.histories.histories import Stats
from tzurot.session.turns import Note
from tzurot.session.v1 import history_service_pb2 as pb
from tzurot.transport.wire import moment_or_none


def stats_to(stats: Stats) -> pb.GetConversationStatsResponse:
    """The numbers."""
    it = stats.counted
    return pb.GetConversationStatsResponse(
        visible_message_count=it.visible_message_count,
        message_count=it.message_count,
        person_message_count=it.person_message_count,
        memory_count=stats.memory_count,
        restorable_count=stats.restorable_count,
        token_count=it.token_count,
        first_time=moment_or_none(it.first_time),
        last_time=moment_or_none(it.last_time),
        summary_count=stats.summary_count,
    )


def note_from(request: pb.SetConversationNoteRequest) -> Note | None:
    """The note that is wanted; None: none."""
    return Note(request.note.text, request.note.depth) if request.HasField("note") else None
