"""What is said in channels to nobody in particular: who answers there sees it for some hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.account import people, standing
from tzurot.errors import InvalidField
from tzurot.memory.venues import Venue
from tzurot.session.admission import AROUND_HOURS
from tzurot.session.channels import channel_store, line_store
from tzurot.session.limits import gate
from tzurot.session.said import Place, Utterance
from tzurot.session.settings.deciding import settings_for
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller

FORGET_JOB = "session.forget_lines"
FORGET_CRON = "*/10 * * * *"

_KEPT = 200  # lines of a channel
_FORGOTTEN_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Overheard:
    """A message that was said in a channel, as its platform tells it."""

    platform_message_id: str
    author_subject: str
    author_name: str
    text: str
    create_time: datetime


class Lines:
    """What is said around characters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, me: Caller, place: Place, messages: Sequence[Overheard]) -> int:
        """Keep what was said, if somebody is active there who may know it; how many are new.

        Who is incognito with one of those who are active says nothing that is kept.

        Raises:
            SubjectDenied: the place is of another platform than the caller.
            InvalidField: the place is a direct one, or an author of another platform.
        """
        _require_fitting(place, messages)
        place.require_own(me)
        async with self._database.transaction() as tx:
            if await standing.under_maintenance(tx) or not await _may_be_known(tx, place):
                return 0
            oldest, now = _since(), clock.now()
            recent = [it for it in messages if it.create_time > oldest]
            authors = {it.author_subject for it in recent}
            denied = await standing.denied(tx, authors, gate.location(place))
            recent = [it for it in recent if it.author_subject not in denied]
            known = {it: await people.known(tx, it) for it in {m.author_subject for m in recent}}
            unkept = await line_store.incognito(tx, place, {it for it in known.values() if it})
            rows = [
                _row(place, it, person_id, now)
                for it in recent
                if (person_id := known[it.author_subject]) not in unkept
            ]
            return await _kept(tx, place, rows)

    async def overhear(self, me: Caller, place: Place, said: Utterance) -> None:
        """The same for what the caller said and nobody answers."""
        told = Overheard(
            said.platform_message_id, me.subject, said.speaker_name, said.text, clock.now()
        )
        async with self._database.transaction() as tx:
            if not said.text or not await _may_be_known(tx, place):
                return
            if not await line_store.incognito(tx, place, {me.person_id}):
                await _kept(tx, place, [_row(place, told, me.person_id, told.create_time)])

    async def forget(self) -> None:
        """Delete what is too old to be told, everywhere."""
        while True:
            async with self._database.transaction() as tx:
                gone = await line_store.forget(tx, _since(), _FORGOTTEN_AT_ONCE)
            if gone < _FORGOTTEN_AT_ONCE:
                return


async def _may_be_known(tx: AsyncSession, place: Place) -> bool:
    row = await channel_store.counting(tx, place)
    if row is None or not (await channel_store.activations(tx, [row.id]))[row.id]:
        return False
    return (await settings_for(tx, None, None, place)).chosen.ambient_limit > 0


async def _kept(tx: AsyncSession, place: Place, rows: Sequence[dict[str, Any]]) -> int:
    """Store lines whose ids are in the order in which they were said; how many are new."""
    ids = sorted(clock.uuid7() for _ in rows)  # made within one millisecond they have no order
    ordered = [{**row, "id": id_} for row, id_ in zip(rows, ids, strict=True)]
    new = await line_store.add(tx, ordered) if ordered else 0
    if new:
        await line_store.keep_newest(tx, place, _KEPT)
    return new


def _row(place: Place, it: Overheard, person_id: UUID | None, now: datetime) -> dict[str, Any]:
    return {
        "platform": place.platform,
        "channel_id": place.channel_id,
        "platform_message_id": it.platform_message_id,
        "author": "person",
        "author_subject": it.author_subject,
        "author_name": " ".join(it.author_name.split()),  # one line, as prompts show it
        "person_id": person_id,
        "text": it.text,
        "create_time": min(it.create_time, now),
    }


def _since() -> datetime:
    return clock.now() - timedelta(hours=AROUND_HOURS)


def _require_fitting(place: Place, messages: Sequence[Overheard]) -> None:
    """A channel, and people of its platform.

    Raises:
        InvalidField: by its name.
    """
    if place.venue is Venue.DIRECT:
        raise InvalidField([("place.venue", "place.channel", "must not be a direct one")])
    for number, it in enumerate(messages):
        if it.author_subject.partition(":")[0] != place.platform:
            field = f"messages[{number}].author_subject"
            raise InvalidField([(field, "subject.platform", f"must be one of {place.platform}")])
