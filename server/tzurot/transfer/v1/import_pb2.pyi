import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ImportAction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IMPORT_ACTION_UNSPECIFIED: _ClassVar[ImportAction]
    IMPORT_ACTION_CREATE: _ClassVar[ImportAction]
    IMPORT_ACTION_UPDATE: _ClassVar[ImportAction]
    IMPORT_ACTION_KEEP: _ClassVar[ImportAction]
IMPORT_ACTION_UNSPECIFIED: ImportAction
IMPORT_ACTION_CREATE: ImportAction
IMPORT_ACTION_UPDATE: ImportAction
IMPORT_ACTION_KEEP: ImportAction

class ImportPreview(_message.Message):
    __slots__ = ("digest", "kind", "format", "spec_version", "container", "name", "alternate_greeting_count", "lorebook_entry_count", "has_avatar", "fields", "kept_aside", "dropped", "warnings", "changes", "own_edits", "senders", "details_json")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    SPEC_VERSION_FIELD_NUMBER: _ClassVar[int]
    CONTAINER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ALTERNATE_GREETING_COUNT_FIELD_NUMBER: _ClassVar[int]
    LOREBOOK_ENTRY_COUNT_FIELD_NUMBER: _ClassVar[int]
    HAS_AVATAR_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    KEPT_ASIDE_FIELD_NUMBER: _ClassVar[int]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    OWN_EDITS_FIELD_NUMBER: _ClassVar[int]
    SENDERS_FIELD_NUMBER: _ClassVar[int]
    DETAILS_JSON_FIELD_NUMBER: _ClassVar[int]
    digest: str
    kind: str
    format: str
    spec_version: str
    container: str
    name: str
    alternate_greeting_count: int
    lorebook_entry_count: int
    has_avatar: bool
    fields: _containers.RepeatedCompositeFieldContainer[ImportedField]
    kept_aside: _containers.RepeatedCompositeFieldContainer[ImportedPart]
    dropped: _containers.RepeatedCompositeFieldContainer[ImportedPart]
    warnings: _containers.RepeatedScalarFieldContainer[str]
    changes: _containers.RepeatedCompositeFieldContainer[ImportedChange]
    own_edits: _containers.RepeatedCompositeFieldContainer[OwnEdit]
    senders: _containers.RepeatedCompositeFieldContainer[ImportedSender]
    details_json: str
    def __init__(self, digest: _Optional[str] = ..., kind: _Optional[str] = ..., format: _Optional[str] = ..., spec_version: _Optional[str] = ..., container: _Optional[str] = ..., name: _Optional[str] = ..., alternate_greeting_count: _Optional[int] = ..., lorebook_entry_count: _Optional[int] = ..., has_avatar: bool = ..., fields: _Optional[_Iterable[_Union[ImportedField, _Mapping]]] = ..., kept_aside: _Optional[_Iterable[_Union[ImportedPart, _Mapping]]] = ..., dropped: _Optional[_Iterable[_Union[ImportedPart, _Mapping]]] = ..., warnings: _Optional[_Iterable[str]] = ..., changes: _Optional[_Iterable[_Union[ImportedChange, _Mapping]]] = ..., own_edits: _Optional[_Iterable[_Union[OwnEdit, _Mapping]]] = ..., senders: _Optional[_Iterable[_Union[ImportedSender, _Mapping]]] = ..., details_json: _Optional[str] = ...) -> None: ...

class ImportedField(_message.Message):
    __slots__ = ("source", "destination", "note")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    source: str
    destination: str
    note: str
    def __init__(self, source: _Optional[str] = ..., destination: _Optional[str] = ..., note: _Optional[str] = ...) -> None: ...

class ImportedPart(_message.Message):
    __slots__ = ("path", "reason")
    PATH_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    path: str
    reason: str
    def __init__(self, path: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ImportedChange(_message.Message):
    __slots__ = ("action", "resource", "name", "count", "size_bytes", "slug")
    ACTION_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SLUG_FIELD_NUMBER: _ClassVar[int]
    action: ImportAction
    resource: str
    name: str
    count: int
    size_bytes: int
    slug: str
    def __init__(self, action: _Optional[_Union[ImportAction, str]] = ..., resource: _Optional[str] = ..., name: _Optional[str] = ..., count: _Optional[int] = ..., size_bytes: _Optional[int] = ..., slug: _Optional[str] = ...) -> None: ...

class OwnEdit(_message.Message):
    __slots__ = ("field", "current", "imported")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    CURRENT_FIELD_NUMBER: _ClassVar[int]
    IMPORTED_FIELD_NUMBER: _ClassVar[int]
    field: str
    current: str
    imported: str
    def __init__(self, field: _Optional[str] = ..., current: _Optional[str] = ..., imported: _Optional[str] = ...) -> None: ...

class ImportedSender(_message.Message):
    __slots__ = ("sender_id", "memory_count", "group_memory_count", "first_time", "last_time", "is_caller")
    SENDER_ID_FIELD_NUMBER: _ClassVar[int]
    MEMORY_COUNT_FIELD_NUMBER: _ClassVar[int]
    GROUP_MEMORY_COUNT_FIELD_NUMBER: _ClassVar[int]
    FIRST_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_TIME_FIELD_NUMBER: _ClassVar[int]
    IS_CALLER_FIELD_NUMBER: _ClassVar[int]
    sender_id: str
    memory_count: int
    group_memory_count: int
    first_time: _timestamp_pb2.Timestamp
    last_time: _timestamp_pb2.Timestamp
    is_caller: bool
    def __init__(self, sender_id: _Optional[str] = ..., memory_count: _Optional[int] = ..., group_memory_count: _Optional[int] = ..., first_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., is_caller: bool = ...) -> None: ...
