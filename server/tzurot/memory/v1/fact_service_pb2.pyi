from buf.validate import validate_pb2 as _validate_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.memory.v1 import fact_pb2 as _fact_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetFactRequest(_message.Message):
    __slots__ = ("fact_id",)
    FACT_ID_FIELD_NUMBER: _ClassVar[int]
    fact_id: str
    def __init__(self, fact_id: _Optional[str] = ...) -> None: ...

class GetFactResponse(_message.Message):
    __slots__ = ("fact", "superseded")
    FACT_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDED_FIELD_NUMBER: _ClassVar[int]
    fact: _fact_pb2.Fact
    superseded: _containers.RepeatedCompositeFieldContainer[_fact_pb2.Fact]
    def __init__(self, fact: _Optional[_Union[_fact_pb2.Fact, _Mapping]] = ..., superseded: _Optional[_Iterable[_Union[_fact_pb2.Fact, _Mapping]]] = ...) -> None: ...

class ListFactsRequest(_message.Message):
    __slots__ = ("personality_id", "persona_ids", "states", "page_size", "page_token")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    PERSONA_IDS_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    persona_ids: _containers.RepeatedScalarFieldContainer[str]
    states: _containers.RepeatedScalarFieldContainer[_fact_pb2.FactState]
    page_size: int
    page_token: str
    def __init__(self, personality_id: _Optional[str] = ..., persona_ids: _Optional[_Iterable[str]] = ..., states: _Optional[_Iterable[_Union[_fact_pb2.FactState, str]]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListFactsResponse(_message.Message):
    __slots__ = ("facts", "next_page_token")
    FACTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    facts: _containers.RepeatedCompositeFieldContainer[_fact_pb2.Fact]
    next_page_token: str
    def __init__(self, facts: _Optional[_Iterable[_Union[_fact_pb2.Fact, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateFactRequest(_message.Message):
    __slots__ = ("personality_id", "text", "request_id")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    text: str
    request_id: str
    def __init__(self, personality_id: _Optional[str] = ..., text: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateFactResponse(_message.Message):
    __slots__ = ("fact",)
    FACT_FIELD_NUMBER: _ClassVar[int]
    fact: _fact_pb2.Fact
    def __init__(self, fact: _Optional[_Union[_fact_pb2.Fact, _Mapping]] = ...) -> None: ...

class CorrectFactRequest(_message.Message):
    __slots__ = ("fact_id", "text")
    FACT_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    fact_id: str
    text: str
    def __init__(self, fact_id: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class CorrectFactResponse(_message.Message):
    __slots__ = ("fact",)
    FACT_FIELD_NUMBER: _ClassVar[int]
    fact: _fact_pb2.Fact
    def __init__(self, fact: _Optional[_Union[_fact_pb2.Fact, _Mapping]] = ...) -> None: ...

class ConfirmFactRequest(_message.Message):
    __slots__ = ("fact_id",)
    FACT_ID_FIELD_NUMBER: _ClassVar[int]
    fact_id: str
    def __init__(self, fact_id: _Optional[str] = ...) -> None: ...

class ConfirmFactResponse(_message.Message):
    __slots__ = ("fact",)
    FACT_FIELD_NUMBER: _ClassVar[int]
    fact: _fact_pb2.Fact
    def __init__(self, fact: _Optional[_Union[_fact_pb2.Fact, _Mapping]] = ...) -> None: ...

class RevertFactRequest(_message.Message):
    __slots__ = ("fact_id",)
    FACT_ID_FIELD_NUMBER: _ClassVar[int]
    fact_id: str
    def __init__(self, fact_id: _Optional[str] = ...) -> None: ...

class RevertFactResponse(_message.Message):
    __slots__ = ("fact",)
    FACT_FIELD_NUMBER: _ClassVar[int]
    fact: _fact_pb2.Fact
    def __init__(self, fact: _Optional[_Union[_fact_pb2.Fact, _Mapping]] = ...) -> None: ...

class ForgetFactRequest(_message.Message):
    __slots__ = ("fact_id",)
    FACT_ID_FIELD_NUMBER: _ClassVar[int]
    fact_id: str
    def __init__(self, fact_id: _Optional[str] = ...) -> None: ...

class ForgetFactResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
