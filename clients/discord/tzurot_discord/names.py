"""Under which names characters speak in a channel: no two of them under the same.

Who bears a name first bears it alone, others of that name have their slug behind it. That is kept
no longer than this process lives.
"""

import re
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass

from tzurot_client.gen.tzurot.session.v1 import TurnStarted

MAX_NAME = 80  # characters; Discord "Create Webhook", which also forbids the words below
REMEMBERED = 10_000  # channels; the longest unused is forgotten

_HAIR_SPACE = "\u200a"
_FORBIDDEN = re.compile(r"(?<=cl)(?=yde)|(?<=dis)(?=cord)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """What a character is called, and the slug that tells it apart where that is needed."""

    name: str
    slug: str = ""

    def __str__(self) -> str:
        return self._line + self._behind

    @property
    def username(self) -> str:
        """The name as Discord accepts it: 1 to 80 characters, without its own names."""
        name, behind = (_FORBIDDEN.sub(_HAIR_SPACE, part) for part in (self._line, self._behind))
        return name[: MAX_NAME - len(behind)].rstrip() + behind or "Character"

    @property
    def _line(self) -> str:
        return " ".join(self.name.split())

    @property
    def _behind(self) -> str:
        return f" ({self.slug})" if self.slug else ""


class Names:
    """Who bears which name, by channel."""

    def __init__(self) -> None:
        self._channels: OrderedDict[int, dict[str, str]] = OrderedDict()

    def of(self, started: TurnStarted, channel_id: int) -> Name:
        """The name under which the character that begins to answer speaks in this channel."""
        taken = self._channels.setdefault(channel_id, {})
        self._channels.move_to_end(channel_id)
        if len(self._channels) > REMEMBERED:
            self._channels.popitem(last=False)
        alone = Name(started.personality_name)
        apart = Name(started.personality_name, started.personality_slug)
        for name in (alone, apart):
            shown = folded(name.username)
            if taken.setdefault(shown, started.personality_id) == started.personality_id:
                return name
        return apart


def folded(name: str) -> str:
    """A name as it is compared: case, white space and the forms of letters make no difference."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
