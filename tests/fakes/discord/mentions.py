"""Whom a message would have pinged: Discord "Allowed Mentions Object".

Absent allowances let everything in the text ping; present ones only what they name. Discord leaves
out mentions inside code; this reading is stricter and counts them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from tests.fakes.discord.wire import Json, items

USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(?:everyone|here)\b")


@dataclass(frozen=True, slots=True)
class Pings:
    """Who is notified; falsy if nobody is."""

    everyone: bool = False
    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everyone or bool(self.users) or bool(self.roles)

    @classmethod
    def union(cls, many: Iterable[Self]) -> Self:
        several = list(many)
        return cls(
            any(pings.everyone for pings in several),
            frozenset[int]().union(*(pings.users for pings in several)),
            frozenset[int]().union(*(pings.roles for pings in several)),
        )


NOBODY = Pings()


def pinged(text: str, allowances: Json | None, replied_to: int | None = None) -> Pings:
    """Whom `text` pings under `allowances` (None: absent), as a reply to user `replied_to`."""
    users = {int(user) for user in USER.findall(text)}
    roles = {int(role) for role in ROLE.findall(text)}
    everyone = EVERYONE.search(text) is not None
    if allowances is None:
        return Pings(everyone, frozenset(users | _one(replied_to)), frozenset(roles))
    parsed = items(allowances, "parse")
    if "users" not in parsed:
        users &= {int(user) for user in items(allowances, "users")}
    if "roles" not in parsed:
        roles &= {int(role) for role in items(allowances, "roles")}
    if allowances.get("replied_user"):
        users |= _one(replied_to)
    return Pings(everyone and "everyone" in parsed, frozenset(users), frozenset(roles))


def _one(user: int | None) -> set[int]:
    return set() if user is None else {user}
