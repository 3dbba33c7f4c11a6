"""What of a shapes.inc file must not be kept: other people's ids, and keys to their accounts."""

import re
from collections.abc import Mapping
from functools import lru_cache

from tzurot.formats import narrowing
from tzurot.formats.documents import Json
from tzurot.formats.found import Aside

_ACCOUNTS = "ids of people's accounts"
_TWITTER = "of the maker's account at X, or of people there"
_OWNERS = "who owns or owned the shape"
_KEY = "a key to somebody's account"

_NAMES: Mapping[str, str] = {
    "app_info": "Discord's record of the bot: its owners' names and ids, its keys",
    "user_id": _ACCOUNTS,
    "user_ids": _ACCOUNTS,
    "blocked_user_id": _ACCOUNTS,
    "blocked_user_ids": _ACCOUNTS,
    "fav_author_user_id": _ACCOUNTS,
    "fav_author_user_ids": _ACCOUNTS,
    "author_id": _ACCOUNTS,
    "owner": _OWNERS,
    "owners": _OWNERS,
    "owner_id": _OWNERS,
    "owner_ids": _OWNERS,
    "owner_user_id": _OWNERS,
    "shape_owners": _OWNERS,
    "ownership_history": _OWNERS,
    "x_account": _TWITTER,
    "x_id": _TWITTER,
    "x_ignore_list": _TWITTER,
    "x_fav_list": _TWITTER,
    "x_lists_list": _TWITTER,
    "auto_moderation_results": "a machine's judgment of the maker's texts",
    "email": "a person's address",
    "phone": "a person's number",
}
_WORD_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-\s]+")  # verifyKey, X-Account
_SECRETS = re.compile(
    r"(?:^|_)(?:tokens?|secrets?|passwords?|cookies?|credentials?|authorization"
    r"|(?:api|verify|private|public|access|signing)_?keys?|session_id)(?:_|$)"
)
_TWITTERS = re.compile(r"^x_(?:o?auth|access|refresh|consumer|bearer|user|account|debug)")


def scrub(value: Json, at: str = "") -> tuple[Json, tuple[Aside, ...]]:
    """`value` without what is private at any depth, and what that was.

    `at` stands before each path: `config.`. Empty values go without being told of.
    """
    dropped: dict[str, Aside] = {}
    return _scrubbed(value, at, dropped), tuple(dropped.values())


def _scrubbed(value: Json, at: str, dropped: dict[str, Aside]) -> Json:
    if narrowing.is_list(value):
        inside = at.removesuffix(".") + "[]."
        return [_scrubbed(item, inside, dropped) for item in narrowing.items(value)]
    if not narrowing.is_object(value):
        return value
    kept: dict[str, Json] = {}
    for name, member in narrowing.members(value).items():
        reason = _reason(name, member)
        if not reason:
            deep = narrowing.is_object(member) or narrowing.is_list(member)
            kept[name] = _scrubbed(member, f"{at}{name}.", dropped) if deep else member
        elif member:
            dropped[at + name] = Aside(at + name, reason)
    return kept


def _reason(name: str, value: Json) -> str:
    always, unless_number = _reasons(name)
    if always or not isinstance(value, str | list | dict):
        return always
    return unless_number


@lru_cache(maxsize=1024)  # the same few names in thousands of rows
def _reasons(name: str) -> tuple[str, str]:
    """Why a field of this name is private always, and unless it is a number or a truth.

    `engine_max_tokens` and `discord_bot_token_exist` are no keys.
    """
    word = _WORD_BORDER.sub("_", name).lower()
    if _SECRETS.search(word):
        return _NAMES.get(word, ""), _KEY
    return _NAMES.get(word, ""), _TWITTER if _TWITTERS.search(word) else ""
