"""A new master key takes the place of the old ones, while everybody goes on. Read `rotate`.

It can end at any point: run again, it goes on where it was. What a server seals meanwhile is sealed
with the newest key that it can read, and an old key goes only when nothing needs it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from tzurot.storage.database import Database
from tzurot.wallet.keys import key_store
from tzurot.wallet.keys.master_keys import MasterKeys, Ring
from tzurot.wallet.keys.sealing import SealBroken, reseal

BATCH = 100  # keys in one transaction


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation came to."""

    keys: MasterKeys
    """Those that are needed from now on, the one that seals first."""
    resealed: int
    dropped: Sequence[str]
    """Ids of master keys that nothing needs any more."""
    missing: Sequence[str]
    """Ids of master keys that something is sealed with and that aren't here."""
    broken: int
    """How many keys were changed by somebody: nothing opens them."""


async def rotate(
    database: Database, read: Callable[[], MasterKeys], write: Callable[[MasterKeys], None]
) -> Rotated:
    """Seal all data keys with the newest master key; one is made if there is but one so far.

    `write` must last: what is sealed next needs it.
    """
    await _begin(database, read, write)
    resealed, broken = await reseal_all(database, Ring(read))
    async with database.transaction() as tx:
        await key_store.lock_sealing(tx)
        used = await key_store.master_keys(tx)
        keys = read()
        dropped = [it for it in keys.keys if it != keys.current and it not in used]
        for key_id in dropped:
            keys = keys.without(key_id)
        if dropped:
            write(keys)
    return Rotated(keys, resealed, dropped, sorted(used - set(keys.keys)), len(broken))


async def _begin(
    database: Database, read: Callable[[], MasterKeys], write: Callable[[MasterKeys], None]
) -> None:
    """Make a new master key where there is but one; of two that begin at once, one makes it."""
    async with database.transaction() as tx:
        await key_store.lock_sealing(tx)
        keys = read()
        if len(keys.keys) == 1:
            write(keys.with_new())


async def needed(database: Database) -> Sequence[str]:
    """The ids of the master keys that something is sealed with."""
    async with database.reading() as tx:
        return sorted(await key_store.master_keys(tx))


async def reseal_all(database: Database, ring: Ring) -> tuple[int, Sequence[UUID]]:
    """Seal what can be opened with the current master key: how many, and what is broken."""
    count, broken = 0, list[UUID]()
    while batch := await _batch(database, ring, broken):
        count += batch
    return count - len(broken), broken


async def _batch(database: Database, ring: Ring, broken: list[UUID]) -> int:
    """Some of them, in a transaction; how many were looked at."""
    old = [it for it in ring.keys.keys if it != ring.keys.current]
    async with database.transaction() as tx:
        await key_store.share_sealing(tx)
        rows = await key_store.sealed_with(tx, old, but=broken, limit=BATCH)
        for row in rows:
            try:
                anew = reseal(row.sealed, row.bound, ring)
            except SealBroken:
                broken.append(row.id)
            else:
                await key_store.reseal(tx, row.id, anew.master_key_id, anew.data_key)
    return len(rows)
