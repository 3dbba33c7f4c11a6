"""Where people's clocks are: zones of the IANA database, by their names in any letters."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from tzurot.account import store
from tzurot.errors import InvalidField
from tzurot.storage.database import Database

_OF_THE_MACHINE = frozenset({"localtime", "posixrules", "Factory"})  # no zones, but among them


class TimeZones:
    """What the servicer and the flow ask."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, person_id: UUID) -> str:
        """A person's zone; empty: it is not known."""
        async with self._database.reading() as tx:
            person, _ = await store.person(tx, person_id)
        return person.time_zone

    async def set(self, person_id: UUID, name: str) -> None:
        """Remember a person's zone; an empty name: it is not known any more.

        Raises:
            InvalidField: there is no such zone.
        """
        zone = named(name) if name else ""
        async with self._database.transaction() as tx:
            await store.set_time_zone(tx, person_id, zone)


def named(name: str) -> str:
    """A zone as the database writes it.

    Raises:
        InvalidField: there is none of that name.
    """
    found = _zones().get(_folded(name))
    if found is None:
        wanted = "must be a zone of the IANA database, such as Europe/Berlin"
        raise InvalidField([("time_zone", "time_zone.known", wanted)])
    return found


def alike(typed: str, limit: int) -> Sequence[str]:
    """Zones whose names hold what was typed; first those that, or whose cities, begin with it."""
    folded = _folded(typed)
    found = [name for key, name in _zones().items() if folded in key]

    def order(name: str) -> tuple[bool, bool, str]:
        key = _folded(name)
        begins = key.startswith(folded) or key.rpartition("/")[2].startswith(folded)
        return key != folded, not begins, name

    return sorted(found, key=order)[:limit]


def local(moment: datetime, name: str) -> datetime | None:
    """A moment on the clock there; None: the zone is not known, or not any more."""
    if not name:
        return None
    try:
        return moment.astimezone(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError):
        return None


@cache
def _zones() -> Mapping[str, str]:
    """Names as the database writes them, by what finds them."""
    return {_folded(name): name for name in sorted(available_timezones() - _OF_THE_MACHINE)}


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")
