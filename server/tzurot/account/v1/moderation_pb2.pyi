import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DenialKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DENIAL_KIND_UNSPECIFIED: _ClassVar[DenialKind]
    DENIAL_KIND_BLOCK: _ClassVar[DenialKind]
    DENIAL_KIND_MUTE: _ClassVar[DenialKind]
DENIAL_KIND_UNSPECIFIED: DenialKind
DENIAL_KIND_BLOCK: DenialKind
DENIAL_KIND_MUTE: DenialKind

class Denial(_message.Message):
    __slots__ = ("id", "subject", "space_id", "channel_id", "personality_id", "platform", "within_space_id", "kind", "reason", "expire_time", "create_time", "by_operator")
    ID_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    SPACE_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    WITHIN_SPACE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    BY_OPERATOR_FIELD_NUMBER: _ClassVar[int]
    id: str
    subject: str
    space_id: str
    channel_id: str
    personality_id: str
    platform: str
    within_space_id: str
    kind: DenialKind
    reason: str
    expire_time: _timestamp_pb2.Timestamp
    create_time: _timestamp_pb2.Timestamp
    by_operator: bool
    def __init__(self, id: _Optional[str] = ..., subject: _Optional[str] = ..., space_id: _Optional[str] = ..., channel_id: _Optional[str] = ..., personality_id: _Optional[str] = ..., platform: _Optional[str] = ..., within_space_id: _Optional[str] = ..., kind: _Optional[_Union[DenialKind, str]] = ..., reason: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., by_operator: bool = ...) -> None: ...
