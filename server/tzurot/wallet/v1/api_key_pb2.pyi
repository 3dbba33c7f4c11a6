import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ApiKeyProvider(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    API_KEY_PROVIDER_UNSPECIFIED: _ClassVar[ApiKeyProvider]
    API_KEY_PROVIDER_OPENROUTER: _ClassVar[ApiKeyProvider]
    API_KEY_PROVIDER_OPENAI: _ClassVar[ApiKeyProvider]
    API_KEY_PROVIDER_ANTHROPIC: _ClassVar[ApiKeyProvider]
    API_KEY_PROVIDER_GEMINI: _ClassVar[ApiKeyProvider]
    API_KEY_PROVIDER_ELEVENLABS: _ClassVar[ApiKeyProvider]
    API_KEY_PROVIDER_MISTRAL: _ClassVar[ApiKeyProvider]
    API_KEY_PROVIDER_COMPATIBLE: _ClassVar[ApiKeyProvider]

class ApiKeyFailureKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    API_KEY_FAILURE_KIND_UNSPECIFIED: _ClassVar[ApiKeyFailureKind]
    API_KEY_FAILURE_KIND_REJECTED: _ClassVar[ApiKeyFailureKind]
    API_KEY_FAILURE_KIND_LACKS_PERMISSION: _ClassVar[ApiKeyFailureKind]
    API_KEY_FAILURE_KIND_LACKS_CREDIT: _ClassVar[ApiKeyFailureKind]
API_KEY_PROVIDER_UNSPECIFIED: ApiKeyProvider
API_KEY_PROVIDER_OPENROUTER: ApiKeyProvider
API_KEY_PROVIDER_OPENAI: ApiKeyProvider
API_KEY_PROVIDER_ANTHROPIC: ApiKeyProvider
API_KEY_PROVIDER_GEMINI: ApiKeyProvider
API_KEY_PROVIDER_ELEVENLABS: ApiKeyProvider
API_KEY_PROVIDER_MISTRAL: ApiKeyProvider
API_KEY_PROVIDER_COMPATIBLE: ApiKeyProvider
API_KEY_FAILURE_KIND_UNSPECIFIED: ApiKeyFailureKind
API_KEY_FAILURE_KIND_REJECTED: ApiKeyFailureKind
API_KEY_FAILURE_KIND_LACKS_PERMISSION: ApiKeyFailureKind
API_KEY_FAILURE_KIND_LACKS_CREDIT: ApiKeyFailureKind

class ApiKey(_message.Message):
    __slots__ = ("id", "provider", "name", "last_four", "fingerprint", "base_url", "model", "create_time", "check_time", "last_use_time", "last_failure")
    ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    LAST_FOUR_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    BASE_URL_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CHECK_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_USE_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_FAILURE_FIELD_NUMBER: _ClassVar[int]
    id: str
    provider: ApiKeyProvider
    name: str
    last_four: str
    fingerprint: str
    base_url: str
    model: str
    create_time: _timestamp_pb2.Timestamp
    check_time: _timestamp_pb2.Timestamp
    last_use_time: _timestamp_pb2.Timestamp
    last_failure: ApiKeyFailure
    def __init__(self, id: _Optional[str] = ..., provider: _Optional[_Union[ApiKeyProvider, str]] = ..., name: _Optional[str] = ..., last_four: _Optional[str] = ..., fingerprint: _Optional[str] = ..., base_url: _Optional[str] = ..., model: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., check_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_use_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_failure: _Optional[_Union[ApiKeyFailure, _Mapping]] = ...) -> None: ...

class ApiKeyFailure(_message.Message):
    __slots__ = ("kind", "time")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    kind: ApiKeyFailureKind
    time: _timestamp_pb2.Timestamp
    def __init__(self, kind: _Optional[_Union[ApiKeyFailureKind, str]] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
