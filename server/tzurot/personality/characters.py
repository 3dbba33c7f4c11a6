"""Characters: create, find, change, delete, and who is meant by a mention."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import (
    AvatarNotFound,
    EtagMismatch,
    NotEditor,
    PersonalityNotFound,
    RequestIdReused,
    SlugTaken,
)
from tzurot.personality import lore_store, mentions, store
from tzurot.personality.pictures import Picture
from tzurot.personality.store import Ref
from tzurot.personality.tables import Avatar, Personality
from tzurot.storage.database import Database

_MAX_SLUG = 64

# Fields of a character besides name, slug and visibility, by the names that they have everywhere.
TEXTS = (
    "nickname", "description", "traits", "tone", "age", "appearance", "likes", "dislikes", "goals",
    "history", "scenario", "greeting", "example_dialogues", "system_prompt",
    "post_history_instructions", "error_message", "birthday", "creator", "creator_notes",
    "character_version",
)  # fmt: skip
LISTS = ("alternate_greetings", "group_greetings", "tags")

Value = str | list[str]


@dataclass(frozen=True, slots=True)
class Match:
    """A personality and where a text mentions it: start and length in code points."""

    personality: Personality
    start: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """New values by field name, and the etag that must still be the current one."""

    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Belongings:
    """What hangs on a character: the format it was imported from, and the lorebooks it uses."""

    source_format: str = ""
    lorebook_ids: tuple[UUID, ...] = ()


NOTHING = Belongings()


class Characters:
    """What other rooms and the servicer ask of this room."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, person_id: UUID, ref: Ref) -> Personality:
        """The personality that `ref` names.

        Raises:
            PersonalityNotFound: there is none that the person may see.
        """
        async with self._database.transaction() as tx:
            return await self.seen(tx, person_id, ref)

    async def seen(self, tx: AsyncSession, person_id: UUID, ref: Ref) -> Personality:
        """The same within a transaction of the caller's."""
        found = await store.find(tx, person_id, ref)
        if found is None:
            raise PersonalityNotFound(ref)
        return found

    async def belongings(self, personality_id: UUID) -> Belongings:
        """What hangs on a character that the caller has the right to see."""
        async with self._database.transaction() as tx:
            return Belongings(*await store.belongings(tx, personality_id))

    async def owned(self, tx: AsyncSession, person_id: UUID, ref: Ref) -> Personality:
        """A personality that the person may change, locked.

        Raises:
            PersonalityNotFound, NotEditor: by their names.
        """
        found = await store.find(tx, person_id, ref, lock=True)
        if found is None:
            raise PersonalityNotFound(ref)
        if found.owner_id != person_id:
            raise NotEditor(found.slug)
        return found

    async def require_owned(self, person_id: UUID, personality_id: UUID) -> None:
        """Make sure that a person may change a character.

        Raises:
            PersonalityNotFound, NotEditor: by their names.
        """
        async with self._database.transaction() as tx:
            await self.owned(tx, person_id, personality_id)

    async def owned_ids(self, person_id: UUID) -> Sequence[UUID]:
        """All characters that a person may change."""
        async with self._database.transaction() as tx:
            return await store.owned_ids(tx, person_id)

    async def only_one_named(
        self, tx: AsyncSession, person_id: UUID, names: Collection[str]
    ) -> Personality | None:
        """The character that the person sees under these names, own ones first; None if unclear."""
        folded = {mentions.key(name) for name in names if name}
        if not folded:
            return None
        found = await store.named(tx, person_id, folded)
        own = [personality for personality in found if personality.owner_id == person_id]
        candidates = own or found
        return candidates[0] if len(candidates) == 1 else None

    async def names(self, tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
        """The names of personalities whose ids the caller has the right to know."""
        return await store.names(tx, ids)

    async def mentioned(self, tx: AsyncSession, person_id: UUID, text: str) -> list[Match]:
        """The personalities that `text` mentions, in order, each once."""
        spans = mentions.candidates(text)
        if not spans:
            return []
        known: dict[str, Personality] = {}
        for personality in await store.named(tx, person_id, {span.name for span in spans}):
            known.setdefault(personality.folded_name, personality)
            known.setdefault(personality.slug, personality)
        found: dict[UUID, Match] = {}
        for span, personality in mentions.choose(spans, known):
            found.setdefault(personality.id, Match(personality, span.start, span.length))
        return list(found.values())

    async def resolve(self, person_id: UUID, text: str, limit: int) -> list[Match]:
        """The personalities that `text` mentions, at most `limit`."""
        async with self._database.transaction() as tx:
            return (await self.mentioned(tx, person_id, text))[:limit]

    async def complete(self, person_id: UUID, prefix: str, limit: int) -> list[Match]:
        """The personalities whose name or slug starts with `prefix`."""
        async with self._database.transaction() as tx:
            found = await store.starting_with(tx, person_id, mentions.key(prefix), limit)
        return [Match(personality) for personality in found]

    async def list(
        self, person_id: UUID, *, mine: bool, after: UUID | None, limit: int
    ) -> Sequence[Personality]:
        """What the person sees, newest first."""
        async with self._database.transaction() as tx:
            return await store.page(tx, person_id, mine=mine, after=after, limit=limit)

    async def create(self, new: Personality) -> Personality:
        """Store a new personality; without a slug it gets one made from its name.

        Raises:
            SlugTaken: the slug was chosen and another personality uses it.
            RequestIdReused: the request id made another one.
        """
        chosen = bool(new.slug)
        new.slug = new.slug or _slug(new.name)
        try:
            return await self._store(new)
        except SlugTaken:
            if chosen:
                raise
        new.slug = _beside(new)
        return await self._store(new)

    async def change(self, person_id: UUID, ref: Ref, change: Change) -> Personality:
        """Set the fields that `change` names.

        Raises:
            PersonalityNotFound, NotEditor, SlugTaken, EtagMismatch: by their names.
        """
        try:
            async with self._database.transaction() as tx:
                personality = await self.owned(tx, person_id, ref)
                if change.etag and change.etag != str(personality.version):
                    raise EtagMismatch(str(personality.version))
                await self.give(tx, personality, change.values)
                return personality
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
        """Give a character a face."""
        avatar = Avatar(
            sha256=picture.sha256, media_type=picture.media_type, content=picture.content
        )
        await store.add_avatar(tx, avatar)
        personality.avatar_sha256 = picture.sha256
        await tx.flush()

    async def face(self, tx: AsyncSession, personality: Personality) -> Avatar | None:
        """A character's picture, if it has one."""
        sha256 = personality.avatar_sha256
        return await store.avatar(tx, sha256) if sha256 else None

    async def delete(self, person_id: UUID, ref: Ref) -> UUID:
        """Delete a personality and all that hangs on it; returns its id.

        Raises:
            PersonalityNotFound, NotEditor: by their names.
        """
        async with self._database.transaction() as tx:
            personality = await self.owned(tx, person_id, ref)
            await lore_store.drop_embedded(tx, personality.id)
            await tx.delete(personality)
            return personality.id

    async def avatar(self, person_id: UUID, ref: Ref) -> Avatar:
        """A personality's picture.

        Raises:
            PersonalityNotFound, AvatarNotFound: by their names.
        """
        async with self._database.transaction() as tx:
            personality = await self.seen(tx, person_id, ref)
            if personality.avatar_sha256 is None:
                raise AvatarNotFound(personality.slug)
            return await store.avatar(tx, personality.avatar_sha256)

    async def _store(self, new: Personality) -> Personality:
        """Store `new`, or find what the same request made before, or is making at this moment."""
        async with self._database.transaction() as tx:
            if await store.add(tx, new):
                return new
            first = None
            if new.owner_id and new.request_id:
                first = await store.of_request(tx, new.owner_id, new.request_id)
        if first is None:
            raise SlugTaken(new.slug)
        if first.request_hash != new.request_hash:
            raise RequestIdReused(new.request_id)
        return first


def _slug(name: str) -> str:
    """A handle made from a name: ASCII letters, digits and single dashes."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MAX_SLUG].strip("-") or clock.uuid7().hex


def _beside(new: Personality) -> str:
    """A slug like that of `new`, which is taken."""
    return f"{new.slug[: _MAX_SLUG - 9]}-{new.id.hex[-8:]}"


def _conflict(error: IntegrityError, slug: str) -> Exception:
    return SlugTaken(slug) if "personalities_slug_key" in str(error.orig) else error
