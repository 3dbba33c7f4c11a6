"""Page tokens: where a list goes on.

A token is a position in the list's order with a digest over it and the list's filters. It is no
secret: each query is scoped to its owner, so a made-up position shows nothing that is not theirs.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from tzurot.errors import PageTokenInvalid, PageTokenMismatch

_DIGEST_BYTES = 12

Row = TypeVar("Row")
Position = TypeVar("Position")

DEFAULT_SIZE = 50
MAXIMUM_SIZE = 200


def size(asked: int, *, default: int = DEFAULT_SIZE, maximum: int = MAXIMUM_SIZE) -> int:
    """How many items a page has: 0 asks for the default, too many for the maximum (AIP-158)."""
    return min(asked or default, maximum)


def cut(
    rows: Sequence[Row], size: int, filters: Mapping[str, str], position: Callable[[Row], object]
) -> tuple[Sequence[Row], str]:
    """The first `size` of `rows`, of which one more was read, and the token of the next page."""
    page = rows[:size]
    more = len(rows) > size
    return page, seal(str(position(page[-1])), filters) if more else ""


def seal(position: str, filters: Mapping[str, str]) -> str:
    """The token of the page after `position` in a list with `filters`."""
    body = json.dumps([_digest(filters), position]).encode()
    return base64.urlsafe_b64encode(
        hashlib.blake2s(body, digest_size=_DIGEST_BYTES).digest() + body
    ).decode()


def unseal(
    token: str, filters: Mapping[str, str], read: Callable[[str], Position]
) -> Position | None:
    """The position in `token`, as `read` understands it; None for the first page.

    Raises:
        PageTokenInvalid: not made by `seal`.
        PageTokenMismatch: made for a list with other filters.
    """
    if not token:
        return None
    try:
        raw = base64.urlsafe_b64decode(token.encode())
        digest, body = raw[:_DIGEST_BYTES], raw[_DIGEST_BYTES:]
        if hashlib.blake2s(body, digest_size=_DIGEST_BYTES).digest() != digest:
            raise PageTokenInvalid
        sealed_filters, position = json.loads(body)
        if sealed_filters != _digest(filters):
            raise PageTokenMismatch
        return read(str(position))
    except (ValueError, TypeError):
        raise PageTokenInvalid from None


def _digest(filters: Mapping[str, str]) -> str:
    return hashlib.blake2s(json.dumps(sorted(filters.items())).encode(), digest_size=8).hexdigest()
