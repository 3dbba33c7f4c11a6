"""Slugs: handles that name one character each, made from what it is called. Pure but for chance."""

import re
import unicodedata
from uuid import UUID

from tzurot import clock

_MAX_SLUG = 64


def made_of(name: str) -> str:
    """A handle made from a name: ASCII letters, digits and single dashes."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MAX_SLUG].strip("-") or clock.uuid7().hex


def beside(taken: str, personality_id: UUID) -> str:
    """One like a slug that is taken, for another character."""
    return f"{taken[: _MAX_SLUG - 9]}-{personality_id.hex[-8:]}"
