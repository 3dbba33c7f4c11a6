from buf.validate import validate_pb2 as _validate_pb2
from tzurot.account.v1 import service_token_pb2 as _service_token_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateServiceTokenRequest(_message.Message):
    __slots__ = ("service_token", "request_id")
    SERVICE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    service_token: _service_token_pb2.ServiceToken
    request_id: str
    def __init__(self, service_token: _Optional[_Union[_service_token_pb2.ServiceToken, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateServiceTokenResponse(_message.Message):
    __slots__ = ("service_token", "secret")
    SERVICE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    service_token: _service_token_pb2.ServiceToken
    secret: str
    def __init__(self, service_token: _Optional[_Union[_service_token_pb2.ServiceToken, _Mapping]] = ..., secret: _Optional[str] = ...) -> None: ...

class ListServiceTokensRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListServiceTokensResponse(_message.Message):
    __slots__ = ("service_tokens", "next_page_token")
    SERVICE_TOKENS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    service_tokens: _containers.RepeatedCompositeFieldContainer[_service_token_pb2.ServiceToken]
    next_page_token: str
    def __init__(self, service_tokens: _Optional[_Iterable[_Union[_service_token_pb2.ServiceToken, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class RevokeServiceTokenRequest(_message.Message):
    __slots__ = ("token_id",)
    TOKEN_ID_FIELD_NUMBER: _ClassVar[int]
    token_id: str
    def __init__(self, token_id: _Optional[str] = ...) -> None: ...

class RevokeServiceTokenResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetServerInfoRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetServerInfoResponse(_message.Message):
    __slots__ = ("version", "database_version", "schema_revision", "index_engine", "index_backlog_count", "running_turn_count", "embedding_model", "next_embedding_model", "unread_count", "index_complete")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DATABASE_VERSION_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_REVISION_FIELD_NUMBER: _ClassVar[int]
    INDEX_ENGINE_FIELD_NUMBER: _ClassVar[int]
    INDEX_BACKLOG_COUNT_FIELD_NUMBER: _ClassVar[int]
    RUNNING_TURN_COUNT_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_MODEL_FIELD_NUMBER: _ClassVar[int]
    NEXT_EMBEDDING_MODEL_FIELD_NUMBER: _ClassVar[int]
    UNREAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    INDEX_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    version: str
    database_version: str
    schema_revision: str
    index_engine: str
    index_backlog_count: int
    running_turn_count: int
    embedding_model: str
    next_embedding_model: str
    unread_count: int
    index_complete: bool
    def __init__(self, version: _Optional[str] = ..., database_version: _Optional[str] = ..., schema_revision: _Optional[str] = ..., index_engine: _Optional[str] = ..., index_backlog_count: _Optional[int] = ..., running_turn_count: _Optional[int] = ..., embedding_model: _Optional[str] = ..., next_embedding_model: _Optional[str] = ..., unread_count: _Optional[int] = ..., index_complete: bool = ...) -> None: ...
