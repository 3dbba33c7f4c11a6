"""`memory browse`: what characters remember of a person, page by page, by what is looked for.

list → one memory (one_memory.py)
"""

from collections.abc import Mapping, Sequence

from tzurot import clock
from tzurot.flow.kind import Answers, At, Kind, Step
from tzurot.flow.kinds import memory_choices, memory_owners, one_memory, paging, telling
from tzurot.flow.kinds.memory_choices import Selection
from tzurot.flow.kinds.memory_owners import Owners
from tzurot.flow.kinds.one_memory import OneMemory
from tzurot.flow.views import ITEM, Action, Choice, View
from tzurot.memory.browsing import Memories
from tzurot.memory.remembering import Remembered
from tzurot.transport.subject import Caller

_NOTHING = (
    "Nothing is remembered here yet. What you talk about is, as soon as it is answered;"
    " `memory add` tells a character something by itself."
)
_NOTHING_FITS = "Nothing that is remembered fits. *Filter* looks for something else."
_SHOW_ALL = Action("all", "Show all")


class MemoryBrowse(Kind):
    """Memories, reflections among them."""

    path = "memory browse"
    summary = "Look through what is remembered of you; correct, keep or forget parts of it."
    arguments = (*memory_owners.ARGUMENTS, *memory_choices.ARGUMENTS)

    def __init__(self, memories: Memories, owners: Owners) -> None:
        self._memories = memories
        self._owners = owners
        self._one = OneMemory(memories, owners)

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees, or personas of theirs."""
        return await self._owners.complete(who, key, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The first page of what is asked for."""
        return _first(await self._owners.selected(who, arguments))

    async def view(self, who: Caller, at: At) -> View:
        """A page, or one of them."""
        if at.step in one_memory.STEPS:
            return await self._one.view(who, at)
        selection = Selection.read(at.draft)
        heard = await self._owners.heard(who, selection)
        name = await self._owners.called(who, selection)
        rows = await self._rows(who, at)
        shown = paging.page(rows)
        labels = await self._owners.labels({it.personality_id for it in shown})
        whose = await self._owners.fields(who, selection, heard)
        fields = (*whose, *selection.fields(), selection.lock_field())
        nothing = _NOTHING_FITS if selection.narrows else _NOTHING
        return View(
            title=f"What {name} remembers of you" if name else "What is remembered of you",
            body="\n\n".join(filter(None, (selection.told(), "" if rows else nothing))),
            fields=fields,
            items=tuple(telling.item(it, labels[it.personality_id], own=heard[0]) for it in shown),
            actions=(
                *paging.actions(at.draft, rows),
                *memory_choices.actions(fields),
                *((_SHOW_ALL,) if selection.narrows else ()),
            ),
            item_action="show",
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Look for something else, turn a page, go to a memory."""
        if at.step in one_memory.STEPS:
            return await self._one.take(who, at, action, answers, home="list")
        selection = Selection.read(at.draft)
        match action:
            case "show":
                return one_memory.opened(at.draft, answers[ITEM][0])
            case "filter" | "whose":
                return _first(selection.with_answers(answers))
            case "all":
                return _first(Selection(selection.character, selection.persona))
            case _:
                rows = paging.page(await self._rows(who, at))
                last = rows[-1].memory_id if rows else None
                return Step("list", paging.turned(at.draft, action, last))

    async def _rows(self, who: Caller, at: At) -> Sequence[Remembered]:
        selection = Selection.read(at.draft)
        return await self._memories.list(
            await self._owners.heard(who, selection),
            personality_id=selection.personality_id,
            before=paging.before(at.draft),
            limit=paging.SIZE + 1,
            filter=selection.filter_at(clock.now()),
        )


def _first(selection: Selection) -> Step:
    return Step("list", {**selection.kept(), **paging.first()})
