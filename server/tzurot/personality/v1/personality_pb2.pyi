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

class FindMacros(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FIND_MACROS_UNSPECIFIED: _ClassVar[FindMacros]
    FIND_MACROS_RAW: _ClassVar[FindMacros]
    FIND_MACROS_ESCAPED: _ClassVar[FindMacros]

class PromptRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROMPT_ROLE_UNSPECIFIED: _ClassVar[PromptRole]
    PROMPT_ROLE_SYSTEM: _ClassVar[PromptRole]
    PROMPT_ROLE_USER: _ClassVar[PromptRole]
    PROMPT_ROLE_ASSISTANT: _ClassVar[PromptRole]

class Visibility(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VISIBILITY_UNSPECIFIED: _ClassVar[Visibility]
    VISIBILITY_PRIVATE: _ClassVar[Visibility]
    VISIBILITY_PUBLIC: _ClassVar[Visibility]
    VISIBILITY_SHARED: _ClassVar[Visibility]
    VISIBILITY_UNLISTED: _ClassVar[Visibility]

class PersonalityRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PERSONALITY_ROLE_UNSPECIFIED: _ClassVar[PersonalityRole]
    PERSONALITY_ROLE_BLOCKED: _ClassVar[PersonalityRole]
    PERSONALITY_ROLE_USER: _ClassVar[PersonalityRole]
    PERSONALITY_ROLE_VIEWER: _ClassVar[PersonalityRole]
    PERSONALITY_ROLE_EDITOR: _ClassVar[PersonalityRole]
    PERSONALITY_ROLE_OWNER: _ClassVar[PersonalityRole]
FIND_MACROS_UNSPECIFIED: FindMacros
FIND_MACROS_RAW: FindMacros
FIND_MACROS_ESCAPED: FindMacros
PROMPT_ROLE_UNSPECIFIED: PromptRole
PROMPT_ROLE_SYSTEM: PromptRole
PROMPT_ROLE_USER: PromptRole
PROMPT_ROLE_ASSISTANT: PromptRole
VISIBILITY_UNSPECIFIED: Visibility
VISIBILITY_PRIVATE: Visibility
VISIBILITY_PUBLIC: Visibility
VISIBILITY_SHARED: Visibility
VISIBILITY_UNLISTED: Visibility
PERSONALITY_ROLE_UNSPECIFIED: PersonalityRole
PERSONALITY_ROLE_BLOCKED: PersonalityRole
PERSONALITY_ROLE_USER: PersonalityRole
PERSONALITY_ROLE_VIEWER: PersonalityRole
PERSONALITY_ROLE_EDITOR: PersonalityRole
PERSONALITY_ROLE_OWNER: PersonalityRole

class Personality(_message.Message):
    __slots__ = ("id", "slug", "name", "description", "system_prompt", "greeting", "example_dialogues", "visibility", "avatar_sha256", "editable", "create_time", "update_time", "etag", "nickname", "traits", "tone", "age", "appearance", "likes", "dislikes", "goals", "history", "scenario", "post_history_instructions", "error_message", "birthday", "creator", "creator_notes", "character_version", "alternate_greetings", "group_greetings", "tags", "source_format", "lorebook_ids", "definition_visible", "definition_hidden", "role", "owner_name", "depth_prompt", "depth_prompt_depth", "depth_prompt_role", "regex_scripts", "aliases", "custom_fields", "age_restricted")
    ID_FIELD_NUMBER: _ClassVar[int]
    SLUG_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    SYSTEM_PROMPT_FIELD_NUMBER: _ClassVar[int]
    GREETING_FIELD_NUMBER: _ClassVar[int]
    EXAMPLE_DIALOGUES_FIELD_NUMBER: _ClassVar[int]
    VISIBILITY_FIELD_NUMBER: _ClassVar[int]
    AVATAR_SHA256_FIELD_NUMBER: _ClassVar[int]
    EDITABLE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    NICKNAME_FIELD_NUMBER: _ClassVar[int]
    TRAITS_FIELD_NUMBER: _ClassVar[int]
    TONE_FIELD_NUMBER: _ClassVar[int]
    AGE_FIELD_NUMBER: _ClassVar[int]
    APPEARANCE_FIELD_NUMBER: _ClassVar[int]
    LIKES_FIELD_NUMBER: _ClassVar[int]
    DISLIKES_FIELD_NUMBER: _ClassVar[int]
    GOALS_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    POST_HISTORY_INSTRUCTIONS_FIELD_NUMBER: _ClassVar[int]
    ERROR_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    BIRTHDAY_FIELD_NUMBER: _ClassVar[int]
    CREATOR_FIELD_NUMBER: _ClassVar[int]
    CREATOR_NOTES_FIELD_NUMBER: _ClassVar[int]
    CHARACTER_VERSION_FIELD_NUMBER: _ClassVar[int]
    ALTERNATE_GREETINGS_FIELD_NUMBER: _ClassVar[int]
    GROUP_GREETINGS_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FORMAT_FIELD_NUMBER: _ClassVar[int]
    LOREBOOK_IDS_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_VISIBLE_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_HIDDEN_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    OWNER_NAME_FIELD_NUMBER: _ClassVar[int]
    DEPTH_PROMPT_FIELD_NUMBER: _ClassVar[int]
    DEPTH_PROMPT_DEPTH_FIELD_NUMBER: _ClassVar[int]
    DEPTH_PROMPT_ROLE_FIELD_NUMBER: _ClassVar[int]
    REGEX_SCRIPTS_FIELD_NUMBER: _ClassVar[int]
    ALIASES_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_FIELDS_FIELD_NUMBER: _ClassVar[int]
    AGE_RESTRICTED_FIELD_NUMBER: _ClassVar[int]
    id: str
    slug: str
    name: str
    description: str
    system_prompt: str
    greeting: str
    example_dialogues: str
    visibility: Visibility
    avatar_sha256: str
    editable: bool
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    etag: str
    nickname: str
    traits: str
    tone: str
    age: str
    appearance: str
    likes: str
    dislikes: str
    goals: str
    history: str
    scenario: str
    post_history_instructions: str
    error_message: str
    birthday: str
    creator: str
    creator_notes: str
    character_version: str
    alternate_greetings: _containers.RepeatedScalarFieldContainer[str]
    group_greetings: _containers.RepeatedScalarFieldContainer[str]
    tags: _containers.RepeatedScalarFieldContainer[str]
    source_format: str
    lorebook_ids: _containers.RepeatedScalarFieldContainer[str]
    definition_visible: bool
    definition_hidden: bool
    role: PersonalityRole
    owner_name: str
    depth_prompt: str
    depth_prompt_depth: int
    depth_prompt_role: PromptRole
    regex_scripts: _containers.RepeatedCompositeFieldContainer[RegexScript]
    aliases: _containers.RepeatedScalarFieldContainer[str]
    custom_fields: _containers.RepeatedCompositeFieldContainer[CustomField]
    age_restricted: bool
    def __init__(self, id: _Optional[str] = ..., slug: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., system_prompt: _Optional[str] = ..., greeting: _Optional[str] = ..., example_dialogues: _Optional[str] = ..., visibility: _Optional[_Union[Visibility, str]] = ..., avatar_sha256: _Optional[str] = ..., editable: bool = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ..., nickname: _Optional[str] = ..., traits: _Optional[str] = ..., tone: _Optional[str] = ..., age: _Optional[str] = ..., appearance: _Optional[str] = ..., likes: _Optional[str] = ..., dislikes: _Optional[str] = ..., goals: _Optional[str] = ..., history: _Optional[str] = ..., scenario: _Optional[str] = ..., post_history_instructions: _Optional[str] = ..., error_message: _Optional[str] = ..., birthday: _Optional[str] = ..., creator: _Optional[str] = ..., creator_notes: _Optional[str] = ..., character_version: _Optional[str] = ..., alternate_greetings: _Optional[_Iterable[str]] = ..., group_greetings: _Optional[_Iterable[str]] = ..., tags: _Optional[_Iterable[str]] = ..., source_format: _Optional[str] = ..., lorebook_ids: _Optional[_Iterable[str]] = ..., definition_visible: bool = ..., definition_hidden: bool = ..., role: _Optional[_Union[PersonalityRole, str]] = ..., owner_name: _Optional[str] = ..., depth_prompt: _Optional[str] = ..., depth_prompt_depth: _Optional[int] = ..., depth_prompt_role: _Optional[_Union[PromptRole, str]] = ..., regex_scripts: _Optional[_Iterable[_Union[RegexScript, _Mapping]]] = ..., aliases: _Optional[_Iterable[str]] = ..., custom_fields: _Optional[_Iterable[_Union[CustomField, _Mapping]]] = ..., age_restricted: bool = ...) -> None: ...

class CustomField(_message.Message):
    __slots__ = ("name", "text", "silent")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SILENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    text: str
    silent: bool
    def __init__(self, name: _Optional[str] = ..., text: _Optional[str] = ..., silent: bool = ...) -> None: ...

class RegexScript(_message.Message):
    __slots__ = ("name", "find", "replace", "trim", "on_input", "on_output", "on_lore", "prompt_only", "disabled", "min_depth", "max_depth", "problem", "display_only", "find_macros")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FIND_FIELD_NUMBER: _ClassVar[int]
    REPLACE_FIELD_NUMBER: _ClassVar[int]
    TRIM_FIELD_NUMBER: _ClassVar[int]
    ON_INPUT_FIELD_NUMBER: _ClassVar[int]
    ON_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    ON_LORE_FIELD_NUMBER: _ClassVar[int]
    PROMPT_ONLY_FIELD_NUMBER: _ClassVar[int]
    DISABLED_FIELD_NUMBER: _ClassVar[int]
    MIN_DEPTH_FIELD_NUMBER: _ClassVar[int]
    MAX_DEPTH_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_ONLY_FIELD_NUMBER: _ClassVar[int]
    FIND_MACROS_FIELD_NUMBER: _ClassVar[int]
    name: str
    find: str
    replace: str
    trim: _containers.RepeatedScalarFieldContainer[str]
    on_input: bool
    on_output: bool
    on_lore: bool
    prompt_only: bool
    disabled: bool
    min_depth: int
    max_depth: int
    problem: str
    display_only: bool
    find_macros: FindMacros
    def __init__(self, name: _Optional[str] = ..., find: _Optional[str] = ..., replace: _Optional[str] = ..., trim: _Optional[_Iterable[str]] = ..., on_input: bool = ..., on_output: bool = ..., on_lore: bool = ..., prompt_only: bool = ..., disabled: bool = ..., min_depth: _Optional[int] = ..., max_depth: _Optional[int] = ..., problem: _Optional[str] = ..., display_only: bool = ..., find_macros: _Optional[_Union[FindMacros, str]] = ...) -> None: ...

class PersonalityRef(_message.Message):
    __slots__ = ("id", "slug")
    ID_FIELD_NUMBER: _ClassVar[int]
    SLUG_FIELD_NUMBER: _ClassVar[int]
    id: str
    slug: str
    def __init__(self, id: _Optional[str] = ..., slug: _Optional[str] = ...) -> None: ...
