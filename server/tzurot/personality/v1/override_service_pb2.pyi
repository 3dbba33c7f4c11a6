from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.personality.v1 import personality_pb2 as _personality_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PersonalityOverride(_message.Message):
    __slots__ = ("personality_id", "nickname", "addition", "scenario", "greeting", "instructions", "etag")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    NICKNAME_FIELD_NUMBER: _ClassVar[int]
    ADDITION_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    GREETING_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTIONS_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    nickname: str
    addition: str
    scenario: str
    greeting: str
    instructions: str
    etag: str
    def __init__(self, personality_id: _Optional[str] = ..., nickname: _Optional[str] = ..., addition: _Optional[str] = ..., scenario: _Optional[str] = ..., greeting: _Optional[str] = ..., instructions: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class GetPersonalityOverrideRequest(_message.Message):
    __slots__ = ("personality",)
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ...) -> None: ...

class GetPersonalityOverrideResponse(_message.Message):
    __slots__ = ("override",)
    OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    override: PersonalityOverride
    def __init__(self, override: _Optional[_Union[PersonalityOverride, _Mapping]] = ...) -> None: ...

class UpdatePersonalityOverrideRequest(_message.Message):
    __slots__ = ("personality", "override", "update_mask")
    PERSONALITY_FIELD_NUMBER: _ClassVar[int]
    OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    personality: _personality_pb2.PersonalityRef
    override: PersonalityOverride
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, personality: _Optional[_Union[_personality_pb2.PersonalityRef, _Mapping]] = ..., override: _Optional[_Union[PersonalityOverride, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdatePersonalityOverrideResponse(_message.Message):
    __slots__ = ("override",)
    OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    override: PersonalityOverride
    def __init__(self, override: _Optional[_Union[PersonalityOverride, _Mapping]] = ...) -> None: ...
