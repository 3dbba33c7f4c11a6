"""`me model`: which model speaks where somebody's own key pays.

key → confirm
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.errors import ModelNotListed
from tzurot.flow.kind import Answers, Argument, At, Draft, Kind, Refused, Step
from tzurot.flow.kinds import model_words
from tzurot.flow.views import ITEM, Action, Choice, Field, Item, Style, View, line
from tzurot.transport.subject import Caller
from tzurot.wallet.catalogue.entry import Entry
from tzurot.wallet.keys.choosing import ApiKey, Choosing
from tzurot.wallet.keys.providers import TERMS, Provider

_MODEL, _KEY = "model", "key_id"
_NONE = "You have no key that a model speaks with. `wallet keys` takes one; then you choose here."
_UNLIKE = "Its provider lists no model like that."
_BACK = Action("back", "Back")


class MeModel(Kind):
    """Shows what speaks with a key, and takes another."""

    path = "me model"
    summary = "Choose which model answers you where your own key pays."
    arguments = (Argument(_MODEL, "A model of your key's provider.", completes=True),)

    def __init__(self, choosing: Choosing) -> None:
        self._choosing = choosing

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """Models that the key which pays may ask, by names like what was typed."""
        row = _meant(await self._choosing.keys(who.person_id), {})
        return model_words.alike(typed, await self._models(who, row)) if row else ()

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """What speaks now, or the question whether this one is to."""
        wanted = arguments.get(_MODEL, "")
        if not wanted or not _meant(await self._choosing.keys(who.person_id), {}):
            return Step("key")
        model = await self._named(who, {}, wanted)
        return Step("confirm", {_MODEL: model}) if model else Step("key", notice=_UNLIKE)

    async def view(self, who: Caller, at: At) -> View:
        """What speaks, or what is to."""
        keys = await self._choosing.keys(who.person_id)
        row = _meant(keys, at.draft)
        if row is None:
            return View("Your model", _NONE)
        if at.step == "confirm":
            return await self._confirmed(who, row, at.draft[_MODEL])
        return View(
            f"Your model at {_where(row)}",
            _speaks(row, keys),
            fields=(
                Field(
                    _MODEL,
                    "Model",
                    description="Its id, or what is like it.",
                    values=(row.model,) if row.model else (),
                    required=True,
                    max_length=200,
                ),
            ),
            items=tuple(_item(it) for it in keys) if len(keys) > 1 else (),
            actions=(Action("change", "Choose another", Style.PRIMARY, asks=(_MODEL,)),),
            item_action="other" if len(keys) > 1 else "",
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Go to another key, ask whether it is this model, have it speak."""
        match action:
            case "other":
                return Step("key", {_KEY: answers[ITEM][0]})
            case "back":
                return Step("key", at.draft)
            case "change":
                model = await self._named(who, at.draft, answers[_MODEL][0])
                if model is None:
                    raise Refused(errors={_MODEL: _UNLIKE})
                return Step("confirm", {**at.draft, _MODEL: model})
            case _:
                return await self._chosen(who, at)

    async def _confirmed(self, who: Caller, row: ApiKey, model: str) -> View:
        known = next((it for it in await self._models(who, row) if it.id == model), None)
        return View(
            f"Shall {line(model, 100)} answer you?",
            f"Your key {line(row.name)} at {_where(row)} pays for it.",
            items=model_words.facts(known) if known else (),
            actions=(_BACK, Action("put", "Yes", Style.PRIMARY)),
        )

    async def _chosen(self, who: Caller, at: At) -> Step:
        row = _meant(await self._choosing.keys(who.person_id), at.draft)
        if row is None:
            return Step("key", notice="That key is deleted.")
        try:
            await self._choosing.choose(who.person_id, row.id, at.draft[_MODEL])
        except ModelNotListed as wrong:
            return Step("key", at.draft, notice=wrong.message)
        return Step("key", at.draft, told="It answers from the next message on.")

    async def _named(self, who: Caller, draft: Draft, typed: str) -> str | None:
        """The model that somebody means: by its id, or the nearest one of the list."""
        row = _meant(await self._choosing.keys(who.person_id), draft)
        models = await self._models(who, row) if row else ()
        if not models or any(it.id == typed for it in models):
            return typed
        near = model_words.alike(typed, models)
        return near[0].value if near else None

    async def _models(self, who: Caller, row: ApiKey) -> Sequence[Entry]:
        return (await self._choosing.models(who.person_id)).get(row.id, ())


def _meant(keys: Sequence[ApiKey], draft: Draft) -> ApiKey | None:
    """The key that was gone to, else the one that pays, else the newest."""
    if named := draft.get(_KEY):
        return next((it for it in keys if it.id == UUID(named)), None)
    return next((it for it in keys if it.model), next(iter(keys), None))


def _speaks(row: ApiKey, keys: Sequence[ApiKey]) -> str:
    said = f"{line(row.model, 120)} speaks with your key {line(row.name)}." if row.model else ""
    pays = _meant(keys, {})
    if pays and pays.id != row.id:
        return f"{said} Another key pays for your turns: {line(pays.name)} at {_where(pays)}."
    return said or "No model speaks with it yet."


def _where(row: ApiKey) -> str:
    return line(row.base_url or TERMS[Provider(row.provider)].called, 80)


def _item(row: ApiKey) -> Item:
    return Item(f"{_where(row)} ({row.name})", row.model or "no model yet", key=str(row.id))
