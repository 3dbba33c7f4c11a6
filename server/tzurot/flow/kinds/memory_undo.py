"""`memory undo`: take back what was learnt last, or one thing that a client has told of."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.errors import FactNotFound
from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.kinds import memory_owners
from tzurot.flow.kinds.memory_choices import Selection
from tzurot.flow.kinds.memory_owners import Owners
from tzurot.flow.views import Action, Choice, State, Style, View
from tzurot.memory.facts.fact import Origin
from tzurot.memory.facts.fact import State as Standing
from tzurot.memory.facts.facts import Facts
from tzurot.transport.subject import Caller

# A flow keeps what it tells: so no fact is in it.
TAKEN_BACK = "Taken back."
TAKEN_BACK_TO = "Taken back; what was known before counts again."
REMEMBERED = "It is remembered."

_NOTHING = "Nothing was learnt of you that could be taken back."
_GONE = "That is not there any more."
_UNDO = Action("undo", "Take back", Style.DANGER)
_YES, _NO = Action("right", "Yes, remember", Style.PRIMARY), Action("undo", "No")
_LOOKED_THROUGH = 50  # facts; what their person told is none of them


class MemoryUndo(Kind):
    """One question."""

    path = "memory undo"
    summary = "Take back what was learnt of you last."
    arguments = (
        *memory_owners.ARGUMENTS,
        Argument("fact", "Which fact, by its id; what was learnt last by default."),
    )

    def __init__(self, facts: Facts, owners: Owners) -> None:
        self._facts = facts
        self._owners = owners

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees, or personas of theirs."""
        return await self._owners.complete(who, key, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The fact that is named, or what was learnt last."""
        selection = await self._owners.selected(who, arguments)
        if "fact" in arguments:
            return Step("ask", {**selection.kept(), "id": _id(arguments["fact"])})
        newest = await self._facts.list(
            await self._owners.heard(who, selection),
            personality_id=selection.personality_id,
            before=None,
            limit=_LOOKED_THROUGH,
        )
        learnt = next((it for it in newest if it.origin is Origin.LEARNT), None)
        found = {"id": str(learnt.fact_id)} if learnt else {}
        return Step("ask", {**selection.kept(), **found})

    async def view(self, who: Caller, at: At) -> View:
        """The fact, and what was known before."""
        name = await self._owners.called(who, Selection.read(at.draft))
        title = f"Take back what {name} learnt" if name else "Take back what was learnt"
        if at.step == "done":
            return View("What was learnt", at.draft["told"])
        if "id" not in at.draft:
            return View(title, _NOTHING)
        own = await self._owners.all_of(who)
        try:
            fact, before = await self._facts.get(own, UUID(at.draft["id"]))
        except FactNotFound:
            return View(title, _GONE)
        was = f"\n\nKnown before: {before[0].text}" if before else ""
        if fact.state is Standing.PROPOSED:
            return View("Is this so?", fact.text + was, actions=(_YES, _NO))
        return View(title, fact.text + was, actions=(_UNDO,))

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Take it back, or say yes to it."""
        own, fact_id = await self._owners.all_of(who), UUID(at.draft["id"])
        try:
            if action == _YES.key:
                await self._facts.confirm(own, fact_id)
                told = REMEMBERED
            else:
                told = TAKEN_BACK_TO if await self._facts.revert(own, fact_id) else TAKEN_BACK
        except FactNotFound:
            return Step("done", {**at.draft, "told": ""}, State.DONE, notice=_GONE)
        return Step("done", {**at.draft, "told": told}, State.DONE)


def _id(named: str) -> str:
    try:
        return str(UUID(named))
    except ValueError:
        raise FactNotFound(named[:80]) from None
