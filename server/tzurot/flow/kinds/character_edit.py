"""`character edit`: an overview of a character, and a form for each section of it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.errors import SlugTaken
from tzurot.flow.kind import Answers, At, Kind, Refused, Step
from tzurot.flow.kinds import choosing, sections
from tzurot.flow.kinds.character_fields import EDITORS, KEYS, SECTIONS
from tzurot.flow.kinds.sections import Sections
from tzurot.flow.views import Choice, View
from tzurot.personality.characters import Change, Characters
from tzurot.transport.subject import Caller


class CharacterEdit(Kind):
    """Saves each section at once, unless somebody else changed the character meanwhile."""

    path = "character edit"
    summary = "Change one of your characters."
    arguments = (choosing.NEEDED_CHARACTER,)

    def __init__(self, characters: Characters, forms: Sections) -> None:
        self._characters = characters
        self._forms = forms

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The person's own characters."""
        return await choosing.offered_own(self._characters, who, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The overview of a character that is the person's own."""
        meant = await choosing.meant(self._characters, who, arguments["character"])
        own = await choosing.own(self._characters, who, meant.id)
        return Step("overview", {"personality_id": str(own.id)})

    async def view(self, who: Caller, at: At) -> View:
        """What the character is now; it is marked with its version."""
        found = await self._characters.get(who.person_id, UUID(at.draft["personality_id"]))
        found.require_editor()
        own, forms = found.personality, SECTIONS if found.owns else EDITORS
        values = {key: getattr(own, key) for key in KEYS}
        return View(
            title=own.name,
            body=f"Choose what to change in `{own.slug}`: each form is saved as you send it.",
            fields=self._forms.fields(values, {"name", "slug", "visibility"}, forms),
            items=sections.overview(values),
            actions=sections.actions(forms),
            mark=str(own.version),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Save a section of the version that was shown."""
        change = Change(self._forms.read(action, answers), etag=at.mark)
        try:
            await self._characters.change(who.person_id, UUID(at.draft["personality_id"]), change)
        except SlugTaken as taken:
            raise Refused(errors={"slug": taken.message}) from None
        return Step("overview", at.draft, told="Saved.")
