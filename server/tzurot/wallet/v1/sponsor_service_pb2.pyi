from buf.validate import validate_pb2 as _validate_pb2
from tzurot.common.v1 import access_pb2 as _access_pb2
from tzurot.wallet.v1 import sponsor_pb2 as _sponsor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SponsorSpaceRequest(_message.Message):
    __slots__ = ("platform", "space_id", "api_key_id", "model", "cap_micros", "member_cap_micros")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    SPACE_ID_FIELD_NUMBER: _ClassVar[int]
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    CAP_MICROS_FIELD_NUMBER: _ClassVar[int]
    MEMBER_CAP_MICROS_FIELD_NUMBER: _ClassVar[int]
    platform: str
    space_id: str
    api_key_id: str
    model: str
    cap_micros: int
    member_cap_micros: int
    def __init__(self, platform: _Optional[str] = ..., space_id: _Optional[str] = ..., api_key_id: _Optional[str] = ..., model: _Optional[str] = ..., cap_micros: _Optional[int] = ..., member_cap_micros: _Optional[int] = ...) -> None: ...

class SponsorSpaceResponse(_message.Message):
    __slots__ = ("sponsor",)
    SPONSOR_FIELD_NUMBER: _ClassVar[int]
    sponsor: _sponsor_pb2.Sponsor
    def __init__(self, sponsor: _Optional[_Union[_sponsor_pb2.Sponsor, _Mapping]] = ...) -> None: ...

class ListSponsorsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListSponsorsResponse(_message.Message):
    __slots__ = ("sponsors",)
    SPONSORS_FIELD_NUMBER: _ClassVar[int]
    sponsors: _containers.RepeatedCompositeFieldContainer[_sponsor_pb2.Sponsor]
    def __init__(self, sponsors: _Optional[_Iterable[_Union[_sponsor_pb2.Sponsor, _Mapping]]] = ...) -> None: ...

class UpdateSponsorRequest(_message.Message):
    __slots__ = ("sponsor_id", "cap_micros", "member_cap_micros")
    SPONSOR_ID_FIELD_NUMBER: _ClassVar[int]
    CAP_MICROS_FIELD_NUMBER: _ClassVar[int]
    MEMBER_CAP_MICROS_FIELD_NUMBER: _ClassVar[int]
    sponsor_id: str
    cap_micros: int
    member_cap_micros: int
    def __init__(self, sponsor_id: _Optional[str] = ..., cap_micros: _Optional[int] = ..., member_cap_micros: _Optional[int] = ...) -> None: ...

class UpdateSponsorResponse(_message.Message):
    __slots__ = ("sponsor",)
    SPONSOR_FIELD_NUMBER: _ClassVar[int]
    sponsor: _sponsor_pb2.Sponsor
    def __init__(self, sponsor: _Optional[_Union[_sponsor_pb2.Sponsor, _Mapping]] = ...) -> None: ...

class DeleteSponsorRequest(_message.Message):
    __slots__ = ("sponsor_id",)
    SPONSOR_ID_FIELD_NUMBER: _ClassVar[int]
    sponsor_id: str
    def __init__(self, sponsor_id: _Optional[str] = ...) -> None: ...

class DeleteSponsorResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
