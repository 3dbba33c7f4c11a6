"""Flows about the channel that they are begun in: for who moderates it, as its platform says.

The place is kept in the draft. A client vouches for the moderator with each of its answers.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from tzurot.errors import InvalidField, ScopeMissing
from tzurot.flow.kind import At, Kind, Origin, Step
from tzurot.memory.venues import Venue
from tzurot.session.channels.channels import MODERATES
from tzurot.session.said import AgeLimit, Place
from tzurot.transport.subject import Caller


class InChannel(Kind):
    """A kind that is about a channel."""

    needs_moderator: ClassVar[bool] = True

    async def begin(self, who: Caller, arguments: Mapping[str, str], origin: Origin) -> Step:
        """The first step in this channel.

        Raises:
            InvalidField: the person is in no channel.
            ScopeMissing: nobody vouches for them.
            SubjectDenied: the channel is another platform's.
        """
        place = origin.place
        if place is None or place.venue is Venue.DIRECT:
            raise InvalidField([("place", "place.channel", "must be a channel: begin this in one")])
        place.require_own(who)
        require_moderator(who)
        step = await self.begin_in(who, place, arguments)
        return Step(step.name, {**step.draft, "place": _kept(place)}, step.state)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """Without a place there is none."""
        return await self.begin(who, arguments, Origin())

    @abstractmethod
    async def begin_in(self, who: Caller, place: Place, arguments: Mapping[str, str]) -> Step:
        """The first step. Looks things up and writes nothing: it may run twice."""


def require_moderator(who: Caller) -> None:
    """Make sure that the caller's client vouches for who moderates.

    Raises:
        ScopeMissing: it does not.
    """
    if MODERATES not in who.scopes:
        raise ScopeMissing(MODERATES)


def place_of(who: Caller, at: At) -> Place:
    """The channel of a flow, for who may still decide about it.

    Raises:
        ScopeMissing, SubjectDenied: by their names.
    """
    require_moderator(who)
    kept: Mapping[str, str] = at.draft["place"]
    place = Place(
        kept["platform"],
        kept["space_id"],
        kept["channel_id"],
        Venue(kept["venue"]),
        kept["parent_channel_id"],
        AgeLimit(kept["age_limit"]),
    )
    place.require_own(who)
    return place


def _kept(place: Place) -> dict[str, Any]:
    return {
        "platform": place.platform,
        "space_id": place.space_id,
        "channel_id": place.channel_id,
        "venue": place.venue.value,
        "parent_channel_id": place.parent_channel_id,
        "age_limit": place.age_limit.value,
    }
