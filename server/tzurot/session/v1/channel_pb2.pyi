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

class ActivationMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACTIVATION_MODE_UNSPECIFIED: _ClassVar[ActivationMode]
    ACTIVATION_MODE_EVERY_MESSAGE: _ClassVar[ActivationMode]
    ACTIVATION_MODE_WHEN_NAMED: _ClassVar[ActivationMode]
    ACTIVATION_MODE_MUTED: _ClassVar[ActivationMode]
ACTIVATION_MODE_UNSPECIFIED: ActivationMode
ACTIVATION_MODE_EVERY_MESSAGE: ActivationMode
ACTIVATION_MODE_WHEN_NAMED: ActivationMode
ACTIVATION_MODE_MUTED: ActivationMode

class Channel(_message.Message):
    __slots__ = ("place", "activations", "inherited", "next_speaker_id", "update_time")
    PLACE_FIELD_NUMBER: _ClassVar[int]
    ACTIVATIONS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    NEXT_SPEAKER_ID_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    place: _place_pb2.Place
    activations: _containers.RepeatedCompositeFieldContainer[Activation]
    inherited: bool
    next_speaker_id: str
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, place: _Optional[_Union[_place_pb2.Place, _Mapping]] = ..., activations: _Optional[_Iterable[_Union[Activation, _Mapping]]] = ..., inherited: bool = ..., next_speaker_id: _Optional[str] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Activation(_message.Message):
    __slots__ = ("personality_id", "personality_name", "personality_slug", "mode", "talkativeness", "create_time", "proactive")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_NAME_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_SLUG_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    TALKATIVENESS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    PROACTIVE_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    personality_name: str
    personality_slug: str
    mode: ActivationMode
    talkativeness: float
    create_time: _timestamp_pb2.Timestamp
    proactive: bool
    def __init__(self, personality_id: _Optional[str] = ..., personality_name: _Optional[str] = ..., personality_slug: _Optional[str] = ..., mode: _Optional[_Union[ActivationMode, str]] = ..., talkativeness: _Optional[float] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., proactive: bool = ...) -> None: ...

class Listening(_message.Message):
    __slots__ = ("channel_id", "answers", "records", "removed")
    CHANNEL_ID_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    channel_id: str
    answers: bool
    records: bool
    removed: bool
    def __init__(self, channel_id: _Optional[str] = ..., answers: bool = ..., records: bool = ..., removed: bool = ...) -> None: ...

class DueTurn(_message.Message):
    __slots__ = ("request_id", "personality_id", "subject", "place")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    personality_id: str
    subject: str
    place: _place_pb2.Place
    def __init__(self, request_id: _Optional[str] = ..., personality_id: _Optional[str] = ..., subject: _Optional[str] = ..., place: _Optional[_Union[_place_pb2.Place, _Mapping]] = ...) -> None: ...

class ChannelRule(_message.Message):
    __slots__ = ("mode", "talkativeness", "proactive")
    MODE_FIELD_NUMBER: _ClassVar[int]
    TALKATIVENESS_FIELD_NUMBER: _ClassVar[int]
    PROACTIVE_FIELD_NUMBER: _ClassVar[int]
    mode: ActivationMode
    talkativeness: float
    proactive: bool
    def __init__(self, mode: _Optional[_Union[ActivationMode, str]] = ..., talkativeness: _Optional[float] = ..., proactive: bool = ...) -> None: ...
