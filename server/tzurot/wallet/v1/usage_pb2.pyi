import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class UsageGrouping(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    USAGE_GROUPING_UNSPECIFIED: _ClassVar[UsageGrouping]
    USAGE_GROUPING_DAY: _ClassVar[UsageGrouping]
    USAGE_GROUPING_MODEL: _ClassVar[UsageGrouping]
    USAGE_GROUPING_PERSONALITY: _ClassVar[UsageGrouping]
    USAGE_GROUPING_CONVERSATION: _ClassVar[UsageGrouping]
    USAGE_GROUPING_PURPOSE: _ClassVar[UsageGrouping]

class UsagePayer(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    USAGE_PAYER_UNSPECIFIED: _ClassVar[UsagePayer]
    USAGE_PAYER_OWN: _ClassVar[UsagePayer]
    USAGE_PAYER_SERVER: _ClassVar[UsagePayer]
    USAGE_PAYER_SPONSOR: _ClassVar[UsagePayer]

class UsagePurpose(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    USAGE_PURPOSE_UNSPECIFIED: _ClassVar[UsagePurpose]
    USAGE_PURPOSE_CHAT: _ClassVar[UsagePurpose]
    USAGE_PURPOSE_VISION: _ClassVar[UsagePurpose]
    USAGE_PURPOSE_EXTRACTION: _ClassVar[UsagePurpose]
    USAGE_PURPOSE_SUMMARY: _ClassVar[UsagePurpose]
    USAGE_PURPOSE_DREAM: _ClassVar[UsagePurpose]
    USAGE_PURPOSE_REFLECTION: _ClassVar[UsagePurpose]
USAGE_GROUPING_UNSPECIFIED: UsageGrouping
USAGE_GROUPING_DAY: UsageGrouping
USAGE_GROUPING_MODEL: UsageGrouping
USAGE_GROUPING_PERSONALITY: UsageGrouping
USAGE_GROUPING_CONVERSATION: UsageGrouping
USAGE_GROUPING_PURPOSE: UsageGrouping
USAGE_PAYER_UNSPECIFIED: UsagePayer
USAGE_PAYER_OWN: UsagePayer
USAGE_PAYER_SERVER: UsagePayer
USAGE_PAYER_SPONSOR: UsagePayer
USAGE_PURPOSE_UNSPECIFIED: UsagePurpose
USAGE_PURPOSE_CHAT: UsagePurpose
USAGE_PURPOSE_VISION: UsagePurpose
USAGE_PURPOSE_EXTRACTION: UsagePurpose
USAGE_PURPOSE_SUMMARY: UsagePurpose
USAGE_PURPOSE_DREAM: UsagePurpose
USAGE_PURPOSE_REFLECTION: UsagePurpose

class UsageRecord(_message.Message):
    __slots__ = ("id", "create_time", "payer", "api_key_id", "provider", "model", "purpose", "personality_id", "personality_name", "conversation_id", "turn_id", "prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens", "estimated", "cost_micros", "input_micros", "output_micros", "cached_input_micros", "latency", "outcome")
    ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_NAME_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    PROMPT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_TOKENS_FIELD_NUMBER: _ClassVar[int]
    CACHED_TOKENS_FIELD_NUMBER: _ClassVar[int]
    REASONING_TOKENS_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_FIELD_NUMBER: _ClassVar[int]
    COST_MICROS_FIELD_NUMBER: _ClassVar[int]
    INPUT_MICROS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_MICROS_FIELD_NUMBER: _ClassVar[int]
    CACHED_INPUT_MICROS_FIELD_NUMBER: _ClassVar[int]
    LATENCY_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    id: str
    create_time: _timestamp_pb2.Timestamp
    payer: UsagePayer
    api_key_id: str
    provider: str
    model: str
    purpose: UsagePurpose
    personality_id: str
    personality_name: str
    conversation_id: str
    turn_id: str
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    reasoning_tokens: int
    estimated: bool
    cost_micros: int
    input_micros: int
    output_micros: int
    cached_input_micros: int
    latency: _duration_pb2.Duration
    outcome: str
    def __init__(self, id: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., payer: _Optional[_Union[UsagePayer, str]] = ..., api_key_id: _Optional[str] = ..., provider: _Optional[str] = ..., model: _Optional[str] = ..., purpose: _Optional[_Union[UsagePurpose, str]] = ..., personality_id: _Optional[str] = ..., personality_name: _Optional[str] = ..., conversation_id: _Optional[str] = ..., turn_id: _Optional[str] = ..., prompt_tokens: _Optional[int] = ..., completion_tokens: _Optional[int] = ..., cached_tokens: _Optional[int] = ..., reasoning_tokens: _Optional[int] = ..., estimated: bool = ..., cost_micros: _Optional[int] = ..., input_micros: _Optional[int] = ..., output_micros: _Optional[int] = ..., cached_input_micros: _Optional[int] = ..., latency: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., outcome: _Optional[str] = ...) -> None: ...

class UsageSum(_message.Message):
    __slots__ = ("key", "name", "attempt_count", "prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens", "cost_micros", "unpriced_count")
    KEY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_COUNT_FIELD_NUMBER: _ClassVar[int]
    PROMPT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_TOKENS_FIELD_NUMBER: _ClassVar[int]
    CACHED_TOKENS_FIELD_NUMBER: _ClassVar[int]
    REASONING_TOKENS_FIELD_NUMBER: _ClassVar[int]
    COST_MICROS_FIELD_NUMBER: _ClassVar[int]
    UNPRICED_COUNT_FIELD_NUMBER: _ClassVar[int]
    key: str
    name: str
    attempt_count: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    reasoning_tokens: int
    cost_micros: int
    unpriced_count: int
    def __init__(self, key: _Optional[str] = ..., name: _Optional[str] = ..., attempt_count: _Optional[int] = ..., prompt_tokens: _Optional[int] = ..., completion_tokens: _Optional[int] = ..., cached_tokens: _Optional[int] = ..., reasoning_tokens: _Optional[int] = ..., cost_micros: _Optional[int] = ..., unpriced_count: _Optional[int] = ...) -> None: ...
