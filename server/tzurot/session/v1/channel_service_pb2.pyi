from buf.validate import validate_pb2 as _validate_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.personality.v1 import personality_pb2 as _personality_pb2
from tzurot.session.v1 import channel_pb2 as _channel_pb2
from tzurot.session.v1 import place_pb2 as _place_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetChannelRequest(_message.Message):
    __slots__ = ("place",)
    PLACE_FIELD_NUMBER: _ClassVar[int]
    place: _place_pb2.Place
    def __init__(self, place: _Optional[_Union[_place_pb2.Place, _Mapping]] = ...) -> None: ...

class GetChannelResponse(_message.Message):
    __slots__ = ("channel",)
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    channel: _channel_pb2.Channel
    def __init__(self, channel: _Optional[_Union[_channel_pb2.Channel, _Mapping]] = ...) -> None: ...

class ListChannelsRequest(_message.Message):
    __slots__ = ("platform", "space_id", "page_size", "page_token")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    SPACE_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    platform: str
    space_id: str
    page_size: int
    page_token: str
    def __init__(self, platform: _Optional[str] = ..., space_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListChannelsResponse(_message.Message):
    __slots__ = ("channels", "next_page_token")
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channels: _containers.RepeatedCompositeFieldContainer[_channel_pb2.Channel]
    next_page_token: str
    def __init__(self, channels: _Optional[_Iterable[_Union[_channel_pb2.Channel, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ActivatePersonalityRequest(_message.Message):
    __slots__ = ("place", "personality", "rule")
    PLACE_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    place: _place_pb2.Place
    personality: _personality_pb2.PersonalityRef
    rule: _channel_pb2.ChannelRule
    def __init__(self, place: _Optional[_Union[_place_pb2.Place, _Mapping]] = ..., personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., rule: _Optional[_Union[_channel_pb2.ChannelRule, _Mapping]] = ...) -> None: ...

class ActivatePersonalityResponse(_message.Message):
    __slots__ = ("channel",)
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    channel: _channel_pb2.Channel
    def __init__(self, channel: _Optional[_Union[_channel_pb2.Channel, _Mapping]] = ...) -> None: ...

class DeactivatePersonalityRequest(_message.Message):
    __slots__ = ("place", "personality_id")
    PLACE_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    place: _place_pb2.Place
    personality_id: str
    def __init__(self, place: _Optional[_Union[_place_pb2.Place, _Mapping]] = ..., personality_id: _Optional[str] = ...) -> None: ...

class DeactivatePersonalityResponse(_message.Message):
    __slots__ = ("channel",)
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    channel: _channel_pb2.Channel
    def __init__(self, channel: _Optional[_Union[_channel_pb2.Channel, _Mapping]] = ...) -> None: ...

class SetNextSpeakerRequest(_message.Message):
    __slots__ = ("place", "personality_id")
    PLACE_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    place: _place_pb2.Place
    personality_id: str
    def __init__(self, place: _Optional[_Union[_place_pb2.Place, _Mapping]] = ..., personality_id: _Optional[str] = ...) -> None: ...

class SetNextSpeakerResponse(_message.Message):
    __slots__ = ("channel",)
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    channel: _channel_pb2.Channel
    def __init__(self, channel: _Optional[_Union[_channel_pb2.Channel, _Mapping]] = ...) -> None: ...

class ResetChannelRequest(_message.Message):
    __slots__ = ("place",)
    PLACE_FIELD_NUMBER: _ClassVar[int]
    place: _place_pb2.Place
    def __init__(self, place: _Optional[_Union[_place_pb2.Place, _Mapping]] = ...) -> None: ...

class ResetChannelResponse(_message.Message):
    __slots__ = ("channel",)
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    channel: _channel_pb2.Channel
    def __init__(self, channel: _Optional[_Union[_channel_pb2.Channel, _Mapping]] = ...) -> None: ...

class WatchChannelsRequest(_message.Message):
    __slots__ = ("platform",)
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    platform: str
    def __init__(self, platform: _Optional[str] = ...) -> None: ...

class WatchChannelsResponse(_message.Message):
    __slots__ = ("channels", "complete", "due_turns")
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    DUE_TURNS_FIELD_NUMBER: _ClassVar[int]
    channels: _containers.RepeatedCompositeFieldContainer[_channel_pb2.Listening]
    complete: bool
    due_turns: _containers.RepeatedCompositeFieldContainer[_channel_pb2.DueTurn]
    def __init__(self, channels: _Optional[_Iterable[_Union[_channel_pb2.Listening, _Mapping]]] = ..., complete: bool = ..., due_turns: _Optional[_Iterable[_Union[_channel_pb2.DueTurn, _Mapping]]] = ...) -> None: ...
