"""`memory browse`: what characters remember of a person, each one whole, and forgetting it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tzurot.errors import MemoryNotFound
from tzurot.flow.kind import Answers, At, Kind, Step
from tzurot.flow.kinds import choosing, naming, paging, telling
from tzurot.flow.views import ITEM, Action, Choice, Style, View
from tzurot.memory.browsing import Memories
from tzurot.memory.remembering import Remembered
from tzurot.personality.characters import Characters, Label
from tzurot.session import faces
from tzurot.session.rooms import Rooms
from tzurot.transport.subject import Caller

_FORGOTTEN = "Forgotten."
_GONE = "That was forgotten already."


class MemoryBrowse(Kind):
    """Lists, shows, and forgets after a question."""

    path = "memory browse"
    summary = "Look through what is remembered of you, and forget parts of it."
    arguments = (choosing.CHARACTER,)

    def __init__(self, memories: Memories, characters: Characters, rooms: Rooms) -> None:
        self._rooms = rooms
        self._memories = memories
        self._characters = characters

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees."""
        return await choosing.offered(self._characters, who, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The first page, of all characters or one."""
        whose: dict[str, Any] = {"personality_id": None, "name": ""}
        if "character" in arguments:
            meant = await choosing.meant(self._characters, who, arguments["character"])
            name = await naming.told(self._characters, who, meant)
            whose = {"personality_id": str(meant.id), "name": name}
        return Step("list", {**whose, **paging.first()})

    async def view(self, who: Caller, at: At) -> View:
        """A page, one memory, or the question whether to forget it."""
        if at.step == "list":
            return await self._list(who, at)
        try:
            heard = await self._heard(who, at)
            memory = await self._memories.get(heard, UUID(at.draft["memory_id"]))
        except MemoryNotFound:
            return View("A memory", _GONE, actions=(Action("list", "Back"),))
        body = telling.whole(memory)
        if at.step == "confirm":
            return View("Forget this?", f"{_UNDONE}\n\n{body}", actions=(_BACK, _FORGET))
        ask = Action("ask", "Forget", Style.DANGER)
        whose = (await self._labels([memory]))[memory.personality_id]
        return View(telling.title(memory, whose), body, actions=(_BACK, ask))

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Turn a page, go to a memory and back, forget."""
        match action:
            case "show":
                return Step("memory", {**at.draft, "memory_id": answers[ITEM][0]})
            case "back":
                return Step("memory" if at.step == "confirm" else "list", at.draft)
            case "list":
                return Step("list", at.draft)
            case "ask":
                return Step("confirm", at.draft)
            case "forget":
                return await self._forgotten(who, at)
            case _:
                rows = paging.page(await self._rows(who, at))
                last = rows[-1].memory_id if rows else None
                return Step("list", paging.turned(at.draft, action, last))

    async def _forgotten(self, who: Caller, at: At) -> Step:
        try:
            heard = await self._heard(who, at)
            await self._memories.delete(heard, UUID(at.draft["memory_id"]))
        except MemoryNotFound:
            return Step("list", at.draft, notice=_GONE)
        return Step("list", at.draft, told=_FORGOTTEN)

    async def _list(self, who: Caller, at: At) -> View:
        rows, (own, *_) = await self._rows(who, at), await self._heard(who, at)
        shown = paging.page(rows)
        labels, name = await self._labels(shown), at.draft["name"]
        return View(
            title=f"What {name} remembers of you" if name else "What is remembered of you",
            body="" if rows else "Nothing is remembered here yet.",
            items=tuple(
                telling.item(memory, labels[memory.personality_id], own=own) for memory in shown
            ),
            actions=paging.actions(at.draft, rows),
            item_action="show",
        )

    async def _labels(self, memories: Sequence[Remembered]) -> dict[UUID, Label]:
        """Who remembers each."""
        async with self._rooms.database.reading() as tx:
            return await self._characters.labels(tx, {it.personality_id for it in memories})

    async def _heard(self, who: Caller, at: At) -> Sequence[UUID]:
        """The personas whose memories are shown; the one that speaks comes first."""
        whose = at.draft["personality_id"]
        return await faces.heard(who, UUID(whose) if whose else None, self._rooms)

    async def _rows(self, who: Caller, at: At) -> Sequence[Remembered]:
        whose = at.draft["personality_id"]
        return await self._memories.list(
            await self._heard(who, at),
            personality_id=UUID(whose) if whose else None,
            before=paging.before(at.draft),
            limit=paging.SIZE + 1,
        )


_BACK = Action("back", "Back")
_FORGET = Action("forget", "Forget for good", Style.DANGER)
_UNDONE = "This cannot be undone."
