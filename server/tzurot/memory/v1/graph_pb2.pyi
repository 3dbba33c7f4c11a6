import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WaypointKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WAYPOINT_KIND_UNSPECIFIED: _ClassVar[WaypointKind]
    WAYPOINT_KIND_SIMILARITY: _ClassVar[WaypointKind]
    WAYPOINT_KIND_CONVERSATION: _ClassVar[WaypointKind]
    WAYPOINT_KIND_RECALLED_TOGETHER: _ClassVar[WaypointKind]
    WAYPOINT_KIND_ACROSS_SECTORS: _ClassVar[WaypointKind]

class GraphNodeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GRAPH_NODE_KIND_UNSPECIFIED: _ClassVar[GraphNodeKind]
    GRAPH_NODE_KIND_MEMORY: _ClassVar[GraphNodeKind]
    GRAPH_NODE_KIND_PERSONA: _ClassVar[GraphNodeKind]
    GRAPH_NODE_KIND_PERSONALITY: _ClassVar[GraphNodeKind]
    GRAPH_NODE_KIND_NAME: _ClassVar[GraphNodeKind]
    GRAPH_NODE_KIND_TOPIC: _ClassVar[GraphNodeKind]
WAYPOINT_KIND_UNSPECIFIED: WaypointKind
WAYPOINT_KIND_SIMILARITY: WaypointKind
WAYPOINT_KIND_CONVERSATION: WaypointKind
WAYPOINT_KIND_RECALLED_TOGETHER: WaypointKind
WAYPOINT_KIND_ACROSS_SECTORS: WaypointKind
GRAPH_NODE_KIND_UNSPECIFIED: GraphNodeKind
GRAPH_NODE_KIND_MEMORY: GraphNodeKind
GRAPH_NODE_KIND_PERSONA: GraphNodeKind
GRAPH_NODE_KIND_PERSONALITY: GraphNodeKind
GRAPH_NODE_KIND_NAME: GraphNodeKind
GRAPH_NODE_KIND_TOPIC: GraphNodeKind

class Waypoint(_message.Message):
    __slots__ = ("first_memory_id", "second_memory_id", "kind", "weight", "update_time")
    FIRST_MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    SECOND_MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    first_memory_id: str
    second_memory_id: str
    kind: WaypointKind
    weight: float
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, first_memory_id: _Optional[str] = ..., second_memory_id: _Optional[str] = ..., kind: _Optional[_Union[WaypointKind, str]] = ..., weight: _Optional[float] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GraphNode(_message.Message):
    __slots__ = ("id", "label", "kind", "weight", "memory_ids")
    ID_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    MEMORY_IDS_FIELD_NUMBER: _ClassVar[int]
    id: str
    label: str
    kind: GraphNodeKind
    weight: float
    memory_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., label: _Optional[str] = ..., kind: _Optional[_Union[GraphNodeKind, str]] = ..., weight: _Optional[float] = ..., memory_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class GraphEdge(_message.Message):
    __slots__ = ("first_id", "second_id", "weight", "kinds")
    FIRST_ID_FIELD_NUMBER: _ClassVar[int]
    SECOND_ID_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    first_id: str
    second_id: str
    weight: float
    kinds: _containers.RepeatedScalarFieldContainer[WaypointKind]
    def __init__(self, first_id: _Optional[str] = ..., second_id: _Optional[str] = ..., weight: _Optional[float] = ..., kinds: _Optional[_Iterable[_Union[WaypointKind, str]]] = ...) -> None: ...
