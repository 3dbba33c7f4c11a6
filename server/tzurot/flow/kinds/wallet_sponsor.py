"""`wallet sponsor`: a moderator's key pays for the members of the server that it is begun in.

list → sponsor → end (asked)
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.errors import (
    ApiKeyNotFound,
    InvalidField,
    LimitReached,
    ModelNotListed,
    SponsorKeyUnsuitable,
    SponsorNotFound,
    TzurotError,
)
from tzurot.flow.kind import Answers, At, Refused, Step
from tzurot.flow.kinds import budget_words, in_channel
from tzurot.flow.kinds.in_channel import InChannel
from tzurot.flow.views import ITEM, Action, Asks, Choice, Field, Item, Style, View, line
from tzurot.session.said import Place
from tzurot.transport.subject import Caller
from tzurot.wallet.catalogue import price
from tzurot.wallet.keys.choosing import ApiKey, Choosing
from tzurot.wallet.keys.providers import TERMS, Provider
from tzurot.wallet.sponsors.sponsors import Gift, Given, Sponsors

_DRAFT_ID = "sponsor_id"
_BACK = Action("back", "Back")
_BODY = (
    "A key of yours pays here for members who have none, as much a day as you say. You see how much"
    " it was, and nothing of who was answered or what was said."
)
_NO_KEY = "You have no key that a model speaks with: `wallet keys` takes one."
_ALL = Field("all", "Dollars a day for all together", required=True, max_length=20)
_EACH = Field("each", "Dollars a day for each member", required=True, max_length=20)
_MODEL = Field("model", "Model", description="Empty: the one that speaks with it.", max_length=200)
# What is wrong with which field.
_BLAMED: Mapping[type[TzurotError], str] = {
    ApiKeyNotFound: "key",
    SponsorKeyUnsuitable: "key",
    ModelNotListed: "model",
}


class WalletSponsor(InChannel):
    """Shows what the person gives this server, takes more, changes it and ends it."""

    path = "wallet sponsor"
    summary = "Pay for the members of this server with a key of yours, as much as you say."

    def __init__(self, sponsors: Sponsors, choosing: Choosing) -> None:
        self._sponsors = sponsors
        self._choosing = choosing

    async def begin_in(self, who: Caller, place: Place, arguments: Mapping[str, str]) -> Step:
        """What is given here.

        Raises:
            InvalidField: the channel belongs to no server.
        """
        if not place.space_id:
            problem = "must be a channel of a server: begin this in one"
            raise InvalidField([("place", "place.space", problem)])
        return Step("list")

    async def view(self, who: Caller, at: At) -> View:
        """All of it, or one."""
        place = in_channel.place_of(who, at)
        given = [it for it in await self._sponsors.list(who.person_id) if _is_here(it, place)]
        keys = await self._choosing.keys(who.person_id)
        if at.step == "list":
            return _list(given, keys)
        it = next((it for it in given if str(it.sponsor.id) == at.draft[_DRAFT_ID]), None)
        if it is None:
            return View("A key that pays here", "It pays no more.", actions=(_BACK,))
        if at.step == "end":
            question = "Members without a key are answered by what costs nobody anything then."
            end = Action("end", "End it", Style.DANGER)
            return View(f"End {_title(it, keys)}?", question, actions=(_BACK, end))
        return _one(it, keys)

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Go to one and back, give, change, end."""
        place = in_channel.place_of(who, at)
        match action:
            case "show":
                return Step("sponsor", {**at.draft, _DRAFT_ID: answers[ITEM][0]})
            case "back":
                return Step("list" if at.step == "sponsor" else "sponsor", at.draft)
            case "ask":
                return Step("end", at.draft)
            case "give":
                return await self._given(who, place, at, answers)
            case _:
                return await self._changed(who, at, action, answers)

    async def _given(self, who: Caller, place: Place, at: At, answers: Answers) -> Step:
        given = _entered(answers)
        micros, each = budget_words.dollars(given, "all", "each")
        key_id = UUID(given["key"])
        gift = Gift(place.platform, place.space_id, key_id, micros, each, given["model"])
        try:
            made = await self._sponsors.put(who, gift)
        except tuple(_BLAMED) as wrong:
            raise Refused(errors={_BLAMED[type(wrong)]: wrong.message}) from None
        except LimitReached as full:
            raise Refused(full.message) from None
        told = f"{line(made.sponsor.model, 100)} answers members here who have no key."
        return Step("list", at.draft, told=told)

    async def _changed(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Give more or less, or end it."""
        sponsor_id = UUID(at.draft[_DRAFT_ID])
        try:
            if action == "end":
                await self._sponsors.end(who.person_id, sponsor_id)
                return Step("list", at.draft, told="It pays no more.")
            caps = budget_words.dollars(_entered(answers), "all", "each")
            await self._sponsors.change(who.person_id, sponsor_id, *caps)
        except SponsorNotFound:
            return Step("list", at.draft, notice="It had ended already.")
        return Step("sponsor", at.draft, told="It is changed.")


def _list(given: Sequence[Given], keys: Sequence[ApiKey]) -> View:
    choices = tuple(Choice(str(it.id), _called(it), it.model) for it in keys)
    key = Field("key", "Which key", Asks.CHOICE, choices=choices, required=True)
    asked = (key, _MODEL, _ALL, _EACH)
    give = Action("give", "Sponsor", Style.PRIMARY, asks=tuple(it.key for it in asked))
    return View(
        "Pay for the members of this server",
        _BODY if keys else f"{_BODY}\n{_NO_KEY}",
        fields=asked if keys else (),
        items=tuple(Item(_title(it, keys), _text(it), str(it.sponsor.id)) for it in given),
        actions=(give,) if keys else (),
        item_action="show" if given else "",
    )


def _one(it: Given, keys: Sequence[ApiKey]) -> View:
    change = Action("change", "Change", asks=(_ALL.key, _EACH.key))
    return View(
        _title(it, keys),
        _text(it),
        fields=(_ALL, _EACH),
        actions=(_BACK, change, Action("ask", "End it", Style.DANGER)),
    )


def _is_here(it: Given, place: Place) -> bool:
    return (it.sponsor.platform, it.sponsor.space_id) == (place.platform, place.space_id)


def _entered(answers: Answers) -> dict[str, str]:
    return {key: values[0].strip() if values else "" for key, values in answers.items()}


def _title(it: Given, keys: Sequence[ApiKey]) -> str:
    key = next((key for key in keys if key.id == it.sponsor.key_id), None)
    model = line(it.sponsor.model, 100)
    return f"{model}, with {_called(key)}" if key else model


def _called(key: ApiKey) -> str:
    return f"{line(key.base_url or TERMS[Provider(key.provider)].called, 60)} ({key.name})"


def _text(it: Given) -> str:
    each = price.dollars(it.sponsor.member_cap_micros)
    recent = f"{price.dollars(it.recent_micros)} in {it.recent_requests:,} requests in 30 days"
    return f"Today {budget_words.left(it.today)} {each} a day for each member. {recent}."
