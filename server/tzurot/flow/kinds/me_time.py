"""`me time`: where somebody's clock is, so that characters know what time it is for them."""

from collections.abc import Mapping, Sequence

from tzurot import clock
from tzurot.account import time_zones
from tzurot.account.time_zones import TimeZones
from tzurot.flow.drawing import CLOSE
from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.views import MAX_CHOICES, Action, Choice, Field, Style, View
from tzurot.transport.subject import Caller

_ZONE = "zone"
_UNKNOWN = "Characters don't know what time it is for you: they are told the date in UTC."


class MeTime(Kind):
    """Shows the zone and the time there, and takes another."""

    path = "me time"
    summary = "Say in which time zone you live: characters are told your time then."
    arguments = (Argument(_ZONE, "A zone, such as Europe/Berlin, or a city.", completes=True),)

    def __init__(self, zones: TimeZones) -> None:
        self._zones = zones

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """Zones whose names hold what was typed, each with its time."""
        return [Choice(it, it, _time(it) or "") for it in time_zones.alike(typed, MAX_CHOICES)]

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The zone as it is, or the question whether it is this one.

        Raises:
            InvalidField: there is no zone like that.
        """
        if wanted := arguments.get(_ZONE, ""):
            return Step("confirm", {_ZONE: _meant(wanted)})
        return Step(_ZONE)

    async def view(self, who: Caller, at: At) -> View:
        """The time there."""
        if at.step == "confirm":
            zone = at.draft[_ZONE]
            return View(
                f"Do you live in {zone}?",
                f"It is {_time(zone)} there now.",
                actions=(Action(CLOSE, "Cancel"), Action("put", "Yes", Style.PRIMARY)),
            )
        zone = await self._zones.of(who.person_id)
        field = Field(
            _ZONE,
            "Time zone",
            description="Such as Europe/Berlin, or a city.",
            values=(zone,) if zone else (),
            required=True,
            max_length=64,
        )
        forget = (Action("forget", "Forget it", Style.DANGER),) if zone else ()
        now = f"You live in {zone}: it is {_time(zone)} for you." if zone else _UNKNOWN
        change = Action("change", "Change", Style.PRIMARY, asks=(_ZONE,))
        return View("Your time", now, fields=(field,), actions=(change, *forget))

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Ask whether it is this one, keep it, or forget it."""
        if action == "change":
            return Step("confirm", {_ZONE: _meant(answers[_ZONE][0])})
        if action == "put":
            await self._zones.set(who.person_id, at.draft[_ZONE])
            return Step(_ZONE, told="Characters know it from the next answer on.")
        await self._zones.set(who.person_id, "")
        return Step(_ZONE, told="It is forgotten.")


def _meant(typed: str) -> str:
    """The zone that somebody means: by its name, or the only one or first one of that city."""
    found = time_zones.alike(typed, 1)
    return found[0] if found else time_zones.named(typed)


def _time(zone: str) -> str | None:
    there = time_zones.local(clock.now(), zone)
    return f"{there:%H:%M} on {there:%Y-%m-%d}" if there else None
