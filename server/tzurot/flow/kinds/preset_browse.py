"""`preset browse`: presets, what they say, and which one counts.

list → preset → delete
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tzurot.errors import EtagMismatch, LimitReached, PresetNameTaken, PresetNotFound
from tzurot.flow.kind import Answers, At, Draft, Kind, Refused, Step
from tzurot.flow.kinds import paging, preset_words
from tzurot.flow.views import ITEM, Action, Style, View, line
from tzurot.session.settings.cascade import Explained, Tier
from tzurot.session.settings.deciding import Deciding
from tzurot.session.settings.settings import PRESET, UNDECIDED
from tzurot.transport.subject import Caller
from tzurot.wallet.paying import Payer
from tzurot.wallet.presets.presets import (
    NewPreset,
    Preset,
    PresetChange,
    Presets,
    columns_of,
    stored,
)

_BACK = Action("back", "Back")
_NONE = "There are none yet. `preset create` makes one: a model, and how it is asked."
_SOME = "A preset is a model and how it is asked. Yours, and those that are everybody's:"
_GONE = "It is not there any more."


class PresetBrowse(Kind):
    """Lists presets, shows one, changes, clones, deletes it, has it count."""

    path = "preset browse"
    summary = "Your presets: a model and how it is asked, and which one counts for you."

    def __init__(self, presets: Presets, deciding: Deciding) -> None:
        self._presets = presets
        self._deciding = deciding

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The list."""
        return Step("list", paging.first())

    async def view(self, who: Caller, at: At) -> View:
        """A page, or one preset."""
        settings = await self._deciding.explain(who, None, None)
        if at.step == "list":
            return await self._list(who, at, settings)
        preset = await self._one(who, at.draft)
        if preset is None:
            return View("A preset", _GONE, actions=(_BACK,))
        if at.step == "delete":
            body = "Wherever it was chosen, what was decided before counts again."
            sure = Action("sure", "Delete it", Style.DANGER)
            return View(f"Delete {line(preset.name, 100)}?", body, actions=(_BACK, sure))
        payer = Payer(who.person_id, who.subject, settings.chosen.policy)
        shortfalls = await self._presets.shortfalls(preset, payer)
        own = preset.owner_id == who.person_id
        return View(
            title=preset.name,
            body=f"{preset_words.said(preset, shortfalls)}\n{_standing(preset, settings)}",
            fields=preset_words.fields(preset) if own else (),
            items=preset_words.items(preset),
            actions=(
                _BACK,
                Action("leave", "Use it no more")
                if _is_chosen(preset, settings)
                else Action("use", "Use it", Style.PRIMARY),
                *(preset_words.actions() if own else ()),
                Action("clone", "Clone it"),
                *((Action("ask", "Delete", Style.DANGER),) if own else ()),
            ),
            mark=str(preset.version),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Go to a preset and back, change it, clone it, delete it, have it count."""
        if action in preset_words.FORMS:
            return await self._changed(who, at, action, answers)
        match action:
            case "sure":
                return await self._deleted(who, at)
            case "use" | "leave":
                return await self._chosen(who, at, action)
            case "clone":
                return await self._cloned(who, at)
            case _ if action in paging.TURNS:
                rows = paging.page(await self._page(who, at))
                return Step("list", paging.turned(at.draft, action, rows[-1].id if rows else None))
            case _:
                return _gone_to(at, action, answers)

    async def _page(self, who: Caller, at: At) -> Any:
        before = paging.before(at.draft)
        return await self._presets.list(who.person_id, before=before, limit=paging.SIZE + 1)

    async def _list(self, who: Caller, at: At, settings: Explained) -> View:
        rows = await self._page(who, at)
        counts = settings.preset.id if settings.preset else None
        return View(
            "Presets",
            _SOME if rows else _NONE,
            items=tuple(preset_words.item(it, counts=it.id == counts) for it in paging.page(rows)),
            actions=paging.actions(at.draft, rows),
            item_action="show",
        )

    async def _one(self, who: Caller, draft: Draft) -> Preset | None:
        try:
            return await self._presets.get(who.person_id, UUID(draft["preset_id"]))
        except PresetNotFound:
            return None

    async def _chosen(self, who: Caller, at: At, action: str) -> Step:
        value = UNDECIDED if action == "leave" else at.draft["preset_id"]
        try:
            await self._deciding.for_person(who, None, PRESET, value)
        except PresetNotFound:
            return Step("preset", at.draft, notice=_GONE)
        told = "It counts for you no more." if action == "leave" else "It counts for you now."
        return Step("preset", at.draft, told=told)

    async def _cloned(self, who: Caller, at: At) -> Step:
        try:
            copy = await self._presets.clone(
                who.person_id, UUID(at.draft["preset_id"]), NewPreset("")
            )
        except (PresetNotFound, LimitReached) as no:
            return Step("preset", at.draft, notice=no.message)
        told = f"This is {line(copy.name, 100)}, your own."
        return Step("preset", {**at.draft, "preset_id": str(copy.id)}, told=told)

    async def _deleted(self, who: Caller, at: At) -> Step:
        draft = {**paging.first(), **at.draft}
        try:
            await self._presets.delete(who.person_id, UUID(at.draft["preset_id"]))
        except PresetNotFound:
            return Step("list", draft, notice="It was deleted already.")
        return Step("list", draft, told="It is deleted.")

    async def _changed(self, who: Caller, at: At, form: str, answers: Answers) -> Step:
        preset = await self._one(who, at.draft)
        if preset is None:
            return Step("preset", at.draft, notice=_GONE)
        if form == preset_words.ABOUT:
            name, wish = preset_words.about(answers)
            values = {"name": name, **columns_of(wish)}
        else:
            found = preset_words.changed(form, preset.parameters, answers)
            values = {"parameters": stored(found)}
        try:
            await self._presets.change(who.person_id, preset.id, PresetChange(values, at.mark))
        except PresetNameTaken as taken:
            raise Refused(errors={"name": taken.message}) from None
        except (PresetNotFound, EtagMismatch) as no:
            return Step("preset", at.draft, notice=no.message)
        return Step("preset", at.draft, told="Saved.")


def _gone_to(at: At, action: str, answers: Answers) -> Step:
    """A preset, the question whether to delete it, or back."""
    if action == "show":
        return Step("preset", {**at.draft, "preset_id": answers[ITEM][0]})
    if action == "ask":
        return Step("delete", at.draft)
    if at.step == "delete":
        return Step("preset", at.draft)
    return Step("list", {**paging.first(), **at.draft})


def _is_chosen(preset: Preset, settings: Explained) -> bool:
    """Whether the person themselves has it count for all characters."""
    decided = settings.outcomes[PRESET].decided
    return any(it.tier is Tier.PERSON and it.value == str(preset.id) for it in decided)


def _standing(preset: Preset, settings: Explained) -> str:
    if settings.preset and settings.preset.id == preset.id:
        return "It counts for you, where nothing else is decided for a character."
    return "`character override` has it count with one character alone."
