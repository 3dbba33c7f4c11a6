"""Where something was said, and where it may come up again: never in a more public place.

What was said where only adults are let in comes up only where adults alone hear it. What others
said comes up in the channel where they said it, and nowhere else.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID


class Venue(StrEnum):
    """Who could listen."""

    DIRECT = "direct"
    PRIVATE_CHANNEL = "private_channel"
    PUBLIC_CHANNEL = "public_channel"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was told, and who could hear it: memories of one place belong together."""

    venue: Venue
    platform: str
    channel_id: str
    age_restricted: bool


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
    characters_recalled: bool = False
    """Whether the person lets what they said to other characters come up."""
    heard: tuple[UUID, ...] = ()
    """Others of whom the character may be reminded of what they said in this very channel: personas
    that are not the person's as far as anybody knows. None in direct."""

    @classmethod
    def direct(cls, *, adults: bool, characters_recalled: bool = False) -> Self:
        """Between the person and the character alone, on no platform in particular."""
        return cls(Venue.DIRECT, adults=adults, characters_recalled=characters_recalled)


@dataclass(frozen=True, slots=True)
class Audible:
    """What may be recalled at a place: all that was said in `venues`, and all said in `channel`.

    Of that, what was said where only adults are let in counts only with `age_restricted`; so it
    does of what others said, which is recalled of `overheard` alone.
    """

    venues: tuple[Venue, ...]
    channel: Where | None = None
    age_restricted: bool = False
    overheard: Where | None = None
    """The channel in which others were heard: those of its `heard`, to the same character."""


def audible_at(here: Where) -> Audible:
    """The rule, in the one form that each engine puts into its own filter.

    In direct a person hears everything of their own; in a private channel what was public, and
    what was said in that same channel (its listeners heard it); in public only what was public.
    A person may keep what was said on servers out of direct, and let what was said in direct out.
    Of others only what they said in this same channel, where whoever is there could hear it.
    """
    others = here if here.heard else None
    public = (Venue.PUBLIC_CHANNEL, *((Venue.DIRECT,) if here.direct_recalled else ()))
    match here.venue:
        case Venue.DIRECT:
            venues = tuple(Venue) if here.servers_recalled else (Venue.DIRECT,)
            return Audible(venues, age_restricted=here.adults)
        case Venue.PRIVATE_CHANNEL:
            return Audible(public, here, age_restricted=here.adults, overheard=others)
        case Venue.PUBLIC_CHANNEL:
            return Audible(public, age_restricted=here.adults, overheard=others)
