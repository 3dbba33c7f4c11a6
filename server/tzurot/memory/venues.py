"""Where something was said, and where it may come up again: never in a more public place."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Venue(StrEnum):
    """Who could listen."""

    DIRECT = "direct"
    PRIVATE_CHANNEL = "private_channel"
    PUBLIC_CHANNEL = "public_channel"


@dataclass(frozen=True, slots=True)
class Where:
    """A place as memory sees it. `channel_id` is the platform's."""

    venue: Venue
    platform: str = ""
    channel_id: str = ""

    @classmethod
    def direct(cls) -> Self:
        """Between the person and the character alone, on no platform in particular."""
        return cls(Venue.DIRECT)


@dataclass(frozen=True, slots=True)
class Audible:
    """What may be recalled at a place: all that was said in `venues`, and all said in `channel`."""

    venues: tuple[Venue, ...]
    channel: Where | None = None


def audible_at(here: Where) -> Audible:
    """The rule, in the one form that each engine puts into its own filter.

    In direct a person hears everything of their own; in a private channel what was public, and
    what was said in that same channel (its listeners heard it); in public only what was public.
    """
    match here.venue:
        case Venue.DIRECT:
            return Audible(tuple(Venue))
        case Venue.PRIVATE_CHANNEL:
            return Audible((Venue.PUBLIC_CHANNEL,), channel=here)
        case Venue.PUBLIC_CHANNEL:
            return Audible((Venue.PUBLIC_CHANNEL,))
