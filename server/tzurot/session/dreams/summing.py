"""Reflections in a sentence of a model's, where a character's editors want that.

A model only words what is there: it is asked once for each reflection, by the route of a turn of
its person, and where it fails or says nothing, the words stay that nobody had to be asked for.
"""

import logging

from tzurot.errors import TzurotError
from tzurot.memory.reflection.dreamt import Gathered
from tzurot.memory.reflection.reflection import Reflection
from tzurot.session.dreams import dreamer_store, sleepers, telling
from tzurot.session.rooms import Rooms
from tzurot.wallet.usage.attempts import Purpose

log = logging.getLogger(__name__)

SUM_UP_JOB, SUM_UP_CRON = "session.sum_up", "*/10 * * * *"

_REFLECTIONS = 20  # in one run, one after another


class Summing:
    """Has reflections summed up. Any number may run."""

    def __init__(self, rooms: Rooms, reflection: Reflection) -> None:
        self._rooms = rooms
        self._reflection = reflection

    async def sum_up(self) -> int:
        """Sum up what was gathered since; how many reflections have other words now."""
        async with self._rooms.database.reading() as tx:
            wanted = await dreamer_store.switched_on(tx, "reflections_worded")
        found = await self._reflection.unworded(wanted, _REFLECTIONS)
        return sum([await self._one(it) for it in found])

    async def _one(self, it: Gathered) -> bool:
        async with self._rooms.database.transaction() as tx:
            sleeper = await sleepers.find(tx, it.owner, self._rooms)
        if sleeper is None:
            return False
        try:
            cause = sleeper.cause(Purpose.REFLECTION)
            model = await self._rooms.wallet.model_for(sleeper.turn.payer, cause)
            words = await telling.summed_up(sleeper.turn, model, it.text)
        except TzurotError as error:
            log.warning("a reflection was not summed up: %s", error.reason)
            return False
        return bool(words) and await self._reflection.word(it, words)
