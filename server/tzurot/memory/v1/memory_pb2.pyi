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

class Speaker(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SPEAKER_UNSPECIFIED: _ClassVar[Speaker]
    SPEAKER_PERSON: _ClassVar[Speaker]
    SPEAKER_PERSONALITY: _ClassVar[Speaker]
SPEAKER_UNSPECIFIED: Speaker
SPEAKER_PERSON: Speaker
SPEAKER_PERSONALITY: Speaker

class Memory(_message.Message):
    __slots__ = ("id", "persona_id", "personality_id", "utterances", "venue", "turn_id", "occur_time", "create_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    PERSONA_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    UTTERANCES_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    OCCUR_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    persona_id: str
    personality_id: str
    utterances: _containers.RepeatedCompositeFieldContainer[RememberedUtterance]
    venue: _venue_pb2.Venue
    turn_id: str
    occur_time: _timestamp_pb2.Timestamp
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., persona_id: _Optional[str] = ..., personality_id: _Optional[str] = ..., utterances: _Optional[_Iterable[_Union[RememberedUtterance, _Mapping]]] = ..., venue: _Optional[_Union[_venue_pb2.Venue, str]] = ..., turn_id: _Optional[str] = ..., occur_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RememberedUtterance(_message.Message):
    __slots__ = ("speaker", "speaker_name", "text")
    SPEAKER_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    speaker: Speaker
    speaker_name: str
    text: str
    def __init__(self, speaker: _Optional[_Union[Speaker, str]] = ..., speaker_name: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class ScoreParts(_message.Message):
    __slots__ = ("similarity", "keyword", "final", "wording", "neighbors", "speaker", "time")
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    KEYWORD_FIELD_NUMBER: _ClassVar[int]
    FINAL_FIELD_NUMBER: _ClassVar[int]
    WORDING_FIELD_NUMBER: _ClassVar[int]
    NEIGHBORS_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    similarity: float
    keyword: float
    final: float
    wording: float
    neighbors: float
    speaker: float
    time: float
    def __init__(self, similarity: _Optional[float] = ..., keyword: _Optional[float] = ..., final: _Optional[float] = ..., wording: _Optional[float] = ..., neighbors: _Optional[float] = ..., speaker: _Optional[float] = ..., time: _Optional[float] = ...) -> None: ...
