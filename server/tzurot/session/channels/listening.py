"""Which of a platform's channels a client is to listen to: first all of them, then each change.

A change is told by Postgres to every replica (signals.py), so whoever watches may be anywhere.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from tzurot.errors import SubjectDenied
from tzurot.session.channels import changes, channel_store
from tzurot.session.channels.channel_store import Listened
from tzurot.session.channels.proactive import DUE, Due
from tzurot.session.rooms import Rooms
from tzurot.session.settings import setting_store
from tzurot.session.settings.cascade import Row, Tier, explained
from tzurot.transport.subject import Caller

AMBIENT = "ambient_limit"  # the setting that says how much of what is said around is told
_AT_ONCE = 500  # channels in one message


@dataclass(frozen=True, slots=True)
class Listening:
    """Which of a channel's messages the server wants to know of.

    All with Chat if somebody `answers`, all with RecordMessages if it only `records`. `removed`:
    the channel decides nothing any more.
    """

    channel_id: str
    answers: bool = False
    records: bool = False
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What is told at once; `complete`: that was all, what follows are changes."""

    channels: Sequence[Listening] = ()
    complete: bool = False
    due: Sequence[Due] = ()
    """Characters that are to speak up."""


async def watch(me: Caller, platform: str, rooms: Rooms) -> AsyncGenerator[Heard]:
    """All channels of a platform that decided something, then each one that changes.

    Nothing is missed: changes are followed from before the first look, and where some were lost
    on the way, or one is of all channels, all is told again.

    Raises:
        SubjectDenied: the caller is of another platform.
    """
    if platform != me.platform:
        raise SubjectDenied(me.subject)
    known: set[str] = set()
    async with rooms.signals.subscribe(changes.CHANNELS, DUE) as news:
        for told in await _everything(rooms, platform, known):
            yield told
        async for change in news:
            if change is None or change == changes.ALL:
                for told in await _everything(rooms, platform, known):
                    yield told
                continue
            if change.startswith("{"):
                due = Due.load(change)
                if due.platform == platform:
                    yield Heard(due=[due])
                continue
            where, channel_id = changes.where(change)
            if where == platform:
                yield Heard(await _one(rooms, platform, channel_id, known))


async def _everything(rooms: Rooms, platform: str, known: set[str]) -> Sequence[Heard]:
    """All channels, and those gone of which the client still knows."""
    found = await _found(rooms, platform)
    now = {it.channel_id for it in found}
    found += [Listening(it, removed=True) for it in sorted(known - now)]
    known.clear()
    known |= now
    pages = [Heard(found[it : it + _AT_ONCE]) for it in range(0, len(found), _AT_ONCE)]
    return [*pages, Heard(complete=True)]


async def _one(
    rooms: Rooms, platform: str, channel_id: str, known: set[str]
) -> Sequence[Listening]:
    if found := await _found(rooms, platform, channel_id):
        known.add(channel_id)
        return found
    known.discard(channel_id)
    return [Listening(channel_id, removed=True)]


async def _found(rooms: Rooms, platform: str, channel_id: str | None = None) -> list[Listening]:
    async with rooms.database.transaction() as tx:
        everywhere = await setting_store.decided(tx, setting_store.SYSTEM)
        rows = await channel_store.listened(tx, platform, channel_id)
    ambient = [it for it in everywhere if it.key == AMBIENT]
    return [_listening(row, ambient) for row in rows]


def _listening(row: Listened, everywhere: Sequence[Row]) -> Listening:
    if row.answers:
        return Listening(row.channel_id, answers=True)
    here = () if row.ambient_limit is None else (Row(AMBIENT, Tier.CHANNEL, row.ambient_limit),)
    limit = explained((*everywhere, *here)).chosen.ambient_limit
    return Listening(row.channel_id, records=row.active and limit > 0)
