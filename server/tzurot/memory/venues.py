"""Where something was said, and where it may come up again: never in a more public place.

What was said where only adults are let in comes up only where adults alone hear it.
"""

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
    adults: bool = False
    """Whether adults alone hear it: the place lets in nobody else, or it is direct to one."""
    direct_recalled: bool = False
    """On a server: whether the person lets what they said in direct come up."""
    servers_recalled: bool = True
    """In direct: whether the person lets what they said on servers come up."""

    @classmethod
    def direct(cls, *, adults: bool) -> Self:
        """Between the person and the character alone, on no platform in particular."""
        return cls(Venue.DIRECT, adults=adults)


@dataclass(frozen=True, slots=True)
class Audible:
    """What may be recalled at a place: all that was said in `venues`, and all said in `channel`.

    Of that, what was said where only adults are let in counts only with `age_restricted`.
    """

    venues: tuple[Venue, ...]
    channel: Where | None = None
    age_restricted: bool = False


def audible_at(here: Where) -> Audible:
    """The rule, in the one form that each engine puts into its own filter.

    In direct a person hears everything of their own; in a private channel what was public, and
    what was said in that same channel (its listeners heard it); in public only what was public.
    A person may keep what was said on servers out of direct, and let what was said in direct out.
    """
    public = (Venue.PUBLIC_CHANNEL, *((Venue.DIRECT,) if here.direct_recalled else ()))
    match here.venue:
        case Venue.DIRECT:
            venues = tuple(Venue) if here.servers_recalled else (Venue.DIRECT,)
            return Audible(venues, age_restricted=here.adults)
        case Venue.PRIVATE_CHANNEL:
            return Audible(public, channel=here, age_restricted=here.adults)
        case Venue.PUBLIC_CHANNEL:
            return Audible(public, age_restricted=here.adults)
