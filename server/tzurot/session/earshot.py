"""Who else is heard in a channel: others whose words of that place may come up for who speaks.

What is said in a channel is a memory of that place, too, as long as who said it and who is to hear
of it let it be (`place_share`). It is for both or for none: who keeps theirs to themselves doesn't
hear the others' either. Other faces of a person are others like any: nobody learns whose they are.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from tzurot.memory.overhearing import Hearing
from tzurot.memory.venues import Venue, Where
from tzurot.session import archive
from tzurot.session.archive import Turn
from tzurot.session.rooms import Rooms
from tzurot.session.said import Place
from tzurot.session.settings import setting_store
from tzurot.session.settings.deciding import settings_for

_KEY = "place_share"


async def heard(
    personality_id: UUID, where: Where, own: Collection[UUID], rooms: Rooms
) -> tuple[UUID, ...]:
    """The personas of others that may come up there; `own` are those of who is to hear of them.

    One statement, and one more where others have spoken.
    """
    others = await rooms.recall.spoke(personality_id, where, own)
    if not others:
        return ()
    async with rooms.database.reading() as tx:
        silent = {*await setting_store.saying_no(tx, _KEY, personality_id, others)}
    return tuple(it for it in others if it not in silent)


async def at(
    turn: Turn, own: Collection[UUID], document: Mapping[str, Any], rooms: Rooms
) -> Hearing | None:
    """Who may come up now where a turn was, of which `document` is the trace; None: nobody."""
    async with rooms.database.reading() as tx:
        it = await archive.place(tx, turn)
        if it is None or it.venue == Venue.DIRECT:
            return None
        above = document.get("parent_channel_id", "")
        place = Place(it.platform, it.space_id, it.channel_id, Venue(it.venue), above)
        settings = await settings_for(tx, turn.person_id, turn.personality_id, place)
    if not settings.chosen.place_share:
        return None
    where = Where(place.venue, place.platform, place.channel_id)
    others = await heard(turn.personality_id, where, own, rooms)
    return Hearing(turn.personality_id, replace(where, heard=others)) if others else None
