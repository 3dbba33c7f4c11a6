from buf.validate import validate_pb2 as _validate_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.memory.v1 import claim_pb2 as _claim_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListUnclaimedMemoriesRequest(_message.Message):
    __slots__ = ("personality_id", "sender_id")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    SENDER_ID_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    sender_id: str
    def __init__(self, personality_id: _Optional[str] = ..., sender_id: _Optional[str] = ...) -> None: ...

class ListUnclaimedMemoriesResponse(_message.Message):
    __slots__ = ("unclaimed",)
    UNCLAIMED_FIELD_NUMBER: _ClassVar[int]
    unclaimed: _containers.RepeatedCompositeFieldContainer[_claim_pb2.UnclaimedMemories]
    def __init__(self, unclaimed: _Optional[_Iterable[_Union[_claim_pb2.UnclaimedMemories, _Mapping]]] = ...) -> None: ...

class CreateMemoryClaimRequest(_message.Message):
    __slots__ = ("personality_id", "sender_id", "request_id")
    PERSONALITY_ID_FIELD_NUMBER: _ClassVar[int]
    SENDER_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    personality_id: str
    sender_id: str
    request_id: str
    def __init__(self, personality_id: _Optional[str] = ..., sender_id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateMemoryClaimResponse(_message.Message):
    __slots__ = ("claim",)
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    claim: _claim_pb2.MemoryClaim
    def __init__(self, claim: _Optional[_Union[_claim_pb2.MemoryClaim, _Mapping]] = ...) -> None: ...

class ListMemoryClaimsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListMemoryClaimsResponse(_message.Message):
    __slots__ = ("claims", "next_page_token")
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    claims: _containers.RepeatedCompositeFieldContainer[_claim_pb2.MemoryClaim]
    next_page_token: str
    def __init__(self, claims: _Optional[_Iterable[_Union[_claim_pb2.MemoryClaim, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DecideMemoryClaimRequest(_message.Message):
    __slots__ = ("claim_id", "confirmed")
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_FIELD_NUMBER: _ClassVar[int]
    claim_id: str
    confirmed: bool
    def __init__(self, claim_id: _Optional[str] = ..., confirmed: bool = ...) -> None: ...

class DecideMemoryClaimResponse(_message.Message):
    __slots__ = ("claim",)
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    claim: _claim_pb2.MemoryClaim
    def __init__(self, claim: _Optional[_Union[_claim_pb2.MemoryClaim, _Mapping]] = ...) -> None: ...
