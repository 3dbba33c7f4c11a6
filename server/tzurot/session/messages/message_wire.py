"""Messages as messages of the contract, with what is told beside them."""

from tzurot.session import wire
from tzurot.session.delivery.replay import stored_message
from tzurot.session.messages.shown_store import File, Shown
from tzurot.session.v1 import attachment_pb2, message_pb2
from tzurot.transport.wire import moment_or_none


def shown_to(shown: Shown) -> message_pb2.Message:
    """A message as it is looked at."""
    message = wire.message_to(stored_message(shown.message))
    message.alternative_count = shown.alternative_count
    message.platform_message_ids.extend(shown.platform_message_ids)
    message.attachments.extend(_attached_to(it) for it in shown.attachments)
    return message


def _attached_to(it: File) -> attachment_pb2.Attachment:
    return attachment_pb2.Attachment(
        id=str(it.id),
        name=it.name,
        media_type=it.media_type,
        size_bytes=it.size_bytes,
        description=it.description,
        expire_time=moment_or_none(it.expire_time),
    )
