from buf.validate import validate_pb2 as _validate_pb2
from tzurot.common.v1 import venue_pb2 as _venue_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Place(_message.Message):
    __slots__ = ("platform", "space_id", "channel_id", "venue")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    SPACE_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_ID_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    platform: str
    space_id: str
    channel_id: str
    venue: _venue_pb2.Venue
    def __init__(self, platform: _Optional[str] = ..., space_id: _Optional[str] = ..., channel_id: _Optional[str] = ..., venue: _Optional[_Union[_venue_pb2.Venue, str]] = ...) -> None: ...
