"""Summaries of what falls out of a conversation's sight.

Read `Summarizing._of`. A turn that moves the beginning of its history notes that there is something
to look at (`note`), and a job comes by. It looks at what will go next, too: so the summary is there
in the moment in which the messages go, and the beginning of prompts moves once. Runs of messages
become summaries: in the words of the model that would answer whoever spoke last, at the same
expense, or else, where none may be asked, none says anything that counts or the run is too long for
it, in the messages' own. So they are, too, where no model was reached in three goes.
A summary is made of messages, never of summaries, and goes with the first of them that goes
(summary_tables.py). Nothing said incognito is in any: it is nowhere.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import (
    ContextTooSmall,
    DataPolicyForbids,
    MasterKeyMissing,
    NoPayingKey,
    TzurotError,
)
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Venue
from tzurot.session.dreams import sleepers
from tzurot.session.messages import path_store
from tzurot.session.rooms import Rooms
from tzurot.session.said import Place
from tzurot.session.settings.deciding import settings_for
from tzurot.session.summaries import extracting, naming, runs, summary_store, wording
from tzurot.session.summaries.extracting import Spoken
from tzurot.session.summaries.runs import Passed
from tzurot.session.summaries.summary import InShort
from tzurot.session.summaries.summary_store import There, Waiting
from tzurot.session.turns import Line, Turn
from tzurot.wallet.paying import ELSEWHERE, Model, Payer
from tzurot.wallet.usage.attempts import Purpose

log = logging.getLogger(__name__)

SUMMARIZE_JOB, SUMMARIZE_CRON = "session.summarize", "* * * * *"

_CONVERSATIONS = 20  # in one run of the job, one after another
_LEASE = timedelta(minutes=30)  # for all of them
_AGAIN = timedelta(minutes=10)  # if something changed meanwhile, or no model was reached
_PATIENCE = 2  # goes in which none is reached, before it is told in the messages' own words
_SECONDS = 60.0  # for what a model is asked
_FEW = 4  # messages: what they say is told in their own words
_READ = 4_000  # characters of a message


async def note(tx: AsyncSession, turn: Turn, until_id: UUID | None) -> None:
    """Note that what comes before a message has fallen out of sight in a turn, or soon will."""
    if until_id and not turn.incognito:  # it is noted once, and others may want summaries
        await summary_store.want(tx, turn.conversation_id, until_id)


class Summarizing:
    """Makes summaries. Any number may run."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def summarize(self) -> int:
        """Look at whatever waits; how many summaries came of it."""
        async with self._rooms.database.transaction() as tx:
            waiting = await summary_store.claim(tx, _CONVERSATIONS, _LEASE)
        return sum([await self._one(it) for it in waiting])

    async def _one(self, it: Waiting) -> int:
        """The same with one; what fails keeps nobody else waiting, and is tried after its lease."""
        try:
            return await self._of(it)
        except ELSEWHERE as refusal:  # remembered: nobody was asked in vain
            log.warning("a summary was not worded: %s", refusal.reason)
            await self._put_off(it)
            return 0
        except Exception:
            log.exception("a conversation was not summarized")
            return 0

    async def _of(self, it: Waiting) -> int:
        """Summarize what of one conversation is out of sight and has no summary."""
        made = 0
        patient = it.failures < _PATIENCE
        async with self._rooms.database.transaction() as tx:
            await summary_store.end_untold(tx, it.conversation_id)
            there = await summary_store.there(tx, it.conversation_id)
            until_id = it.until_id or (there.sight_id if there else None)
            passed = await summary_store.passed(tx, there, until_id) if there and until_id else []
            wanted = await _wanted(tx, there, passed) if there else []
            model = await self._model(tx, it, there, wanted) if there and wanted else None
        for run in runs.runs(wanted):
            try:
                words = await _worded(run, model) if model else ""
            except ContextTooSmall:
                words = ""
            except TzurotError as error:
                log.warning("a summary was not worded: %s", error.reason)
                if patient:
                    await self._put_off(it)
                    return made
                words, model = "", None  # it is not asked for the others either
            by = model.speaker.model if model and words else ""
            words = words or await asyncio.to_thread(extracting.extract, _spoken(run))
            made += await self._keep(it.conversation_id, run, words, by)
        async with self._rooms.database.transaction() as tx:
            await summary_store.done(tx, it)
        return made

    async def _put_off(self, it: Waiting) -> None:
        async with self._rooms.database.transaction() as tx:
            await summary_store.put_off(tx, it, _AGAIN)

    async def _model(
        self, tx: AsyncSession, it: Waiting, there: There, wanted: Sequence[Passed]
    ) -> Model | None:
        """The model that would answer whoever spoke there last; None: nobody is asked.

        Raises:
            TzurotError: its provider refused it a moment ago, and it is not too often yet.
        """
        if there.persona_id is None:
            return None
        owner = Owner(there.persona_id, there.personality_id)
        sleeper = await sleepers.find(tx, owner, self._rooms)
        if sleeper is None or sleeper.chosen.incognito:
            return None
        try:
            shared = there.venue != Venue.DIRECT
            payer = await _payer(tx, sleeper.turn, there, wanted)
            cause = sleeper.cause(Purpose.SUMMARY)
            model = await self._rooms.wallet.model_for(payer, cause, for_several=shared)
        except (NoPayingKey, DataPolicyForbids, MasterKeyMissing):
            return None
        except ELSEWHERE:
            if it.failures < _PATIENCE:
                raise
            return None
        return model if model.speaker.finds_facts else None

    async def _keep(
        self, conversation_id: UUID, run: Sequence[Line], words: str, model: str
    ) -> int:
        """Store a summary, unless something of the run has changed meanwhile."""
        if not words:
            return 0
        now, ids = clock.now(), [line.message_id for line in run]
        times = [line.create_time for line in run]
        made = InShort(
            clock.uuid7(), words, model, len(run), ids[0], ids[-1], min(times), max(times)
        )
        async with self._rooms.database.transaction() as tx:
            if await path_store.hold(tx, conversation_id) is None:
                return 0
            if await summary_store.as_it_is(tx, ids) != {it.message_id: it.text for it in run}:
                await summary_store.look_later(tx, conversation_id, _AGAIN)
                return 0
            await summary_store.add(tx, conversation_id, made, ids, now)
        return 1


async def _payer(tx: AsyncSession, turn: Turn, there: There, wanted: Sequence[Passed]) -> Payer:
    """Who pays, with the strictest that anybody demands whose words these are."""
    place, personality_id = _place(there), turn.personality.id
    people = {turn.person_id, *(it.line.person_id for it in wanted)}
    demands = [(await settings_for(tx, who, personality_id, place)).chosen.policy for who in people]
    return replace(turn.payer, policy=max(demands))


def _place(there: There) -> Place:
    venue, parent = Venue(there.venue), there.parent_channel_id
    return Place(there.platform, there.space_id, there.channel_id, venue, parent)


async def _worded(run: Sequence[Line], model: Model) -> str:
    """A run in a model's words; empty if they don't count, or the run is too short for any.

    Raises:
        TzurotError: it could not be asked.
    """
    return await wording.worded(model, _spoken(run), seconds=_SECONDS) if len(run) >= _FEW else ""


def _spoken(run: Sequence[Line]) -> list[Spoken]:
    return [
        Spoken(name, line.text[:_READ], line.by_person)
        for name, line in zip(naming.named(run), run, strict=True)
    ]


async def _wanted(tx: AsyncSession, there: There, passed: Sequence[Passed]) -> list[Passed]:
    """What is said by those, or to those, who want summaries where it was said."""
    place = _place(there)
    people = {it.line.person_id for it in passed}
    wants = {
        who: (await settings_for(tx, who, there.personality_id, place)).chosen.summaries
        for who in people
    }
    return [it for it in passed if wants[it.line.person_id]]
