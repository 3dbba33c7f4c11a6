"""Characters that speak up by themselves in channels where a moderator allows it.

When it is time is decided here, once a minute; a client is told and calls Chat with an
Interjection, as for anything else: whoever may not be answered there is not. Nobody speaks into a
channel that has been silent for hours, nor again before somebody else has spoken, nor for who is
incognito.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final, Self
from uuid import UUID

from tzurot import clock
from tzurot.memory.venues import Venue
from tzurot.session.admission import AROUND_HOURS
from tzurot.session.channels import proactive_store
from tzurot.session.channels.proactive_store import Candidate
from tzurot.session.said import Place
from tzurot.session.settings.deciding import settings_for
from tzurot.session.settings.settings import Chosen
from tzurot.storage.database import Database
from tzurot.storage.signals import Signals

log = logging.getLogger(__name__)

LOOK_JOB, LOOK_CRON = "session.proactive", "* * * * *"
DUE: Final = "due"  # the topic under which it is published who is to speak up


@dataclass(frozen=True, slots=True)
class Due:
    """A character that is to speak up, for whom, and where."""

    request_id: str
    personality_id: str
    subject: str
    platform: str
    space_id: str
    channel_id: str
    parent_channel_id: str
    venue: str

    @property
    def place(self) -> Place:
        """Where it is to speak up."""
        venue, parent = Venue(self.venue), self.parent_channel_id
        return Place(self.platform, self.space_id, self.channel_id, venue, parent)

    def dump(self) -> str:
        """As it is published."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, published: str) -> Self:
        """The same, read back."""
        return cls(**json.loads(published))


def is_due(it: Candidate, chosen: Chosen, now: datetime) -> bool:
    """Whether a character is to speak up now. Pure."""
    if it.last_line_time is None or it.last_person_time is None:
        return False
    quiet = now - it.last_line_time
    waited = it.proactive_time is None or it.last_person_time > it.proactive_time
    return (
        timedelta(minutes=chosen.proactive_after) <= quiet < timedelta(hours=AROUND_HOURS)
        and waited
        and not chosen.incognito
        and it.spoken_count < chosen.proactive_limit
        and not is_quiet(chosen, now.hour)
    )


def is_quiet(chosen: Chosen, hour: int) -> bool:
    """Whether characters are to be quiet at an hour of the day; midnight may be in between."""
    begins, ends = chosen.quiet_from, chosen.quiet_until
    if begins is None or ends is None or begins == ends:
        return False
    return begins <= hour < ends if begins < ends else hour >= begins or hour < ends


class Proactive:
    """Looks who is to speak up, and says so to those who listen for it."""

    def __init__(self, database: Database, signals: Signals) -> None:
        self._database = database
        self._signals = signals

    async def look(self) -> Sequence[Due]:
        """Everybody whose time has come; in each channel one at most. They are marked and told."""
        now, due = clock.now(), dict[UUID, Due]()
        async with self._database.transaction() as tx:
            for it in await proactive_store.candidates(tx, now - timedelta(hours=24)):
                whose = it.activator_id
                settings = await settings_for(tx, whose, it.personality_id, it.place)
                if it.row_id not in due and is_due(it, settings.chosen, now):
                    await proactive_store.mark(tx, it, now)
                    due[it.row_id] = _due(it)
            for one in due.values():
                await self._signals.publish(DUE, one.dump(), tx)
        return list(due.values())


def _due(it: Candidate) -> Due:
    place = it.place
    return Due(
        str(clock.uuid7()),
        str(it.personality_id),
        it.subject,
        place.platform,
        place.space_id,
        place.channel_id,
        place.parent_channel_id,
        place.venue,
    )
