import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ModelModality(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_MODALITY_UNSPECIFIED: _ClassVar[ModelModality]
    MODEL_MODALITY_TEXT: _ClassVar[ModelModality]
    MODEL_MODALITY_IMAGE: _ClassVar[ModelModality]
    MODEL_MODALITY_AUDIO: _ClassVar[ModelModality]
    MODEL_MODALITY_VIDEO: _ClassVar[ModelModality]
    MODEL_MODALITY_FILE: _ClassVar[ModelModality]

class ModelSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_SOURCE_UNSPECIFIED: _ClassVar[ModelSource]
    MODEL_SOURCE_LIST: _ClassVar[ModelSource]
    MODEL_SOURCE_SNAPSHOT: _ClassVar[ModelSource]
    MODEL_SOURCE_SERVER: _ClassVar[ModelSource]

class ModelProvider(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_PROVIDER_UNSPECIFIED: _ClassVar[ModelProvider]
    MODEL_PROVIDER_CONFIGURED: _ClassVar[ModelProvider]
    MODEL_PROVIDER_OPENROUTER: _ClassVar[ModelProvider]
    MODEL_PROVIDER_OPENAI: _ClassVar[ModelProvider]
    MODEL_PROVIDER_OLLAMA: _ClassVar[ModelProvider]
    MODEL_PROVIDER_GGUF: _ClassVar[ModelProvider]
    MODEL_PROVIDER_BUNDLED: _ClassVar[ModelProvider]
    MODEL_PROVIDER_MISTRAL: _ClassVar[ModelProvider]
    MODEL_PROVIDER_GEMINI: _ClassVar[ModelProvider]
    MODEL_PROVIDER_COMPATIBLE: _ClassVar[ModelProvider]
    MODEL_PROVIDER_ANTHROPIC: _ClassVar[ModelProvider]
MODEL_MODALITY_UNSPECIFIED: ModelModality
MODEL_MODALITY_TEXT: ModelModality
MODEL_MODALITY_IMAGE: ModelModality
MODEL_MODALITY_AUDIO: ModelModality
MODEL_MODALITY_VIDEO: ModelModality
MODEL_MODALITY_FILE: ModelModality
MODEL_SOURCE_UNSPECIFIED: ModelSource
MODEL_SOURCE_LIST: ModelSource
MODEL_SOURCE_SNAPSHOT: ModelSource
MODEL_SOURCE_SERVER: ModelSource
MODEL_PROVIDER_UNSPECIFIED: ModelProvider
MODEL_PROVIDER_CONFIGURED: ModelProvider
MODEL_PROVIDER_OPENROUTER: ModelProvider
MODEL_PROVIDER_OPENAI: ModelProvider
MODEL_PROVIDER_OLLAMA: ModelProvider
MODEL_PROVIDER_GGUF: ModelProvider
MODEL_PROVIDER_BUNDLED: ModelProvider
MODEL_PROVIDER_MISTRAL: ModelProvider
MODEL_PROVIDER_GEMINI: ModelProvider
MODEL_PROVIDER_COMPATIBLE: ModelProvider
MODEL_PROVIDER_ANTHROPIC: ModelProvider

class Model(_message.Message):
    __slots__ = ("id", "provider", "context_window_tokens", "supports_tools", "speaks", "api_key_id", "provider_name", "name", "max_output_tokens", "input_modalities", "output_modalities", "supports_reasoning", "supports_structured_output", "supported_parameters", "price", "as_of_time", "source")
    ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_WINDOW_TOKENS_FIELD_NUMBER: _ClassVar[int]
    SUPPORTS_TOOLS_FIELD_NUMBER: _ClassVar[int]
    SPEAKS_FIELD_NUMBER: _ClassVar[int]
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MAX_OUTPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    INPUT_MODALITIES_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_MODALITIES_FIELD_NUMBER: _ClassVar[int]
    SUPPORTS_REASONING_FIELD_NUMBER: _ClassVar[int]
    SUPPORTS_STRUCTURED_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    SUPPORTED_PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    id: str
    provider: ModelProvider
    context_window_tokens: int
    supports_tools: bool
    speaks: bool
    api_key_id: str
    provider_name: str
    name: str
    max_output_tokens: int
    input_modalities: _containers.RepeatedScalarFieldContainer[ModelModality]
    output_modalities: _containers.RepeatedScalarFieldContainer[ModelModality]
    supports_reasoning: bool
    supports_structured_output: bool
    supported_parameters: _containers.RepeatedScalarFieldContainer[str]
    price: ModelPrice
    as_of_time: _timestamp_pb2.Timestamp
    source: ModelSource
    def __init__(self, id: _Optional[str] = ..., provider: _Optional[_Union[ModelProvider, str]] = ..., context_window_tokens: _Optional[int] = ..., supports_tools: bool = ..., speaks: bool = ..., api_key_id: _Optional[str] = ..., provider_name: _Optional[str] = ..., name: _Optional[str] = ..., max_output_tokens: _Optional[int] = ..., input_modalities: _Optional[_Iterable[_Union[ModelModality, str]]] = ..., output_modalities: _Optional[_Iterable[_Union[ModelModality, str]]] = ..., supports_reasoning: bool = ..., supports_structured_output: bool = ..., supported_parameters: _Optional[_Iterable[str]] = ..., price: _Optional[_Union[ModelPrice, _Mapping]] = ..., as_of_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[_Union[ModelSource, str]] = ...) -> None: ...

class ModelPrice(_message.Message):
    __slots__ = ("input_micros", "output_micros", "cached_input_micros", "request_micros")
    INPUT_MICROS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_MICROS_FIELD_NUMBER: _ClassVar[int]
    CACHED_INPUT_MICROS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_MICROS_FIELD_NUMBER: _ClassVar[int]
    input_micros: int
    output_micros: int
    cached_input_micros: int
    request_micros: int
    def __init__(self, input_micros: _Optional[int] = ..., output_micros: _Optional[int] = ..., cached_input_micros: _Optional[int] = ..., request_micros: _Optional[int] = ...) -> None: ...
