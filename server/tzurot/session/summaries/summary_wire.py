"""Summaries as messages of the contract."""

from tzurot.session.summaries.summary import Read
from tzurot.session.v1 import summary_pb2
from tzurot.transport.wire import moment


def summary_to(read: Read) -> summary_pb2.Summary:
    """A summary as its reader may have it."""
    it = read.it
    return summary_pb2.Summary(
        id=str(it.id),
        text=it.text if read.is_own else "",
        model=it.model,
        message_count=it.message_count,
        message_ids=[str(id_) for id_ in read.message_ids],
        first_time=moment(it.first_time),
        last_time=moment(it.last_time),
        create_time=moment(read.create_time),
    )
