import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tzurot.common.v1 import failure_pb2 as _failure_pb2
from tzurot.memory.v1 import memory_pb2 as _memory_pb2
from tzurot.personality.v1 import lorebook_pb2 as _lorebook_pb2
from tzurot.session.v1 import setting_pb2 as _setting_pb2
from tzurot.session.v1 import summary_pb2 as _summary_pb2
from tzurot.wallet.v1 import payment_pb2 as _payment_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TurnState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TURN_STATE_UNSPECIFIED: _ClassVar[TurnState]
    TURN_STATE_RUNNING: _ClassVar[TurnState]
    TURN_STATE_ANSWERED: _ClassVar[TurnState]
    TURN_STATE_FAILED: _ClassVar[TurnState]
    TURN_STATE_CANCELLED: _ClassVar[TurnState]
    TURN_STATE_INTERRUPTED: _ClassVar[TurnState]
TURN_STATE_UNSPECIFIED: TurnState
TURN_STATE_RUNNING: TurnState
TURN_STATE_ANSWERED: TurnState
TURN_STATE_FAILED: TurnState
TURN_STATE_CANCELLED: TurnState
TURN_STATE_INTERRUPTED: TurnState

class Turn(_message.Message):
    __slots__ = ("id", "conversation_id", "personality_id", "state", "utterance_message_id", "reply_message_id", "failure", "model", "usage", "create_time", "finish_time", "incognito")
    ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    UTTERANCE_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    REPLY_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    FINISH_TIME_FIELD_NUMBER: _ClassVar[int]
    INCOGNITO_FIELD_NUMBER: _ClassVar[int]
    id: str
    conversation_id: str
    personality_id: str
    state: TurnState
    utterance_message_id: str
    reply_message_id: str
    failure: _failure_pb2.Failure
    model: str
    usage: Usage
    create_time: _timestamp_pb2.Timestamp
    finish_time: _timestamp_pb2.Timestamp
    incognito: bool
    def __init__(self, id: _Optional[str] = ..., conversation_id: _Optional[str] = ..., personality_id: _Optional[str] = ..., state: _Optional[_Union[TurnState, str]] = ..., utterance_message_id: _Optional[str] = ..., reply_message_id: _Optional[str] = ..., failure: _Optional[_Union[_failure_pb2.Failure, _Mapping]] = ..., model: _Optional[str] = ..., usage: _Optional[_Union[Usage, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., finish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., incognito: bool = ...) -> None: ...

class Usage(_message.Message):
    __slots__ = ("prompt_token_count", "completion_token_count", "cached_token_count", "reasoning_token_count", "estimated")
    PROMPT_TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    CACHED_TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    REASONING_TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_FIELD_NUMBER: _ClassVar[int]
    prompt_token_count: int
    completion_token_count: int
    cached_token_count: int
    reasoning_token_count: int
    estimated: bool
    def __init__(self, prompt_token_count: _Optional[int] = ..., completion_token_count: _Optional[int] = ..., cached_token_count: _Optional[int] = ..., reasoning_token_count: _Optional[int] = ..., estimated: bool = ...) -> None: ...

class TurnTrace(_message.Message):
    __slots__ = ("turn_id", "steps", "memories", "sections", "attempts", "skill_calls", "lorebook_entries", "passages", "settings", "not_run", "addressed_because", "considered_memories", "cut_texts", "reasoning", "preset")
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    MEMORIES_FIELD_NUMBER: _ClassVar[int]
    SECTIONS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    SKILL_CALLS_FIELD_NUMBER: _ClassVar[int]
    LOREBOOK_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    NOT_RUN_FIELD_NUMBER: _ClassVar[int]
    ADDRESSED_BECAUSE_FIELD_NUMBER: _ClassVar[int]
    CONSIDERED_MEMORIES_FIELD_NUMBER: _ClassVar[int]
    CUT_TEXTS_FIELD_NUMBER: _ClassVar[int]
    REASONING_FIELD_NUMBER: _ClassVar[int]
    PRESET_FIELD_NUMBER: _ClassVar[int]
    turn_id: str
    steps: _containers.RepeatedCompositeFieldContainer[TraceStep]
    memories: _containers.RepeatedCompositeFieldContainer[RecalledMemory]
    sections: _containers.RepeatedCompositeFieldContainer[PromptSection]
    attempts: _containers.RepeatedCompositeFieldContainer[ProviderAttempt]
    skill_calls: _containers.RepeatedCompositeFieldContainer[SkillCall]
    lorebook_entries: _containers.RepeatedCompositeFieldContainer[JudgedEntry]
    passages: _containers.RepeatedCompositeFieldContainer[RecalledPassage]
    settings: _containers.RepeatedCompositeFieldContainer[_setting_pb2.ExplainedSetting]
    not_run: _containers.RepeatedScalarFieldContainer[str]
    addressed_because: str
    considered_memories: _containers.RepeatedCompositeFieldContainer[ConsideredMemory]
    cut_texts: _containers.RepeatedCompositeFieldContainer[CutText]
    reasoning: str
    preset: UsedPreset
    def __init__(self, turn_id: _Optional[str] = ..., steps: _Optional[_Iterable[_Union[TraceStep, _Mapping]]] = ..., memories: _Optional[_Iterable[_Union[RecalledMemory, _Mapping]]] = ..., sections: _Optional[_Iterable[_Union[PromptSection, _Mapping]]] = ..., attempts: _Optional[_Iterable[_Union[ProviderAttempt, _Mapping]]] = ..., skill_calls: _Optional[_Iterable[_Union[SkillCall, _Mapping]]] = ..., lorebook_entries: _Optional[_Iterable[_Union[JudgedEntry, _Mapping]]] = ..., passages: _Optional[_Iterable[_Union[RecalledPassage, _Mapping]]] = ..., settings: _Optional[_Iterable[_Union[_setting_pb2.ExplainedSetting, _Mapping]]] = ..., not_run: _Optional[_Iterable[str]] = ..., addressed_because: _Optional[str] = ..., considered_memories: _Optional[_Iterable[_Union[ConsideredMemory, _Mapping]]] = ..., cut_texts: _Optional[_Iterable[_Union[CutText, _Mapping]]] = ..., reasoning: _Optional[str] = ..., preset: _Optional[_Union[UsedPreset, _Mapping]] = ...) -> None: ...

class UsedPreset(_message.Message):
    __slots__ = ("preset_id", "name", "model", "model_replaced", "parameters", "not_sent")
    PRESET_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MODEL_REPLACED_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    NOT_SENT_FIELD_NUMBER: _ClassVar[int]
    preset_id: str
    name: str
    model: str
    model_replaced: bool
    parameters: _containers.RepeatedScalarFieldContainer[str]
    not_sent: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, preset_id: _Optional[str] = ..., name: _Optional[str] = ..., model: _Optional[str] = ..., model_replaced: bool = ..., parameters: _Optional[_Iterable[str]] = ..., not_sent: _Optional[_Iterable[str]] = ...) -> None: ...

class CutText(_message.Message):
    __slots__ = ("reason", "text")
    REASON_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    reason: str
    text: str
    def __init__(self, reason: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class TraceStep(_message.Message):
    __slots__ = ("name", "start_offset", "duration", "outcome")
    NAME_FIELD_NUMBER: _ClassVar[int]
    START_OFFSET_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    name: str
    start_offset: _duration_pb2.Duration
    duration: _duration_pb2.Duration
    outcome: str
    def __init__(self, name: _Optional[str] = ..., start_offset: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., outcome: _Optional[str] = ...) -> None: ...

class RecalledMemory(_message.Message):
    __slots__ = ("memory_id", "excerpt", "parts", "cited", "reasons", "speaker_name")
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    EXCERPT_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    CITED_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_NAME_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    excerpt: str
    parts: _memory_pb2.ScoreParts
    cited: bool
    reasons: _containers.RepeatedScalarFieldContainer[str]
    speaker_name: str
    def __init__(self, memory_id: _Optional[str] = ..., excerpt: _Optional[str] = ..., parts: _Optional[_Union[_memory_pb2.ScoreParts, _Mapping]] = ..., cited: bool = ..., reasons: _Optional[_Iterable[str]] = ..., speaker_name: _Optional[str] = ...) -> None: ...

class ConsideredMemory(_message.Message):
    __slots__ = ("memory_id", "excerpt", "parts", "reason", "speaker_name")
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    EXCERPT_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_NAME_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    excerpt: str
    parts: _memory_pb2.ScoreParts
    reason: str
    speaker_name: str
    def __init__(self, memory_id: _Optional[str] = ..., excerpt: _Optional[str] = ..., parts: _Optional[_Union[_memory_pb2.ScoreParts, _Mapping]] = ..., reason: _Optional[str] = ..., speaker_name: _Optional[str] = ...) -> None: ...

class JudgedEntry(_message.Message):
    __slots__ = ("lorebook_name", "name", "reason", "told", "activated", "place", "depth", "entry_id")
    LOREBOOK_NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TOLD_FIELD_NUMBER: _ClassVar[int]
    ACTIVATED_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    DEPTH_FIELD_NUMBER: _ClassVar[int]
    ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    lorebook_name: str
    name: str
    reason: str
    told: bool
    activated: bool
    place: _lorebook_pb2.LorePlace
    depth: int
    entry_id: str
    def __init__(self, lorebook_name: _Optional[str] = ..., name: _Optional[str] = ..., reason: _Optional[str] = ..., told: bool = ..., activated: bool = ..., place: _Optional[_Union[_lorebook_pb2.LorePlace, str]] = ..., depth: _Optional[int] = ..., entry_id: _Optional[str] = ...) -> None: ...

class RecalledPassage(_message.Message):
    __slots__ = ("document_id", "title", "excerpt", "score", "cited")
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    EXCERPT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    CITED_FIELD_NUMBER: _ClassVar[int]
    document_id: str
    title: str
    excerpt: str
    score: float
    cited: bool
    def __init__(self, document_id: _Optional[str] = ..., title: _Optional[str] = ..., excerpt: _Optional[str] = ..., score: _Optional[float] = ..., cited: bool = ...) -> None: ...

class PromptSection(_message.Message):
    __slots__ = ("name", "text", "token_count", "cut", "hidden", "summary")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    CUT_FIELD_NUMBER: _ClassVar[int]
    HIDDEN_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    name: str
    text: str
    token_count: int
    cut: bool
    hidden: bool
    summary: _summary_pb2.Summary
    def __init__(self, name: _Optional[str] = ..., text: _Optional[str] = ..., token_count: _Optional[int] = ..., cut: bool = ..., hidden: bool = ..., summary: _Optional[_Union[_summary_pb2.Summary, _Mapping]] = ...) -> None: ...

class ProviderAttempt(_message.Message):
    __slots__ = ("provider", "model", "start_offset", "duration", "outcome", "payer", "prompt_token_count", "completion_token_count", "cost_micros")
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    START_OFFSET_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    PROMPT_TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    COST_MICROS_FIELD_NUMBER: _ClassVar[int]
    provider: str
    model: str
    start_offset: _duration_pb2.Duration
    duration: _duration_pb2.Duration
    outcome: str
    payer: _payment_pb2.PaymentRoute
    prompt_token_count: int
    completion_token_count: int
    cost_micros: int
    def __init__(self, provider: _Optional[str] = ..., model: _Optional[str] = ..., start_offset: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., outcome: _Optional[str] = ..., payer: _Optional[_Union[_payment_pb2.PaymentRoute, str]] = ..., prompt_token_count: _Optional[int] = ..., completion_token_count: _Optional[int] = ..., cost_micros: _Optional[int] = ...) -> None: ...

class SkillCall(_message.Message):
    __slots__ = ("skill_name", "arguments", "result", "succeeded")
    SKILL_NAME_FIELD_NUMBER: _ClassVar[int]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    SUCCEEDED_FIELD_NUMBER: _ClassVar[int]
    skill_name: str
    arguments: str
    result: str
    succeeded: bool
    def __init__(self, skill_name: _Optional[str] = ..., arguments: _Optional[str] = ..., result: _Optional[str] = ..., succeeded: bool = ...) -> None: ...
