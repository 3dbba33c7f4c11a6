"""`preset create`: a new preset, which is then shown as `preset browse` shows it."""

from collections.abc import Mapping

from tzurot.errors import LimitReached, PresetNameTaken
from tzurot.flow.kind import Answers, Argument, At, Refused, Step
from tzurot.flow.kinds import preset_words
from tzurot.flow.kinds.preset_browse import PresetBrowse
from tzurot.flow.views import Action, Style, View
from tzurot.transport.subject import Caller
from tzurot.wallet.presets.presets import MAX_NAME, NewPreset

_HASH = b"preset create"  # a flow makes one preset
_BODY = "A name is needed. Which model is asked, and how, can be said now or later."


class PresetCreate(PresetBrowse):
    """Makes one; the flow's id is the request id of the creation."""

    path = "preset create"
    summary = "Make a preset: a model, and how it is asked."
    arguments = (Argument("name", "What to call it."),)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The form, with the name if it was given."""
        return Step("form", {"name": arguments.get("name", "").strip()[:MAX_NAME]})

    async def view(self, who: Caller, at: At) -> View:
        """The form, or what was made."""
        if at.step != "form":
            return await super().view(who, at)
        name, *others = preset_words.fields(None)
        form = [it for it in preset_words.actions() if it.key == preset_words.ABOUT]
        return View(
            "A new preset",
            _BODY,
            fields=(preset_words.named(name, at.draft["name"]), *others),
            actions=tuple(Action("make", "Make it", Style.PRIMARY, asks=it.asks) for it in form),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Make it, and then what `preset browse` does."""
        if action != "make":
            return await super().take(who, at, action, answers)
        name, wish = preset_words.about(answers)
        new = NewPreset(name, wish, request_id=at.flow_id, request_hash=_HASH)
        try:
            made = await self._presets.create(who.person_id, new)
        except PresetNameTaken as taken:
            raise Refused(errors={"name": taken.message}) from None
        except LimitReached as full:
            raise Refused(full.message) from None
        return Step("preset", {"preset_id": str(made.id)}, told="It is there.")
