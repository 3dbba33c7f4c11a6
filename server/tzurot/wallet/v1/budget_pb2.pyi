import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BudgetScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BUDGET_SCOPE_UNSPECIFIED: _ClassVar[BudgetScope]
    BUDGET_SCOPE_PERSON: _ClassVar[BudgetScope]
    BUDGET_SCOPE_API_KEY: _ClassVar[BudgetScope]
    BUDGET_SCOPE_PERSONALITY: _ClassVar[BudgetScope]
    BUDGET_SCOPE_SERVER: _ClassVar[BudgetScope]
    BUDGET_SCOPE_CHANNEL: _ClassVar[BudgetScope]

class BudgetPeriod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BUDGET_PERIOD_UNSPECIFIED: _ClassVar[BudgetPeriod]
    BUDGET_PERIOD_DAY: _ClassVar[BudgetPeriod]
    BUDGET_PERIOD_MONTH: _ClassVar[BudgetPeriod]
BUDGET_SCOPE_UNSPECIFIED: BudgetScope
BUDGET_SCOPE_PERSON: BudgetScope
BUDGET_SCOPE_API_KEY: BudgetScope
BUDGET_SCOPE_PERSONALITY: BudgetScope
BUDGET_SCOPE_SERVER: BudgetScope
BUDGET_SCOPE_CHANNEL: BudgetScope
BUDGET_PERIOD_UNSPECIFIED: BudgetPeriod
BUDGET_PERIOD_DAY: BudgetPeriod
BUDGET_PERIOD_MONTH: BudgetPeriod

class Budget(_message.Message):
    __slots__ = ("scope", "api_key_id", "personality_id", "period", "cap_micros", "cap_tokens", "spent_micros", "spent_tokens", "reset_time", "reached_percent", "platform", "channel_id")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    CAP_MICROS_FIELD_NUMBER: _ClassVar[int]
    CAP_TOKENS_FIELD_NUMBER: _ClassVar[int]
    SPENT_MICROS_FIELD_NUMBER: _ClassVar[int]
    SPENT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    RESET_TIME_FIELD_NUMBER: _ClassVar[int]
    REACHED_PERCENT_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_ID_FIELD_NUMBER: _ClassVar[int]
    scope: BudgetScope
    api_key_id: str
    personality_id: str
    period: BudgetPeriod
    cap_micros: int
    cap_tokens: int
    spent_micros: int
    spent_tokens: int
    reset_time: _timestamp_pb2.Timestamp
    reached_percent: int
    platform: str
    channel_id: str
    def __init__(self, scope: _Optional[_Union[BudgetScope, str]] = ..., api_key_id: _Optional[str] = ..., personality_id: _Optional[str] = ..., period: _Optional[_Union[BudgetPeriod, str]] = ..., cap_micros: _Optional[int] = ..., cap_tokens: _Optional[int] = ..., spent_micros: _Optional[int] = ..., spent_tokens: _Optional[int] = ..., reset_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reached_percent: _Optional[int] = ..., platform: _Optional[str] = ..., channel_id: _Optional[str] = ...) -> None: ...
