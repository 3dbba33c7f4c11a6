from buf.validate import validate_pb2 as _validate_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.personality.v1 import personality_pb2 as _personality_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PersonalityAlias(_message.Message):
    __slots__ = ("id", "personality_id", "alias")
    ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    ALIAS_FIELD_NUMBER: _ClassVar[int]
    GLOBAL_FIELD_NUMBER: _ClassVar[int]
    id: str
    personality_id: str
    alias: str
    def __init__(self, id: _Optional[str] = ..., personality_id: _Optional[str] = ..., alias: _Optional[str] = ..., **kwargs) -> None: ...

class CreatePersonalityAliasRequest(_message.Message):
    __slots__ = ("personality", "alias", "request_id")
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    ALIAS_FIELD_NUMBER: _ClassVar[int]
    GLOBAL_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    alias: str
    request_id: str
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., alias: _Optional[str] = ..., request_id: _Optional[str] = ..., **kwargs) -> None: ...

class CreatePersonalityAliasResponse(_message.Message):
    __slots__ = ("alias", "warnings")
    ALIAS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    alias: PersonalityAlias
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, alias: _Optional[_Union[PersonalityAlias, _Mapping]] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class DeletePersonalityAliasRequest(_message.Message):
    __slots__ = ("alias_id",)
    ALIAS_ID_FIELD_NUMBER: _ClassVar[int]
    alias_id: str
    def __init__(self, alias_id: _Optional[str] = ...) -> None: ...

class DeletePersonalityAliasResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListPersonalityAliasesRequest(_message.Message):
    __slots__ = ("personality", "page_size", "page_token")
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    page_size: int
    page_token: str
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPersonalityAliasesResponse(_message.Message):
    __slots__ = ("aliases", "next_page_token")
    ALIASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    aliases: _containers.RepeatedCompositeFieldContainer[PersonalityAlias]
    next_page_token: str
    def __init__(self, aliases: _Optional[_Iterable[_Union[PersonalityAlias, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
