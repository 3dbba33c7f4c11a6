"""What `memory incognito` and `memory fresh` share: how it is now, until when, and changing it."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from tzurot import clock
from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.kinds import choosing, durations, naming, setting_words, telling
from tzurot.flow.views import Action, Choice, Field, Style, View
from tzurot.personality.characters import Characters
from tzurot.session.settings.cascade import Decision, Outcome, Tier
from tzurot.session.settings.deciding import Deciding
from tzurot.session.settings.settings import UNDECIDED
from tzurot.transport.subject import Caller

_LASTS = Argument("lasts", "How long: 10m, 2h, 7d or ever.", completes=True)


class Mode(Kind):
    """A setting that is on or off, with one character or with all, for a while or for good."""

    key: ClassVar[str]
    arguments = (choosing.CHARACTER, _LASTS)

    def __init__(self, deciding: Deciding, characters: Characters) -> None:
        self._deciding = deciding
        self._characters = characters

    @abstractmethod
    def heading(self, name: str) -> str:
        """What it is about; `name` is the character's, empty for all."""

    @abstractmethod
    def meaning(self, name: str, *, on: bool) -> str:
        """How it is now, in a sentence, and what that means."""

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """Characters, and how long."""
        if key == "character":
            return await choosing.offered(self._characters, who, typed)
        return durations.offered(typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """How it is now."""
        lasts = arguments.get("lasts", "").strip()
        durations.argument(lasts, "lasts")
        draft: dict[str, Any] = {"lasts": lasts or durations.EVER, "personality_id": None}
        if "character" in arguments:
            meant = await choosing.meant(self._characters, who, arguments["character"])
            draft["personality_id"] = str(meant.id)
        return Step("shown", draft)

    async def view(self, who: Caller, at: At) -> View:
        """How it is now, until when, and who decided that."""
        name, outcome = await self._name(who, at), await self._outcome(who, at)
        on = bool(outcome.counts.value)
        lasts, told = at.draft["lasts"], durations.told(at.draft["lasts"])
        switch = Action("off", "Switch off") if on else Action("on", f"Switch on{told}")
        longer = Action("lasts", "Change how long" if on else "For how long?", asks=("lasts",))
        return View(
            title=self.heading(name),
            body=f"{self.meaning(name, on=on)}\n\n{_standing(outcome.counts, on=on)}",
            fields=(
                Field(
                    "lasts",
                    "How long?",
                    description="10m, 2h, 7d; ever: until you say otherwise.",
                    values=(lasts,),
                    required=True,
                    max_length=20,
                ),
            ),
            actions=(replace(switch, style=Style.PRIMARY), longer),
            mark=f"{on} {outcome.counts.expire_time}",
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Switch it on for as long as was said, or off."""
        ref, draft = _ref(at), at.draft
        if action == "lasts":
            durations.answer(answers, "lasts")
            draft = {**draft, "lasts": answers["lasts"][0].strip()}
        if action in ("on", "lasts"):
            lasts = durations.argument(draft["lasts"], "lasts")
            await self._deciding.for_person(who, ref, self.key, True, lasts)
            return Step("shown", draft, told="It is on.")
        counts = (await self._deciding.for_person(who, ref, self.key, UNDECIDED)).counts
        if counts.value:  # on for all characters, and here it is to be off for as long as that is
            left = counts.expire_time - clock.now() if counts.expire_time else None
            await self._deciding.for_person(who, ref, self.key, False, left)
        return Step("shown", at.draft, told="It is off.")

    async def _outcome(self, who: Caller, at: At) -> Outcome:
        return (await self._deciding.explain(who, _ref(at), None)).outcomes[self.key]

    async def _name(self, who: Caller, at: At) -> str:
        ref = _ref(at)
        if ref is None:
            return ""
        found = await self._characters.get(who.person_id, ref)
        return await naming.told(self._characters, who, found.personality)


def _ref(at: At) -> UUID | None:
    return UUID(at.draft["personality_id"]) if at.draft["personality_id"] else None


def _standing(counts: Decision, *, on: bool) -> str:
    state = "On" if on else "Off"
    if counts.tier is Tier.DEFAULT:
        return f"{state}: you have not decided otherwise."
    until = (
        f"until {telling.when(counts.expire_time)}" if counts.expire_time else "until you change it"
    )
    return f"{state}, {setting_words.source(counts)}, {until}."
