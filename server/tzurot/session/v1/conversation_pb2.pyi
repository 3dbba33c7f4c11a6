import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tzurot.session.v1 import place_pb2 as _place_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Conversation(_message.Message):
    __slots__ = ("id", "personality_id", "personality_name", "place", "epoch", "create_time", "update_time", "personality_slug", "note")
    ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_NAME_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_SLUG_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    id: str
    personality_id: str
    personality_name: str
    place: _place_pb2.Place
    epoch: int
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    personality_slug: str
    note: ConversationNote
    def __init__(self, id: _Optional[str] = ..., personality_id: _Optional[str] = ..., personality_name: _Optional[str] = ..., place: _Optional[_Union[_place_pb2.Place, _Mapping]] = ..., epoch: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., personality_slug: _Optional[str] = ..., note: _Optional[_Union[ConversationNote, _Mapping]] = ...) -> None: ...

class ConversationNote(_message.Message):
    __slots__ = ("text", "depth")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    DEPTH_FIELD_NUMBER: _ClassVar[int]
    text: str
    depth: int
    def __init__(self, text: _Optional[str] = ..., depth: _Optional[int] = ...) -> None: ...
