"""One memory as a page: all that is known of it; other words for it, keeping it, forgetting it.

Kinds that list memories lead here with `opened` and hand on what happens at one of `STEPS`. What it
was gathered from and what it is linked with can be opened from it; *Back* goes the same way back.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.errors import MemoryNotFound
from tzurot.flow.kind import Answers, At, Draft, Refused, Step
from tzurot.flow.kinds import naming, telling
from tzurot.flow.kinds.memory_owners import Owners
from tzurot.flow.views import ITEM, MAX_CHOICES, Action, Asks, Field, Item, Style, View
from tzurot.memory.browsing import Beside, Memories
from tzurot.memory.remembering import Kind, MemoryId, Remembered
from tzurot.memory.waypoints import Waypoint, WaypointKind
from tzurot.personality.characters import Label
from tzurot.transport.subject import Caller

PAGE, FORGETTING = "memory", "forget"
STEPS = (PAGE, FORGETTING)

_LONGEST = 8000  # characters, as memory_service.proto has it
_TRAIL = 50  # memories that can be gone back to
_LINKS = {
    WaypointKind.SIMILARITY: "they mean alike",
    WaypointKind.ACROSS_SECTORS: "they mean alike",
    WaypointKind.CONVERSATION: "one was said right before the other",
    WaypointKind.RECALLED_TOGETHER: "they came up together",
}
_STRENGTHS = ((0.6, "strongly"), (0.3, "clearly"), (0.0, "faintly"))

_BACK = Action("back", "Back")
_HOME = Action("home", "Back")
_LOCK = Action("lock", "Lock")
_UNLOCK = Action("unlock", "Unlock")
_ASK = Action("ask", "Forget", Style.DANGER)
_FORGET = Action("forget", "Forget for good", Style.DANGER)
_EDIT = Action("edit", "Other words", asks=("text",))

_GONE = "That was forgotten already."
_FORGOTTEN = "Forgotten."
_EDITED = "It says this from now on. What was gathered from its old words is gone."
_LOCKED = "Locked: it does not fade, and a purge leaves it unless you say otherwise."
_KEPT = "You have locked it."
_UNDONE = (
    "This cannot be undone. What was gathered, learnt or dreamt from it alone goes, too. What was"
    " said in the conversation stays there."
)


def opened(draft: Draft, memory_id: str) -> Step:
    """A memory's page; `draft` is kept for whoever comes back."""
    trail: Sequence[str] = draft.get("trail", ())
    return Step(PAGE, {**draft, "trail": [*trail, memory_id][-_TRAIL:]})


class OneMemory:
    """Shows a memory of any persona of the person's, and takes what is decided about it."""

    def __init__(self, memories: Memories, owners: Owners) -> None:
        self._memories = memories
        self._owners = owners

    async def view(self, who: Caller, at: At, above: str = "") -> View:
        """The page, or the question whether to forget it; `above` is told before its words."""
        mine = await self._owners.all_of(who)
        try:
            memory = await self._memories.get(mine, _shown(at.draft))
        except MemoryNotFound:
            return View("A memory", _GONE, actions=(_HOME,))
        if at.step == FORGETTING:
            told = (_UNDONE, _KEPT if memory.locked else "", telling.whole(memory))
            body = "\n\n".join(part for part in told if part)
            return View("Forget this?", body, actions=(_BACK, _FORGET))
        whose = (await self._owners.labels([memory.personality_id]))[memory.personality_id]
        beside = (await self._memories.beside(mine, [memory.memory_id]))[memory.memory_id]
        told = (above, telling.whole(memory), _standing(memory, beside, whose, clock.now()))
        return View(
            title=telling.title(memory, whose),
            body="\n\n".join(part for part in told if part),
            fields=(_words(memory),),
            items=await self._related(mine, memory, beside),
            actions=(_BACK, _EDIT, _UNLOCK if memory.locked else _LOCK, _ASK),
            item_action="open",
            mark=_mark(memory),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers, home: str) -> Step:
        """Do what is decided; `home` is the step that lists memories."""
        match action:
            case "open":
                return opened(at.draft, answers[ITEM][0])
            case "home":
                return Step(home, _left(at.draft))
            case "back":
                return _back(at, home)
            case "ask":
                return Step(FORGETTING, at.draft)
            case "forget":
                return await self._forgotten(who, at, home)
            case _:
                return await self._changed(who, at, action, answers)

    async def _changed(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        memory_id, mine = _shown(at.draft), await self._owners.all_of(who)
        try:
            if action == "edit":
                if not (text := answers["text"][0].strip()):
                    raise Refused(errors={"text": "This is needed."})
                await self._memories.update(mine, memory_id, text=text)
                return Step(PAGE, at.draft, told=_EDITED)
            await self._memories.update(mine, memory_id, locked=action == "lock")
        except MemoryNotFound:
            pass  # the page says so
        return Step(PAGE, at.draft)

    async def _forgotten(self, who: Caller, at: At, home: str) -> Step:
        mine = await self._owners.all_of(who)
        try:
            await self._memories.delete(mine, _shown(at.draft))
        except MemoryNotFound:
            return Step(home, _left(at.draft), notice=_GONE)
        step = _back(At(at.flow_id, PAGE, at.draft), home)
        return Step(step.name, step.draft, told=_FORGOTTEN)

    async def _related(
        self, mine: Sequence[UUID], memory: Remembered, beside: Beside
    ) -> tuple[Item, ...]:
        """What it was gathered from, then what it is linked with, the strongest first."""
        links = await self._memories.waypoints(mine, memory.memory_id)
        of_other: dict[MemoryId, list[Waypoint]] = {}
        for link in links:
            if (other := link.other(memory.memory_id)) not in beside.source_ids:
                of_other.setdefault(other, []).append(link)
        ids = list(dict.fromkeys((*beside.source_ids, *of_other)))[:MAX_CHOICES]
        return tuple(
            Item(
                _linked(of_other.get(it.memory_id)),
                f"{telling.when(it.occur_time)}: {it.excerpt}",
                key=str(it.memory_id),
            )
            for it in await self._owners.rooms.recall.shown(mine, ids)
        )


def _shown(draft: Draft) -> UUID:
    return UUID(draft["trail"][-1])


def _left(draft: Draft) -> dict[str, Any]:
    return {key: value for key, value in draft.items() if key != "trail"}


def _back(at: At, home: str) -> Step:
    """Where one came from: the page from its question, else the memory before, or the list."""
    if at.step == FORGETTING:
        return Step(PAGE, at.draft)
    trail = at.draft["trail"][:-1]
    return Step(PAGE, {**at.draft, "trail": trail}) if trail else Step(home, _left(at.draft))


def _words(memory: Remembered) -> Field:
    """Asks for other words: of what the person said or was noted, or of what was said to them."""
    now = memory.person_text or memory.personality_text
    return Field(
        "text",
        "Its words",
        Asks.LONG_TEXT,
        values=(now,) if now else (),
        required=True,
        max_length=_LONGEST,
    )


def _mark(memory: Remembered) -> str:
    """Changes with whatever of it could be changed elsewhere."""
    told = f"{memory.locked}{telling.whole(memory)}".encode()
    return hashlib.blake2s(told, digest_size=16).hexdigest()


def _standing(memory: Remembered, beside: Beside, whose: Label, now: datetime) -> str:
    """How it came about, what it tells, how it stands out, what its person has decided."""
    parts = (
        _origin(memory, beside, whose),
        telling.standing(memory, beside.recalls, now),
        f"You gave it these words {telling.when(memory.edit_time)}." if memory.edit_time else "",
        _LOCKED if memory.locked else "",
    )
    return "\n".join(part for part in parts if part)


def _origin(memory: Remembered, beside: Beside, whose: Label) -> str:
    where, name = telling.VENUES[memory.venue], naming.listed(whose)
    if memory.kind is Kind.REFLECTION:
        count = len(beside.source_ids)
        of = f" from {count:,} memories" if count > 1 else ""
        return f"{name} gathered this{of} of what was said {where}."
    if memory.is_note:
        return f"{name} noted this {where}."
    if not memory.personality_text and memory.turn_id is None:
        return f"You told {name} to remember this."
    return f"Said to {name} {where}."


def _linked(links: Sequence[Waypoint] | None) -> str:
    """How it is linked with something; what is not linked was gathered from."""
    if links is None:
        return "Gathered from"
    now = clock.now()
    strongest = sorted(links, key=lambda it: -it.weight_at(now))
    kinds = dict.fromkeys(_LINKS[it.kind] for it in strongest)
    return f"Linked {strength(strongest[0].weight_at(now))}: {', '.join(kinds)}"


def strength(weight: float) -> str:
    """How strong a link of a weight of 0..1 is."""
    return next(words for least, words in _STRENGTHS if weight >= least)
