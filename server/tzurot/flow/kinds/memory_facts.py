"""`memory facts`: what characters know of a person, since when, and putting it right.

list → one fact → forget? · right · take back
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tzurot.errors import FactNotFound
from tzurot.flow.kind import Answers, At, Kind, Step
from tzurot.flow.kinds import memory_owners, naming, paging, telling
from tzurot.flow.kinds.memory_choices import Selection
from tzurot.flow.kinds.memory_owners import Owners
from tzurot.flow.kinds.memory_undo import TAKEN_BACK, TAKEN_BACK_TO
from tzurot.flow.views import ITEM, Action, Asks, Choice, Field, Item, Style, View
from tzurot.memory.facts.fact import Fact, Origin, State
from tzurot.memory.facts.facts import Facts
from tzurot.memory.remembering import Owner
from tzurot.personality.characters import Label
from tzurot.session import faces
from tzurot.transport.subject import Caller

_MAX_TEXT = 500  # characters, by the contract
_NOTHING = (
    "Nothing is known of you here. Characters learn what you say of yourself, where a model can be"
    " asked; choose one to tell it something yourself."
)
_GONE = "That fact is gone already."
_UNDONE = (
    "It is hardly ever learnt again, in other words either, unless you tell it yourself; if it is,"
    " forget it again. What you said when it was learnt does not come to mind any more; *memory"
    " browse* shows it, and forgets it."
)
_BACK = Action("back", "Back")
_BEHIND = {"confirm": "one", "one": "list"}
_FORGET = Action("forget", "Forget for good", Style.DANGER)


class MemoryFacts(Kind):
    """Facts."""

    path = "memory facts"
    summary = "What characters know of you: confirm it, correct it, have it forgotten."
    arguments = memory_owners.ARGUMENTS

    def __init__(self, facts: Facts, owners: Owners) -> None:
        self._facts = facts
        self._owners = owners

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees, or personas of theirs."""
        return await self._owners.complete(who, key, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The first page."""
        return _first(await self._owners.selected(who, arguments))

    async def view(self, who: Caller, at: At) -> View:
        """A page, a fact, or the question whether to forget it."""
        if at.step == "list":
            return await self._list(who, at)
        own = await self._owners.all_of(who)
        try:
            fact, before = await self._facts.get(own, UUID(at.draft["id"]))
        except FactNotFound:
            return View("A fact", _GONE, actions=(_BACK,))
        if at.step == "confirm":
            return View("Forget this?", f"{fact.text}\n\n{_UNDONE}", actions=(_BACK, _FORGET))
        labels = await self._owners.labels({fact.owner.personality_id})
        return _one(fact, before, labels[fact.owner.personality_id])

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Turn a page, go to a fact, and decide what is so."""
        match action:
            case "show":
                return Step("one", {**at.draft, "id": answers[ITEM][0]})
            case "back" | "ask":
                step = "confirm" if action == "ask" else _BEHIND[at.step]
                return Step(step, at.draft)
            case "whose":
                return _first(Selection.read(at.draft).with_answers(answers))
            case "tell":
                return await self._told(who, at, answers["text"][0])
            case "right" | "correct" | "revert" | "forget":
                return await self._decided(who, at, action, answers)
            case _:
                rows = paging.page(await self._rows(who, at))
                last = rows[-1].fact_id if rows else None
                return Step("list", paging.turned(at.draft, action, last))

    async def _decided(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Do what the person decides about the fact that is shown."""
        own, fact_id = await self._owners.all_of(who), UUID(at.draft["id"])
        try:
            match action:
                case "right":
                    await self._facts.confirm(own, fact_id)
                    return Step("one", at.draft, told="It is so.")
                case "correct":
                    new = await self._facts.correct(own, fact_id, answers["text"][0])
                    return Step("one", {**at.draft, "id": str(new.fact_id)}, told="Corrected.")
                case "revert":
                    before = await self._facts.revert(own, fact_id)
                    told = TAKEN_BACK_TO if before else TAKEN_BACK
                    return Step("list", at.draft, told=told)
                case _:
                    await self._facts.forget(own, fact_id)
                    return Step("list", at.draft, told="Forgotten.")
        except FactNotFound:
            return Step("list", at.draft, notice=_GONE)

    async def _told(self, who: Caller, at: At, text: str) -> Step:
        """Let the chosen character know something of the chosen persona, or the one that speaks."""
        selection = Selection.read(at.draft)
        personality_id = UUID(selection.character)
        rooms = self._owners.rooms
        await rooms.characters.get(who.person_id, personality_id)  # who may be told, as CreateFact
        if selection.persona:
            (persona_id,) = await self._owners.heard(who, selection)
        else:
            persona_id, *_ = await faces.heard(who, personality_id, rooms)
        await self._facts.create(Owner(persona_id, personality_id), text, None)
        return Step("list", {**at.draft, **paging.first()}, told="It is known now.")

    async def _list(self, who: Caller, at: At) -> View:
        selection = Selection.read(at.draft)
        heard = await self._owners.heard(who, selection)
        name = await self._owners.called(who, selection)
        rows = await self._rows(who, at)
        shown = paging.page(rows)
        labels = await self._owners.labels({it.owner.personality_id for it in shown})
        fields = await self._owners.fields(who, selection, heard)
        whose = memory_owners.whose(fields)
        tell = Action("tell", f"Tell {name}"[:45], asks=("text",)) if name else None
        return View(
            title=f"What {name} knows of you" if name else "What characters know of you",
            body="" if rows else _NOTHING,
            fields=(*fields, _text("")) if tell else fields,
            items=tuple(_item(it, labels[it.owner.personality_id]) for it in shown),
            actions=(*paging.actions(at.draft, rows), whose, *((tell,) if tell else ())),
            item_action="show",
        )

    async def _rows(self, who: Caller, at: At) -> Sequence[Fact]:
        selection = Selection.read(at.draft)
        return await self._facts.list(
            await self._owners.heard(who, selection),
            personality_id=selection.personality_id,
            before=paging.before(at.draft),
            limit=paging.SIZE + 1,
        )


def _first(selection: Selection) -> Step:
    draft: dict[str, Any] = {**selection.kept(), **paging.first()}
    return Step("list", draft)


def _item(fact: Fact, whose: Label) -> Item:
    marks = [f"since {fact.valid_from:%Y-%m-%d}", naming.listed(whose)]
    if fact.state is State.PROPOSED:
        marks.insert(0, "waits for your yes")
    if fact.fictional:
        marks.append("in a story")
    return Item(fact.text, ", ".join(marks), key=str(fact.fact_id))


def _one(fact: Fact, before: Sequence[Fact], whose: Label) -> View:
    waits = fact.state is State.PROPOSED
    back = "No, it is not so" if waits else "Take back"
    return View(
        title=f"What {naming.listed(whose)} knows",
        body="\n\n".join((fact.text, " ".join(_sentences(fact)))),
        fields=(_text(fact.text),),
        items=tuple(Item(f"Before: {it.text}", _span(it)) for it in before),
        actions=(
            *((Action("right", "Yes, it is so", Style.PRIMARY),) if waits else ()),
            Action("correct", "Correct", asks=("text",)),
            *((Action("revert", back),) if fact.origin is Origin.LEARNT else ()),
            Action("ask", "Forget", Style.DANGER),
            _BACK,
        ),
    )


def _sentences(fact: Fact) -> list[str]:
    """Where it is from, since when it is so, and where it may be told."""
    said = "You told it" if fact.origin is Origin.TOLD else "Learnt from what you said"
    times = telling.count(len(fact.source_ids), "time")
    found = [f"{said}{f' {times}' if fact.source_ids else ''}; so {_span(fact)}."]
    if fact.fictional:
        found.append("It was played: it is never told as your real life.")
    if fact.state is State.PROPOSED:
        found.append("It does not count before you say yes.")
    found.append(f"It was said {telling.VENUES[fact.place.venue]}, and is told nowhere more open.")
    return found


def _span(fact: Fact) -> str:
    until = f" until {fact.valid_until:%Y-%m-%d}" if fact.valid_until else ""
    return f"since {fact.valid_from:%Y-%m-%d}{until}"


def _text(words: str) -> Field:
    return Field(
        "text",
        "One sentence, such as: I keep bees.",
        Asks.LONG_TEXT,
        values=(words,) if words else (),
        required=True,
        max_length=_MAX_TEXT,
    )
