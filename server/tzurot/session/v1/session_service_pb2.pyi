import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.common.v1 import file_pb2 as _file_pb2
from tzurot.personality.v1 import personality_pb2 as _personality_pb2
from tzurot.session.v1 import chat_event_pb2 as _chat_event_pb2
from tzurot.session.v1 import conversation_pb2 as _conversation_pb2
from tzurot.session.v1 import message_pb2 as _message_pb2
from tzurot.session.v1 import place_pb2 as _place_pb2
from tzurot.session.v1 import turn_pb2 as _turn_pb2
from tzurot.session.v1 import utterance_pb2 as _utterance_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChatRequest(_message.Message):
    __slots__ = ("request_id", "place", "utterance", "greeting", "regeneration", "continuation", "interjection", "scene", "addressees")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    UTTERANCE_FIELD_NUMBER: _ClassVar[int]
    GREETING_FIELD_NUMBER: _ClassVar[int]
    REGENERATION_FIELD_NUMBER: _ClassVar[int]
    CONTINUATION_FIELD_NUMBER: _ClassVar[int]
    INTERJECTION_FIELD_NUMBER: _ClassVar[int]
    SCENE_FIELD_NUMBER: _ClassVar[int]
    ADDRESSEES_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    place: _place_pb2.Place
    utterance: _utterance_pb2.Utterance
    greeting: _utterance_pb2.Greeting
    regeneration: _utterance_pb2.Regeneration
    continuation: _utterance_pb2.Continuation
    interjection: _utterance_pb2.Interjection
    scene: _utterance_pb2.Scene
    addressees: _containers.RepeatedCompositeFieldContainer[_personality_pb2.PersonalityRef]
    def __init__(self, request_id: _Optional[str] = ..., place: _Optional[_Union[_place_pb2.Place, _Mapping]] = ..., utterance: _Optional[_Union[_utterance_pb2.Utterance, _Mapping]] = ..., greeting: _Optional[_Union[_utterance_pb2.Greeting, _Mapping]] = ..., regeneration: _Optional[_Union[_utterance_pb2.Regeneration, _Mapping]] = ..., continuation: _Optional[_Union[_utterance_pb2.Continuation, _Mapping]] = ..., interjection: _Optional[_Union[_utterance_pb2.Interjection, _Mapping]] = ..., scene: _Optional[_Union[_utterance_pb2.Scene, _Mapping]] = ..., addressees: _Optional[_Iterable[_Union[_personality_pb2.PersonalityRef, _Mapping]]] = ...) -> None: ...

class ChatResponse(_message.Message):
    __slots__ = ("event",)
    EVENT_FIELD_NUMBER: _ClassVar[int]
    event: _chat_event_pb2.ChatEvent
    def __init__(self, event: _Optional[_Union[_chat_event_pb2.ChatEvent, _Mapping]] = ...) -> None: ...

class WatchTurnRequest(_message.Message):
    __slots__ = ("turn_id", "after_sequence")
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    AFTER_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    turn_id: str
    after_sequence: int
    def __init__(self, turn_id: _Optional[str] = ..., after_sequence: _Optional[int] = ...) -> None: ...

class WatchTurnResponse(_message.Message):
    __slots__ = ("event",)
    EVENT_FIELD_NUMBER: _ClassVar[int]
    event: _chat_event_pb2.ChatEvent
    def __init__(self, event: _Optional[_Union[_chat_event_pb2.ChatEvent, _Mapping]] = ...) -> None: ...

class CancelTurnRequest(_message.Message):
    __slots__ = ("turn_id",)
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    turn_id: str
    def __init__(self, turn_id: _Optional[str] = ...) -> None: ...

class CancelTurnResponse(_message.Message):
    __slots__ = ("turn",)
    TURN_FIELD_NUMBER: _ClassVar[int]
    turn: _turn_pb2.Turn
    def __init__(self, turn: _Optional[_Union[_turn_pb2.Turn, _Mapping]] = ...) -> None: ...

class ReportDeliveryRequest(_message.Message):
    __slots__ = ("turn_id", "platform_message_ids")
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_MESSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    turn_id: str
    platform_message_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, turn_id: _Optional[str] = ..., platform_message_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ReportDeliveryResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ClaimDeliveryRequest(_message.Message):
    __slots__ = ("turn_id", "instance_id")
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_ID_FIELD_NUMBER: _ClassVar[int]
    turn_id: str
    instance_id: str
    def __init__(self, turn_id: _Optional[str] = ..., instance_id: _Optional[str] = ...) -> None: ...

class ClaimDeliveryResponse(_message.Message):
    __slots__ = ("granted", "expire_time")
    GRANTED_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    granted: bool
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, granted: bool = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetTurnRequest(_message.Message):
    __slots__ = ("turn_id",)
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    turn_id: str
    def __init__(self, turn_id: _Optional[str] = ...) -> None: ...

class GetTurnResponse(_message.Message):
    __slots__ = ("turn",)
    TURN_FIELD_NUMBER: _ClassVar[int]
    turn: _turn_pb2.Turn
    def __init__(self, turn: _Optional[_Union[_turn_pb2.Turn, _Mapping]] = ...) -> None: ...

class ListTurnsRequest(_message.Message):
    __slots__ = ("conversation_id", "page_size", "page_token")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    page_size: int
    page_token: str
    def __init__(self, conversation_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListTurnsResponse(_message.Message):
    __slots__ = ("turns", "next_page_token")
    TURNS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    turns: _containers.RepeatedCompositeFieldContainer[_turn_pb2.Turn]
    next_page_token: str
    def __init__(self, turns: _Optional[_Iterable[_Union[_turn_pb2.Turn, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetTurnTraceRequest(_message.Message):
    __slots__ = ("turn_id",)
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    turn_id: str
    def __init__(self, turn_id: _Optional[str] = ...) -> None: ...

class GetTurnTraceResponse(_message.Message):
    __slots__ = ("turn", "trace")
    TURN_FIELD_NUMBER: _ClassVar[int]
    TRACE_FIELD_NUMBER: _ClassVar[int]
    turn: _turn_pb2.Turn
    trace: _turn_pb2.TurnTrace
    def __init__(self, turn: _Optional[_Union[_turn_pb2.Turn, _Mapping]] = ..., trace: _Optional[_Union[_turn_pb2.TurnTrace, _Mapping]] = ...) -> None: ...

class GetConversationRequest(_message.Message):
    __slots__ = ("conversation_id",)
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    def __init__(self, conversation_id: _Optional[str] = ...) -> None: ...

class GetConversationResponse(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ...) -> None: ...

class ListConversationsRequest(_message.Message):
    __slots__ = ("personality_id", "platform", "page_size", "page_token")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    platform: str
    page_size: int
    page_token: str
    def __init__(self, personality_id: _Optional[str] = ..., platform: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListConversationsResponse(_message.Message):
    __slots__ = ("conversations", "next_page_token")
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversations: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.Conversation]
    next_page_token: str
    def __init__(self, conversations: _Optional[_Iterable[_Union[_conversation_pb2.Conversation, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ResetConversationRequest(_message.Message):
    __slots__ = ("conversation_id",)
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    def __init__(self, conversation_id: _Optional[str] = ...) -> None: ...

class ResetConversationResponse(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ...) -> None: ...

class ListMessagesRequest(_message.Message):
    __slots__ = ("conversation_id", "page_size", "page_token")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    page_size: int
    page_token: str
    def __init__(self, conversation_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListMessagesResponse(_message.Message):
    __slots__ = ("messages", "next_page_token")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[_message_pb2.Message]
    next_page_token: str
    def __init__(self, messages: _Optional[_Iterable[_Union[_message_pb2.Message, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ExportConversationRequest(_message.Message):
    __slots__ = ("conversation_id", "with_branches")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    WITH_BRANCHES_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    with_branches: bool
    def __init__(self, conversation_id: _Optional[str] = ..., with_branches: bool = ...) -> None: ...

class ExportConversationResponse(_message.Message):
    __slots__ = ("header", "chunk")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    header: _file_pb2.FileHeader
    chunk: bytes
    def __init__(self, header: _Optional[_Union[_file_pb2.FileHeader, _Mapping]] = ..., chunk: _Optional[bytes] = ...) -> None: ...
