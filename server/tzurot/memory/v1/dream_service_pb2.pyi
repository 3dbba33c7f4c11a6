from buf.validate import validate_pb2 as _validate_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.memory.v1 import dream_pb2 as _dream_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListDreamsRequest(_message.Message):
    __slots__ = ("personality_id", "page_size", "page_token")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    page_size: int
    page_token: str
    def __init__(self, personality_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDreamsResponse(_message.Message):
    __slots__ = ("dreams", "next_page_token")
    DREAMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    dreams: _containers.RepeatedCompositeFieldContainer[_dream_pb2.Dream]
    next_page_token: str
    def __init__(self, dreams: _Optional[_Iterable[_Union[_dream_pb2.Dream, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteDreamRequest(_message.Message):
    __slots__ = ("dream_id",)
    DREAM_ID_FIELD_NUMBER: _ClassVar[int]
    dream_id: str
    def __init__(self, dream_id: _Optional[str] = ...) -> None: ...

class DeleteDreamResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
