"""From our errors to google.rpc.Status: the only place that knows both."""

# googleapis-common-protos and grpcio-status carry no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

import logging
from datetime import timedelta

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tzurot import clock, errors

log = logging.getLogger(__name__)

DOMAIN = "tzurot"

_CODES: dict[type[errors.TzurotError], int] = {
    errors.InvalidArgument: code_pb2.INVALID_ARGUMENT,
    errors.Unauthenticated: code_pb2.UNAUTHENTICATED,
    errors.PermissionDenied: code_pb2.PERMISSION_DENIED,
    errors.NotFound: code_pb2.NOT_FOUND,
    errors.AlreadyExists: code_pb2.ALREADY_EXISTS,
    errors.FailedPrecondition: code_pb2.FAILED_PRECONDITION,
    errors.Aborted: code_pb2.ABORTED,
    errors.ResourceExhausted: code_pb2.RESOURCE_EXHAUSTED,
    errors.Unavailable: code_pb2.UNAVAILABLE,
    errors.DeadlineExceeded: code_pb2.DEADLINE_EXCEEDED,
    errors.Internal: code_pb2.INTERNAL,
}


def expected(error: Exception) -> errors.TzurotError:
    """The error of our tree that this one means; a bug becomes `Internal` and is logged."""
    if isinstance(error, errors.TzurotError):
        return error
    if isinstance(error, OperationalError | InterfaceError | PoolTimeoutError):
        log.warning("the database cannot be reached: %s", type(error.__cause__ or error).__name__)
        return errors.StorageUnavailable()
    error_id = clock.uuid7()
    log.error("internal error %s", error_id, exc_info=error)
    return errors.Internal(error_id)


def status(error: errors.TzurotError) -> grpc.Status:
    """The status that tells `error`, with ErrorInfo and what else helps a client."""
    details: list[Message] = [
        error_details_pb2.ErrorInfo(
            reason=f"ERROR_REASON_{error.reason}", domain=DOMAIN, metadata=error.metadata
        ),
        error_details_pb2.LocalizedMessage(locale="en-US", message=error.message),
    ]
    if isinstance(error, errors.InvalidField):
        details.append(_bad_request(error))
    retry_after = getattr(error, "retry_after", None)
    if isinstance(retry_after, timedelta):
        details.append(error_details_pb2.RetryInfo(retry_delay=_duration(retry_after)))
    code = next(code for kind, code in _CODES.items() if isinstance(error, kind))
    return rpc_status.to_status(
        status_pb2.Status(code=code, message=error.message, details=[_packed(d) for d in details])
    )


def _bad_request(error: errors.InvalidField) -> error_details_pb2.BadRequest:
    return error_details_pb2.BadRequest(
        field_violations=[
            error_details_pb2.BadRequest.FieldViolation(
                field=field, reason=rule, description=problem
            )
            for field, rule, problem in error.violations
        ]
    )


def _duration(value: timedelta) -> duration_pb2.Duration:
    duration = duration_pb2.Duration()
    duration.FromTimedelta(value)
    return duration


def _packed(detail: Message) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(detail)
    return packed
