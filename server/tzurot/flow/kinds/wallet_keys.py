"""`wallet keys`: somebody's own keys at providers of models.

    list → key → delete

A key is entered unseen and goes on to its provider: neither the flow nor a view ever has it.
"""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic import SecretStr

from tzurot.errors import (
    AddressRefused,
    ApiKeyLacksCredit,
    ApiKeyLacksPermission,
    ApiKeyNameTaken,
    ApiKeyNotFound,
    ApiKeyRejected,
    ProviderQuota,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
    TzurotError,
)
from tzurot.flow.kind import Answers, At, Kind, Refused, Step
from tzurot.flow.views import ITEM, Action, Asks, Choice, Field, Item, Style, View, line
from tzurot.transport.subject import Caller
from tzurot.wallet.keys.keys import ApiKey, Keys, NewKey
from tzurot.wallet.keys.providers import TERMS, Provider

_DRAFT_ID = "key_id"
_BACK = Action("back", "Back")
_PROVIDERS = tuple(
    Choice(
        provider,
        "OpenAI-compatible address" if provider is Provider.COMPATIBLE else terms.called,
        "" if terms.kind else "It is kept and checked; nothing speaks with it yet.",
    )
    for provider, terms in TERMS.items()
)
# As wallet_service.proto has them.
_RULES = {
    "secret": (r"[!-~]{8,512}", "A key has 8 to 512 characters, and no spaces."),
    "name": (
        r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}",
        "A name has letters, digits, spaces and . _ - only, at most 40.",
    ),
    "model": (r"([!-~]{1,200})?", "A model's name has no spaces."),
}
_FIELDS = (
    Field("provider", "Whose key it is", Asks.CHOICE, choices=_PROVIDERS, required=True),
    Field("secret", "The key", Asks.SECRET, required=True, max_length=512),
    Field("name", "What to call it", values=("default",), required=True, max_length=40),
    Field("base_url", "Address", description="For an OpenAI-compatible address.", max_length=500),
    Field("model", "Model", description="Leave it empty for the usual one.", max_length=200),
)
_ADD = Action("add", "Add a key", Style.PRIMARY, asks=tuple(it.key for it in _FIELDS))
_NONE = "You have none. With a key of your own a larger model answers you, and you pay for it."
_SOME = "The newest one with a model pays for your turns."
_WRONG = {
    "rejected": "refused by its provider",
    "lacks_permission": "lacks a permission",
    "lacks_credit": "nothing left on it",
}
# What is wrong with which field.
_BLAMED: Mapping[type[TzurotError], str] = {
    ApiKeyRejected: "secret",
    ApiKeyLacksPermission: "secret",
    ApiKeyLacksCredit: "secret",
    ApiKeyNameTaken: "name",
    AddressRefused: "base_url",
}
_AWAY = (ProviderUnavailable, ProviderTimeout, ProviderQuota, RateLimited)


class WalletKeys(Kind):
    """Lists keys, takes new ones, checks them and deletes them."""

    path = "wallet keys"
    summary = "Your own keys at providers of models: your turns are paid with them."

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The list."""
        return Step("list")

    async def view(self, who: Caller, at: At) -> View:
        """All keys, or one."""
        if at.step == "list":
            rows = await self._keys.list(who.person_id)
            items = tuple(Item(_title(it), _text(it), str(it.id)) for it in rows)
            return View(
                "Your keys",
                _SOME if rows else _NONE,
                fields=_FIELDS,
                items=items,
                actions=(_ADD,),
                item_action="show",
            )
        row = await self._one(who, at)
        if row is None:
            return View("A key", "It is deleted.", actions=(_BACK,))
        if at.step == "delete":
            return View(
                f"Delete {_title(row)}?",
                "At its provider it stays good: revoke it there, if nobody is to use it.",
                actions=(_BACK, Action("delete", "Delete it", Style.DANGER)),
            )
        actions = (_BACK, Action("check", "Check it"), Action("ask", "Delete", Style.DANGER))
        return View(_title(row), _text(row), actions=actions)

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Go to a key and back, add one, check one, delete one."""
        match action:
            case "show":
                return Step("key", {_DRAFT_ID: answers[ITEM][0]})
            case "back":
                return Step("list") if at.step == "key" else Step("key", at.draft)
            case "add":
                return await self._added(who, answers)
            case "check":
                return await self._checked(who, at)
            case "ask":
                return Step("delete", at.draft)
            case _:
                return await self._deleted(who, at)

    async def _added(self, who: Caller, answers: Answers) -> Step:
        given = {key: values[0] if values else "" for key, values in answers.items()}
        _require_fitting(given)
        new = NewKey(
            Provider(given["provider"]),
            given["name"],
            SecretStr(given["secret"]),
            given["base_url"],
            given["model"],
        )
        try:
            row = await self._keys.create(who, new)
        except tuple(_BLAMED) as wrong:
            raise Refused(errors={_BLAMED[type(wrong)]: wrong.message}) from None
        except _AWAY as away:
            raise Refused(f"{away.message} Nothing was stored.") from None
        speaks = f"{row.model} answers you from now on." if row.model else "It is kept."
        return Step("list", told=f"{_title(row)} lets you in. {line(speaks)}")

    async def _checked(self, who: Caller, at: At) -> Step:
        try:
            await self._keys.check(who, UUID(at.draft[_DRAFT_ID]))
        except (ApiKeyNotFound, *_BLAMED, *_AWAY) as wrong:
            return Step("key", at.draft, notice=wrong.message)
        return Step("key", at.draft, told="It is good.")

    async def _deleted(self, who: Caller, at: At) -> Step:
        try:
            await self._keys.delete(who.person_id, UUID(at.draft[_DRAFT_ID]))
        except ApiKeyNotFound:
            return Step("list", notice="It was deleted already.")
        return Step("list", told="It is deleted.")

    async def _one(self, who: Caller, at: At) -> ApiKey | None:
        rows: Sequence[ApiKey] = await self._keys.list(who.person_id)
        return next((it for it in rows if str(it.id) == at.draft[_DRAFT_ID]), None)


def _require_fitting(given: Mapping[str, str]) -> None:
    errors = {
        key: sentence
        for key, (rule, sentence) in _RULES.items()
        if not re.fullmatch(rule, given[key])
    }
    if (given["provider"] == Provider.COMPATIBLE) != bool(given["base_url"]):
        errors["base_url"] = "It is needed for an OpenAI-compatible address, and only there."
    if errors:
        raise Refused(errors=errors)


def _title(row: ApiKey) -> str:
    where = row.base_url or TERMS[Provider(row.provider)].called
    return f"{line(where, 120)} ({row.name})"


def _text(row: ApiKey) -> str:
    parts = (
        f"ends in {row.last_four}" if row.last_four else "",
        line(row.model, 120) if row.model else "no model yet",
        f"last used {row.last_use_time:%Y-%m-%d}" if row.last_use_time else "never used",
        _WRONG[row.failure] if row.failure else "",
    )
    return " · ".join(part for part in parts if part)
