import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tzurot.common.v1 import failure_pb2 as _failure_pb2
from tzurot.session.v1 import message_pb2 as _message_pb2
from tzurot.session.v1 import turn_pb2 as _turn_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SkillStepState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SKILL_STEP_STATE_UNSPECIFIED: _ClassVar[SkillStepState]
    SKILL_STEP_STATE_REQUESTED: _ClassVar[SkillStepState]
    SKILL_STEP_STATE_SUCCEEDED: _ClassVar[SkillStepState]
    SKILL_STEP_STATE_FAILED: _ClassVar[SkillStepState]

class FinishReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FINISH_REASON_UNSPECIFIED: _ClassVar[FinishReason]
    FINISH_REASON_STOP: _ClassVar[FinishReason]
    FINISH_REASON_LENGTH: _ClassVar[FinishReason]
    FINISH_REASON_CANCELLED: _ClassVar[FinishReason]
    FINISH_REASON_FAILED: _ClassVar[FinishReason]
    FINISH_REASON_INTERRUPTED: _ClassVar[FinishReason]
    FINISH_REASON_FILTERED: _ClassVar[FinishReason]
    FINISH_REASON_SUPERSEDED: _ClassVar[FinishReason]
SKILL_STEP_STATE_UNSPECIFIED: SkillStepState
SKILL_STEP_STATE_REQUESTED: SkillStepState
SKILL_STEP_STATE_SUCCEEDED: SkillStepState
SKILL_STEP_STATE_FAILED: SkillStepState
FINISH_REASON_UNSPECIFIED: FinishReason
FINISH_REASON_STOP: FinishReason
FINISH_REASON_LENGTH: FinishReason
FINISH_REASON_CANCELLED: FinishReason
FINISH_REASON_FAILED: FinishReason
FINISH_REASON_INTERRUPTED: FinishReason
FINISH_REASON_FILTERED: FinishReason
FINISH_REASON_SUPERSEDED: FinishReason

class ChatEvent(_message.Message):
    __slots__ = ("turn_id", "sequence", "started", "text_delta", "skill_step", "memory_cited", "notice", "finished", "knowledge_cited", "fact_learnt")
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    STARTED_FIELD_NUMBER: _ClassVar[int]
    TEXT_DELTA_FIELD_NUMBER: _ClassVar[int]
    SKILL_STEP_FIELD_NUMBER: _ClassVar[int]
    MEMORY_CITED_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    KNOWLEDGE_CITED_FIELD_NUMBER: _ClassVar[int]
    FACT_LEARNT_FIELD_NUMBER: _ClassVar[int]
    turn_id: str
    sequence: int
    started: TurnStarted
    text_delta: TextDelta
    skill_step: SkillStep
    memory_cited: MemoryCited
    notice: Notice
    finished: TurnFinished
    knowledge_cited: KnowledgeCited
    fact_learnt: FactLearnt
    def __init__(self, turn_id: _Optional[str] = ..., sequence: _Optional[int] = ..., started: _Optional[_Union[TurnStarted, _Mapping]] = ..., text_delta: _Optional[_Union[TextDelta, _Mapping]] = ..., skill_step: _Optional[_Union[SkillStep, _Mapping]] = ..., memory_cited: _Optional[_Union[MemoryCited, _Mapping]] = ..., notice: _Optional[_Union[Notice, _Mapping]] = ..., finished: _Optional[_Union[TurnFinished, _Mapping]] = ..., knowledge_cited: _Optional[_Union[KnowledgeCited, _Mapping]] = ..., fact_learnt: _Optional[_Union[FactLearnt, _Mapping]] = ...) -> None: ...

class TurnStarted(_message.Message):
    __slots__ = ("conversation_id", "personality_id", "personality_name", "avatar_sha256", "model", "personality_slug", "display_name", "replaced_platform_message_ids", "persona_name", "incognito", "fresh")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_NAME_FIELD_NUMBER: _ClassVar[int]
    AVATAR_SHA256_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_SLUG_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    REPLACED_PLATFORM_MESSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    PERSONA_NAME_FIELD_NUMBER: _ClassVar[int]
    INCOGNITO_FIELD_NUMBER: _ClassVar[int]
    FRESH_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    personality_id: str
    personality_name: str
    avatar_sha256: str
    model: str
    personality_slug: str
    display_name: str
    replaced_platform_message_ids: _containers.RepeatedScalarFieldContainer[str]
    persona_name: str
    incognito: bool
    fresh: bool
    def __init__(self, conversation_id: _Optional[str] = ..., personality_id: _Optional[str] = ..., personality_name: _Optional[str] = ..., avatar_sha256: _Optional[str] = ..., model: _Optional[str] = ..., personality_slug: _Optional[str] = ..., display_name: _Optional[str] = ..., replaced_platform_message_ids: _Optional[_Iterable[str]] = ..., persona_name: _Optional[str] = ..., incognito: bool = ..., fresh: bool = ...) -> None: ...

class TextDelta(_message.Message):
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...

class SkillStep(_message.Message):
    __slots__ = ("skill_name", "state")
    SKILL_NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    skill_name: str
    state: SkillStepState
    def __init__(self, skill_name: _Optional[str] = ..., state: _Optional[_Union[SkillStepState, str]] = ...) -> None: ...

class MemoryCited(_message.Message):
    __slots__ = ("memory_id", "excerpt", "score", "occur_time", "personality_id", "speaker_name")
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    EXCERPT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    OCCUR_TIME_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_NAME_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    excerpt: str
    score: float
    occur_time: _timestamp_pb2.Timestamp
    personality_id: str
    speaker_name: str
    def __init__(self, memory_id: _Optional[str] = ..., excerpt: _Optional[str] = ..., score: _Optional[float] = ..., occur_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., personality_id: _Optional[str] = ..., speaker_name: _Optional[str] = ...) -> None: ...

class KnowledgeCited(_message.Message):
    __slots__ = ("document_id", "title", "excerpt", "score")
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    EXCERPT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    document_id: str
    title: str
    excerpt: str
    score: float
    def __init__(self, document_id: _Optional[str] = ..., title: _Optional[str] = ..., excerpt: _Optional[str] = ..., score: _Optional[float] = ...) -> None: ...

class FactLearnt(_message.Message):
    __slots__ = ("fact_id", "text", "superseded_text", "proposed")
    FACT_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDED_TEXT_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_FIELD_NUMBER: _ClassVar[int]
    fact_id: str
    text: str
    superseded_text: str
    proposed: bool
    def __init__(self, fact_id: _Optional[str] = ..., text: _Optional[str] = ..., superseded_text: _Optional[str] = ..., proposed: bool = ...) -> None: ...

class Notice(_message.Message):
    __slots__ = ("failure",)
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    failure: _failure_pb2.Failure
    def __init__(self, failure: _Optional[_Union[_failure_pb2.Failure, _Mapping]] = ...) -> None: ...

class TurnFinished(_message.Message):
    __slots__ = ("finish_reason", "message", "failure", "usage", "error_message", "attempts")
    FINISH_REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    ERROR_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    finish_reason: FinishReason
    message: _message_pb2.Message
    failure: _failure_pb2.Failure
    usage: _turn_pb2.Usage
    error_message: str
    attempts: _containers.RepeatedCompositeFieldContainer[_turn_pb2.ProviderAttempt]
    def __init__(self, finish_reason: _Optional[_Union[FinishReason, str]] = ..., message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ..., failure: _Optional[_Union[_failure_pb2.Failure, _Mapping]] = ..., usage: _Optional[_Union[_turn_pb2.Usage, _Mapping]] = ..., error_message: _Optional[str] = ..., attempts: _Optional[_Iterable[_Union[_turn_pb2.ProviderAttempt, _Mapping]]] = ...) -> None: ...
