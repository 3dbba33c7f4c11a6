from buf.validate import validate_pb2 as _validate_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.common.v1 import file_pb2 as _file_pb2
from tzurot.memory.v1 import memory_filter_pb2 as _memory_filter_pb2
from tzurot.personality.v1 import personality_pb2 as _personality_pb2
from tzurot.transfer.v1 import import_pb2 as _import_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MemoryFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MEMORY_FORMAT_UNSPECIFIED: _ClassVar[MemoryFormat]
    MEMORY_FORMAT_JSON_LINES: _ClassVar[MemoryFormat]
    MEMORY_FORMAT_MEM0: _ClassVar[MemoryFormat]
    MEMORY_FORMAT_OPENMEMORY: _ClassVar[MemoryFormat]

class ExportFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXPORT_FORMAT_UNSPECIFIED: _ClassVar[ExportFormat]
    EXPORT_FORMAT_TZUROT: _ClassVar[ExportFormat]
    EXPORT_FORMAT_CARD_V2: _ClassVar[ExportFormat]
    EXPORT_FORMAT_CARD_V3: _ClassVar[ExportFormat]
    EXPORT_FORMAT_PNG: _ClassVar[ExportFormat]
    EXPORT_FORMAT_CHARX: _ClassVar[ExportFormat]
MEMORY_FORMAT_UNSPECIFIED: MemoryFormat
MEMORY_FORMAT_JSON_LINES: MemoryFormat
MEMORY_FORMAT_MEM0: MemoryFormat
MEMORY_FORMAT_OPENMEMORY: MemoryFormat
EXPORT_FORMAT_UNSPECIFIED: ExportFormat
EXPORT_FORMAT_TZUROT: ExportFormat
EXPORT_FORMAT_CARD_V2: ExportFormat
EXPORT_FORMAT_CARD_V3: ExportFormat
EXPORT_FORMAT_PNG: ExportFormat
EXPORT_FORMAT_CHARX: ExportFormat

class ExportMemoriesRequest(_message.Message):
    __slots__ = ("personality_id", "filter", "format")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    filter: _memory_filter_pb2.MemoryFilter
    format: MemoryFormat
    def __init__(self, personality_id: _Optional[str] = ..., filter: _Optional[_Union[_memory_filter_pb2.MemoryFilter, _Mapping]] = ..., format: _Optional[_Union[MemoryFormat, str]] = ...) -> None: ...

class ExportMemoriesResponse(_message.Message):
    __slots__ = ("header", "chunk")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    header: _file_pb2.FileHeader
    chunk: bytes
    def __init__(self, header: _Optional[_Union[_file_pb2.FileHeader, _Mapping]] = ..., chunk: _Optional[bytes] = ...) -> None: ...

class ImportPersonalityRequest(_message.Message):
    __slots__ = ("header", "chunk")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    header: ImportHeader
    chunk: bytes
    def __init__(self, header: _Optional[_Union[ImportHeader, _Mapping]] = ..., chunk: _Optional[bytes] = ...) -> None: ...

class ImportHeader(_message.Message):
    __slots__ = ("size_bytes", "sha256", "url", "validate_only", "digest", "personality", "as_copy", "overwrite_own_edits", "caller_sender_ids", "name")
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    AS_COPY_FIELD_NUMBER: _ClassVar[int]
    OVERWRITE_OWN_EDITS_FIELD_NUMBER: _ClassVar[int]
    CALLER_SENDER_IDS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    size_bytes: int
    sha256: str
    url: str
    validate_only: bool
    digest: str
    personality: _personality_pb2.PersonalityRef
    as_copy: bool
    overwrite_own_edits: bool
    caller_sender_ids: _containers.RepeatedScalarFieldContainer[str]
    name: str
    def __init__(self, size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ..., url: _Optional[str] = ..., validate_only: bool = ..., digest: _Optional[str] = ..., personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., as_copy: bool = ..., overwrite_own_edits: bool = ..., caller_sender_ids: _Optional[_Iterable[str]] = ..., name: _Optional[str] = ...) -> None: ...

class ImportPersonalityResponse(_message.Message):
    __slots__ = ("progress", "preview", "result")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    PREVIEW_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    progress: ImportProgress
    preview: _import_pb2.ImportPreview
    result: ImportResult
    def __init__(self, progress: _Optional[_Union[ImportProgress, _Mapping]] = ..., preview: _Optional[_Union[_import_pb2.ImportPreview, _Mapping]] = ..., result: _Optional[_Union[ImportResult, _Mapping]] = ...) -> None: ...

class ImportProgress(_message.Message):
    __slots__ = ("label", "done_count", "total_count")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    DONE_COUNT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    label: str
    done_count: int
    total_count: int
    def __init__(self, label: _Optional[str] = ..., done_count: _Optional[int] = ..., total_count: _Optional[int] = ...) -> None: ...

class ImportResult(_message.Message):
    __slots__ = ("preview", "personality", "warnings")
    PREVIEW_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    preview: _import_pb2.ImportPreview
    personality: _personality_pb2.Personality
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, preview: _Optional[_Union[_import_pb2.ImportPreview, _Mapping]] = ..., personality: _Optional[_Union[_personality_pb2.Personality, _Mapping]] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class ExportPersonalityRequest(_message.Message):
    __slots__ = ("personality", "format")
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    format: ExportFormat
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., format: _Optional[_Union[ExportFormat, str]] = ...) -> None: ...

class ExportPersonalityResponse(_message.Message):
    __slots__ = ("header", "chunk")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    header: _file_pb2.FileHeader
    chunk: bytes
    def __init__(self, header: _Optional[_Union[_file_pb2.FileHeader, _Mapping]] = ..., chunk: _Optional[bytes] = ...) -> None: ...
