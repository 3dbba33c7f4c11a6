"""Learning: after every few exchanges, or an hour of quiet, facts are looked for in what was said.

Read `Learning._look`. A model is asked by the route of a turn of the person, at the same expense,
and outside of any transaction; what it names is believed only as far as the person's own words go
(verifying.py), and what becomes of it the memory room decides. Nobody is asked where the person,
the character's editors or a channel don't want facts to be learnt, where the person is incognito,
and where only a model may speak that makes things up.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import ContextTooSmall, DataPolicyForbids, NoPayingKey, TzurotError
from tzurot.memory.facts.fact import Statement, more_private
from tzurot.memory.facts.keeping import Keeping, Reading
from tzurot.memory.facts.unlearnt import Unlearnt
from tzurot.memory.meaning import Meaning
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Place as Heard
from tzurot.memory.venues import Venue
from tzurot.session.dreams import sleepers
from tzurot.session.dreams.sleepers import Sleeper
from tzurot.session.learning import answers, asking
from tzurot.session.learning.answers import Found
from tzurot.session.learning.verifying import Names, Supported, entity_of, verified
from tzurot.session.prompt.cast import cast_of
from tzurot.session.rooms import Rooms
from tzurot.session.said import Place
from tzurot.session.settings.deciding import settings_for
from tzurot.wallet.paying import Model
from tzurot.wallet.usage.attempts import Purpose

log = logging.getLogger(__name__)

LEARN_JOB, LEARN_CRON = "session.learn", "* * * * *"

_OWNERS = 20  # in one run, one after another


class Learning:
    """Looks for facts. Any number may run."""

    def __init__(self, rooms: Rooms, keeping: Keeping, meaning: Meaning) -> None:
        self._rooms = rooms
        self._keeping = keeping
        self._meaning = meaning

    async def learn(self) -> int:
        """Look wherever there is something to look at; how many facts came of it."""
        owners = await self._keeping.due(clock.now(), _OWNERS)
        return sum([await self._of(owner) for owner in owners])

    async def _of(self, owner: Owner) -> int:
        """Look at what one owner has said; what fails is for another time."""
        now = clock.now()
        async with self._rooms.database.transaction() as tx:
            sleeper = await sleepers.find(tx, owner, self._rooms)
        if not await self._keeping.claim(owner, now):
            return 0
        if sleeper is None:
            await self._keeping.put_off(owner, now)
            return 0
        try:
            model = await self._model(sleeper)
            if model is None:
                await self._keeping.pass_all_by(owner)
                return 0
            return await self._look(owner, sleeper, model)
        except TzurotError as error:
            log.warning("facts were not looked for: %s", error.reason)
            await self._keeping.put_off(owner, now)
            return 0

    async def _model(self, sleeper: Sleeper) -> Model | None:
        """The model that is asked; None: nobody is to be."""
        if sleeper.chosen.incognito:
            return None
        try:
            cause = sleeper.cause(Purpose.EXTRACTION)
            model = await self._rooms.wallet.model_for(sleeper.turn.payer, cause)
        except (NoPayingKey, DataPolicyForbids):
            return None
        return model if model.speaker.finds_facts else None

    async def _look(self, owner: Owner, sleeper: Sleeper, model: Model) -> int:
        reading = await self._keeping.reading(owner)
        async with self._rooms.database.reading() as tx:
            wanted = await _wanted(tx, sleeper, reading.exchanges)
        if closed := [it for it in reading.exchanges if it not in wanted]:
            await self._keeping.pass_by(owner, closed)
        if not wanted:
            await self._keeping.done(owner)
            return 0
        person = cast_of(sleeper.turn).speaker
        reading = replace(reading, exchanges=wanted, names=reading.names | {person})
        reading, answer = await _answered(model, reading, person, sleeper.turn.seconds_left)
        found = answers.found(answer)
        if found is None:
            log.warning("facts were not told as was asked: %d characters", len(answer))
        statements = [
            statement
            for it in found or []
            if (statement := await self._statement(it, reading, _names(sleeper, reading)))
        ]
        asks = sleeper.chosen.facts_asked
        return len(await self._keeping.keep(owner, reading.exchanges, statements, asks=asks))

    async def _statement(self, it: Found, reading: Reading, names: Names) -> Statement | None:
        """What a model found, if the person said it where it says so."""
        if not 1 <= it.source <= len(reading.exchanges):
            return None
        source = reading.exchanges[it.source - 1]
        number = it.supersedes or 0
        replaced = reading.known[number - 1] if 1 <= number <= len(reading.known) else None
        support = verified(it, source.person_text, replaced, names)
        if not isinstance(support, Supported):
            return None
        place = source.place
        if replaced and support.from_replaced:
            place = more_private(place, replaced.place)
        return Statement(
            memory_id=source.memory_id,
            text=it.text,
            entity=entity_of(it, source.person_text, names),
            fictional=support.fictional,
            place=place,
            said_time=source.said_time,
            vector=await self._meaning.of_statement(it.text),
            replaces_id=replaced.fact_id if replaced else None,
        )


async def _answered(
    model: Model, reading: Reading, person: str, seconds: float
) -> tuple[Reading, str]:
    """What a model answers, and what it has read: as much as it has room for."""
    while True:
        try:
            return reading, await asking.answered(model, reading, person, seconds=seconds)
        except ContextTooSmall:
            if len(reading.exchanges) == 1 and not reading.known:
                raise
            reading = replace(
                reading,
                exchanges=reading.exchanges[: (len(reading.exchanges) + 1) // 2],
                known=reading.known[: len(reading.known) // 2],
            )


async def _wanted(
    tx: AsyncSession, sleeper: Sleeper, exchanges: Sequence[Unlearnt]
) -> list[Unlearnt]:
    """Those that were said where facts may be learnt."""
    learnt: dict[Heard, bool] = {}
    for place in {it.place for it in exchanges}:
        open_to = sleeper.where.adults or not place.age_restricted
        learnt[place] = open_to and await _learns(tx, sleeper, place)
    return [it for it in exchanges if learnt[it.place]]


async def _learns(tx: AsyncSession, sleeper: Sleeper, place: Heard) -> bool:
    """Whether facts may be learnt there: a moderator can have decided it for a channel.

    Where more is demanded of where words go than the person demands, their model is not asked.
    """
    if place.venue is Venue.DIRECT:
        return sleeper.chosen.facts_learnt
    turn, there = sleeper.turn, Place(place.platform, "", place.channel_id, place.venue)
    chosen = (await settings_for(tx, turn.person_id, turn.personality.id, there)).chosen
    return chosen.facts_learnt and chosen.policy <= sleeper.chosen.policy


def _names(sleeper: Sleeper, reading: Reading) -> Names:
    who = sleeper.turn.personality
    character = {who.name, who.nickname or "", sleeper.turn.called} - {""}
    return Names(reading.names, character)
