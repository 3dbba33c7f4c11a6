"""The places of a scenario: each name is a channel that no other scenario has."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from tests.session.stage import Person
from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.session.v1 import AgeLimit, Place

AGES = {
    "adults": AgeLimit.ADULTS,
    "everybody": AgeLimit.NONE,
    "unknown": AgeLimit.UNSPECIFIED,
}
_HERE = "here"  # the server that a place belongs to if nothing else is said


class Places:
    """By name; a place comes to be when it is named first."""

    def __init__(self, special: Mapping[str, Any]) -> None:
        """`special` is what the scenario's beginning says of places."""
        self._special = special
        self._channels = dict[str, str]()
        self._servers = dict[str, str]()

    def at(self, name: str, person: Person) -> Place:
        """The place that a person means by this name; in direct each has their own."""
        if name == "direct":
            channel = self.channel(f"direct with {person.subject}")
            return Place(platform=person.platform, channel_id=channel, venue=Venue.DIRECT)
        above, _, thread = name.partition("/")
        said = self._special.get(above, {}) | self._special.get(name, {})
        return Place(
            platform=person.platform,
            space_id=self.server(said.get("server", _HERE)),
            channel_id=self.channel(name),
            venue=Venue.PUBLIC_CHANNEL if name[0] == "#" else Venue.PRIVATE_CHANNEL,
            parent_channel_id=self.channel(above) if thread else "",
            age_limit=AGES[said.get("ages", "unknown")],
        )

    def channel(self, name: str) -> str:
        """The id of a channel."""
        return self._channels.setdefault(name, uuid4().hex)

    def server(self, name: str = _HERE) -> str:
        """The id of a server."""
        return self._servers.setdefault(name, uuid4().hex)
