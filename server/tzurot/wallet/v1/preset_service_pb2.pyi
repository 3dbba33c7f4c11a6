from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.wallet.v1 import preset_pb2 as _preset_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreatePresetRequest(_message.Message):
    __slots__ = ("preset", "request_id")
    PRESET_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    preset: _preset_pb2.Preset
    request_id: str
    def __init__(self, preset: _Optional[_Union[_preset_pb2.Preset, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreatePresetResponse(_message.Message):
    __slots__ = ("preset",)
    PRESET_FIELD_NUMBER: _ClassVar[int]
    preset: _preset_pb2.Preset
    def __init__(self, preset: _Optional[_Union[_preset_pb2.Preset, _Mapping]] = ...) -> None: ...

class GetPresetRequest(_message.Message):
    __slots__ = ("preset_id",)
    PRESET_ID_FIELD_NUMBER: _ClassVar[int]
    preset_id: str
    def __init__(self, preset_id: _Optional[str] = ...) -> None: ...

class GetPresetResponse(_message.Message):
    __slots__ = ("preset",)
    PRESET_FIELD_NUMBER: _ClassVar[int]
    preset: _preset_pb2.Preset
    def __init__(self, preset: _Optional[_Union[_preset_pb2.Preset, _Mapping]] = ...) -> None: ...

class ListPresetsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPresetsResponse(_message.Message):
    __slots__ = ("presets", "next_page_token")
    PRESETS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    presets: _containers.RepeatedCompositeFieldContainer[_preset_pb2.Preset]
    next_page_token: str
    def __init__(self, presets: _Optional[_Iterable[_Union[_preset_pb2.Preset, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdatePresetRequest(_message.Message):
    __slots__ = ("preset_id", "preset", "update_mask")
    PRESET_ID_FIELD_NUMBER: _ClassVar[int]
    PRESET_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    preset_id: str
    preset: _preset_pb2.Preset
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, preset_id: _Optional[str] = ..., preset: _Optional[_Union[_preset_pb2.Preset, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdatePresetResponse(_message.Message):
    __slots__ = ("preset",)
    PRESET_FIELD_NUMBER: _ClassVar[int]
    preset: _preset_pb2.Preset
    def __init__(self, preset: _Optional[_Union[_preset_pb2.Preset, _Mapping]] = ...) -> None: ...

class DeletePresetRequest(_message.Message):
    __slots__ = ("preset_id",)
    PRESET_ID_FIELD_NUMBER: _ClassVar[int]
    preset_id: str
    def __init__(self, preset_id: _Optional[str] = ...) -> None: ...

class DeletePresetResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ClonePresetRequest(_message.Message):
    __slots__ = ("preset_id", "name", "request_id")
    PRESET_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    preset_id: str
    name: str
    request_id: str
    def __init__(self, preset_id: _Optional[str] = ..., name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class ClonePresetResponse(_message.Message):
    __slots__ = ("preset",)
    PRESET_FIELD_NUMBER: _ClassVar[int]
    preset: _preset_pb2.Preset
    def __init__(self, preset: _Optional[_Union[_preset_pb2.Preset, _Mapping]] = ...) -> None: ...

class PublishPresetRequest(_message.Message):
    __slots__ = ("preset_id", "published")
    PRESET_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    preset_id: str
    published: bool
    def __init__(self, preset_id: _Optional[str] = ..., published: bool = ...) -> None: ...

class PublishPresetResponse(_message.Message):
    __slots__ = ("preset",)
    PRESET_FIELD_NUMBER: _ClassVar[int]
    preset: _preset_pb2.Preset
    def __init__(self, preset: _Optional[_Union[_preset_pb2.Preset, _Mapping]] = ...) -> None: ...

class ExplainPresetFileRequest(_message.Message):
    __slots__ = ("content", "file_name")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    file_name: str
    def __init__(self, content: _Optional[bytes] = ..., file_name: _Optional[str] = ...) -> None: ...

class ExplainPresetFileResponse(_message.Message):
    __slots__ = ("preset", "left_out")
    PRESET_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    preset: _preset_pb2.Preset
    left_out: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, preset: _Optional[_Union[_preset_pb2.Preset, _Mapping]] = ..., left_out: _Optional[_Iterable[str]] = ...) -> None: ...

class ExportPresetRequest(_message.Message):
    __slots__ = ("preset_id",)
    PRESET_ID_FIELD_NUMBER: _ClassVar[int]
    preset_id: str
    def __init__(self, preset_id: _Optional[str] = ...) -> None: ...

class ExportPresetResponse(_message.Message):
    __slots__ = ("file_name", "content")
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    file_name: str
    content: bytes
    def __init__(self, file_name: _Optional[str] = ..., content: _Optional[bytes] = ...) -> None: ...
