"""Places as they are named on the command line: `discord:SPACE/CHANNEL`, of a thread one more."""

from typing import Annotated

import typer

from tzurot_cli.failing import CommandFailed
from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.session.v1 import AgeLimit, Place

_SHAPE = "PLATFORM:SPACE/CHANNEL, or PLATFORM:SPACE/CHANNEL/THREAD"

Where = Annotated[
    str, typer.Argument(metavar="PLACE", help=f"{_SHAPE}. The platform has to be yours.")
]
Adults = Annotated[bool, typer.Option("--adults", help="Only adults are let in there.")]


def parsed(text: str, *, adults: bool = False) -> Place:
    """A channel that anybody can hear, as somebody names it; SPACE may be empty.

    Raises:
        CommandFailed: it is none.
    """
    platform, _, path = text.partition(":")
    space, *channels = path.split("/")
    if not platform or len(channels) not in {1, 2} or not all(channels):
        raise CommandFailed(f"{text!r} is no place: it must be {_SHAPE}.")
    return Place(
        platform=platform,
        space_id=space,
        channel_id=channels[-1],
        parent_channel_id=channels[0] if len(channels) == 2 else "",
        venue=Venue.PUBLIC_CHANNEL,
        age_limit=AgeLimit.ADULTS if adults else AgeLimit.UNSPECIFIED,
    )


def named(place: Place | None) -> str:
    """A place as it is typed."""
    if place is None:
        return ""
    path = "/".join(it for it in (place.parent_channel_id, place.channel_id) if it)
    return f"{place.platform}:{place.space_id}/{path}"
