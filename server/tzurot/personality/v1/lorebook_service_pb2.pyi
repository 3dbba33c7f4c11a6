from buf.validate import validate_pb2 as _validate_pb2
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
    __slots__ = ("lorebook_id", "messages")
    LOREBOOK_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    lorebook_id: str
    messages: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, lorebook_id: _Optional[str] = ..., messages: _Optional[_Iterable[str]] = ...) -> None: ...

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
