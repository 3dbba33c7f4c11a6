"""`character edit`: an overview of a character, and a form for each section of it.

    overview → fields → field → confirm

The steps beside the overview are of its custom fields: custom_fields.py.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.errors import SlugTaken
from tzurot.flow.kind import Answers, At, Kind, Refused, Step
from tzurot.flow.kinds import choosing, custom_fields, sections
from tzurot.flow.kinds.character_fields import EDITORS, KEYS, SECTIONS
from tzurot.flow.kinds.sections import Sections
from tzurot.flow.views import Choice, View
from tzurot.formats.custom_fields import fields_of, rows_of
from tzurot.personality.characters import Characters
from tzurot.personality.fields import Change, Value
from tzurot.personality.sharing.sharing import Access
from tzurot.transport.subject import Caller

_SAVED = "Saved."


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
        access = await self._edited(who, at)
        own = access.personality
        if at.step in custom_fields.STEPS:
            fields = fields_of(own.custom_fields)
            return custom_fields.view(at.step, own.name, fields, at.draft, str(own.version))
        forms = SECTIONS if access.owns else EDITORS
        values = {key: getattr(own, key) for key in KEYS}
        return View(
            title=own.name,
            body=f"Choose what to change in `{own.slug}`: each form is saved as you send it.",
            fields=self._forms.fields(values, {"name", "slug", "visibility"}, forms),
            items=(*sections.overview(values), *custom_fields.item(fields_of(own.custom_fields))),
            actions=(*sections.actions(forms), custom_fields.LOOK),
            mark=str(own.version),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Save a section of the version that was shown, or go to the custom fields and back."""
        if at.step in custom_fields.STEPS:
            return await self._in_fields(who, at, action, answers)
        if action == custom_fields.LOOK.key:
            return custom_fields.first(at)
        try:
            await self._save(who, at, self._forms.read(action, answers))
        except SlugTaken as taken:
            raise Refused(errors={"slug": taken.message}) from None
        return Step("overview", at.draft, told=_SAVED)

    async def _in_fields(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        fields = fields_of((await self._edited(who, at)).personality.custom_fields)
        written = custom_fields.written(fields, at, action, answers)
        if written is None:
            return custom_fields.moved(fields, at, action, answers)
        await self._save(who, at, {"custom_fields": rows_of(written)})
        return Step(custom_fields.FIELDS, at.draft, told=_SAVED)

    async def _save(self, who: Caller, at: At, values: Mapping[str, Value]) -> None:
        """Save what was entered, if the character is still as it was shown."""
        change = Change(values, etag=at.mark)
        await self._characters.change(who.person_id, UUID(at.draft["personality_id"]), change)

    async def _edited(self, who: Caller, at: At) -> Access:
        """The character, which the person may change.

        Raises:
            PersonalityNotFound, NotEditor: by their names.
        """
        found = await self._characters.get(who.person_id, UUID(at.draft["personality_id"]))
        found.require_editor()
        return found
