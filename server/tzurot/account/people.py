"""People: met by their subject, and called by the name that their default persona has."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.account import store, subjects


async def meet(tx: AsyncSession, subject: str) -> UUID:
    """The person behind a subject, who may never have been here before.

    Raises:
        SubjectDenied: it is no subject.
    """
    person_id, _ = await store.meet(tx, subjects.parse(subject))
    return person_id


async def known(tx: AsyncSession, subject: str) -> UUID | None:
    """The person behind a subject, if there is one."""
    return await store.person_of(tx, subject)


async def is_adult(tx: AsyncSession, person_id: UUID) -> bool:
    """Whether a person has proved to be an adult."""
    return await store.is_adult(tx, person_id)


async def names(tx: AsyncSession, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """What people are called: by their default persona, else by their subject."""
    return await store.names(tx, person_ids) if person_ids else {}
