import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tzurot.flow.v1 import flow_kind_pb2 as _flow_kind_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FlowState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FLOW_STATE_UNSPECIFIED: _ClassVar[FlowState]
    FLOW_STATE_OPEN: _ClassVar[FlowState]
    FLOW_STATE_WORKING: _ClassVar[FlowState]
    FLOW_STATE_DONE: _ClassVar[FlowState]
    FLOW_STATE_CLOSED: _ClassVar[FlowState]

class FlowActionStyle(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FLOW_ACTION_STYLE_UNSPECIFIED: _ClassVar[FlowActionStyle]
    FLOW_ACTION_STYLE_PRIMARY: _ClassVar[FlowActionStyle]
    FLOW_ACTION_STYLE_SECONDARY: _ClassVar[FlowActionStyle]
    FLOW_ACTION_STYLE_DANGER: _ClassVar[FlowActionStyle]
FLOW_STATE_UNSPECIFIED: FlowState
FLOW_STATE_OPEN: FlowState
FLOW_STATE_WORKING: FlowState
FLOW_STATE_DONE: FlowState
FLOW_STATE_CLOSED: FlowState
FLOW_ACTION_STYLE_UNSPECIFIED: FlowActionStyle
FLOW_ACTION_STYLE_PRIMARY: FlowActionStyle
FLOW_ACTION_STYLE_SECONDARY: FlowActionStyle
FLOW_ACTION_STYLE_DANGER: FlowActionStyle

class Flow(_message.Message):
    __slots__ = ("id", "etag", "path", "state", "view", "create_time", "expire_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    path: str
    state: FlowState
    view: FlowView
    create_time: _timestamp_pb2.Timestamp
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., path: _Optional[str] = ..., state: _Optional[_Union[FlowState, str]] = ..., view: _Optional[_Union[FlowView, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class FlowView(_message.Message):
    __slots__ = ("title", "body", "fields", "items", "actions", "item_action", "progress", "notice", "message_id", "document")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ACTIONS_FIELD_NUMBER: _ClassVar[int]
    ITEM_ACTION_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    title: str
    body: str
    fields: _containers.RepeatedCompositeFieldContainer[FlowField]
    items: _containers.RepeatedCompositeFieldContainer[FlowItem]
    actions: _containers.RepeatedCompositeFieldContainer[FlowAction]
    item_action: str
    progress: FlowProgress
    notice: str
    message_id: str
    document: FlowDocument
    def __init__(self, title: _Optional[str] = ..., body: _Optional[str] = ..., fields: _Optional[_Iterable[_Union[FlowField, _Mapping]]] = ..., items: _Optional[_Iterable[_Union[FlowItem, _Mapping]]] = ..., actions: _Optional[_Iterable[_Union[FlowAction, _Mapping]]] = ..., item_action: _Optional[str] = ..., progress: _Optional[_Union[FlowProgress, _Mapping]] = ..., notice: _Optional[str] = ..., message_id: _Optional[str] = ..., document: _Optional[_Union[FlowDocument, _Mapping]] = ...) -> None: ...

class FlowDocument(_message.Message):
    __slots__ = ("name", "content")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    content: bytes
    def __init__(self, name: _Optional[str] = ..., content: _Optional[bytes] = ...) -> None: ...

class FlowField(_message.Message):
    __slots__ = ("key", "label", "description", "kind", "values", "choices", "required", "max_length", "error")
    KEY_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    MAX_LENGTH_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    key: str
    label: str
    description: str
    kind: _flow_kind_pb2.ValueKind
    values: _containers.RepeatedScalarFieldContainer[str]
    choices: _containers.RepeatedCompositeFieldContainer[_flow_kind_pb2.Choice]
    required: bool
    max_length: int
    error: str
    def __init__(self, key: _Optional[str] = ..., label: _Optional[str] = ..., description: _Optional[str] = ..., kind: _Optional[_Union[_flow_kind_pb2.ValueKind, str]] = ..., values: _Optional[_Iterable[str]] = ..., choices: _Optional[_Iterable[_Union[_flow_kind_pb2.Choice, _Mapping]]] = ..., required: bool = ..., max_length: _Optional[int] = ..., error: _Optional[str] = ...) -> None: ...

class FlowItem(_message.Message):
    __slots__ = ("key", "title", "text")
    KEY_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    key: str
    title: str
    text: str
    def __init__(self, key: _Optional[str] = ..., title: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class FlowAction(_message.Message):
    __slots__ = ("key", "label", "style", "asks")
    KEY_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    STYLE_FIELD_NUMBER: _ClassVar[int]
    ASKS_FIELD_NUMBER: _ClassVar[int]
    key: str
    label: str
    style: FlowActionStyle
    asks: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, key: _Optional[str] = ..., label: _Optional[str] = ..., style: _Optional[_Union[FlowActionStyle, str]] = ..., asks: _Optional[_Iterable[str]] = ...) -> None: ...

class FlowProgress(_message.Message):
    __slots__ = ("label", "done_count", "total_count")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    DONE_COUNT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    label: str
    done_count: int
    total_count: int
    def __init__(self, label: _Optional[str] = ..., done_count: _Optional[int] = ..., total_count: _Optional[int] = ...) -> None: ...
