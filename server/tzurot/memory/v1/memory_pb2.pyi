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

class MemoryKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MEMORY_KIND_UNSPECIFIED: _ClassVar[MemoryKind]
    MEMORY_KIND_EXCHANGE: _ClassVar[MemoryKind]
    MEMORY_KIND_REFLECTION: _ClassVar[MemoryKind]

class Sector(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SECTOR_UNSPECIFIED: _ClassVar[Sector]
    SECTOR_EPISODIC: _ClassVar[Sector]
    SECTOR_SEMANTIC: _ClassVar[Sector]
    SECTOR_PROCEDURAL: _ClassVar[Sector]
    SECTOR_EMOTIONAL: _ClassVar[Sector]
    SECTOR_REFLECTIVE: _ClassVar[Sector]

class Speaker(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SPEAKER_UNSPECIFIED: _ClassVar[Speaker]
    SPEAKER_PERSON: _ClassVar[Speaker]
    SPEAKER_PERSONALITY: _ClassVar[Speaker]
MEMORY_KIND_UNSPECIFIED: MemoryKind
MEMORY_KIND_EXCHANGE: MemoryKind
MEMORY_KIND_REFLECTION: MemoryKind
SECTOR_UNSPECIFIED: Sector
SECTOR_EPISODIC: Sector
SECTOR_SEMANTIC: Sector
SECTOR_PROCEDURAL: Sector
SECTOR_EMOTIONAL: Sector
SECTOR_REFLECTIVE: Sector
SPEAKER_UNSPECIFIED: Speaker
SPEAKER_PERSON: Speaker
SPEAKER_PERSONALITY: Speaker

class Memory(_message.Message):
    __slots__ = ("id", "persona_id", "personality_id", "utterances", "venue", "turn_id", "occur_time", "create_time", "kind", "sector", "other_sectors", "salience", "recall_count", "last_recall_time", "source_ids", "locked", "edit_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    PERSONA_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    UTTERANCES_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    OCCUR_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SECTOR_FIELD_NUMBER: _ClassVar[int]
    OTHER_SECTORS_FIELD_NUMBER: _ClassVar[int]
    SALIENCE_FIELD_NUMBER: _ClassVar[int]
    RECALL_COUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_RECALL_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_IDS_FIELD_NUMBER: _ClassVar[int]
    LOCKED_FIELD_NUMBER: _ClassVar[int]
    EDIT_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    persona_id: str
    personality_id: str
    utterances: _containers.RepeatedCompositeFieldContainer[RememberedUtterance]
    venue: _venue_pb2.Venue
    turn_id: str
    occur_time: _timestamp_pb2.Timestamp
    create_time: _timestamp_pb2.Timestamp
    kind: MemoryKind
    sector: Sector
    other_sectors: _containers.RepeatedScalarFieldContainer[Sector]
    salience: float
    recall_count: int
    last_recall_time: _timestamp_pb2.Timestamp
    source_ids: _containers.RepeatedScalarFieldContainer[str]
    locked: bool
    edit_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., persona_id: _Optional[str] = ..., personality_id: _Optional[str] = ..., utterances: _Optional[_Iterable[_Union[RememberedUtterance, _Mapping]]] = ..., venue: _Optional[_Union[_venue_pb2.Venue, str]] = ..., turn_id: _Optional[str] = ..., occur_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., kind: _Optional[_Union[MemoryKind, str]] = ..., sector: _Optional[_Union[Sector, str]] = ..., other_sectors: _Optional[_Iterable[_Union[Sector, str]]] = ..., salience: _Optional[float] = ..., recall_count: _Optional[int] = ..., last_recall_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., source_ids: _Optional[_Iterable[str]] = ..., locked: bool = ..., edit_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

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
    __slots__ = ("similarity", "keyword", "final", "wording", "neighbors", "speaker", "time", "recency", "salience", "link", "news")
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    KEYWORD_FIELD_NUMBER: _ClassVar[int]
    FINAL_FIELD_NUMBER: _ClassVar[int]
    WORDING_FIELD_NUMBER: _ClassVar[int]
    NEIGHBORS_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    RECENCY_FIELD_NUMBER: _ClassVar[int]
    SALIENCE_FIELD_NUMBER: _ClassVar[int]
    LINK_FIELD_NUMBER: _ClassVar[int]
    NEWS_FIELD_NUMBER: _ClassVar[int]
    similarity: float
    keyword: float
    final: float
    wording: float
    neighbors: float
    speaker: float
    time: float
    recency: float
    salience: float
    link: float
    news: float
    def __init__(self, similarity: _Optional[float] = ..., keyword: _Optional[float] = ..., final: _Optional[float] = ..., wording: _Optional[float] = ..., neighbors: _Optional[float] = ..., speaker: _Optional[float] = ..., time: _Optional[float] = ..., recency: _Optional[float] = ..., salience: _Optional[float] = ..., link: _Optional[float] = ..., news: _Optional[float] = ...) -> None: ...
