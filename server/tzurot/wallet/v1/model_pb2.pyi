from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

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

class Model(_message.Message):
    __slots__ = ("id", "provider", "context_window_tokens", "supports_tools", "speaks", "api_key_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_WINDOW_TOKENS_FIELD_NUMBER: _ClassVar[int]
    SUPPORTS_TOOLS_FIELD_NUMBER: _ClassVar[int]
    SPEAKS_FIELD_NUMBER: _ClassVar[int]
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    provider: ModelProvider
    context_window_tokens: int
    supports_tools: bool
    speaks: bool
    api_key_id: str
    def __init__(self, id: _Optional[str] = ..., provider: _Optional[_Union[ModelProvider, str]] = ..., context_window_tokens: _Optional[int] = ..., supports_tools: bool = ..., speaks: bool = ..., api_key_id: _Optional[str] = ...) -> None: ...
