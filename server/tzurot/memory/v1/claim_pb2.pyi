import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MemoryClaimState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MEMORY_CLAIM_STATE_UNSPECIFIED: _ClassVar[MemoryClaimState]
    MEMORY_CLAIM_STATE_PENDING: _ClassVar[MemoryClaimState]
    MEMORY_CLAIM_STATE_CONFIRMED: _ClassVar[MemoryClaimState]
    MEMORY_CLAIM_STATE_REJECTED: _ClassVar[MemoryClaimState]
MEMORY_CLAIM_STATE_UNSPECIFIED: MemoryClaimState
MEMORY_CLAIM_STATE_PENDING: MemoryClaimState
MEMORY_CLAIM_STATE_CONFIRMED: MemoryClaimState
MEMORY_CLAIM_STATE_REJECTED: MemoryClaimState

class UnclaimedMemories(_message.Message):
    __slots__ = ("personality_id", "sender_id", "memory_count", "group_memory_count", "first_time", "last_time")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    SENDER_ID_FIELD_NUMBER: _ClassVar[int]
    MEMORY_COUNT_FIELD_NUMBER: _ClassVar[int]
    GROUP_MEMORY_COUNT_FIELD_NUMBER: _ClassVar[int]
    FIRST_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_TIME_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    sender_id: str
    memory_count: int
    group_memory_count: int
    first_time: _timestamp_pb2.Timestamp
    last_time: _timestamp_pb2.Timestamp
    def __init__(self, personality_id: _Optional[str] = ..., sender_id: _Optional[str] = ..., memory_count: _Optional[int] = ..., group_memory_count: _Optional[int] = ..., first_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class MemoryClaim(_message.Message):
    __slots__ = ("id", "memories", "subject", "state", "create_time", "decide_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    MEMORIES_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DECIDE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    memories: UnclaimedMemories
    subject: str
    state: MemoryClaimState
    create_time: _timestamp_pb2.Timestamp
    decide_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., memories: _Optional[_Union[UnclaimedMemories, _Mapping]] = ..., subject: _Optional[str] = ..., state: _Optional[_Union[MemoryClaimState, str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., decide_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
