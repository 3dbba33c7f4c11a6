import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Sponsor(_message.Message):
    __slots__ = ("id", "api_key_id", "platform", "space_id", "model", "cap_micros", "member_cap_micros", "spent_micros", "reset_time", "reached_percent", "recent_micros", "recent_request_count", "create_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    SPACE_ID_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    CAP_MICROS_FIELD_NUMBER: _ClassVar[int]
    MEMBER_CAP_MICROS_FIELD_NUMBER: _ClassVar[int]
    SPENT_MICROS_FIELD_NUMBER: _ClassVar[int]
    RESET_TIME_FIELD_NUMBER: _ClassVar[int]
    REACHED_PERCENT_FIELD_NUMBER: _ClassVar[int]
    RECENT_MICROS_FIELD_NUMBER: _ClassVar[int]
    RECENT_REQUEST_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    api_key_id: str
    platform: str
    space_id: str
    model: str
    cap_micros: int
    member_cap_micros: int
    spent_micros: int
    reset_time: _timestamp_pb2.Timestamp
    reached_percent: int
    recent_micros: int
    recent_request_count: int
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., api_key_id: _Optional[str] = ..., platform: _Optional[str] = ..., space_id: _Optional[str] = ..., model: _Optional[str] = ..., cap_micros: _Optional[int] = ..., member_cap_micros: _Optional[int] = ..., spent_micros: _Optional[int] = ..., reset_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reached_percent: _Optional[int] = ..., recent_micros: _Optional[int] = ..., recent_request_count: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
