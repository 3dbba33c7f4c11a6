"""Characters: create, find, change, delete. Which one a name means is decided in resolving.py."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.account import people
from tzurot.errors import EtagMismatch, PersonalityNotFound, RequestIdReused, SlugTaken
from tzurot.personality import store
from tzurot.personality.avatars import avatar_store
from tzurot.personality.fields import OWNERS_TO_CHANGE, Change, Value
from tzurot.personality.lorebooks import lore_use_store
from tzurot.personality.names import mentions, resolving, slugs
from tzurot.personality.names.resolving import Match
from tzurot.personality.scripts import scripts
from tzurot.personality.searching import Wanted
from tzurot.personality.sharing.sharing import Access, Role
from tzurot.personality.store import Ref
from tzurot.personality.tables import Personality
from tzurot.storage.database import Database


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
        wanted = [new.slug] if new.slug else [slugs.made_of(new.name), ""]  # "": beside the first
        for slug in wanted:
            new.slug = slug or slugs.beside(new.slug, new.id)
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
                await self.give(tx, personality, _stored(personality, change.values))
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
            slug=slugs.made_of(slug or str(values["name"])),
            visibility="private",
            avatar_sha256=None,
            version=1,
            create_time=now,
            update_time=now,
            **values,
        )
        if await store.slug_exists(tx, new.slug):
            new.slug = slugs.beside(new.slug, new.id)
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


def _stored(personality: Personality, values: Mapping[str, Value]) -> Mapping[str, Value]:
    """The values, with what only SillyTavern knows of scripts that stay."""
    wanted = values.get("regex_scripts")
    if not isinstance(wanted, list):
        return values
    return {**values, "regex_scripts": scripts.onto(personality.regex_scripts, wanted)}


def _conflict(error: IntegrityError, slug: str) -> Exception:
    return SlugTaken(slug) if "personalities_slug_key" in str(error.orig) else error
