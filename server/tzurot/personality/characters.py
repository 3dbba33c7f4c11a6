"""Characters: create, find, change, delete. Which one a name means is decided in resolving.py."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.account import people
from tzurot.errors import (
    AvatarNotFound,
    EtagMismatch,
    PersonalityNotFound,
    RequestIdReused,
    SlugTaken,
)
from tzurot.personality import store
from tzurot.personality.avatars import avatar_store
from tzurot.personality.avatars.pictures import Picture
from tzurot.personality.lorebooks import lore_use_store
from tzurot.personality.names import mentions, resolving
from tzurot.personality.names.resolving import Match
from tzurot.personality.scripts.scripts import Script
from tzurot.personality.searching import Wanted
from tzurot.personality.sharing.sharing import Access, Role
from tzurot.personality.store import Ref
from tzurot.personality.tables import Avatar, Personality
from tzurot.storage.database import Database

_MAX_SLUG = 64

# Fields of a character besides name, slug and visibility, by the names that they have everywhere.
TEXTS = (
    "nickname", "description", "traits", "tone", "age", "appearance", "likes", "dislikes", "goals",
    "history", "scenario", "greeting", "example_dialogues", "system_prompt",
    "post_history_instructions", "error_message", "birthday", "creator", "creator_notes",
    "character_version", "depth_prompt",
)  # fmt: skip
LISTS = ("alternate_greetings", "group_greetings", "tags")
# What is read as it is, with its own type.
OTHERS = (
    "depth_prompt_depth", "depth_prompt_role", "regex_scripts", "custom_fields",
    "age_restricted", "definition_visible",
)  # fmt: skip

# What a card tells the model: hidden from those who may only talk with the character.
DEFINITION = frozenset(
    {
        "description", "traits", "tone", "age", "appearance", "likes", "dislikes", "goals",
        "history", "scenario", "example_dialogues", "system_prompt", "post_history_instructions",
        "error_message", "alternate_greetings", "group_greetings", "depth_prompt",
        "depth_prompt_depth", "depth_prompt_role", "regex_scripts", "custom_fields",
    }
)  # fmt: skip
OWNERS_TO_CHANGE = frozenset({"visibility", "definition_visible", "age_restricted"})

Value = str | int | bool | list[str] | list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Label:
    """How a character is told apart from others of its name."""

    name: str
    slug: str
    whose: str = ""

    @classmethod
    def of(cls, access: Access, owner_name: str) -> "Label":
        """What tells it apart for the person who sees it, whatever else has its name."""
        whose = "yours" if access.owns else owner_name and f"by {owner_name}"
        return cls(access.personality.name, access.personality.slug, whose)

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(filter(None, (self.slug, self.whose)))})"


@dataclass(frozen=True, slots=True)
class Change:
    """New values by field name, and the etag that must still be the current one."""

    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Belongings:
    """What hangs on a character: the format it was imported from, its lorebooks, other names."""

    source_format: str = ""
    lorebook_ids: tuple[UUID, ...] = ()
    aliases: tuple[str, ...] = ()


NOTHING = Belongings()


class Characters:
    """What other rooms and the servicer ask of this room."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, person_id: UUID, ref: Ref) -> Access:
        """The personality that `ref` names.

        Raises:
            PersonalityNotFound: there is none that the person may see.
        """
        async with self._database.transaction() as tx:
            return await self.seen(tx, person_id, ref)

    async def seen(self, tx: AsyncSession, person_id: UUID, ref: Ref) -> Access:
        """The same within a transaction of the caller's."""
        found = await store.find(tx, person_id, ref)
        if found is None:
            raise PersonalityNotFound(ref)
        return found

    async def belongings(self, person_id: UUID, personality_id: UUID) -> Belongings:
        """What hangs on a character that the caller has the right to see."""
        async with self._database.transaction() as tx:
            return Belongings(*await store.belongings(tx, person_id, personality_id))

    async def readable(self, tx: AsyncSession, person_id: UUID, ref: Ref) -> Access:
        """A personality whose definition the person may read.

        Raises:
            PersonalityNotFound, DefinitionHidden: by their names.
        """
        found = await self.seen(tx, person_id, ref)
        found.require_definition()
        return found

    async def editable(self, tx: AsyncSession, person_id: UUID, ref: Ref) -> Personality:
        """A personality that the person may change, locked.

        Raises:
            PersonalityNotFound, NotEditor: by their names.
        """
        found = await self._locked(tx, person_id, ref)
        found.require_editor()
        return found.personality

    async def owned(self, tx: AsyncSession, person_id: UUID, ref: Ref) -> Personality:
        """A personality that is the person's, locked.

        Raises:
            PersonalityNotFound, NotOwner: by their names.
        """
        found = await self._locked(tx, person_id, ref)
        found.require_owner()
        return found.personality

    async def require_owned(self, person_id: UUID, personality_id: UUID) -> None:
        """Make sure that a character is a person's.

        Raises:
            PersonalityNotFound, NotOwner: by their names.
        """
        async with self._database.transaction() as tx:
            await self.owned(tx, person_id, personality_id)

    async def _locked(self, tx: AsyncSession, person_id: UUID, ref: Ref) -> Access:
        found = await store.find(tx, person_id, ref, lock=True)
        if found is None:
            raise PersonalityNotFound(ref)
        return found

    async def owned_ids(self, person_id: UUID) -> Sequence[UUID]:
        """All characters that are a person's."""
        async with self._database.transaction() as tx:
            return await store.owned_ids(tx, person_id)

    async def labels(self, tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Label]:
        """The names and slugs of personalities whose ids the caller has the right to know."""
        found = await store.labels(tx, ids)
        return {id_: Label(name, slug) for id_, (name, slug) in found.items()}

    async def owners(self, found: Collection[Access]) -> dict[UUID, str]:
        """What the owners of characters are called, by the characters' ids; "" of the server's."""
        async with self._database.reading() as tx:
            owner_ids = {it.personality.owner_id for it in found}
            called = await people.names(tx, [id_ for id_ in owner_ids if id_])
        return {
            it.personality.id: called.get(it.personality.owner_id, "")
            if it.personality.owner_id
            else ""
            for it in found
        }

    async def resolve(self, person_id: UUID, text: str, limit: int) -> list[Match]:
        """The personalities that `text` mentions, at most `limit`."""
        async with self._database.reading() as tx:
            return (await resolving.mentioned(tx, person_id, text))[:limit]

    async def complete(self, person_id: UUID, prefix: str, limit: int) -> list[Match]:
        """The personalities whose name, slug or alias starts with `prefix`, by name."""
        async with self._database.reading() as tx:
            return await resolving.complete(tx, person_id, prefix, limit)

    async def meant(self, person_id: UUID, name: str, limit: int) -> list[Access]:
        """All that a name can mean; what it does mean comes first."""
        async with self._database.reading() as tx:
            return await resolving.meant(tx, person_id, name, limit)

    async def handles(self, person_id: UUID, found: Sequence[Access]) -> dict[UUID, str]:
        """By what to name each of these, so that nothing else is meant."""
        async with self._database.reading() as tx:
            return await resolving.handles(tx, person_id, found)

    async def list(
        self, person_id: UUID, wanted: Wanted, *, after: UUID | None, limit: int
    ) -> Sequence[Access]:
        """What lists lead the person to, newest first."""
        async with self._database.transaction() as tx:
            return await store.page(tx, person_id, wanted, after=after, limit=limit)

    async def create(self, new: Personality) -> Access:
        """Store a new personality; without a slug it gets one made from its name.

        Raises:
            SlugTaken: the slug was chosen and another personality uses it.
            RequestIdReused: the request id made another one.
        """
        async with self._database.transaction() as tx:
            made, _ = await self.place(tx, new)
        return Access(made, Role.OWNER)

    async def place(self, tx: AsyncSession, new: Personality) -> tuple[Personality, bool]:
        """The same within a transaction of the caller's; and whether it is new.

        Of twins the second waits for the first and finds what it made.
        """
        new.folded_name = mentions.key(new.name)
        slugs = [new.slug] if new.slug else [_slug(new.name), ""]  # "": one beside the first
        for slug in slugs:
            new.slug = slug or _beside(new)
            if await store.add(tx, new):
                return new, True
            if first := await self.made_before(tx, new):
                return first, False
        raise SlugTaken(new.slug)

    async def made_before(self, tx: AsyncSession, new: Personality) -> Personality | None:
        """What the same request made before.

        Raises:
            RequestIdReused: the request id made another one.
        """
        if new.owner_id is None or new.request_id is None:
            return None
        first = await store.of_request(tx, new.owner_id, new.request_id)
        if first and first.request_hash != new.request_hash:
            raise RequestIdReused(new.request_id)
        return first

    async def change(self, person_id: UUID, ref: Ref, change: Change) -> Access:
        """Set the fields that `change` names.

        Raises:
            PersonalityNotFound, NotEditor, NotOwner, SlugTaken, EtagMismatch: by their names.
        """
        try:
            async with self._database.transaction() as tx:
                access = await self._locked(tx, person_id, ref)
                access.require_editor()
                if OWNERS_TO_CHANGE & change.values.keys():
                    access.require_owner()
                personality = access.personality
                if change.etag and change.etag != str(personality.version):
                    raise EtagMismatch(str(personality.version))
                await self.give(tx, personality, _onto(personality, change.values))
                return access
        except IntegrityError as error:
            raise _conflict(error, str(change.values.get("slug", ""))) from None

    async def take_in(
        self, tx: AsyncSession, owner_id: UUID, values: Mapping[str, Value], slug: str
    ) -> Personality:
        """A new, private character with these fields; its slug is `slug` or, if taken, like it."""
        now = clock.now()
        new = Personality(
            id=clock.uuid7(),
            owner_id=owner_id,
            slug=_slug(slug or str(values["name"])),
            visibility="private",
            avatar_sha256=None,
            version=1,
            create_time=now,
            update_time=now,
            **values,
        )
        if await store.slug_exists(tx, new.slug):
            new.slug = _beside(new)
        new.folded_name = mentions.key(new.name)
        tx.add(new)
        await tx.flush()
        return new

    async def give(
        self, tx: AsyncSession, personality: Personality, values: Mapping[str, Value]
    ) -> None:
        """Set fields of a character that the caller has the right to change."""
        for name, value in values.items():
            setattr(personality, name, value)
        personality.folded_name = mentions.key(personality.name)
        personality.version += 1
        await tx.flush()

    async def picture(self, tx: AsyncSession, personality: Personality, picture: Picture) -> None:
        """Give a character a face instead of the one that it has."""
        before, after = personality.avatar_sha256, picture.sha256
        await avatar_store.hold(tx, [it for it in (before, after) if it])
        avatar = Avatar(sha256=after, media_type=picture.media_type, content=picture.content)
        await avatar_store.add(tx, avatar)
        personality.avatar_sha256 = after
        await tx.flush()
        if before and before != after:
            await avatar_store.drop_unused(tx, before)

    async def no_picture(self, tx: AsyncSession, personality: Personality) -> None:
        """Take a character's face away, if it has one."""
        before, personality.avatar_sha256 = personality.avatar_sha256, None
        await tx.flush()
        if before:
            await avatar_store.drop_unused(tx, before)

    async def face(self, tx: AsyncSession, personality: Personality) -> Avatar | None:
        """A character's picture, if it has one."""
        sha256 = personality.avatar_sha256
        return await avatar_store.get(tx, sha256) if sha256 else None

    async def delete(self, person_id: UUID, ref: Ref) -> UUID:
        """Delete a personality and all that hangs on it; returns its id.

        Raises:
            PersonalityNotFound, NotOwner: by their names.
        """
        async with self._database.transaction() as tx:
            personality = await self.owned(tx, person_id, ref)
            await lore_use_store.drop_embedded(tx, personality.id)
            await tx.delete(personality)
            await tx.flush()
            if personality.avatar_sha256:
                await avatar_store.drop_unused(tx, personality.avatar_sha256)
            return personality.id

    async def avatar(self, person_id: UUID, ref: Ref) -> Avatar:
        """A personality's picture.

        Raises:
            PersonalityNotFound, AvatarNotFound: by their names.
        """
        async with self._database.transaction() as tx:
            personality = (await self.seen(tx, person_id, ref)).personality
            if personality.avatar_sha256 is None:
                raise AvatarNotFound(personality.slug)
            return await avatar_store.get(tx, personality.avatar_sha256)


def _onto(personality: Personality, values: Mapping[str, Value]) -> Mapping[str, Value]:
    """The values, with what only SillyTavern knows of scripts that stay."""
    wanted = values.get("regex_scripts")
    if not isinstance(wanted, list):
        return values
    stored = {Script.from_dict(row).name: row for row in personality.regex_scripts}
    rows: list[dict[str, Any]] = []
    for row in wanted:
        script = Script.from_dict(row) if isinstance(row, dict) else Script()
        rows.append(script.onto(stored.get(script.name, {})) or script.as_dict())
    return {**values, "regex_scripts": rows}


def _slug(name: str) -> str:
    """A handle made from a name: ASCII letters, digits and single dashes."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MAX_SLUG].strip("-") or clock.uuid7().hex


def _beside(new: Personality) -> str:
    """A slug like that of `new`, which is taken."""
    return f"{new.slug[: _MAX_SLUG - 9]}-{new.id.hex[-8:]}"


def _conflict(error: IntegrityError, slug: str) -> Exception:
    return SlugTaken(slug) if "personalities_slug_key" in str(error.orig) else error
