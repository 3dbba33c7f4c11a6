import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.memory.v1 import graph_pb2 as _graph_pb2
from tzurot.memory.v1 import memory_pb2 as _memory_pb2
from tzurot.memory.v1 import memory_filter_pb2 as _memory_filter_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GraphView(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GRAPH_VIEW_UNSPECIFIED: _ClassVar[GraphView]
    GRAPH_VIEW_WAYPOINTS: _ClassVar[GraphView]
    GRAPH_VIEW_RELATIONSHIPS: _ClassVar[GraphView]
GRAPH_VIEW_UNSPECIFIED: GraphView
GRAPH_VIEW_WAYPOINTS: GraphView
GRAPH_VIEW_RELATIONSHIPS: GraphView

class GetMemoryRequest(_message.Message):
    __slots__ = ("memory_id",)
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    def __init__(self, memory_id: _Optional[str] = ...) -> None: ...

class GetMemoryResponse(_message.Message):
    __slots__ = ("memory", "waypoints")
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    WAYPOINTS_FIELD_NUMBER: _ClassVar[int]
    memory: _memory_pb2.Memory
    waypoints: _containers.RepeatedCompositeFieldContainer[_graph_pb2.Waypoint]
    def __init__(self, memory: _Optional[_Union[_memory_pb2.Memory, _Mapping]] = ..., waypoints: _Optional[_Iterable[_Union[_graph_pb2.Waypoint, _Mapping]]] = ...) -> None: ...

class ListMemoriesRequest(_message.Message):
    __slots__ = ("personality_id", "page_size", "page_token", "filter")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    page_size: int
    page_token: str
    filter: _memory_filter_pb2.MemoryFilter
    def __init__(self, personality_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[_Union[_memory_filter_pb2.MemoryFilter, _Mapping]] = ...) -> None: ...

class ListMemoriesResponse(_message.Message):
    __slots__ = ("memories", "next_page_token")
    MEMORIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    memories: _containers.RepeatedCompositeFieldContainer[_memory_pb2.Memory]
    next_page_token: str
    def __init__(self, memories: _Optional[_Iterable[_Union[_memory_pb2.Memory, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateMemoryRequest(_message.Message):
    __slots__ = ("personality_id", "text", "request_id")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    text: str
    request_id: str
    def __init__(self, personality_id: _Optional[str] = ..., text: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateMemoryResponse(_message.Message):
    __slots__ = ("memory",)
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    memory: _memory_pb2.Memory
    def __init__(self, memory: _Optional[_Union[_memory_pb2.Memory, _Mapping]] = ...) -> None: ...

class UpdateMemoryRequest(_message.Message):
    __slots__ = ("memory_id", "text", "locked", "update_mask")
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LOCKED_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    text: str
    locked: bool
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, memory_id: _Optional[str] = ..., text: _Optional[str] = ..., locked: bool = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateMemoryResponse(_message.Message):
    __slots__ = ("memory",)
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    memory: _memory_pb2.Memory
    def __init__(self, memory: _Optional[_Union[_memory_pb2.Memory, _Mapping]] = ...) -> None: ...

class PurgeMemoriesRequest(_message.Message):
    __slots__ = ("personality_id", "filter", "include_locked", "confirmation")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_LOCKED_FIELD_NUMBER: _ClassVar[int]
    CONFIRMATION_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    filter: _memory_filter_pb2.MemoryFilter
    include_locked: bool
    confirmation: str
    def __init__(self, personality_id: _Optional[str] = ..., filter: _Optional[_Union[_memory_filter_pb2.MemoryFilter, _Mapping]] = ..., include_locked: bool = ..., confirmation: _Optional[str] = ...) -> None: ...

class PurgeMemoriesResponse(_message.Message):
    __slots__ = ("memory_count", "reflection_count", "fact_count", "dream_count", "locked_count", "samples", "confirmation", "confirmation_expire_time", "told_fact_count")
    MEMORY_COUNT_FIELD_NUMBER: _ClassVar[int]
    REFLECTION_COUNT_FIELD_NUMBER: _ClassVar[int]
    FACT_COUNT_FIELD_NUMBER: _ClassVar[int]
    DREAM_COUNT_FIELD_NUMBER: _ClassVar[int]
    LOCKED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    CONFIRMATION_FIELD_NUMBER: _ClassVar[int]
    CONFIRMATION_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    TOLD_FACT_COUNT_FIELD_NUMBER: _ClassVar[int]
    memory_count: int
    reflection_count: int
    fact_count: int
    dream_count: int
    locked_count: int
    samples: _containers.RepeatedCompositeFieldContainer[_memory_pb2.Memory]
    confirmation: str
    confirmation_expire_time: _timestamp_pb2.Timestamp
    told_fact_count: int
    def __init__(self, memory_count: _Optional[int] = ..., reflection_count: _Optional[int] = ..., fact_count: _Optional[int] = ..., dream_count: _Optional[int] = ..., locked_count: _Optional[int] = ..., samples: _Optional[_Iterable[_Union[_memory_pb2.Memory, _Mapping]]] = ..., confirmation: _Optional[str] = ..., confirmation_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., told_fact_count: _Optional[int] = ...) -> None: ...

class DeleteMemoryRequest(_message.Message):
    __slots__ = ("memory_id",)
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    def __init__(self, memory_id: _Optional[str] = ...) -> None: ...

class DeleteMemoryResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SearchMemoriesRequest(_message.Message):
    __slots__ = ("personality_id", "query", "limit", "explain", "filter")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    EXPLAIN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    query: str
    limit: int
    explain: bool
    filter: _memory_filter_pb2.MemoryFilter
    def __init__(self, personality_id: _Optional[str] = ..., query: _Optional[str] = ..., limit: _Optional[int] = ..., explain: bool = ..., filter: _Optional[_Union[_memory_filter_pb2.MemoryFilter, _Mapping]] = ...) -> None: ...

class SearchMemoriesResponse(_message.Message):
    __slots__ = ("hits", "degraded")
    HITS_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_FIELD_NUMBER: _ClassVar[int]
    hits: _containers.RepeatedCompositeFieldContainer[MemoryHit]
    degraded: bool
    def __init__(self, hits: _Optional[_Iterable[_Union[MemoryHit, _Mapping]]] = ..., degraded: bool = ...) -> None: ...

class MemoryHit(_message.Message):
    __slots__ = ("memory", "score", "parts", "reasons")
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    memory: _memory_pb2.Memory
    score: float
    parts: _memory_pb2.ScoreParts
    reasons: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, memory: _Optional[_Union[_memory_pb2.Memory, _Mapping]] = ..., score: _Optional[float] = ..., parts: _Optional[_Union[_memory_pb2.ScoreParts, _Mapping]] = ..., reasons: _Optional[_Iterable[str]] = ...) -> None: ...

class GetMemoryGraphRequest(_message.Message):
    __slots__ = ("personality_id", "view", "max_nodes", "svg")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    MAX_NODES_FIELD_NUMBER: _ClassVar[int]
    SVG_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    view: GraphView
    max_nodes: int
    svg: bool
    def __init__(self, personality_id: _Optional[str] = ..., view: _Optional[_Union[GraphView, str]] = ..., max_nodes: _Optional[int] = ..., svg: bool = ...) -> None: ...

class GetMemoryGraphResponse(_message.Message):
    __slots__ = ("nodes", "edges", "left_out_count", "svg", "read_count")
    NODES_FIELD_NUMBER: _ClassVar[int]
    EDGES_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_COUNT_FIELD_NUMBER: _ClassVar[int]
    SVG_FIELD_NUMBER: _ClassVar[int]
    READ_COUNT_FIELD_NUMBER: _ClassVar[int]
    nodes: _containers.RepeatedCompositeFieldContainer[_graph_pb2.GraphNode]
    edges: _containers.RepeatedCompositeFieldContainer[_graph_pb2.GraphEdge]
    left_out_count: int
    svg: str
    read_count: int
    def __init__(self, nodes: _Optional[_Iterable[_Union[_graph_pb2.GraphNode, _Mapping]]] = ..., edges: _Optional[_Iterable[_Union[_graph_pb2.GraphEdge, _Mapping]]] = ..., left_out_count: _Optional[int] = ..., svg: _Optional[str] = ..., read_count: _Optional[int] = ...) -> None: ...

class GetMemoryStatsRequest(_message.Message):
    __slots__ = ("personality_id",)
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    def __init__(self, personality_id: _Optional[str] = ...) -> None: ...

class GetMemoryStatsResponse(_message.Message):
    __slots__ = ("memory_count", "sectors", "personalities", "reflection_count", "waypoint_count", "recalled_count", "waiting_count", "first_time", "last_time")
    MEMORY_COUNT_FIELD_NUMBER: _ClassVar[int]
    SECTORS_FIELD_NUMBER: _ClassVar[int]
    PERSONALITIES_FIELD_NUMBER: _ClassVar[int]
    REFLECTION_COUNT_FIELD_NUMBER: _ClassVar[int]
    WAYPOINT_COUNT_FIELD_NUMBER: _ClassVar[int]
    RECALLED_COUNT_FIELD_NUMBER: _ClassVar[int]
    WAITING_COUNT_FIELD_NUMBER: _ClassVar[int]
    FIRST_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_TIME_FIELD_NUMBER: _ClassVar[int]
    memory_count: int
    sectors: _containers.RepeatedCompositeFieldContainer[SectorStats]
    personalities: _containers.RepeatedCompositeFieldContainer[PersonalityStats]
    reflection_count: int
    waypoint_count: int
    recalled_count: int
    waiting_count: int
    first_time: _timestamp_pb2.Timestamp
    last_time: _timestamp_pb2.Timestamp
    def __init__(self, memory_count: _Optional[int] = ..., sectors: _Optional[_Iterable[_Union[SectorStats, _Mapping]]] = ..., personalities: _Optional[_Iterable[_Union[PersonalityStats, _Mapping]]] = ..., reflection_count: _Optional[int] = ..., waypoint_count: _Optional[int] = ..., recalled_count: _Optional[int] = ..., waiting_count: _Optional[int] = ..., first_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SectorStats(_message.Message):
    __slots__ = ("sector", "memory_count", "mean_salience")
    SECTOR_FIELD_NUMBER: _ClassVar[int]
    MEMORY_COUNT_FIELD_NUMBER: _ClassVar[int]
    MEAN_SALIENCE_FIELD_NUMBER: _ClassVar[int]
    sector: _memory_pb2.Sector
    memory_count: int
    mean_salience: float
    def __init__(self, sector: _Optional[_Union[_memory_pb2.Sector, str]] = ..., memory_count: _Optional[int] = ..., mean_salience: _Optional[float] = ...) -> None: ...

class PersonalityStats(_message.Message):
    __slots__ = ("personality_id", "memory_count")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    MEMORY_COUNT_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    memory_count: int
    def __init__(self, personality_id: _Optional[str] = ..., memory_count: _Optional[int] = ...) -> None: ...
