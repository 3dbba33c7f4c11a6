"""Where characters for adults answer, and whom. Pure; the whole table is docs/reference/ages.md.

A character that is age restricted answers in places for adults, and in direct places those who
proved to be adults; in every other place nobody, whoever asks. A place of which nobody knows whom
it lets in is none for adults.
"""

from enum import StrEnum

from tzurot.account.standing import Age
from tzurot.memory.venues import Venue
from tzurot.session.said import AgeLimit, Place


class Verdict(StrEnum):
    """Whether a character may answer somebody in a place."""

    ALLOWED = "allowed"
    NEEDS_PROOF = "needs proof"
    NOT_HERE = "not here"


def verdict(place: Place, age: Age, *, restricted: bool) -> Verdict:
    """Whether a character that is age restricted, or one that isn't, may answer."""
    if not restricted:
        return Verdict.ALLOWED
    if place.venue is not Venue.DIRECT and not is_for_adults(place):
        return Verdict.NOT_HERE
    return Verdict.ALLOWED if age is Age.ADULT else Verdict.NEEDS_PROOF


def is_for_adults(place: Place) -> bool:
    """Whether only adults are let in: speaking there proves who does to be one.

    A direct place lets in whoever it belongs to, so it proves nothing.
    """
    return place.venue is not Venue.DIRECT and place.age_limit is AgeLimit.ADULTS
