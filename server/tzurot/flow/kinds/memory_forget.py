"""`memory forget`: what a person said in the last minutes, and all that came of it, is gone."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.errors import InvalidField
from tzurot.flow.drawing import CLOSE
from tzurot.flow.kind import Answers, Argument, At, Draft, Kind, Origin, Refused, Step
from tzurot.flow.kinds import choosing, durations, naming, telling
from tzurot.flow.views import Action, Choice, Field, State, Style, View
from tzurot.personality.characters import Characters
from tzurot.session.messages import forgetting
from tzurot.session.messages.forgetting import Forgotten
from tzurot.session.rooms import Rooms
from tzurot.transport.subject import Caller

_MOST = 24 * 60  # minutes
_USUAL = "10"
_RANGE = f"a number of minutes from 1 to {_MOST}"
_MINUTES = Argument("minutes", "How many of the last minutes, up to a day.")


class MemoryForget(Kind):
    """Asks how far back, shows what would go, and asks once."""

    path = "memory forget"
    summary = "Delete what you said in the last minutes, and all that is remembered of it."
    arguments = (_MINUTES, choosing.CHARACTER)

    def __init__(self, rooms: Rooms, characters: Characters) -> None:
        self._rooms = rooms
        self._characters = characters

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """Characters."""
        return await choosing.offered(self._characters, who, typed)

    async def begin(self, who: Caller, arguments: Mapping[str, str], origin: Origin) -> Step:
        """The same; a platform that shows messages goes on showing them."""
        step = await self.start(who, arguments)
        shown_on = origin.place.platform if origin.place else who.platform
        return Step(step.name, {**step.draft, "shown_on": shown_on})

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """How far back, or what would go if that is known."""
        draft: dict[str, Any] = {"minutes": None, "personality_id": None, "shown_on": ""}
        if "character" in arguments:
            meant = await choosing.meant(self._characters, who, arguments["character"])
            draft["personality_id"] = str(meant.id)
        if "minutes" not in arguments:
            return Step("ask", draft)
        minutes = _minutes(arguments["minutes"])
        if minutes is None:
            raise InvalidField([("minutes", "flow.minutes", f"must be {_RANGE}")])
        return _confirm(draft, minutes)

    async def view(self, who: Caller, at: At) -> View:
        """How far back, what would go, or what is gone."""
        whom = await self._with(who, at)
        match at.step:
            case "ask":
                return View(
                    f"Forget the last minutes{whom}",
                    "How far back? What you said since then and were answered is deleted.",
                    fields=(
                        Field(
                            "minutes",
                            "Minutes",
                            description="Up to 1440, which is a day.",
                            values=(_USUAL,),
                            required=True,
                            max_length=4,
                        ),
                    ),
                    actions=(Action("look", "What is that?", Style.PRIMARY, asks=("minutes",)),),
                )
            case "confirm":
                return await self._asking(who, at, whom)
            case _:
                gone = Forgotten(*at.draft["gone"])
                return View("Forgotten", f"{_told(gone)} gone.{_still_shown(at)}")

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Look how much that is, or forget it."""
        if action == "look":
            minutes = _minutes(answers["minutes"][0])
            if minutes is None:
                raise Refused(errors={"minutes": f"It must be {_RANGE}."})
            return _confirm(at.draft, minutes)
        gone = await forgetting.forget(who, _duration(at), _ref(at), self._rooms)
        told = [gone.messages, gone.memories, gone.facts]
        return Step("done", {**at.draft, "gone": told}, State.DONE)

    async def _asking(self, who: Caller, at: At, whom: str) -> View:
        would = await forgetting.preview(who, _duration(at), _ref(at), self._rooms)
        last = durations.said(timedelta(minutes=at.draft["minutes"]))
        title = f"Forget the last {last}{whom}?"
        if would == Forgotten():
            nothing = f"You said nothing in the last {last}{whom} that is kept."
            return View(title, nothing, mark=_told(would))
        body = (
            f"This deletes what you said and were answered in the last {last}{whom}: "
            f"{_told(would, verb='')}. Locked memories go, too, and so does what a character made "
            f"of them. **It can't be taken back.**{_still_shown(at)}"
        )
        actions = (Action(CLOSE, "Cancel"), Action("forget", "Forget it", Style.DANGER))
        return View(title, body, actions=actions, mark=_told(would))

    async def _with(self, who: Caller, at: At) -> str:
        ref = _ref(at)
        if ref is None:
            return ""
        found = await self._characters.get(who.person_id, ref)
        return f" with {await naming.told(self._characters, who, found.personality)}"


def _told(it: Forgotten, verb: str = " are") -> str:
    counts = (
        telling.count(it.messages, "message"),
        telling.count(it.memories, "memory", "memories"),
        telling.count(it.facts, "fact"),
    )
    return f"{counts[0]}, {counts[1]} and {counts[2]}{verb}"


def _still_shown(at: At) -> str:
    """What the platform shows stays there: the server has no hand in that."""
    if at.draft["shown_on"] in ("", "local"):
        return ""
    platform = at.draft["shown_on"].capitalize()
    return (
        f"\n\nWhat {platform} shows stays there. Delete your own messages in their menus, and a "
        "character's with *Delete this reply* there, before you forget them here: afterwards "
        "nobody knows whose they were."
    )


def _minutes(text: str) -> int | None:
    typed = text.strip()
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 4 else 0
    return number if 1 <= number <= _MOST else None


def _confirm(draft: Draft, minutes: int) -> Step:
    since = clock.now() - timedelta(minutes=minutes)
    return Step("confirm", {**draft, "minutes": minutes, "since": since.isoformat()})


def _duration(at: At) -> timedelta:
    """From the first of what was shown until now."""
    return clock.now() - datetime.fromisoformat(at.draft["since"])


def _ref(at: At) -> UUID | None:
    return UUID(at.draft["personality_id"]) if at.draft["personality_id"] else None
