from buf.validate import validate_pb2 as _validate_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.flow.v1 import flow_pb2 as _flow_pb2
from tzurot.flow.v1 import flow_kind_pb2 as _flow_kind_pb2
from tzurot.session.v1 import place_pb2 as _place_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListFlowKindsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListFlowKindsResponse(_message.Message):
    __slots__ = ("kinds",)
    KINDS_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedCompositeFieldContainer[_flow_kind_pb2.FlowKind]
    def __init__(self, kinds: _Optional[_Iterable[_Union[_flow_kind_pb2.FlowKind, _Mapping]]] = ...) -> None: ...

class CompleteFlowArgumentRequest(_message.Message):
    __slots__ = ("path", "key", "typed")
    PATH_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    TYPED_FIELD_NUMBER: _ClassVar[int]
    path: str
    key: str
    typed: str
    def __init__(self, path: _Optional[str] = ..., key: _Optional[str] = ..., typed: _Optional[str] = ...) -> None: ...

class CompleteFlowArgumentResponse(_message.Message):
    __slots__ = ("choices",)
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    choices: _containers.RepeatedCompositeFieldContainer[_flow_kind_pb2.Choice]
    def __init__(self, choices: _Optional[_Iterable[_Union[_flow_kind_pb2.Choice, _Mapping]]] = ...) -> None: ...

class StartFlowRequest(_message.Message):
    __slots__ = ("path", "arguments", "request_id", "place", "client_commands")
    class ArgumentsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    PATH_FIELD_NUMBER: _ClassVar[int]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    CLIENT_COMMANDS_FIELD_NUMBER: _ClassVar[int]
    path: str
    arguments: _containers.ScalarMap[str, str]
    request_id: str
    place: _place_pb2.Place
    client_commands: _containers.RepeatedCompositeFieldContainer[ClientCommand]
    def __init__(self, path: _Optional[str] = ..., arguments: _Optional[_Mapping[str, str]] = ..., request_id: _Optional[str] = ..., place: _Optional[_Union[_place_pb2.Place, _Mapping]] = ..., client_commands: _Optional[_Iterable[_Union[ClientCommand, _Mapping]]] = ...) -> None: ...

class ClientCommand(_message.Message):
    __slots__ = ("name", "description")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class StartFlowResponse(_message.Message):
    __slots__ = ("flow",)
    FLOW_FIELD_NUMBER: _ClassVar[int]
    flow: _flow_pb2.Flow
    def __init__(self, flow: _Optional[_Union[_flow_pb2.Flow, _Mapping]] = ...) -> None: ...

class GetFlowRequest(_message.Message):
    __slots__ = ("flow_id",)
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    flow_id: str
    def __init__(self, flow_id: _Optional[str] = ...) -> None: ...

class GetFlowResponse(_message.Message):
    __slots__ = ("flow",)
    FLOW_FIELD_NUMBER: _ClassVar[int]
    flow: _flow_pb2.Flow
    def __init__(self, flow: _Optional[_Union[_flow_pb2.Flow, _Mapping]] = ...) -> None: ...

class ListFlowsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListFlowsResponse(_message.Message):
    __slots__ = ("flows", "next_page_token")
    FLOWS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    flows: _containers.RepeatedCompositeFieldContainer[_flow_pb2.Flow]
    next_page_token: str
    def __init__(self, flows: _Optional[_Iterable[_Union[_flow_pb2.Flow, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UploadFlowFileRequest(_message.Message):
    __slots__ = ("header", "chunk")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    header: FlowFileHeader
    chunk: bytes
    def __init__(self, header: _Optional[_Union[FlowFileHeader, _Mapping]] = ..., chunk: _Optional[bytes] = ...) -> None: ...

class FlowFileHeader(_message.Message):
    __slots__ = ("flow_id", "size_bytes", "sha256", "name")
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    flow_id: str
    size_bytes: int
    sha256: str
    name: str
    def __init__(self, flow_id: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class UploadFlowFileResponse(_message.Message):
    __slots__ = ("file_id",)
    FILE_ID_FIELD_NUMBER: _ClassVar[int]
    file_id: str
    def __init__(self, file_id: _Optional[str] = ...) -> None: ...

class SubmitFlowRequest(_message.Message):
    __slots__ = ("flow_id", "etag", "action", "answers")
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    flow_id: str
    etag: str
    action: str
    answers: _containers.RepeatedCompositeFieldContainer[FlowAnswer]
    def __init__(self, flow_id: _Optional[str] = ..., etag: _Optional[str] = ..., action: _Optional[str] = ..., answers: _Optional[_Iterable[_Union[FlowAnswer, _Mapping]]] = ...) -> None: ...

class FlowAnswer(_message.Message):
    __slots__ = ("key", "values")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    key: str
    values: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, key: _Optional[str] = ..., values: _Optional[_Iterable[str]] = ...) -> None: ...

class SubmitFlowResponse(_message.Message):
    __slots__ = ("flow",)
    FLOW_FIELD_NUMBER: _ClassVar[int]
    flow: _flow_pb2.Flow
    def __init__(self, flow: _Optional[_Union[_flow_pb2.Flow, _Mapping]] = ...) -> None: ...

class WatchFlowRequest(_message.Message):
    __slots__ = ("flow_id",)
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    flow_id: str
    def __init__(self, flow_id: _Optional[str] = ...) -> None: ...

class WatchFlowResponse(_message.Message):
    __slots__ = ("flow",)
    FLOW_FIELD_NUMBER: _ClassVar[int]
    flow: _flow_pb2.Flow
    def __init__(self, flow: _Optional[_Union[_flow_pb2.Flow, _Mapping]] = ...) -> None: ...
