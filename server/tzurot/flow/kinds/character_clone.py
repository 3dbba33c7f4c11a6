"""`character clone`: a copy of a character that is the person's own."""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.errors import SlugTaken
from tzurot.flow.kind import Answers, At, Kind, Refused, Step
from tzurot.flow.kinds import choosing, naming, sections
from tzurot.flow.kinds.sections import Sections
from tzurot.flow.views import Action, Choice, State, Style, View
from tzurot.personality.characters import Characters
from tzurot.personality.cloning import Cloning, Copy
from tzurot.transport.subject import Caller

_HASH = hashlib.sha256(b"tzurot.flow: character clone").digest()
_ASKS = ("name", "slug")
_COPIES = (
    "The copy is yours and private: the card of `{slug}`, its picture, its lorebooks and its "
    "documents. Conversations, memories, roles and other names stay with the original."
)


class CharacterClone(Kind):
    """Copies after a name was given. The flow's id is the request id: one flow, one copy."""

    path = "character clone"
    summary = "Make a copy of a character that is yours."
    arguments = (choosing.NEEDED_CHARACTER,)

    def __init__(self, characters: Characters, cloning: Cloning, forms: Sections) -> None:
        self._characters = characters
        self._cloning = cloning
        self._forms = forms

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters whose definition the person may read."""
        return await choosing.offered_if(
            self._characters, who, typed, lambda it: it.sees_definition
        )

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """Ask how to call the copy of a character whose definition the person may read."""
        meant = await choosing.meant(self._characters, who, arguments["character"])
        (await self._characters.get(who.person_id, meant.id)).require_definition()
        return Step("form", {"personality_id": str(meant.id)})

    async def view(self, who: Caller, at: At) -> View:
        """What is copied; afterwards how to talk with the copy."""
        if at.step == "done":
            return View(at.draft["title"], at.draft["welcome"])
        found = await self._characters.get(who.person_id, UUID(at.draft["personality_id"]))
        found.require_definition()
        one, needed = found.personality, {"name"}
        return View(
            title=f"Copy {await naming.told(self._characters, who, one)}",
            body=_COPIES.format(slug=one.slug),
            fields=tuple(
                it for it in self._forms.fields({"name": one.name}, needed) if it.key in _ASKS
            ),
            actions=(Action("clone", "Make the copy", Style.PRIMARY, asks=_ASKS),),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Make the copy."""
        values = self._forms.read("identity", answers)
        wanted = Copy(
            who.person_id,
            str(values["name"]),
            str(values["slug"]),
            request_id=at.flow_id,
            request_hash=_HASH,
        )
        try:
            made = await self._cloning.clone(UUID(at.draft["personality_id"]), wanted)
        except SlugTaken as taken:
            raise Refused(errors={"slug": taken.message}) from None
        made = await self._characters.get(who.person_id, made.personality.id)  # as lists have it
        new, called = made.personality, await naming.mention(self._characters, who, made)
        welcome = sections.welcome(called, new.slug, new.visibility)
        title = f"{await naming.told(self._characters, who, new)} is here"
        return Step("done", {"title": title, "welcome": welcome}, State.DONE)
