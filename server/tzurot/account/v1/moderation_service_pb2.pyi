import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tzurot.account.v1 import moderation_pb2 as _moderation_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AgeStanding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AGE_STANDING_UNSPECIFIED: _ClassVar[AgeStanding]
    AGE_STANDING_UNPROVEN: _ClassVar[AgeStanding]
    AGE_STANDING_ADULT: _ClassVar[AgeStanding]
    AGE_STANDING_BARRED: _ClassVar[AgeStanding]
AGE_STANDING_UNSPECIFIED: AgeStanding
AGE_STANDING_UNPROVEN: AgeStanding
AGE_STANDING_ADULT: AgeStanding
AGE_STANDING_BARRED: AgeStanding

class CreateDenialRequest(_message.Message):
    __slots__ = ("denial", "request_id")
    DENIAL_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    denial: _moderation_pb2.Denial
    request_id: str
    def __init__(self, denial: _Optional[_Union[_moderation_pb2.Denial, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateDenialResponse(_message.Message):
    __slots__ = ("denial",)
    DENIAL_FIELD_NUMBER: _ClassVar[int]
    denial: _moderation_pb2.Denial
    def __init__(self, denial: _Optional[_Union[_moderation_pb2.Denial, _Mapping]] = ...) -> None: ...

class ListDenialsRequest(_message.Message):
    __slots__ = ("platform", "within_space_id", "page_size", "page_token")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    WITHIN_SPACE_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    platform: str
    within_space_id: str
    page_size: int
    page_token: str
    def __init__(self, platform: _Optional[str] = ..., within_space_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDenialsResponse(_message.Message):
    __slots__ = ("denials", "next_page_token")
    DENIALS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    denials: _containers.RepeatedCompositeFieldContainer[_moderation_pb2.Denial]
    next_page_token: str
    def __init__(self, denials: _Optional[_Iterable[_Union[_moderation_pb2.Denial, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteDenialRequest(_message.Message):
    __slots__ = ("denial_id", "platform", "within_space_id")
    DENIAL_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    WITHIN_SPACE_ID_FIELD_NUMBER: _ClassVar[int]
    denial_id: str
    platform: str
    within_space_id: str
    def __init__(self, denial_id: _Optional[str] = ..., platform: _Optional[str] = ..., within_space_id: _Optional[str] = ...) -> None: ...

class DeleteDenialResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetMaintenanceRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetMaintenanceResponse(_message.Message):
    __slots__ = ("message", "start_time")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    message: str
    start_time: _timestamp_pb2.Timestamp
    def __init__(self, message: _Optional[str] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SetMaintenanceRequest(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...

class SetMaintenanceResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SetAgeStandingRequest(_message.Message):
    __slots__ = ("subject", "standing")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    subject: str
    standing: AgeStanding
    def __init__(self, subject: _Optional[str] = ..., standing: _Optional[_Union[AgeStanding, str]] = ...) -> None: ...

class SetAgeStandingResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RevokeAgeVerificationRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RevokeAgeVerificationResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
