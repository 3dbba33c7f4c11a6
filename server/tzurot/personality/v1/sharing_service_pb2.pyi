import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.personality.v1 import personality_pb2 as _personality_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PersonalityShare(_message.Message):
    __slots__ = ("subject", "name", "role", "create_time")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    subject: str
    name: str
    role: _personality_pb2.PersonalityRole
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, subject: _Optional[str] = ..., name: _Optional[str] = ..., role: _Optional[_Union[_personality_pb2.PersonalityRole, str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SharePersonalityRequest(_message.Message):
    __slots__ = ("personality", "subject", "role")
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    subject: str
    role: _personality_pb2.PersonalityRole
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., subject: _Optional[str] = ..., role: _Optional[_Union[_personality_pb2.PersonalityRole, str]] = ...) -> None: ...

class SharePersonalityResponse(_message.Message):
    __slots__ = ("share",)
    SHARE_FIELD_NUMBER: _ClassVar[int]
    share: PersonalityShare
    def __init__(self, share: _Optional[_Union[PersonalityShare, _Mapping]] = ...) -> None: ...

class UnsharePersonalityRequest(_message.Message):
    __slots__ = ("personality", "subject")
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    subject: str
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., subject: _Optional[str] = ...) -> None: ...

class UnsharePersonalityResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListPersonalitySharesRequest(_message.Message):
    __slots__ = ("personality", "page_size", "page_token")
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    page_size: int
    page_token: str
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPersonalitySharesResponse(_message.Message):
    __slots__ = ("shares", "next_page_token")
    SHARES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    shares: _containers.RepeatedCompositeFieldContainer[PersonalityShare]
    next_page_token: str
    def __init__(self, shares: _Optional[_Iterable[_Union[PersonalityShare, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
