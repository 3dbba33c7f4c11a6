import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from tzurot.personality.v1 import personality_pb2 as _personality_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SecondaryLogic(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SECONDARY_LOGIC_UNSPECIFIED: _ClassVar[SecondaryLogic]
    SECONDARY_LOGIC_AND_ANY: _ClassVar[SecondaryLogic]
    SECONDARY_LOGIC_AND_ALL: _ClassVar[SecondaryLogic]
    SECONDARY_LOGIC_NOT_ANY: _ClassVar[SecondaryLogic]
    SECONDARY_LOGIC_NOT_ALL: _ClassVar[SecondaryLogic]

class LorePlace(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LORE_PLACE_UNSPECIFIED: _ClassVar[LorePlace]
    LORE_PLACE_BEFORE_CHARACTER: _ClassVar[LorePlace]
    LORE_PLACE_AFTER_CHARACTER: _ClassVar[LorePlace]
    LORE_PLACE_BEFORE_EXAMPLES: _ClassVar[LorePlace]
    LORE_PLACE_AFTER_EXAMPLES: _ClassVar[LorePlace]
    LORE_PLACE_NOTE_TOP: _ClassVar[LorePlace]
    LORE_PLACE_NOTE_BOTTOM: _ClassVar[LorePlace]
    LORE_PLACE_AT_DEPTH: _ClassVar[LorePlace]
    LORE_PLACE_OUTLET: _ClassVar[LorePlace]
    LORE_PLACE_PERSONALITY: _ClassVar[LorePlace]
    LORE_PLACE_SCENARIO: _ClassVar[LorePlace]
SECONDARY_LOGIC_UNSPECIFIED: SecondaryLogic
SECONDARY_LOGIC_AND_ANY: SecondaryLogic
SECONDARY_LOGIC_AND_ALL: SecondaryLogic
SECONDARY_LOGIC_NOT_ANY: SecondaryLogic
SECONDARY_LOGIC_NOT_ALL: SecondaryLogic
LORE_PLACE_UNSPECIFIED: LorePlace
LORE_PLACE_BEFORE_CHARACTER: LorePlace
LORE_PLACE_AFTER_CHARACTER: LorePlace
LORE_PLACE_BEFORE_EXAMPLES: LorePlace
LORE_PLACE_AFTER_EXAMPLES: LorePlace
LORE_PLACE_NOTE_TOP: LorePlace
LORE_PLACE_NOTE_BOTTOM: LorePlace
LORE_PLACE_AT_DEPTH: LorePlace
LORE_PLACE_OUTLET: LorePlace
LORE_PLACE_PERSONALITY: LorePlace
LORE_PLACE_SCENARIO: LorePlace

class Lorebook(_message.Message):
    __slots__ = ("id", "name", "description", "source_format", "entry_count", "entries", "personality_ids", "create_time", "update_time", "scan_depth", "token_budget", "recursive_scanning", "editable", "owned", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FORMAT_FIELD_NUMBER: _ClassVar[int]
    ENTRY_COUNT_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    PERSONALITY_IDS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    SCAN_DEPTH_FIELD_NUMBER: _ClassVar[int]
    TOKEN_BUDGET_FIELD_NUMBER: _ClassVar[int]
    RECURSIVE_SCANNING_FIELD_NUMBER: _ClassVar[int]
    EDITABLE_FIELD_NUMBER: _ClassVar[int]
    OWNED_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    description: str
    source_format: str
    entry_count: int
    entries: _containers.RepeatedCompositeFieldContainer[LorebookEntry]
    personality_ids: _containers.RepeatedScalarFieldContainer[str]
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    scan_depth: int
    token_budget: int
    recursive_scanning: bool
    editable: bool
    owned: bool
    etag: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., source_format: _Optional[str] = ..., entry_count: _Optional[int] = ..., entries: _Optional[_Iterable[_Union[LorebookEntry, _Mapping]]] = ..., personality_ids: _Optional[_Iterable[str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., scan_depth: _Optional[int] = ..., token_budget: _Optional[int] = ..., recursive_scanning: bool = ..., editable: bool = ..., owned: bool = ..., etag: _Optional[str] = ...) -> None: ...

class LorebookEntry(_message.Message):
    __slots__ = ("position", "name", "keys", "secondary_keys", "content", "enabled", "constant", "id", "lorebook_id", "logic", "use_regex", "case_sensitive", "match_whole_words", "scan_depth", "insertion_order", "priority", "place", "depth", "role", "outlet", "probability", "sticky", "cooldown", "delay", "group", "group_override", "group_weight", "use_group_scoring", "exclude_recursion", "prevent_recursion", "delay_until_recursion", "ignore_budget", "etag")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    SECONDARY_KEYS_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    CONSTANT_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    LOREBOOK_ID_FIELD_NUMBER: _ClassVar[int]
    LOGIC_FIELD_NUMBER: _ClassVar[int]
    USE_REGEX_FIELD_NUMBER: _ClassVar[int]
    CASE_SENSITIVE_FIELD_NUMBER: _ClassVar[int]
    MATCH_WHOLE_WORDS_FIELD_NUMBER: _ClassVar[int]
    SCAN_DEPTH_FIELD_NUMBER: _ClassVar[int]
    INSERTION_ORDER_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    DEPTH_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    OUTLET_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    STICKY_FIELD_NUMBER: _ClassVar[int]
    COOLDOWN_FIELD_NUMBER: _ClassVar[int]
    DELAY_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    GROUP_OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    GROUP_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    USE_GROUP_SCORING_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_RECURSION_FIELD_NUMBER: _ClassVar[int]
    PREVENT_RECURSION_FIELD_NUMBER: _ClassVar[int]
    DELAY_UNTIL_RECURSION_FIELD_NUMBER: _ClassVar[int]
    IGNORE_BUDGET_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    position: int
    name: str
    keys: _containers.RepeatedScalarFieldContainer[str]
    secondary_keys: _containers.RepeatedScalarFieldContainer[str]
    content: str
    enabled: bool
    constant: bool
    id: str
    lorebook_id: str
    logic: SecondaryLogic
    use_regex: bool
    case_sensitive: bool
    match_whole_words: bool
    scan_depth: int
    insertion_order: float
    priority: float
    place: LorePlace
    depth: int
    role: _personality_pb2.PromptRole
    outlet: str
    probability: int
    sticky: int
    cooldown: int
    delay: int
    group: str
    group_override: bool
    group_weight: int
    use_group_scoring: bool
    exclude_recursion: bool
    prevent_recursion: bool
    delay_until_recursion: int
    ignore_budget: bool
    etag: str
    def __init__(self, position: _Optional[int] = ..., name: _Optional[str] = ..., keys: _Optional[_Iterable[str]] = ..., secondary_keys: _Optional[_Iterable[str]] = ..., content: _Optional[str] = ..., enabled: bool = ..., constant: bool = ..., id: _Optional[str] = ..., lorebook_id: _Optional[str] = ..., logic: _Optional[_Union[SecondaryLogic, str]] = ..., use_regex: bool = ..., case_sensitive: bool = ..., match_whole_words: bool = ..., scan_depth: _Optional[int] = ..., insertion_order: _Optional[float] = ..., priority: _Optional[float] = ..., place: _Optional[_Union[LorePlace, str]] = ..., depth: _Optional[int] = ..., role: _Optional[_Union[_personality_pb2.PromptRole, str]] = ..., outlet: _Optional[str] = ..., probability: _Optional[int] = ..., sticky: _Optional[int] = ..., cooldown: _Optional[int] = ..., delay: _Optional[int] = ..., group: _Optional[str] = ..., group_override: bool = ..., group_weight: _Optional[int] = ..., use_group_scoring: bool = ..., exclude_recursion: bool = ..., prevent_recursion: bool = ..., delay_until_recursion: _Optional[int] = ..., ignore_budget: bool = ..., etag: _Optional[str] = ...) -> None: ...

class LorebookMatch(_message.Message):
    __slots__ = ("position", "name", "activated", "reason", "content", "entry_id", "place", "depth", "left_out")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ACTIVATED_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    DEPTH_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    position: int
    name: str
    activated: bool
    reason: str
    content: str
    entry_id: str
    place: LorePlace
    depth: int
    left_out: bool
    def __init__(self, position: _Optional[int] = ..., name: _Optional[str] = ..., activated: bool = ..., reason: _Optional[str] = ..., content: _Optional[str] = ..., entry_id: _Optional[str] = ..., place: _Optional[_Union[LorePlace, str]] = ..., depth: _Optional[int] = ..., left_out: bool = ...) -> None: ...
