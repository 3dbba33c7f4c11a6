import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tzurot.common.v1 import venue_pb2 as _venue_pb2
from tzurot.memory.v1 import memory_pb2 as _memory_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MemoryFilter(_message.Message):
    __slots__ = ("persona_ids", "sectors", "venues", "occur_from", "occur_until", "locked")
    PERSONA_IDS_FIELD_NUMBER: _ClassVar[int]
    SECTORS_FIELD_NUMBER: _ClassVar[int]
    VENUES_FIELD_NUMBER: _ClassVar[int]
    OCCUR_FROM_FIELD_NUMBER: _ClassVar[int]
    OCCUR_UNTIL_FIELD_NUMBER: _ClassVar[int]
    LOCKED_FIELD_NUMBER: _ClassVar[int]
    persona_ids: _containers.RepeatedScalarFieldContainer[str]
    sectors: _containers.RepeatedScalarFieldContainer[_memory_pb2.Sector]
    venues: _containers.RepeatedScalarFieldContainer[_venue_pb2.Venue]
    occur_from: _timestamp_pb2.Timestamp
    occur_until: _timestamp_pb2.Timestamp
    locked: bool
    def __init__(self, persona_ids: _Optional[_Iterable[str]] = ..., sectors: _Optional[_Iterable[_Union[_memory_pb2.Sector, str]]] = ..., venues: _Optional[_Iterable[_Union[_venue_pb2.Venue, str]]] = ..., occur_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., occur_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., locked: bool = ...) -> None: ...
