"""`models`: which models there are, what they cost and can.

    list → model

A model that a key of the person's may ask can be made the one that speaks with it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from tzurot.errors import ApiKeyNotFound, ModelNotListed
from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.kinds import leafing, model_words
from tzurot.flow.views import ITEM, Action, Asks, Choice, Field, Item, Style, View, line
from tzurot.session.settings.deciding import Deciding
from tzurot.transport.subject import Caller
from tzurot.wallet import browsing
from tzurot.wallet.browsing import Browsing, Offer, Order, Wanted
from tzurot.wallet.catalogue.entry import Modality
from tzurot.wallet.keys.choosing import Choosing
from tzurot.wallet.paying import Payer

_SHOWN: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "all": ("All", {}),
    "speaking": ("Those that answer me", {"speaking_only": True}),
    "free": ("Free ones", {"free_only": True}),
    "seeing": ("Those that see pictures", {"input_modality": Modality.IMAGE}),
    "tools": ("Those that call skills", {"tools_only": True}),
}
_ORDERS = {
    Order.ASKED: "As they are asked, or match",
    Order.PRICE: "The cheapest first",
    Order.CONTEXT: "Those that read most first",
    Order.NAME: "By name",
}
_ASKED = ("query", "show", "order")
_GONE = "Nobody lists it any more."
_ADVICE = "With a key of your own (`wallet keys`) any model of its provider can answer you."


class Models(Kind):
    """Shows models, and has one of them speak."""

    path = "models"
    summary = "Look through the models: what they cost and can, and which one answers you."
    arguments = (Argument("query", "Words of its name. Empty: all.", completes=True),)

    def __init__(self, browsing: Browsing, choosing: Choosing, deciding: Deciding) -> None:
        self._browsing = browsing
        self._choosing = choosing
        self._deciding = deciding

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """Models whose names are like what was typed."""
        return model_words.alike(typed, [it.entry for it in _unique(await self._offers(who))])

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The first page."""
        draft = {"query": arguments.get("query", ""), "show": "all", "order": Order.ASKED.value}
        return Step("list", leafing.first(draft))

    async def view(self, who: Caller, at: At) -> View:
        """A page, or one model."""
        offers = await self._offers(who)
        if at.step == "model":
            return self._model(_one(offers, at.draft["key"]))
        found = _found(offers, at.draft)
        shown = leafing.page(at.draft, found)
        return View(
            title="Models",
            body=f"{len(found):,} models." if found else "There is no model like that.",
            fields=_fields(at.draft),
            items=tuple(_item(it) for it in shown),
            actions=(*leafing.actions(at.draft, found), Action("search", "Search", asks=_ASKED)),
            item_action="show",
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Turn a page, search, go to a model and back, have it speak."""
        match action:
            case "show":
                return Step("model", {**at.draft, "key": answers[ITEM][0]})
            case "back":
                return Step("list", at.draft)
            case "search":
                given = {key: "".join(answers.get(key, ())) for key in _ASKED}
                return Step("list", leafing.first({**at.draft, **given}))
            case "use":
                return await self._used(who, at)
            case _:
                found = _found(await self._offers(who), at.draft)
                return Step("list", leafing.turned(at.draft, action, found))

    async def _offers(self, who: Caller) -> Sequence[Offer]:
        found = await self._deciding.explain(who, None, None)
        payer = Payer(who.person_id, who.subject, found.chosen.policy)
        return (await self._browsing.shown(payer)).offers

    def _model(self, offer: Offer | None) -> View:
        back = Action("back", "Back")
        if offer is None:
            return View("A model", _GONE, actions=(back,))
        use = Action("use", "Let it answer me", Style.PRIMARY)
        can = offer.key_id is not None and not offer.speaks
        return View(
            title=model_words.title(offer.entry),
            body=_standing(offer),
            items=model_words.facts(offer.entry),
            actions=(back, use) if can else (back,),
        )

    async def _used(self, who: Caller, at: At) -> Step:
        offer = _one(await self._offers(who), at.draft["key"])
        if offer is None or offer.key_id is None:
            return Step("model", at.draft, notice=_GONE)
        try:
            row = await self._choosing.choose(who.person_id, offer.key_id, offer.entry.id)
        except (ApiKeyNotFound, ModelNotListed) as gone:
            return Step("model", at.draft, notice=gone.message)
        return Step("model", at.draft, told=f"It speaks with your key {line(row.name)} now.")


def _found(offers: Sequence[Offer], draft: Mapping[str, Any]) -> Sequence[Offer]:
    _, filters = _SHOWN[draft["show"]]
    wanted = Wanted(query=draft["query"], order=Order(draft["order"]), **filters)
    return [offer for _, offer in browsing.found(offers, wanted)]


def _one(offers: Sequence[Offer], key: str) -> Offer | None:
    return next((it for it in offers if _key(it) == key), None)


def _unique(offers: Sequence[Offer]) -> Sequence[Offer]:
    return list({it.entry.id: it for it in reversed(offers)}.values())


def _key(offer: Offer) -> str:
    """What an item is chosen by: ids can be longer than that may be."""
    named = f"{offer.kind}/{offer.entry.provider}/{offer.entry.id}"
    return hashlib.blake2s(named.encode(), digest_size=12).hexdigest()


def _item(offer: Offer) -> Item:
    where = line(offer.entry.provider, 60)
    speaks = " · answers you" if offer.speaks else ""
    text = f"{where} · {model_words.in_short(offer.entry)}{speaks}"
    return Item(model_words.title(offer.entry), text, key=_key(offer))


def _standing(offer: Offer) -> str:
    where = line(offer.entry.provider, 80)
    if offer.speaks and offer.place == 0:
        return f"It answers you, at {where}."
    if offer.speaks:
        return f"It may answer you, at {where}, where those before it can't."
    if offer.key_id is not None:
        return f"At {where}. Your key there pays for it."
    return f"At {where}. {_ADVICE}"


def _fields(draft: Mapping[str, Any]) -> tuple[Field, ...]:
    shown = tuple(Choice(key, label) for key, (label, _) in _SHOWN.items())
    orders = tuple(Choice(key.value, label) for key, label in _ORDERS.items())
    query = draft["query"]
    return (
        Field("query", "Words of its name", values=(query,) if query else (), max_length=200),
        Field("show", "Which", Asks.CHOICE, values=(draft["show"],), choices=shown, required=True),
        Field(
            "order", "Order", Asks.CHOICE, values=(draft["order"],), choices=orders, required=True
        ),
    )
