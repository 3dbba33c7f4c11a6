"""What a name means: the one order that mentions, completion, flows and commands share.

An id comes first, then a name, a slug, an alias of the person's own, an alias for everybody. Among
equals the nearest comes first: the person's own, co-owned, shared with them, public; then the
oldest. In a text the longest mention wins over all of that. An unlisted character answers to its
exact slug or id only, and nothing leads to one that the person may not see.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.personality import store
from tzurot.personality.names import mentions, resolving_store
from tzurot.personality.names.resolving_store import Kind
from tzurot.personality.sharing.sharing import Access
from tzurot.personality.tables import Personality

_KINDS = 4  # a character can be called the same by its name, slug and both sorts of alias


@dataclass(frozen=True, slots=True)
class Match:
    """A personality and where a text mentions it: start and length in code points."""

    access: Access
    start: int = 0
    length: int = 0


async def mentioned(tx: AsyncSession, person_id: UUID, text: str) -> list[Match]:
    """The personalities that `text` mentions, in order, each once. One statement at most."""
    spans = mentions.candidates(text)
    if not spans:
        return []
    known = await resolving_store.firsts(tx, person_id, {span.name for span in spans})
    found: dict[UUID, Match] = {}
    for span, access in mentions.choose(spans, known):
        found.setdefault(access.personality.id, Match(access, span.start, span.length))
    return list(found.values())


async def seen(tx: AsyncSession, person_id: UUID, ids: Collection[UUID]) -> dict[UUID, Access]:
    """Those of these personalities that the person may see, by id. One statement at most."""
    if not ids:
        return {}
    return {it.personality.id: it for it in await store.among(tx, person_id, ids)}


async def meant(tx: AsyncSession, person_id: UUID, name: str, limit: int) -> list[Access]:
    """All that a name can mean, at most `limit`; what it does mean comes first."""
    key = mentions.key(name.removeprefix("@"))
    rows = await resolving_store.readings(tx, person_id, {key}, limit * _KINDS)
    found: dict[UUID, Access] = {}
    for row in rows:
        found.setdefault(row.access.personality.id, row.access)
    return list(found.values())[:limit]


async def complete(tx: AsyncSession, person_id: UUID, prefix: str, limit: int) -> list[Match]:
    """The personalities whose name, slug or alias starts with `prefix`, by name."""
    found = await resolving_store.starting_with(tx, person_id, mentions.key(prefix), limit)
    return [Match(access) for access in found]


async def handles(tx: AsyncSession, person_id: UUID, found: Sequence[Access]) -> dict[UUID, str]:
    """By what to name each, so that nothing else is meant: its slug, or where needed its id."""
    meanings = await resolving_store.firsts(tx, person_id, {it.personality.slug for it in found})
    return {it.personality.id: _handle(it.personality, meanings) for it in found}


async def only_one(tx: AsyncSession, person_id: UUID, names: Collection[str]) -> Personality | None:
    """The character that the person sees under these names, own ones first; None if unclear.

    Aliases count where no name or slug is among them.
    """
    keys = {mentions.key(name) for name in names if name}
    if not keys:
        return None
    rows = await resolving_store.readings(tx, person_id, keys)
    near = [it for it in rows if it.access.owns] or rows
    clear = [it for it in near if it.kind <= Kind.SLUG] or near
    found = {it.access.personality.id: it.access.personality for it in clear}
    return next(iter(found.values())) if len(found) == 1 else None


def _handle(personality: Personality, meanings: dict[str, Access]) -> str:
    meaning = meanings.get(personality.slug)
    unclear = meaning is not None and meaning.personality.id != personality.id
    return str(personality.id) if unclear else personality.slug
