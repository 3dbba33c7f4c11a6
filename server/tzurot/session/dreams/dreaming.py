"""Dreams: what a character makes of a person's memories while they are away.

Read `Dreaming.dream` and `is_time`. Characters dream where their editors say so, of people who do
not say no and are not incognito, once in a day at most and only of what is new. A dream is told by
the model that would answer the person, at the same expense; where none may, nobody dreams. A dream
is there to be read: it is told to nobody else, and nothing that is said later knows of it.
"""

import logging
from datetime import datetime, timedelta

from tzurot import clock
from tzurot.errors import TzurotError
from tzurot.memory.reflection.dreams import Dreams
from tzurot.memory.remembering import Owner
from tzurot.session.channels.proactive import is_quiet
from tzurot.session.dreams import dreamer_store, sleepers, telling
from tzurot.session.dreams.sleepers import Sleeper
from tzurot.session.rooms import Rooms
from tzurot.session.settings.settings import Chosen
from tzurot.wallet.usage.attempts import Purpose

log = logging.getLogger(__name__)

DREAM_JOB, DREAM_CRON = "session.dream", "*/10 * * * *"
QUIET = timedelta(hours=6)  # since the person last talked with the character

_AGAIN = timedelta(hours=1)  # after which it is looked again whether it is time
_OWNERS = 20  # that are dreamt of in one run, one after another


def is_time(last_time: datetime | None, chosen: Chosen, now: datetime) -> bool:
    """Whether it is quiet: nobody has talked for hours, and it is night where nights are known.

    Of no person a time zone is known; nights are the hours in which characters of this server are
    to be quiet. Pure.
    """
    if last_time is not None and now - last_time < QUIET:
        return False
    begins, ends = chosen.quiet_from, chosen.quiet_until
    has_nights = begins is not None and ends is not None and begins != ends
    return not has_nights or is_quiet(chosen, now.hour)


def _wanted(chosen: Chosen) -> bool:
    """Whether the character's editors want it, and the person lets it."""
    return chosen.dreams and chosen.dreamt_of and not chosen.incognito


class Dreaming:
    """Lets characters dream. Any number may run."""

    def __init__(self, rooms: Rooms, dreams: Dreams) -> None:
        self._rooms = rooms
        self._dreams = dreams

    async def dream(self) -> int:
        """Dream of whom there is something new; how many dreams came of it."""
        now = clock.now()
        async with self._rooms.database.reading() as tx:
            dreamers = await dreamer_store.switched_on(tx, "dreams")
        owners = await self._dreams.due(dreamers, now, _OWNERS)
        return sum([await self._of(owner, now) for owner in owners])

    async def _of(self, owner: Owner, now: datetime) -> bool:
        """Dream of one owner, if it is time for it; a failure is for another night."""
        if not await self._dreams.claim(owner, now):
            return False
        async with self._rooms.database.transaction() as tx:
            sleeper = await sleepers.find(tx, owner, self._rooms)
        if sleeper is None or not _wanted(sleeper.chosen):
            return False
        if not is_time(sleeper.last_time, sleeper.chosen, now):
            await self._dreams.put_off(owner, now + _AGAIN)
            return False
        try:
            return await self._told(owner, sleeper, now)
        except TzurotError as error:
            log.warning("a dream was not told: %s", error.reason)
            return False

    async def _told(self, owner: Owner, sleeper: Sleeper, now: datetime) -> bool:
        cause = sleeper.cause(Purpose.DREAM)
        model = await self._rooms.wallet.model_for(sleeper.turn.payer, cause)
        new = await self._dreams.new(owner, sleeper.where)
        words = await telling.dreamt(sleeper.turn, model, [it.text for it in new]) if new else ""
        return bool(words) and await self._dreams.keep(owner, words, new, now)
