import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.personality.v1 import personality_pb2 as _personality_pb2
from tzurot.session.v1 import place_pb2 as _place_pb2
from tzurot.session.v1 import setting_pb2 as _setting_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListSettingsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListSettingsResponse(_message.Message):
    __slots__ = ("settings",)
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    settings: _containers.RepeatedCompositeFieldContainer[_setting_pb2.Setting]
    def __init__(self, settings: _Optional[_Iterable[_Union[_setting_pb2.Setting, _Mapping]]] = ...) -> None: ...

class ExplainSettingsRequest(_message.Message):
    __slots__ = ("personality", "place")
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    place: _place_pb2.Place
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., place: _Optional[_Union[_place_pb2.Place, _Mapping]] = ...) -> None: ...

class ExplainSettingsResponse(_message.Message):
    __slots__ = ("settings",)
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    settings: _containers.RepeatedCompositeFieldContainer[_setting_pb2.ExplainedSetting]
    def __init__(self, settings: _Optional[_Iterable[_Union[_setting_pb2.ExplainedSetting, _Mapping]]] = ...) -> None: ...

class SetPersonSettingRequest(_message.Message):
    __slots__ = ("key", "value", "personality", "duration")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    key: str
    value: _setting_pb2.SettingValue
    personality: _personality_pb2.PersonalityRef
    duration: _duration_pb2.Duration
    def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_setting_pb2.SettingValue, _Mapping]] = ..., personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class SetPersonSettingResponse(_message.Message):
    __slots__ = ("setting",)
    SETTING_FIELD_NUMBER: _ClassVar[int]
    setting: _setting_pb2.ExplainedSetting
    def __init__(self, setting: _Optional[_Union[_setting_pb2.ExplainedSetting, _Mapping]] = ...) -> None: ...

class SetPersonalitySettingRequest(_message.Message):
    __slots__ = ("key", "value", "personality")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    key: str
    value: _setting_pb2.SettingValue
    personality: _personality_pb2.PersonalityRef
    def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_setting_pb2.SettingValue, _Mapping]] = ..., personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ...) -> None: ...

class SetPersonalitySettingResponse(_message.Message):
    __slots__ = ("setting",)
    SETTING_FIELD_NUMBER: _ClassVar[int]
    setting: _setting_pb2.ExplainedSetting
    def __init__(self, setting: _Optional[_Union[_setting_pb2.ExplainedSetting, _Mapping]] = ...) -> None: ...

class SetChannelSettingRequest(_message.Message):
    __slots__ = ("key", "value", "place", "bound")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    BOUND_FIELD_NUMBER: _ClassVar[int]
    key: str
    value: _setting_pb2.SettingValue
    place: _place_pb2.Place
    bound: bool
    def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_setting_pb2.SettingValue, _Mapping]] = ..., place: _Optional[_Union[_place_pb2.Place, _Mapping]] = ..., bound: bool = ...) -> None: ...

class SetChannelSettingResponse(_message.Message):
    __slots__ = ("setting",)
    SETTING_FIELD_NUMBER: _ClassVar[int]
    setting: _setting_pb2.ExplainedSetting
    def __init__(self, setting: _Optional[_Union[_setting_pb2.ExplainedSetting, _Mapping]] = ...) -> None: ...

class SetSystemSettingRequest(_message.Message):
    __slots__ = ("key", "value")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: str
    value: _setting_pb2.SettingValue
    def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_setting_pb2.SettingValue, _Mapping]] = ...) -> None: ...

class SetSystemSettingResponse(_message.Message):
    __slots__ = ("setting",)
    SETTING_FIELD_NUMBER: _ClassVar[int]
    setting: _setting_pb2.ExplainedSetting
    def __init__(self, setting: _Optional[_Union[_setting_pb2.ExplainedSetting, _Mapping]] = ...) -> None: ...
