"""`memory dreams`: what characters dreamt of a person, each dream whole, and forgetting it.

list → one → confirm
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.errors import DreamNotFound
from tzurot.flow.kind import Answers, At, Kind, Step
from tzurot.flow.kinds import memory_owners, naming, paging, telling
from tzurot.flow.kinds.memory_choices import Selection
from tzurot.flow.kinds.memory_owners import Owners
from tzurot.flow.views import ITEM, Action, Choice, Item, Style, View
from tzurot.memory.excerpts import excerpt
from tzurot.memory.reflection.dreams import Dreams
from tzurot.memory.reflection.dreamt import Dreamt
from tzurot.personality.characters import Label
from tzurot.transport.subject import Caller

_NONE = "No character has dreamt of you yet. They do where their editors switch on `dreams`."
_UNDONE = "This cannot be undone."
_FORGOTTEN = "Forgotten."
_GONE = "That was forgotten already."
_BACK = Action("back", "Back")
_ASK = Action("ask", "Forget", Style.DANGER)
_FORGET = Action("forget", "Forget for good", Style.DANGER)


class MemoryDreams(Kind):
    """Dreams."""

    path = "memory dreams"
    summary = "Read what characters dreamt of you while you were away, and forget it."
    arguments = memory_owners.ARGUMENTS

    def __init__(self, dreams: Dreams, owners: Owners) -> None:
        self._dreams = dreams
        self._owners = owners

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees, or personas of theirs."""
        return await self._owners.complete(who, key, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The first page."""
        return _first(await self._owners.selected(who, arguments))

    async def view(self, who: Caller, at: At) -> View:
        """A page, a dream, or the question whether to forget it."""
        if at.step == "list":
            return await self._list(who, at)
        try:
            dream = await self._dreams.get(await self._owners.all_of(who), UUID(at.draft["id"]))
        except DreamNotFound:
            return View("A dream", _GONE, actions=(Action("list", "Back"),))
        if at.step == "confirm":
            return View("Forget this?", f"{_UNDONE}\n\n{dream.text}", actions=(_BACK, _FORGET))
        labels = await self._owners.labels({dream.personality_id})
        return View(_title(dream, labels), dream.text, actions=(_BACK, _ASK))

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Turn a page, go to a dream and back, forget it."""
        match action:
            case "show":
                return Step("one", {**at.draft, "id": answers[ITEM][0]})
            case "back" | "list":
                return Step(
                    "one" if at.step == "confirm" and action == "back" else "list", at.draft
                )
            case "ask":
                return Step("confirm", at.draft)
            case "forget":
                return await self._forgotten(who, at)
            case "whose":
                return _first(Selection.read(at.draft).with_answers(answers))
            case _:
                rows = paging.page(await self._rows(who, at))
                last = rows[-1].dream_id if rows else None
                return Step("list", paging.turned(at.draft, action, last))

    async def _forgotten(self, who: Caller, at: At) -> Step:
        try:
            await self._dreams.delete(await self._owners.all_of(who), UUID(at.draft["id"]))
        except DreamNotFound:
            return Step("list", at.draft, notice=_GONE)
        return Step("list", at.draft, told=_FORGOTTEN)

    async def _list(self, who: Caller, at: At) -> View:
        selection, rows = Selection.read(at.draft), await self._rows(who, at)
        name, shown = await self._owners.called(who, selection), paging.page(rows)
        labels = await self._owners.labels({it.personality_id for it in shown})
        heard = await self._owners.heard(who, selection)
        fields = await self._owners.fields(who, selection, heard)
        whose = memory_owners.whose(fields)
        return View(
            title=f"What {name} dreamt of you" if name else "What was dreamt of you",
            body="" if rows else _NONE,
            fields=fields,
            items=tuple(
                Item(_title(it, labels), excerpt(it.text), key=str(it.dream_id)) for it in shown
            ),
            actions=(*paging.actions(at.draft, rows), whose),
            item_action="show",
        )

    async def _rows(self, who: Caller, at: At) -> Sequence[Dreamt]:
        selection = Selection.read(at.draft)
        return await self._dreams.list(
            await self._owners.heard(who, selection),
            personality_id=selection.personality_id,
            before=paging.before(at.draft),
            limit=paging.SIZE + 1,
        )


def _first(selection: Selection) -> Step:
    return Step("list", {**selection.kept(), **paging.first()})


def _title(dream: Dreamt, labels: Mapping[UUID, Label]) -> str:
    """When it was dreamt, and by whom."""
    return f"{telling.when(dream.create_time)}, {naming.listed(labels[dream.personality_id])}"
