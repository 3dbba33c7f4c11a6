"""A Python client of Tzurot: `async with connect("127.0.0.1:50551", token) as client: …`.

The messages are in `tzurot_client.gen.tzurot.<room>.v1`, as the contracts in `proto/` have them.
"""

from tzurot_client.connection import Client, connect, is_loopback
from tzurot_client.errors import (
    DeadlineExceeded,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    TzurotError,
    Unauthenticated,
    Unavailable,
)

__all__ = [
    "Client",
    "DeadlineExceeded",
    "InvalidArgument",
    "NotFound",
    "PermissionDenied",
    "TzurotError",
    "Unauthenticated",
    "Unavailable",
    "connect",
    "is_loopback",
]
