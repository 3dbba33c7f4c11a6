"""What a call can raise: one tree, made from what the server told or from what broke on the way.

TzurotError, and below it: InvalidArgument, Unauthenticated, PermissionDenied, NotFound,
DeadlineExceeded and Unavailable. Other statuses are plain TzurotErrors.
"""

from google.rpc.error_details_pb2 import ErrorInfo, LocalizedMessage
from grpclib.const import Status
from grpclib.exceptions import GRPCError, StreamTerminatedError

from tzurot_client.gen.tzurot.common.v1 import ErrorReason

BROKEN = (
    GRPCError,
    StreamTerminatedError,
    TimeoutError,
    OSError,
)  # what grpclib lets out of a call


class TzurotError(Exception):
    """A call failed. `message` is a sentence for a person; `metadata` holds its dynamic words.

    `reason` is UNSPECIFIED where no server of ours spoke, or a newer one with a reason that this
    client does not know: then `status` tells.
    """

    def __init__(
        self, status: Status, message: str, reason: ErrorReason, metadata: dict[str, str]
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.reason, self.metadata = status, message, reason, metadata


class InvalidArgument(TzurotError):
    """The request is wrong."""


class Unauthenticated(TzurotError):
    """The token is missing, unknown, revoked or expired."""


class PermissionDenied(TzurotError):
    """The token or the person may not do this."""


class NotFound(TzurotError):
    """There is no such thing, or none that the caller may see."""


class DeadlineExceeded(TzurotError):
    """It took too long."""


class Unavailable(TzurotError):
    """The server cannot be reached (reason UNSPECIFIED), is going, or misses something it needs."""


_CLASSES = {
    Status.INVALID_ARGUMENT: InvalidArgument,
    Status.UNAUTHENTICATED: Unauthenticated,
    Status.PERMISSION_DENIED: PermissionDenied,
    Status.NOT_FOUND: NotFound,
    Status.DEADLINE_EXCEEDED: DeadlineExceeded,
    Status.UNAVAILABLE: Unavailable,
    Status.CANCELLED: Unavailable,  # not by us: the server ended the call, as one does that stops
}


def translated(broken: Exception) -> TzurotError:
    """The error of our tree for one of `BROKEN`."""
    status, message = Status.UNAVAILABLE, f"The server cannot be reached: {broken}."
    reason, metadata = ErrorReason.UNSPECIFIED, dict[str, str]()
    if isinstance(broken, TimeoutError):
        status, message = Status.DEADLINE_EXCEEDED, "The server did not answer in time."
    if isinstance(broken, GRPCError):
        status, message = broken.status, broken.message or f"The server says {broken.status.name}."
        for detail in broken.details or ():
            if isinstance(detail, LocalizedMessage):
                message = detail.message
            elif isinstance(detail, ErrorInfo) and detail.domain == "tzurot":
                name = detail.reason.removeprefix("ERROR_REASON_")
                reason = ErrorReason.__members__.get(name, reason)
                metadata = dict(detail.metadata)
    return _CLASSES.get(status, TzurotError)(status, message, reason, metadata)
