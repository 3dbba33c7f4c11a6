import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.common.v1 import file_pb2 as _file_pb2
from tzurot.personality.v1 import personality_pb2 as _personality_pb2
from tzurot.session.v1 import attachment_pb2 as _attachment_pb2
from tzurot.session.v1 import message_pb2 as _message_pb2
from tzurot.session.v1 import place_pb2 as _place_pb2
from tzurot.session.v1 import utterance_pb2 as _utterance_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetMessageRequest(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _utterance_pb2.MessageRef
    def __init__(self, message: _Optional[_Union[_utterance_pb2.MessageRef, _Mapping]] = ...) -> None: ...

class GetMessageResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _message_pb2.Message
    def __init__(self, message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ...) -> None: ...

class ListAlternativesRequest(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _utterance_pb2.MessageRef
    def __init__(self, message: _Optional[_Union[_utterance_pb2.MessageRef, _Mapping]] = ...) -> None: ...

class ListAlternativesResponse(_message.Message):
    __slots__ = ("messages",)
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[_message_pb2.Message]
    def __init__(self, messages: _Optional[_Iterable[_Union[_message_pb2.Message, _Mapping]]] = ...) -> None: ...

class EditMessageRequest(_message.Message):
    __slots__ = ("message", "text")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    message: _utterance_pb2.MessageRef
    text: str
    def __init__(self, message: _Optional[_Union[_utterance_pb2.MessageRef, _Mapping]] = ..., text: _Optional[str] = ...) -> None: ...

class EditMessageResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _message_pb2.Message
    def __init__(self, message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ...) -> None: ...

class DeleteMessageRequest(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _utterance_pb2.MessageRef
    def __init__(self, message: _Optional[_Union[_utterance_pb2.MessageRef, _Mapping]] = ...) -> None: ...

class DeleteMessageResponse(_message.Message):
    __slots__ = ("deleted_message_count", "deleted_memory_count")
    DELETED_MESSAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    DELETED_MEMORY_COUNT_FIELD_NUMBER: _ClassVar[int]
    deleted_message_count: int
    deleted_memory_count: int
    def __init__(self, deleted_message_count: _Optional[int] = ..., deleted_memory_count: _Optional[int] = ...) -> None: ...

class ForgetRecentMessagesRequest(_message.Message):
    __slots__ = ("duration", "personality")
    DURATION_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    duration: _duration_pb2.Duration
    personality: _personality_pb2.PersonalityRef
    def __init__(self, duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ...) -> None: ...

class ForgetRecentMessagesResponse(_message.Message):
    __slots__ = ("deleted_message_count", "deleted_memory_count", "deleted_fact_count")
    DELETED_MESSAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    DELETED_MEMORY_COUNT_FIELD_NUMBER: _ClassVar[int]
    DELETED_FACT_COUNT_FIELD_NUMBER: _ClassVar[int]
    deleted_message_count: int
    deleted_memory_count: int
    deleted_fact_count: int
    def __init__(self, deleted_message_count: _Optional[int] = ..., deleted_memory_count: _Optional[int] = ..., deleted_fact_count: _Optional[int] = ...) -> None: ...

class AddAlternativeRequest(_message.Message):
    __slots__ = ("message", "text")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    message: _utterance_pb2.MessageRef
    text: str
    def __init__(self, message: _Optional[_Union[_utterance_pb2.MessageRef, _Mapping]] = ..., text: _Optional[str] = ...) -> None: ...

class AddAlternativeResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _message_pb2.Message
    def __init__(self, message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ...) -> None: ...

class ChooseMessageRequest(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _utterance_pb2.MessageRef
    def __init__(self, message: _Optional[_Union[_utterance_pb2.MessageRef, _Mapping]] = ...) -> None: ...

class ChooseMessageResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _message_pb2.Message
    def __init__(self, message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ...) -> None: ...

class BranchConversationRequest(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _utterance_pb2.MessageRef
    def __init__(self, message: _Optional[_Union[_utterance_pb2.MessageRef, _Mapping]] = ...) -> None: ...

class BranchConversationResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _message_pb2.Message
    def __init__(self, message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ...) -> None: ...

class RecordMessagesRequest(_message.Message):
    __slots__ = ("place", "messages")
    PLACE_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    place: _place_pb2.Place
    messages: _containers.RepeatedCompositeFieldContainer[_attachment_pb2.AmbientMessage]
    def __init__(self, place: _Optional[_Union[_place_pb2.Place, _Mapping]] = ..., messages: _Optional[_Iterable[_Union[_attachment_pb2.AmbientMessage, _Mapping]]] = ...) -> None: ...

class RecordMessagesResponse(_message.Message):
    __slots__ = ("recorded_count",)
    RECORDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    recorded_count: int
    def __init__(self, recorded_count: _Optional[int] = ...) -> None: ...

class UploadAttachmentRequest(_message.Message):
    __slots__ = ("header", "chunk")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    header: _file_pb2.FileHeader
    chunk: bytes
    def __init__(self, header: _Optional[_Union[_file_pb2.FileHeader, _Mapping]] = ..., chunk: _Optional[bytes] = ...) -> None: ...

class UploadAttachmentResponse(_message.Message):
    __slots__ = ("attachment",)
    ATTACHMENT_FIELD_NUMBER: _ClassVar[int]
    attachment: _attachment_pb2.Attachment
    def __init__(self, attachment: _Optional[_Union[_attachment_pb2.Attachment, _Mapping]] = ...) -> None: ...
