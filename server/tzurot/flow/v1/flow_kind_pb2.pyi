from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ValueKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VALUE_KIND_UNSPECIFIED: _ClassVar[ValueKind]
    VALUE_KIND_TEXT: _ClassVar[ValueKind]
    VALUE_KIND_LONG_TEXT: _ClassVar[ValueKind]
    VALUE_KIND_CHOICE: _ClassVar[ValueKind]
    VALUE_KIND_CHOICES: _ClassVar[ValueKind]
    VALUE_KIND_BOOLEAN: _ClassVar[ValueKind]
    VALUE_KIND_FILE: _ClassVar[ValueKind]
    VALUE_KIND_SECRET: _ClassVar[ValueKind]
VALUE_KIND_UNSPECIFIED: ValueKind
VALUE_KIND_TEXT: ValueKind
VALUE_KIND_LONG_TEXT: ValueKind
VALUE_KIND_CHOICE: ValueKind
VALUE_KIND_CHOICES: ValueKind
VALUE_KIND_BOOLEAN: ValueKind
VALUE_KIND_FILE: ValueKind
VALUE_KIND_SECRET: ValueKind

class FlowKind(_message.Message):
    __slots__ = ("path", "summary", "arguments", "needs_moderator")
    PATH_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    NEEDS_MODERATOR_FIELD_NUMBER: _ClassVar[int]
    path: str
    summary: str
    arguments: _containers.RepeatedCompositeFieldContainer[FlowArgument]
    needs_moderator: bool
    def __init__(self, path: _Optional[str] = ..., summary: _Optional[str] = ..., arguments: _Optional[_Iterable[_Union[FlowArgument, _Mapping]]] = ..., needs_moderator: bool = ...) -> None: ...

class FlowArgument(_message.Message):
    __slots__ = ("key", "summary", "kind", "required", "completes", "choices")
    KEY_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    COMPLETES_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    key: str
    summary: str
    kind: ValueKind
    required: bool
    completes: bool
    choices: _containers.RepeatedCompositeFieldContainer[Choice]
    def __init__(self, key: _Optional[str] = ..., summary: _Optional[str] = ..., kind: _Optional[_Union[ValueKind, str]] = ..., required: bool = ..., completes: bool = ..., choices: _Optional[_Iterable[_Union[Choice, _Mapping]]] = ...) -> None: ...

class Choice(_message.Message):
    __slots__ = ("value", "label", "description")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    value: str
    label: str
    description: str
    def __init__(self, value: _Optional[str] = ..., label: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...
