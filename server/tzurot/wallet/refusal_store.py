"""The SQL of what providers refused."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.wallet.plan import Account, Held, Refusal
from tzurot.wallet.refusal_tables import ProviderRefusal


async def held(tx: AsyncSession, payers: Collection[str], now: datetime) -> Mapping[Account, Held]:
    """What holds now of what these payers were refused."""
    query = select(ProviderRefusal).where(
        ProviderRefusal.payer.in_(payers), ProviderRefusal.until_time > now
    )
    return {
        Account(row.payer, row.provider, row.model): Held(Refusal(row.refusal), row.until_time)
        for row in await tx.scalars(query)
    }


async def put(tx: AsyncSession, account: Account, held: Held, api_key_id: UUID | None) -> None:
    """Remember one, in place of an earlier one."""
    new = insert(ProviderRefusal).values(
        id=clock.uuid7(),
        payer=account.payer,
        provider=account.provider,
        model=account.model,
        api_key_id=api_key_id,
        refusal=held.refusal.value,
        until_time=held.until,
    )
    changed = {"refusal": new.excluded.refusal, "until_time": new.excluded.until_time}
    await tx.execute(
        new.on_conflict_do_update(index_elements=["payer", "provider", "model"], set_=changed)
    )


async def forget(tx: AsyncSession, api_key_id: UUID) -> None:
    """Its provider let a key in: whatever was refused to it holds no more."""
    await tx.execute(delete(ProviderRefusal).where(ProviderRefusal.api_key_id == api_key_id))


async def sweep(tx: AsyncSession, now: datetime) -> None:
    """Delete what is over."""
    await tx.execute(delete(ProviderRefusal).where(ProviderRefusal.until_time <= now))
