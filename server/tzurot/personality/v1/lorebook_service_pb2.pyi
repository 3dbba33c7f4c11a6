from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.common.v1 import file_pb2 as _file_pb2
from tzurot.personality.v1 import lorebook_pb2 as _lorebook_pb2
from tzurot.personality.v1 import personality_pb2 as _personality_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetLorebookRequest(_message.Message):
    __slots__ = ("lorebook_id",)
    LOREBOOK_ID_FIELD_NUMBER: _ClassVar[int]
    lorebook_id: str
    def __init__(self, lorebook_id: _Optional[str] = ...) -> None: ...

class GetLorebookResponse(_message.Message):
    __slots__ = ("lorebook",)
    LOREBOOK_FIELD_NUMBER: _ClassVar[int]
    lorebook: _lorebook_pb2.Lorebook
    def __init__(self, lorebook: _Optional[_Union[_lorebook_pb2.Lorebook, _Mapping]] = ...) -> None: ...

class ListLorebooksRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListLorebooksResponse(_message.Message):
    __slots__ = ("lorebooks", "next_page_token")
    LOREBOOKS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    lorebooks: _containers.RepeatedCompositeFieldContainer[_lorebook_pb2.Lorebook]
    next_page_token: str
    def __init__(self, lorebooks: _Optional[_Iterable[_Union[_lorebook_pb2.Lorebook, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateLorebookRequest(_message.Message):
    __slots__ = ("lorebook", "request_id")
    LOREBOOK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    lorebook: _lorebook_pb2.Lorebook
    request_id: str
    def __init__(self, lorebook: _Optional[_Union[_lorebook_pb2.Lorebook, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateLorebookResponse(_message.Message):
    __slots__ = ("lorebook",)
    LOREBOOK_FIELD_NUMBER: _ClassVar[int]
    lorebook: _lorebook_pb2.Lorebook
    def __init__(self, lorebook: _Optional[_Union[_lorebook_pb2.Lorebook, _Mapping]] = ...) -> None: ...

class UpdateLorebookRequest(_message.Message):
    __slots__ = ("lorebook_id", "lorebook", "update_mask")
    LOREBOOK_ID_FIELD_NUMBER: _ClassVar[int]
    LOREBOOK_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    lorebook_id: str
    lorebook: _lorebook_pb2.Lorebook
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, lorebook_id: _Optional[str] = ..., lorebook: _Optional[_Union[_lorebook_pb2.Lorebook, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateLorebookResponse(_message.Message):
    __slots__ = ("lorebook",)
    LOREBOOK_FIELD_NUMBER: _ClassVar[int]
    lorebook: _lorebook_pb2.Lorebook
    def __init__(self, lorebook: _Optional[_Union[_lorebook_pb2.Lorebook, _Mapping]] = ...) -> None: ...

class CreateLorebookEntryRequest(_message.Message):
    __slots__ = ("lorebook_id", "entry", "request_id")
    LOREBOOK_ID_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    lorebook_id: str
    entry: _lorebook_pb2.LorebookEntry
    request_id: str
    def __init__(self, lorebook_id: _Optional[str] = ..., entry: _Optional[_Union[_lorebook_pb2.LorebookEntry, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateLorebookEntryResponse(_message.Message):
    __slots__ = ("entry",)
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    entry: _lorebook_pb2.LorebookEntry
    def __init__(self, entry: _Optional[_Union[_lorebook_pb2.LorebookEntry, _Mapping]] = ...) -> None: ...

class UpdateLorebookEntryRequest(_message.Message):
    __slots__ = ("entry_id", "entry", "update_mask")
    ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    entry_id: str
    entry: _lorebook_pb2.LorebookEntry
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, entry_id: _Optional[str] = ..., entry: _Optional[_Union[_lorebook_pb2.LorebookEntry, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateLorebookEntryResponse(_message.Message):
    __slots__ = ("entry",)
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    entry: _lorebook_pb2.LorebookEntry
    def __init__(self, entry: _Optional[_Union[_lorebook_pb2.LorebookEntry, _Mapping]] = ...) -> None: ...

class DeleteLorebookEntryRequest(_message.Message):
    __slots__ = ("entry_id",)
    ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    entry_id: str
    def __init__(self, entry_id: _Optional[str] = ...) -> None: ...

class DeleteLorebookEntryResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DeleteLorebookRequest(_message.Message):
    __slots__ = ("lorebook_id",)
    LOREBOOK_ID_FIELD_NUMBER: _ClassVar[int]
    lorebook_id: str
    def __init__(self, lorebook_id: _Optional[str] = ...) -> None: ...

class DeleteLorebookResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class AttachLorebookRequest(_message.Message):
    __slots__ = ("lorebook_id", "personality")
    LOREBOOK_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    lorebook_id: str
    personality: _personality_pb2.PersonalityRef
    def __init__(self, lorebook_id: _Optional[str] = ..., personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ...) -> None: ...

class AttachLorebookResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DetachLorebookRequest(_message.Message):
    __slots__ = ("lorebook_id", "personality")
    LOREBOOK_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    lorebook_id: str
    personality: _personality_pb2.PersonalityRef
    def __init__(self, lorebook_id: _Optional[str] = ..., personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ...) -> None: ...

class DetachLorebookResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class TestLorebookRequest(_message.Message):
    __slots__ = ("lorebook_id", "personality", "greeting_index", "messages")
    LOREBOOK_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    GREETING_INDEX_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    lorebook_id: str
    personality: _personality_pb2.PersonalityRef
    greeting_index: int
    messages: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, lorebook_id: _Optional[str] = ..., personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., greeting_index: _Optional[int] = ..., messages: _Optional[_Iterable[str]] = ...) -> None: ...

class TestLorebookResponse(_message.Message):
    __slots__ = ("matches",)
    MATCHES_FIELD_NUMBER: _ClassVar[int]
    matches: _containers.RepeatedCompositeFieldContainer[_lorebook_pb2.LorebookMatch]
    def __init__(self, matches: _Optional[_Iterable[_Union[_lorebook_pb2.LorebookMatch, _Mapping]]] = ...) -> None: ...

class ExportLorebookRequest(_message.Message):
    __slots__ = ("lorebook_id",)
    LOREBOOK_ID_FIELD_NUMBER: _ClassVar[int]
    lorebook_id: str
    def __init__(self, lorebook_id: _Optional[str] = ...) -> None: ...

class ExportLorebookResponse(_message.Message):
    __slots__ = ("header", "chunk")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    header: _file_pb2.FileHeader
    chunk: bytes
    def __init__(self, header: _Optional[_Union[_file_pb2.FileHeader, _Mapping]] = ..., chunk: _Optional[bytes] = ...) -> None: ...
