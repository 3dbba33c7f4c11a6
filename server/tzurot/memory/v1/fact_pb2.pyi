import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tzurot.common.v1 import venue_pb2 as _venue_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FactState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FACT_STATE_UNSPECIFIED: _ClassVar[FactState]
    FACT_STATE_CURRENT: _ClassVar[FactState]
    FACT_STATE_PROPOSED: _ClassVar[FactState]
    FACT_STATE_SUPERSEDED: _ClassVar[FactState]

class FactOrigin(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FACT_ORIGIN_UNSPECIFIED: _ClassVar[FactOrigin]
    FACT_ORIGIN_LEARNT: _ClassVar[FactOrigin]
    FACT_ORIGIN_TOLD: _ClassVar[FactOrigin]
FACT_STATE_UNSPECIFIED: FactState
FACT_STATE_CURRENT: FactState
FACT_STATE_PROPOSED: FactState
FACT_STATE_SUPERSEDED: FactState
FACT_ORIGIN_UNSPECIFIED: FactOrigin
FACT_ORIGIN_LEARNT: FactOrigin
FACT_ORIGIN_TOLD: FactOrigin

class Fact(_message.Message):
    __slots__ = ("id", "persona_id", "personality_id", "text", "state", "origin", "entity", "fictional", "venue", "valid_from", "valid_until", "superseded_by_id", "source_ids", "create_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    PERSONA_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    ENTITY_FIELD_NUMBER: _ClassVar[int]
    FICTIONAL_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDED_BY_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_IDS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    persona_id: str
    personality_id: str
    text: str
    state: FactState
    origin: FactOrigin
    entity: str
    fictional: bool
    venue: _venue_pb2.Venue
    valid_from: _timestamp_pb2.Timestamp
    valid_until: _timestamp_pb2.Timestamp
    superseded_by_id: str
    source_ids: _containers.RepeatedScalarFieldContainer[str]
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., persona_id: _Optional[str] = ..., personality_id: _Optional[str] = ..., text: _Optional[str] = ..., state: _Optional[_Union[FactState, str]] = ..., origin: _Optional[_Union[FactOrigin, str]] = ..., entity: _Optional[str] = ..., fictional: bool = ..., venue: _Optional[_Union[_venue_pb2.Venue, str]] = ..., valid_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., valid_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., superseded_by_id: _Optional[str] = ..., source_ids: _Optional[_Iterable[str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
