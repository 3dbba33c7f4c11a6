from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class Venue(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VENUE_UNSPECIFIED: _ClassVar[Venue]
    VENUE_DIRECT: _ClassVar[Venue]
    VENUE_PRIVATE_CHANNEL: _ClassVar[Venue]
    VENUE_PUBLIC_CHANNEL: _ClassVar[Venue]
VENUE_UNSPECIFIED: Venue
VENUE_DIRECT: Venue
VENUE_PRIVATE_CHANNEL: Venue
VENUE_PUBLIC_CHANNEL: Venue
