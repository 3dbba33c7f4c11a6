"""Aliases: names besides a character's own, for one person or for everybody who sees it.

A personal alias names one character for its person. Two characters may have the same alias for
everybody, each given by its own editors: so nobody keeps a name from others by taking it first, and
no refusal tells of a character that somebody may not see. What a name then means is decided by
resolving.py, and told in warnings. An alias of a character that its person lost just finds nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.account import people
from tzurot.errors import (
    AliasNotFound,
    AliasTaken,
    InvalidField,
    LimitReached,
    PersonalityNotFound,
    RequestIdReused,
)
from tzurot.personality.characters import Characters, Label
from tzurot.personality.names import alias_store, mentions, resolving_store
from tzurot.personality.names.resolving_store import Kind, Reading
from tzurot.personality.store import Ref
from tzurot.personality.tables import Alias
from tzurot.storage.database import Database

MAX_ALIASES = 25  # of one character, for everybody; and as many of each person's
_MAX_WARNINGS = 5  # other characters that are told of
_LOOKED_AT = 40  # readings of a name: more than enough for these

_CALLED = {
    Kind.ID: "the id",
    Kind.NAME: "the name",
    Kind.SLUG: "the slug",
    Kind.OWN_ALIAS: "your alias",
    Kind.ALIAS: "an alias",
}


@dataclass(frozen=True, slots=True)
class NewAlias:
    """What an alias is to be."""

    creator_id: UUID
    alias: str
    for_everybody: bool = False
    request_id: UUID | None = None


class Aliases:
    """What the servicer asks of this room."""

    def __init__(self, database: Database, characters: Characters) -> None:
        self._database = database
        self._characters = characters

    async def create(self, ref: Ref, new: NewAlias) -> tuple[Alias, list[str]]:
        """Give a character a name, and tell what else the name means, in sentences.

        Raises:
            PersonalityNotFound, NotEditor, AliasTaken, LimitReached: by their names.
            InvalidField: the name is blank.
            RequestIdReused: the request id made another one.
        """
        key = mentions.key(new.alias)
        if not key:
            raise InvalidField([("alias", "required", "must not be blank")])
        async with self._database.transaction() as tx:
            personality_id = await self._may_name(tx, ref, new)
            alias = await self._stored(tx, personality_id, key, new)
            readings = await resolving_store.readings(tx, new.creator_id, {key}, _LOOKED_AT)
            warnings = await _warnings(tx, alias, readings)
        return alias, warnings

    async def delete(self, person_id: UUID, alias_id: UUID) -> None:
        """Take a name away.

        Raises:
            AliasNotFound: there is none, or it is none that the person may see.
            NotEditor: it is for everybody, and the character is none that the person may change.
        """
        async with self._database.transaction() as tx:
            alias = await alias_store.get(tx, alias_id)
            if alias is None or alias.person_id not in (None, person_id):
                raise AliasNotFound(alias_id)
            if alias.person_id is None:
                await self._require_editor(tx, person_id, alias)
            await alias_store.remove(tx, alias_id)

    async def list(
        self, person_id: UUID, ref: Ref | None, *, before: UUID | None, limit: int
    ) -> Sequence[Alias]:
        """A character's aliases that hold for the person, or all of theirs alone; newest first.

        Theirs are listed even where they lost the character: only so can they be taken away.

        Raises:
            PersonalityNotFound: there is none that the person may see.
        """
        async with self._database.transaction() as tx:
            if ref is None:
                return await alias_store.page_of_person(tx, person_id, before=before, limit=limit)
            found = await self._characters.seen(tx, person_id, ref)
            return await alias_store.page_of_character(
                tx, person_id, found.personality.id, before=before, limit=limit
            )

    async def _may_name(self, tx: AsyncSession, ref: Ref, new: NewAlias) -> UUID:
        """The character, if the person may give it such an alias; no other is made meanwhile."""
        await alias_store.alone(tx, new.creator_id)
        if new.for_everybody:
            return (await self._characters.editable(tx, new.creator_id, ref)).id
        return (await self._characters.seen(tx, new.creator_id, ref)).personality.id

    async def _stored(
        self, tx: AsyncSession, personality_id: UUID, key: str, new: NewAlias
    ) -> Alias:
        """The new alias, or the one that the same request made before."""
        whose = None if new.for_everybody else new.creator_id
        alias = Alias(
            id=clock.uuid7(),
            personality_id=personality_id,
            person_id=whose,
            creator_id=new.creator_id,
            alias=" ".join(new.alias.split()),
            folded_alias=key,
            request_id=new.request_id,
        )
        if new.request_id:
            first = await alias_store.of_request(tx, new.creator_id, new.request_id)
            if first and _asked_for(first) != _asked_for(alias):
                raise RequestIdReused(new.request_id)
            if first:
                return first
        if not await alias_store.add(tx, alias):
            raise AliasTaken(alias.alias)
        if await alias_store.count(tx, personality_id, whose) > MAX_ALIASES:
            raise LimitReached("aliases", MAX_ALIASES)
        return alias

    async def _require_editor(self, tx: AsyncSession, person_id: UUID, alias: Alias) -> None:
        try:
            found = await self._characters.seen(tx, person_id, alias.personality_id)
        except PersonalityNotFound:
            raise AliasNotFound(alias.id) from None
        found.require_editor()


def _asked_for(alias: Alias) -> tuple[object, ...]:
    return alias.personality_id, alias.person_id, alias.alias


async def _warnings(tx: AsyncSession, alias: Alias, readings: Sequence[Reading]) -> list[str]:
    """What else the name means to the person, and which of all that it does mean."""
    best: dict[UUID, Reading] = {}
    for reading in readings:
        best.setdefault(reading.access.personality.id, reading)
    first = next(iter(best.values()), None)
    others = [it for id_, it in best.items() if id_ != alias.personality_id]
    if first is None or not others:
        return []
    owners = {it.access.personality.owner_id for it in best.values()}
    names = await people.names(tx, [owner for owner in owners if owner])

    def label(it: Reading) -> Label:
        owner = it.access.personality.owner_id
        return Label.of(it.access, names.get(owner, "") if owner else "")

    told = [f"“{alias.alias}” is also {_CALLED[it.kind]} of {label(it)}." for it in others]
    if len(told) > _MAX_WARNINGS:
        told[_MAX_WARNINGS:] = ["More are called so."]
    return [*told, f"“{alias.alias}” now means {label(first)}."]
