"""`character override`: how one person has a character otherwise, and what they decide with it.

    overview → setting; overview → clear (asked)

What is entered is for nobody else to see. Editors can decide settings for everybody, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from tzurot.errors import InvalidField, NotEditor, PresetNotFound
from tzurot.flow.kind import Answers, At, Kind, Refused, Step
from tzurot.flow.kinds import choosing, naming, setting_words
from tzurot.flow.views import ITEM, Action, Asks, Choice, Field, Item, Style, View
from tzurot.personality.characters import Characters
from tzurot.personality.overrides.overrides import FIELDS, Override, OverrideChange, Overrides
from tzurot.session.settings.cascade import Explained
from tzurot.session.settings.deciding import Deciding
from tzurot.transport.subject import Caller

_SHOWN = 300  # characters of a field in the overview
_BODY = (
    "What you fill in here counts for you alone; an empty field is as the card has it. Below it "
    "are the settings that count when you talk with `{slug}`, where a channel says nothing else."
)
_QUESTION = "You then have the character as its card says. Settings stay as they are."
_BACK = Action("back", "Back")
_CLEAR = Action("clear", "Clear all", Style.DANGER)

# Limits as override_service.proto has them.
ASKED = (
    Field("nickname", "Nickname", Asks.TEXT, "What it is called in conversation."),
    Field("addition", "Addition", Asks.LONG_TEXT, "What else it is, for you.", max_length=20_000),
    Field("scenario", "Scenario", Asks.LONG_TEXT, "Where you meet.", max_length=20_000),
    Field("greeting", "Greeting", Asks.LONG_TEXT, "What it says first.", max_length=20_000),
    Field("instructions", "Instructions", Asks.LONG_TEXT, "Told last.", max_length=20_000),
)


class CharacterOverride(Kind):
    """Saves each form at once, unless the same person changed it elsewhere meanwhile."""

    path = "character override"
    summary = "Have a character otherwise, for you alone."
    arguments = (choosing.NEEDED_CHARACTER,)

    def __init__(self, characters: Characters, overrides: Overrides, deciding: Deciding) -> None:
        self._characters = characters
        self._overrides = overrides
        self._deciding = deciding

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees."""
        return await choosing.offered(self._characters, who, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The overview of a character that the person sees."""
        meant = await choosing.meant(self._characters, who, arguments["character"])
        return Step("overview", {"personality_id": str(meant.id)})

    async def view(self, who: Caller, at: At) -> View:
        """What is otherwise, and which settings count; it is marked with the override's version."""
        ref = UUID(at.draft["personality_id"])
        found = await self._characters.get(who.person_id, ref)
        name = await naming.told(self._characters, who, found.personality)
        override = await self._overrides.get(who.person_id, ref)
        mark = str(override.version)
        if at.step == "clear":
            return View(f"Clear what you have of {name}?", _QUESTION, mark=mark, actions=_SURE)
        settings = await self._deciding.explain(who, ref, None)
        if at.step == "setting":
            return _setting(settings, at.draft["setting"], name, edits=found.edits)
        return View(
            title=f"{name}, as you have it",
            body=_BODY.format(slug=found.personality.slug),
            fields=_filled(override),
            items=(*_items(override), *setting_words.items(settings)),
            actions=(
                Action("edit", "Have it otherwise", asks=FIELDS),
                *((_CLEAR,) if override.version else ()),
            ),
            item_action="setting",
            mark=mark,
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Save a form, or clear all of it."""
        match action:
            case "edit":
                values = {key: "".join(answers.get(key, ())) for key in FIELDS}
                return await self._changed(who, at, values, "Saved.")
            case "setting":
                return Step("setting", {**at.draft, "setting": answers[ITEM][0]})
            case "decide":
                return await self._decided(who, at, answers)
            case "sure":
                return await self._changed(who, at, dict.fromkeys(FIELDS, ""), "All is cleared.")
            case _:
                return Step("clear" if action == "clear" else "overview", at.draft)

    async def _changed(self, who: Caller, at: At, values: Mapping[str, str], told: str) -> Step:
        change = OverrideChange(values, etag=at.mark)
        await self._overrides.change(who.person_id, UUID(at.draft["personality_id"]), change)
        return Step("overview", at.draft, told=told)

    async def _decided(self, who: Caller, at: At, answers: Answers) -> Step:
        """Decide, and tell what counts now: another decision can count before this one."""
        ref, scope = UUID(at.draft["personality_id"]), answers["scope"][0]
        key = at.draft["setting"]
        value = setting_words.read(key, answers)
        try:
            if scope == setting_words.EVERYBODY or setting_words.is_editors(key):
                await self._deciding.for_personality(who, ref, key, value)
            else:
                whom = ref if scope == setting_words.HERE else None
                await self._deciding.for_person(who, whom, key, value)
        except (InvalidField, PresetNotFound):
            raise setting_words.out_of_range(key) from None
        except NotEditor as foreign:
            raise Refused(errors={"scope": foreign.message}) from None
        counts = await self._deciding.explain(who, ref, None)
        told = f"`{key}` is {setting_words.said(counts, key)}."
        return Step("overview", at.draft, told=told)


_SURE = (_BACK, Action("sure", "Clear all of it", Style.DANGER))


def _setting(found: Explained, key: str, name: str, *, edits: bool) -> View:
    """One setting, what counts of it, and the form that decides it."""
    return View(
        title=setting_words.heading(key),
        body=f"With {name} `{key}` is {setting_words.said(found, key)}.",
        fields=(setting_words.value_field(key), setting_words.scope_field(key, edits=edits)),
        actions=(_BACK, Action("decide", "Decide", asks=("value", "scope"))),
    )


def _filled(override: Override) -> tuple[Field, ...]:
    """The form, filled in with what is there."""
    now: dict[str, str] = {it.key: getattr(override, it.key) for it in ASKED}
    return tuple(replace(it, values=(now[it.key],) if now[it.key] else ()) for it in ASKED)


def _items(override: Override) -> tuple[Item, ...]:
    """What is otherwise, shortened."""
    found: list[Item] = []
    for asked in ASKED:
        text: str = getattr(override, asked.key)
        if text:
            found.append(Item(asked.label, text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"))
    return tuple(found)
