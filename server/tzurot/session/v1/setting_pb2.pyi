import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SettingKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SETTING_KIND_UNSPECIFIED: _ClassVar[SettingKind]
    SETTING_KIND_FLAG: _ClassVar[SettingKind]
    SETTING_KIND_WHOLE: _ClassVar[SettingKind]
    SETTING_KIND_RATIO: _ClassVar[SettingKind]
    SETTING_KIND_CHOICE: _ClassVar[SettingKind]
    SETTING_KIND_PRESET: _ClassVar[SettingKind]

class SettingTier(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SETTING_TIER_UNSPECIFIED: _ClassVar[SettingTier]
    SETTING_TIER_SYSTEM: _ClassVar[SettingTier]
    SETTING_TIER_PERSONALITY: _ClassVar[SettingTier]
    SETTING_TIER_CHANNEL: _ClassVar[SettingTier]
    SETTING_TIER_PERSON: _ClassVar[SettingTier]
    SETTING_TIER_PERSON_PERSONALITY: _ClassVar[SettingTier]
SETTING_KIND_UNSPECIFIED: SettingKind
SETTING_KIND_FLAG: SettingKind
SETTING_KIND_WHOLE: SettingKind
SETTING_KIND_RATIO: SettingKind
SETTING_KIND_CHOICE: SettingKind
SETTING_KIND_PRESET: SettingKind
SETTING_TIER_UNSPECIFIED: SettingTier
SETTING_TIER_SYSTEM: SettingTier
SETTING_TIER_PERSONALITY: SettingTier
SETTING_TIER_CHANNEL: SettingTier
SETTING_TIER_PERSON: SettingTier
SETTING_TIER_PERSON_PERSONALITY: SettingTier

class Setting(_message.Message):
    __slots__ = ("key", "summary", "kind", "minimum", "maximum", "can_be_off", "default_value", "deciders", "choices")
    KEY_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_FIELD_NUMBER: _ClassVar[int]
    CAN_BE_OFF_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_VALUE_FIELD_NUMBER: _ClassVar[int]
    DECIDERS_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    key: str
    summary: str
    kind: SettingKind
    minimum: float
    maximum: float
    can_be_off: bool
    default_value: SettingValue
    deciders: _containers.RepeatedScalarFieldContainer[SettingTier]
    choices: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, key: _Optional[str] = ..., summary: _Optional[str] = ..., kind: _Optional[_Union[SettingKind, str]] = ..., minimum: _Optional[float] = ..., maximum: _Optional[float] = ..., can_be_off: bool = ..., default_value: _Optional[_Union[SettingValue, _Mapping]] = ..., deciders: _Optional[_Iterable[_Union[SettingTier, str]]] = ..., choices: _Optional[_Iterable[str]] = ...) -> None: ...

class SettingValue(_message.Message):
    __slots__ = ("flag", "whole", "ratio", "off", "choice")
    FLAG_FIELD_NUMBER: _ClassVar[int]
    WHOLE_FIELD_NUMBER: _ClassVar[int]
    RATIO_FIELD_NUMBER: _ClassVar[int]
    OFF_FIELD_NUMBER: _ClassVar[int]
    CHOICE_FIELD_NUMBER: _ClassVar[int]
    flag: bool
    whole: int
    ratio: float
    off: Off
    choice: str
    def __init__(self, flag: bool = ..., whole: _Optional[int] = ..., ratio: _Optional[float] = ..., off: _Optional[_Union[Off, _Mapping]] = ..., choice: _Optional[str] = ...) -> None: ...

class Off(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ExplainedSetting(_message.Message):
    __slots__ = ("key", "value", "source", "bound", "decided", "expire_time", "passed_over", "preset_name")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BOUND_FIELD_NUMBER: _ClassVar[int]
    DECIDED_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    PASSED_OVER_FIELD_NUMBER: _ClassVar[int]
    PRESET_NAME_FIELD_NUMBER: _ClassVar[int]
    key: str
    value: SettingValue
    source: SettingTier
    bound: bool
    decided: _containers.RepeatedCompositeFieldContainer[DecidedSetting]
    expire_time: _timestamp_pb2.Timestamp
    passed_over: _containers.RepeatedCompositeFieldContainer[DecidedSetting]
    preset_name: str
    def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[SettingValue, _Mapping]] = ..., source: _Optional[_Union[SettingTier, str]] = ..., bound: bool = ..., decided: _Optional[_Iterable[_Union[DecidedSetting, _Mapping]]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., passed_over: _Optional[_Iterable[_Union[DecidedSetting, _Mapping]]] = ..., preset_name: _Optional[str] = ...) -> None: ...

class DecidedSetting(_message.Message):
    __slots__ = ("tier", "value", "bound", "expire_time")
    TIER_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    BOUND_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    tier: SettingTier
    value: SettingValue
    bound: bool
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, tier: _Optional[_Union[SettingTier, str]] = ..., value: _Optional[_Union[SettingValue, _Mapping]] = ..., bound: bool = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
