"""How a person stands in a place: what is held against them, and what is known of their age.

`standing` is what the hot path asks, in one statement. A denial holds for a person, a space with
its channels, a channel with its threads, or a character: everywhere, on a platform, or in a space.
Who decides such things is in moderation.py.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.account import denial_store
from tzurot.transport.subject import Caller


class Target(StrEnum):
    """Who or what is denied."""

    SUBJECT = "subject"
    SPACE = "space"
    CHANNEL = "channel"
    PERSONALITY = "personality"


class DenialKind(StrEnum):
    """Whether who is denied is told."""

    BLOCK = "block"
    MUTE = "mute"


class Age(StrEnum):
    """What is known of a person's age."""

    UNPROVEN = "unproven"
    ADULT = "adult"
    BARRED = "barred"


@dataclass(frozen=True, slots=True)
class Location:
    """Where somebody speaks; empty where there is no such thing."""

    platform: str
    space_id: str = ""
    channel_id: str = ""
    parent_channel_id: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands in a place."""

    maintenance: str | None
    """What people are told while the server is being worked on."""
    denied: DenialKind | None
    """Whether the person or the place is; silence counts before words."""
    denied_characters: Mapping[UUID, DenialKind]
    age: Age


async def standing(
    tx: AsyncSession, caller: Caller, where: Location, personality_ids: Sequence[UUID] = ()
) -> Standing:
    """How a person stands in a place, and these characters with them. One statement."""
    found = await denial_store.standing(
        tx,
        {
            "person_id": caller.person_id,
            "platform": where.platform,
            "own_platform": caller.platform,
            "space_id": where.space_id,
            "channel_id": where.channel_id,
            "parent_channel_id": where.parent_channel_id,
            "personality_ids": [str(it) for it in personality_ids],
            "now": clock.now(),
        },
    )
    here = [DenialKind(it.kind) for it in found.held if it.target != Target.PERSONALITY]
    characters: dict[UUID, DenialKind] = {}
    for it in found.held:
        if it.target == Target.PERSONALITY:
            held = characters.get(UUID(it.target_id))
            characters[UUID(it.target_id)] = _stricter(held, DenialKind(it.kind))
    denied: DenialKind | None = None
    for kind in here:
        denied = _stricter(denied, kind)
    known = Age.ADULT if found.adult else Age.UNPROVEN
    age = Age.BARRED if found.barred else known
    return Standing(found.maintenance, denied, characters, age)


async def denied(tx: AsyncSession, subjects: Collection[str], where: Location) -> set[str]:
    """Those who are not answered in a place; nothing that they say is anybody's business there."""
    return await denial_store.denied(tx, subjects, where.platform, where.space_id, clock.now())


async def under_maintenance(tx: AsyncSession) -> bool:
    """Whether the server is being worked on: nothing is recorded meanwhile."""
    return await denial_store.maintenance(tx) is not None


async def prove_adult(tx: AsyncSession, person_id: UUID) -> bool:
    """Remember that a person spoke where only adults are let in; False if they are barred."""
    return await denial_store.prove_adult(tx, person_id, clock.now())


def _stricter(one: DenialKind | None, other: DenialKind) -> DenialKind:
    """Of two denials the one that counts: who is to hear nothing hears nothing."""
    return DenialKind.MUTE if DenialKind.MUTE in (one, other) else other
