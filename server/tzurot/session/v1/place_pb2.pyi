from buf.validate import validate_pb2 as _validate_pb2
from tzurot.common.v1 import venue_pb2 as _venue_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AgeLimit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AGE_LIMIT_UNSPECIFIED: _ClassVar[AgeLimit]
    AGE_LIMIT_NONE: _ClassVar[AgeLimit]
    AGE_LIMIT_ADULTS: _ClassVar[AgeLimit]
AGE_LIMIT_UNSPECIFIED: AgeLimit
AGE_LIMIT_NONE: AgeLimit
AGE_LIMIT_ADULTS: AgeLimit

class Place(_message.Message):
    __slots__ = ("platform", "space_id", "channel_id", "venue", "parent_channel_id", "age_limit")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    SPACE_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_ID_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    PARENT_CHANNEL_ID_FIELD_NUMBER: _ClassVar[int]
    AGE_LIMIT_FIELD_NUMBER: _ClassVar[int]
    platform: str
    space_id: str
    channel_id: str
    venue: _venue_pb2.Venue
    parent_channel_id: str
    age_limit: AgeLimit
    def __init__(self, platform: _Optional[str] = ..., space_id: _Optional[str] = ..., channel_id: _Optional[str] = ..., venue: _Optional[_Union[_venue_pb2.Venue, str]] = ..., parent_channel_id: _Optional[str] = ..., age_limit: _Optional[_Union[AgeLimit, str]] = ...) -> None: ...
