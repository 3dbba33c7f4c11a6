from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.personality.v1 import personality_pb2 as _personality_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetPersonalityRequest(_message.Message):
    __slots__ = ("personality",)
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ...) -> None: ...

class GetPersonalityResponse(_message.Message):
    __slots__ = ("personality",)
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.Personality
    def __init__(self, personality: _Optional[_Union[_personality_pb2.Personality, _Mapping]] = ...) -> None: ...

class ListPersonalitiesRequest(_message.Message):
    __slots__ = ("mine", "page_size", "page_token", "query", "tags")
    MINE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    mine: bool
    page_size: int
    page_token: str
    query: str
    tags: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, mine: bool = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., query: _Optional[str] = ..., tags: _Optional[_Iterable[str]] = ...) -> None: ...

class ListPersonalitiesResponse(_message.Message):
    __slots__ = ("personalities", "next_page_token")
    PERSONALITIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    personalities: _containers.RepeatedCompositeFieldContainer[_personality_pb2.Personality]
    next_page_token: str
    def __init__(self, personalities: _Optional[_Iterable[_Union[_personality_pb2.Personality, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreatePersonalityRequest(_message.Message):
    __slots__ = ("personality", "request_id")
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.Personality
    request_id: str
    def __init__(self, personality: _Optional[_Union[_personality_pb2.Personality, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreatePersonalityResponse(_message.Message):
    __slots__ = ("personality",)
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.Personality
    def __init__(self, personality: _Optional[_Union[_personality_pb2.Personality, _Mapping]] = ...) -> None: ...

class UpdatePersonalityRequest(_message.Message):
    __slots__ = ("ref", "personality", "update_mask")
    REF_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    ref: _personality_pb2.PersonalityRef
    personality: _personality_pb2.Personality
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, ref: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., personality: _Optional[_Union[_personality_pb2.Personality, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdatePersonalityResponse(_message.Message):
    __slots__ = ("personality",)
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.Personality
    def __init__(self, personality: _Optional[_Union[_personality_pb2.Personality, _Mapping]] = ...) -> None: ...

class DeletePersonalityRequest(_message.Message):
    __slots__ = ("personality",)
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ...) -> None: ...

class DeletePersonalityResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ClonePersonalityRequest(_message.Message):
    __slots__ = ("personality", "name", "slug", "request_id")
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SLUG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    name: str
    slug: str
    request_id: str
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., name: _Optional[str] = ..., slug: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class ClonePersonalityResponse(_message.Message):
    __slots__ = ("personality",)
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.Personality
    def __init__(self, personality: _Optional[_Union[_personality_pb2.Personality, _Mapping]] = ...) -> None: ...

class ResolvePersonalitiesRequest(_message.Message):
    __slots__ = ("text", "prefix", "name", "limit")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    text: str
    prefix: str
    name: str
    limit: int
    def __init__(self, text: _Optional[str] = ..., prefix: _Optional[str] = ..., name: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class ResolvePersonalitiesResponse(_message.Message):
    __slots__ = ("matches",)
    MATCHES_FIELD_NUMBER: _ClassVar[int]
    matches: _containers.RepeatedCompositeFieldContainer[PersonalityMatch]
    def __init__(self, matches: _Optional[_Iterable[_Union[PersonalityMatch, _Mapping]]] = ...) -> None: ...

class PersonalityMatch(_message.Message):
    __slots__ = ("personality", "start", "length")
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    LENGTH_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.Personality
    start: int
    length: int
    def __init__(self, personality: _Optional[_Union[_personality_pb2.Personality, _Mapping]] = ..., start: _Optional[int] = ..., length: _Optional[int] = ...) -> None: ...

class UploadAvatarRequest(_message.Message):
    __slots__ = ("header", "chunk")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    header: UploadAvatarHeader
    chunk: bytes
    def __init__(self, header: _Optional[_Union[UploadAvatarHeader, _Mapping]] = ..., chunk: _Optional[bytes] = ...) -> None: ...

class UploadAvatarHeader(_message.Message):
    __slots__ = ("personality", "size_bytes", "sha256")
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    size_bytes: int
    sha256: str
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ...) -> None: ...

class UploadAvatarResponse(_message.Message):
    __slots__ = ("personality",)
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.Personality
    def __init__(self, personality: _Optional[_Union[_personality_pb2.Personality, _Mapping]] = ...) -> None: ...

class DeleteAvatarRequest(_message.Message):
    __slots__ = ("personality",)
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ...) -> None: ...

class DeleteAvatarResponse(_message.Message):
    __slots__ = ("personality",)
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.Personality
    def __init__(self, personality: _Optional[_Union[_personality_pb2.Personality, _Mapping]] = ...) -> None: ...

class DownloadAvatarRequest(_message.Message):
    __slots__ = ("personality",)
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ...) -> None: ...

class DownloadAvatarResponse(_message.Message):
    __slots__ = ("header", "chunk")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    header: AvatarHeader
    chunk: bytes
    def __init__(self, header: _Optional[_Union[AvatarHeader, _Mapping]] = ..., chunk: _Optional[bytes] = ...) -> None: ...

class AvatarHeader(_message.Message):
    __slots__ = ("media_type", "size_bytes", "sha256")
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    media_type: str
    size_bytes: int
    sha256: str
    def __init__(self, media_type: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ...) -> None: ...
