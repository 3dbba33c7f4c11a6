"""What lines of a scenario name: people, characters, places, and messages that were said before."""

from dataclasses import dataclass, field

from tests.scenarios.places import Places
from tests.session.stage import Person
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import MessageRef, Place, PlatformMessage

LAST = "last"


@dataclass(slots=True)
class Props:
    """All that has a name so far."""

    people: dict[str, Person]
    characters: dict[str, Personality]
    places: Places
    denials: dict[str, str] = field(default_factory=dict[str, str])
    """Ids of those that hold, by who is denied."""
    _messages: dict[str, tuple[MessageRef, Place]] = field(
        default_factory=dict[str, tuple[MessageRef, Place]]
    )

    def name(self, message: str, place: Place) -> None:
        """From now on this is a message of the platform's."""
        shown = PlatformMessage(
            platform=place.platform, channel_id=place.channel_id, message_id=message
        )
        self._messages[message] = MessageRef(platform_message=shown), place

    def remember(self, message_id: str, place: Place) -> None:
        """This is the last answer."""
        self._messages[LAST] = MessageRef(id=message_id), place

    def message(self, name: str) -> MessageRef:
        """How a request names a message."""
        return self._messages[name][0]

    def place_of(self, message: str) -> Place:
        """Where it was said."""
        return self._messages[message][1]
