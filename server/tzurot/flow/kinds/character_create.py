"""`character create`: the forms of a character that is not there yet, and one button."""

import hashlib
from collections.abc import Mapping
from typing import Any

from tzurot import clock
from tzurot.errors import SlugTaken
from tzurot.flow.kind import Answers, Argument, At, Kind, Refused, Step
from tzurot.flow.kinds import naming, sections
from tzurot.flow.kinds.sections import Sections
from tzurot.flow.views import Action, State, Style, View
from tzurot.personality.characters import Characters, Personality
from tzurot.transport.subject import Caller

_HASH = hashlib.sha256(b"tzurot.flow: character create").digest()


class CharacterCreate(Kind):
    """Collects what was entered in its draft. The flow's id is the request id of the creation."""

    path = "character create"
    summary = "Make a new character."
    arguments = (Argument("name", "What it is called."),)

    def __init__(self, characters: Characters, forms: Sections) -> None:
        self._characters = characters
        self._forms = forms

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """Empty forms, but for the name."""
        name = " ".join(arguments.get("name", "").split())[:255]
        return Step("forms", {"values": {"name": name, "visibility": "private"}})

    async def view(self, who: Caller, at: At) -> View:
        """What was entered so far."""
        values: dict[str, Any] = at.draft["values"]
        if at.step == "done":
            return View(f"{values['name']} is here", at.draft["welcome"])
        create = (Action("create", "Create", Style.PRIMARY),) if values["name"] else ()
        return View(
            title=values["name"] or "A new character",
            body="Fill in what you like, then create it. Only a name is needed, and everything can "
            "be changed later.",
            fields=self._forms.fields(values, {"name", "visibility"}),
            items=sections.overview(values),
            actions=(*create, *sections.actions()),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Remember a form, or make the character."""
        values: dict[str, Any] = at.draft["values"]
        if action != "create":
            return Step("forms", {"values": {**values, **self._forms.read(action, answers)}})
        try:
            made = await self._characters.create(_new(who, at, values))
        except SlugTaken as taken:
            raise Refused(taken.message, {"slug": taken.message}) from None
        new, called = made.personality, await naming.mention(self._characters, who, made)
        welcome = sections.welcome(called, new.slug, new.visibility)
        return Step("done", {"values": {"name": new.name}, "welcome": welcome}, State.DONE)


def _new(who: Caller, at: At, values: Mapping[str, Any]) -> Personality:
    now = clock.now()
    entered = {key: value for key, value in values.items() if value != ""}
    return Personality(
        id=clock.uuid7(),
        owner_id=who.person_id,
        request_id=at.flow_id,
        request_hash=_HASH,
        create_time=now,
        update_time=now,
        version=1,
        **{"slug": "", **entered},
    )
