import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tzurot.session.v1 import place_pb2 as _place_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReferenceKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REFERENCE_KIND_UNSPECIFIED: _ClassVar[ReferenceKind]
    REFERENCE_KIND_REPLY: _ClassVar[ReferenceKind]
    REFERENCE_KIND_LINK: _ClassVar[ReferenceKind]
    REFERENCE_KIND_FORWARD: _ClassVar[ReferenceKind]
    REFERENCE_KIND_THREAD_STARTER: _ClassVar[ReferenceKind]

class ReferenceState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REFERENCE_STATE_UNSPECIFIED: _ClassVar[ReferenceState]
    REFERENCE_STATE_READ: _ClassVar[ReferenceState]
    REFERENCE_STATE_DELETED: _ClassVar[ReferenceState]
    REFERENCE_STATE_HIDDEN: _ClassVar[ReferenceState]
    REFERENCE_STATE_OVER_LIMIT: _ClassVar[ReferenceState]
    REFERENCE_STATE_REPEATED: _ClassVar[ReferenceState]
    REFERENCE_STATE_UNREACHABLE: _ClassVar[ReferenceState]
REFERENCE_KIND_UNSPECIFIED: ReferenceKind
REFERENCE_KIND_REPLY: ReferenceKind
REFERENCE_KIND_LINK: ReferenceKind
REFERENCE_KIND_FORWARD: ReferenceKind
REFERENCE_KIND_THREAD_STARTER: ReferenceKind
REFERENCE_STATE_UNSPECIFIED: ReferenceState
REFERENCE_STATE_READ: ReferenceState
REFERENCE_STATE_DELETED: ReferenceState
REFERENCE_STATE_HIDDEN: ReferenceState
REFERENCE_STATE_OVER_LIMIT: ReferenceState
REFERENCE_STATE_REPEATED: ReferenceState
REFERENCE_STATE_UNREACHABLE: ReferenceState

class Utterance(_message.Message):
    __slots__ = ("text", "speaker_name", "replied_to_message_id", "platform_message_id", "references", "attachment_ids", "proxy")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_NAME_FIELD_NUMBER: _ClassVar[int]
    REPLIED_TO_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENT_IDS_FIELD_NUMBER: _ClassVar[int]
    PROXY_FIELD_NUMBER: _ClassVar[int]
    text: str
    speaker_name: str
    replied_to_message_id: str
    platform_message_id: str
    references: _containers.RepeatedCompositeFieldContainer[Reference]
    attachment_ids: _containers.RepeatedScalarFieldContainer[str]
    proxy: Proxy
    def __init__(self, text: _Optional[str] = ..., speaker_name: _Optional[str] = ..., replied_to_message_id: _Optional[str] = ..., platform_message_id: _Optional[str] = ..., references: _Optional[_Iterable[_Union[Reference, _Mapping]]] = ..., attachment_ids: _Optional[_Iterable[str]] = ..., proxy: _Optional[_Union[Proxy, _Mapping]] = ...) -> None: ...

class Reference(_message.Message):
    __slots__ = ("kind", "referrer_index", "state", "platform_message_id", "channel_id", "age_limit", "author_subject", "author_name", "text", "create_time")
    KIND_FIELD_NUMBER: _ClassVar[int]
    REFERRER_INDEX_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_ID_FIELD_NUMBER: _ClassVar[int]
    AGE_LIMIT_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    kind: ReferenceKind
    referrer_index: int
    state: ReferenceState
    platform_message_id: str
    channel_id: str
    age_limit: _place_pb2.AgeLimit
    author_subject: str
    author_name: str
    text: str
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, kind: _Optional[_Union[ReferenceKind, str]] = ..., referrer_index: _Optional[int] = ..., state: _Optional[_Union[ReferenceState, str]] = ..., platform_message_id: _Optional[str] = ..., channel_id: _Optional[str] = ..., age_limit: _Optional[_Union[_place_pb2.AgeLimit, str]] = ..., author_subject: _Optional[str] = ..., author_name: _Optional[str] = ..., text: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Proxy(_message.Message):
    __slots__ = ("service", "member_id", "member_name", "system_id", "verified")
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    MEMBER_ID_FIELD_NUMBER: _ClassVar[int]
    MEMBER_NAME_FIELD_NUMBER: _ClassVar[int]
    SYSTEM_ID_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_FIELD_NUMBER: _ClassVar[int]
    service: str
    member_id: str
    member_name: str
    system_id: str
    verified: bool
    def __init__(self, service: _Optional[str] = ..., member_id: _Optional[str] = ..., member_name: _Optional[str] = ..., system_id: _Optional[str] = ..., verified: bool = ...) -> None: ...

class Greeting(_message.Message):
    __slots__ = ("index", "speaker_name")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_NAME_FIELD_NUMBER: _ClassVar[int]
    index: int
    speaker_name: str
    def __init__(self, index: _Optional[int] = ..., speaker_name: _Optional[str] = ...) -> None: ...

class Regeneration(_message.Message):
    __slots__ = ("message", "speaker_name")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_NAME_FIELD_NUMBER: _ClassVar[int]
    message: MessageRef
    speaker_name: str
    def __init__(self, message: _Optional[_Union[MessageRef, _Mapping]] = ..., speaker_name: _Optional[str] = ...) -> None: ...

class Continuation(_message.Message):
    __slots__ = ("message", "speaker_name")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_NAME_FIELD_NUMBER: _ClassVar[int]
    message: MessageRef
    speaker_name: str
    def __init__(self, message: _Optional[_Union[MessageRef, _Mapping]] = ..., speaker_name: _Optional[str] = ...) -> None: ...

class Interjection(_message.Message):
    __slots__ = ("speaker_name",)
    SPEAKER_NAME_FIELD_NUMBER: _ClassVar[int]
    speaker_name: str
    def __init__(self, speaker_name: _Optional[str] = ...) -> None: ...

class Scene(_message.Message):
    __slots__ = ("reply_limit", "topic", "speaker_name")
    REPLY_LIMIT_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_NAME_FIELD_NUMBER: _ClassVar[int]
    reply_limit: int
    topic: str
    speaker_name: str
    def __init__(self, reply_limit: _Optional[int] = ..., topic: _Optional[str] = ..., speaker_name: _Optional[str] = ...) -> None: ...

class MessageRef(_message.Message):
    __slots__ = ("id", "platform_message")
    ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    id: str
    platform_message: PlatformMessage
    def __init__(self, id: _Optional[str] = ..., platform_message: _Optional[_Union[PlatformMessage, _Mapping]] = ...) -> None: ...

class PlatformMessage(_message.Message):
    __slots__ = ("platform", "channel_id", "message_id")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    platform: str
    channel_id: str
    message_id: str
    def __init__(self, platform: _Optional[str] = ..., channel_id: _Optional[str] = ..., message_id: _Optional[str] = ...) -> None: ...
