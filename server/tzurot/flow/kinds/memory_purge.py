"""`memory purge`: forgets many memories at once, after a look at them and a phrase that is typed.

    choose → look → done

A look counts what would go and is good for a while and for one purge. What is remembered after it
stays. Its draft keeps ids and counts: the words of what is forgotten are in none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.errors import (
    ConfirmationExpired,
    ConfirmationInvalid,
    ConfirmationMismatch,
    ConfirmationUsed,
)
from tzurot.flow.drawing import CLOSE
from tzurot.flow.kind import Answers, At, Kind, Step
from tzurot.flow.kinds import memory_choices, memory_owners, phrases, telling
from tzurot.flow.kinds.memory_choices import Selection
from tzurot.flow.kinds.memory_owners import Owners
from tzurot.flow.views import Action, Asks, Choice, Field, Item, State, Style, View
from tzurot.memory.purging import Purge, Purging
from tzurot.transport.subject import Caller

_CHOOSE = Action("choose", "Choose otherwise")
_CANCEL = Action(CLOSE, "Cancel")
_FIRST = "Nothing is forgotten before you have seen what it is."
_EXPIRED = "This look is too old: nothing was forgotten."
_CHANGED = "What you may forget has changed since you looked: nothing was forgotten. Look again."
_DONE_BEFORE = "That was done already."
_LEFT = "`memory browse` shows what is left."


@dataclass(frozen=True, slots=True)
class _Look:
    """What a preview has told, as a draft keeps it."""

    persona_ids: Sequence[str]
    memories: int
    reflections: int
    facts: int
    told_facts: int
    dreams: int
    locked: int
    samples: Sequence[str]
    confirmation: str
    expire_time: str
    look_time: str

    @property
    def expired(self) -> bool:
        """Whether it is too old to be confirmed."""
        return clock.now() >= datetime.fromisoformat(self.expire_time)

    @property
    def phrase(self) -> str:
        """What has to be typed."""
        return f"FORGET {self.what}".upper().replace(",", "")

    @property
    def what(self) -> str:
        """What would go above all."""
        return _above_all(self.memories, self.told_facts)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing would go."""
        return not self.confirmation


class MemoryPurge(Kind):
    """Counts, asks, forgets."""

    path = "memory purge"
    summary = "Forget many memories at once, after a look at them."
    arguments = (*memory_owners.ARGUMENTS, *memory_choices.ARGUMENTS[:-1])

    def __init__(self, purging: Purging, owners: Owners) -> None:
        self._purging = purging
        self._owners = owners

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees, or personas of theirs."""
        return await self._owners.complete(who, key, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """What is meant, to be looked at first."""
        selection = await self._owners.selected(who, arguments)
        return Step("choose", {**selection.kept(), "include_locked": False})

    async def view(self, who: Caller, at: At) -> View:
        """What is meant, what would go, or what is gone."""
        match at.step:
            case "choose":
                return await self._choosing(who, at)
            case "look":
                return await self._looking(who, at)
            case _:
                return _gone(at)

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Choose, look, or forget."""
        match action:
            case "filter" | "whose":
                selection = Selection.read(at.draft).with_answers(answers)
                locked = answers.get("include_locked", (str(at.draft["include_locked"]).lower(),))
                draft = {**selection.kept(), "include_locked": locked == ("true",)}
                return Step("choose", draft)
            case "choose":
                return _choose(at)
            case "look":
                return await self._looked(who, at)
            case _:
                return await self._forgotten(who, at, answers)

    async def _choosing(self, who: Caller, at: At) -> View:
        selection = Selection.read(at.draft)
        heard = await self._owners.heard(who, selection)
        fields = (
            *await self._owners.fields(who, selection, heard),
            *selection.fields(),
            _locked_too(at),
        )
        return View(
            title="What is to be forgotten?",
            body=f"{await self._told(who, at)}\n\n{_FIRST}",
            fields=fields,
            actions=(Action("look", "Look", Style.PRIMARY), *memory_choices.actions(fields)),
        )

    async def _looking(self, who: Caller, at: At) -> View:
        look = _Look(**at.draft["look"])
        told, again = await self._told(who, at), Action("look", "Look again", Style.PRIMARY)
        if look.is_nothing:
            nothing = f"{told}\n\nThere is nothing of that. {_staying(look.locked)}".rstrip()
            return View("Nothing to forget", nothing, actions=(_CHOOSE, again))
        if look.expired:
            return View("Look again", _EXPIRED, actions=(_CHOOSE, again))
        return View(
            title=f"Forget {look.what}?",
            body=f"{told}\n\nThis cannot be undone. What was said in conversations stays there, and"
            f" what is remembered from now on stays, too. Facts that you had forgotten stay"
            f" forgotten. To forget all of this, type `{look.phrase}`.",
            fields=(phrases.asked(look.phrase),),
            items=(*_counts(look), *await self._samples(look)),
            actions=(
                _CANCEL,
                _CHOOSE,
                Action("forget", "Forget", Style.DANGER, asks=(phrases.KEY,)),
            ),
        )

    async def _looked(self, who: Caller, at: At) -> Step:
        """Have it counted; the moment that times are counted back from is kept with it."""
        now, heard = clock.now(), await self._owners.heard(who, Selection.read(at.draft))
        seen = await self._purging.preview(who.person_id, heard, _ask(at, now))
        look = _Look(
            persona_ids=[str(it) for it in heard],
            memories=seen.memory_count,
            reflections=seen.reflection_count,
            facts=seen.fact_count,
            told_facts=seen.told_fact_count,
            dreams=seen.dream_count,
            locked=seen.locked_count,
            samples=[str(it.memory_id) for it in seen.samples],
            confirmation=seen.confirmation,
            expire_time=(seen.expire_time or now).isoformat(),
            look_time=now.isoformat(),
        )
        return Step("look", {**at.draft, "look": asdict(look)})

    async def _forgotten(self, who: Caller, at: At, answers: Answers) -> Step:
        look = _Look(**at.draft["look"])
        phrases.require(answers, look.phrase, "Nothing was forgotten.")
        personas = [UUID(it) for it in look.persona_ids]
        ask = _ask(at, datetime.fromisoformat(look.look_time))
        try:
            gone = await self._purging.purge(who.person_id, personas, ask, look.confirmation)
        except ConfirmationExpired:
            return Step(_choose(at).name, _choose(at).draft, notice=_EXPIRED)
        except (ConfirmationInvalid, ConfirmationMismatch):
            return Step(_choose(at).name, _choose(at).draft, notice=_CHANGED)
        except ConfirmationUsed:
            return Step("done", {}, State.DONE)
        counts = {
            "memories": gone.memory_count,
            "reflections": gone.reflection_count,
            "facts": gone.fact_count,
            "told_facts": gone.told_fact_count,
            "dreams": gone.dream_count,
            "locked": gone.locked_count,
        }
        return Step("done", counts, State.DONE)

    async def _told(self, who: Caller, at: At) -> str:
        """What is meant, in words."""
        selection = Selection.read(at.draft)
        name = await self._owners.called(who, selection)
        whose = f"What {name} remembers of you." if name else "What all characters remember of you."
        locked = "Locked ones, too." if at.draft["include_locked"] else ""
        return " ".join(part for part in (whose, selection.told(), locked) if part)

    async def _samples(self, look: _Look) -> tuple[Item, ...]:
        """The newest of what would go, as far as they are still there."""
        heard, ids = [UUID(it) for it in look.persona_ids], [UUID(it) for it in look.samples]
        found = await self._owners.rooms.recall.shown(heard, ids)
        labels = await self._owners.labels({it.personality_id for it in found})
        return tuple(Item(telling.title(it, labels[it.personality_id]), it.excerpt) for it in found)


def _ask(at: At, now: datetime) -> Purge:
    selection = Selection.read(at.draft)
    return Purge(selection.personality_id, selection.filter_at(now), at.draft["include_locked"])


def _choose(at: At) -> Step:
    """Back to the choice, without the look."""
    return Step("choose", {key: it for key, it in at.draft.items() if key != "look"})


def _locked_too(at: At) -> Field:
    value = "true" if at.draft["include_locked"] else "false"
    described = "Locked memories stay otherwise."
    return Field("include_locked", "Locked ones, too", Asks.BOOLEAN, described, (value,))


def _gone(at: At) -> View:
    if not at.draft:
        return View("Forgotten", f"{_DONE_BEFORE} {_LEFT}")
    title = f"{_above_all(at.draft['memories'], at.draft['told_facts'])} forgotten"
    body = f"{_staying(at.draft['locked'])} {_LEFT}".strip()
    return View(title, body, items=_beside(at.draft))


def _above_all(memories: int, told_facts: int) -> str:
    """Memories; facts where there is nothing else."""
    if told_facts and not memories:
        return telling.count(told_facts, "fact")
    return telling.count(memories, "memory", "memories")


def _counts(look: _Look) -> tuple[Item, ...]:
    staying = _staying(look.locked)
    return (*_beside(asdict(look)), *((Item(staying),) if staying else ()))


def _beside(counts: Mapping[str, Any]) -> tuple[Item, ...]:
    """What goes along, as far as anything does."""
    told = (
        ("reflections", "reflection", "gathered from them; counted among them"),
        ("facts", "fact", "learnt from them alone"),
        ("told_facts", "fact", "that you told"),
        ("dreams", "dream", "that told of them"),
    )
    return tuple(
        Item(telling.count(counts[key], one), what) for key, one, what in told if counts[key]
    )


def _staying(locked: int) -> str:
    if not locked:
        return ""
    stays = "stays" if locked == 1 else "stay"
    return f"{telling.count(locked, 'locked memory', 'locked memories')} {stays}."
