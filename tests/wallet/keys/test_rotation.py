"""A new master key takes over while others seal and open, wherever the rotation is killed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import a_database
from tests.executable import run, serving, started
from tests.fakes.keys import FakeInternet
from tests.wallet.keys.test_keys import a_key
from tzurot.account import people
from tzurot.account.subjects import Subject
from tzurot.errors import MasterKeyMissing
from tzurot.session.limits.limits import take_key_check
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller
from tzurot.wallet.keys import key_store, master_keys, rotation
from tzurot.wallet.keys.checking import Checking
from tzurot.wallet.keys.key_tables import ApiKey
from tzurot.wallet.keys.keys import Keys, NewKey
from tzurot.wallet.keys.master_keys import MasterKeys, Ring
from tzurot.wallet.keys.providers import Provider
from tzurot.wallet.keys.rotation import Rotated

ROTATION, STORE = "tzurot.wallet.keys.rotation", "tzurot.wallet.keys.key_store"
STEPS = {
    "made": f"before:{ROTATION}:reseal_all",
    "one resealed": f"after:{STORE}:reseal",
    "a batch resealed": f"after:{ROTATION}:_batch",
    "all resealed": f"before:{STORE}:lock_sealing",
    "to be dropped": f"after:{STORE}:master_keys",
    "done": f"after:{ROTATION}:rotate",
}


@dataclass
class Vault:
    """A database with keys of people, and the file of its master keys."""

    url: str
    database: Database
    file: Path
    internet: FakeInternet
    secrets: dict[UUID, str]

    def replica(self) -> Keys:
        """A server of its own, with what it reads now."""
        ring = Ring(partial(master_keys.in_file, self.file))
        take_check = partial(take_key_check, self.database)
        return Keys(self.database, ring, Checking(self.internet.fetcher), take_check)

    async def bring(self, keys: Keys) -> None:
        """Somebody new brings a key."""
        subject, secret = Subject(f"local:{uuid4().hex}"), a_key()
        self.internet.knows(secret)
        async with self.database.transaction() as tx:
            person_id = await people.meet(tx, subject)
        who = Caller(person_id, uuid4(), subject, frozenset(), uuid4())
        await keys.create(who, NewKey(Provider.OPENAI, "default", SecretStr(secret)))
        self.secrets[person_id] = secret

    async def opened(self, keys: Keys) -> dict[UUID, str]:
        """What each one's key is, as this server opens it."""
        paying = {it: await keys.pay(it) for it in self.secrets}
        return {it: key.secret.get_secret_value() for it, key in paying.items() if key}

    async def rotate(self) -> Rotated:
        read = partial(master_keys.in_file, self.file)
        return await rotation.rotate(self.database, read, partial(master_keys.write, self.file))

    async def waits(self, work: asyncio.Task[Any]) -> None:
        """Until it waits for who seals, or has ended."""
        locked = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        async with asyncio.timeout(60), self.database.reading() as tx:
            while not work.done() and not await tx.scalar(locked):
                await asyncio.sleep(0.01)

    async def sealed_with(self) -> set[str]:
        async with self.database.reading() as tx:
            return set(await tx.scalars(text("SELECT DISTINCT master_key_id FROM api_keys")))

    @property
    def on_disk(self) -> MasterKeys:
        return master_keys.in_file(self.file)


@pytest.fixture
async def place(postgres: str, internet: FakeInternet, tmp_path: Path) -> AsyncIterator[Vault]:
    file = tmp_path / "master-keys"
    master_keys.write(file, MasterKeys.new())
    async with a_database(postgres) as url, Database.open(url) as database:
        yield Vault(url, database, file, internet, {})


async def test_all_is_sealed_anew_the_old_key_goes_and_others_follow(
    place: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    replica = place.replica()
    for _ in range(5):
        await place.bring(replica)
    before = place.on_disk
    rotated = await place.rotate()
    assert (rotated.resealed, rotated.dropped) == (5, [before.current])
    assert (rotated.missing, rotated.broken) == ([], 0)
    assert list(place.on_disk.keys) == [rotated.keys.current]
    assert await place.sealed_with() == {rotated.keys.current} != {before.current}
    assert await place.opened(replica) == place.secrets  # one that was not started again
    await place.bring(replica)
    assert await place.sealed_with() == {rotated.keys.current}


async def test_what_is_sealed_meanwhile_is_lost_to_nobody(place: Vault) -> None:
    replica = place.replica()
    await place.bring(replica)

    async def bringing() -> None:
        for _ in range(10):
            await place.bring(replica)

    async def rotating() -> None:
        for _ in range(5):
            await place.rotate()

    await asyncio.gather(bringing(), bringing(), rotating())
    assert len(place.secrets) == 21
    assert await place.opened(replica) == place.secrets
    assert await place.sealed_with() <= set(place.on_disk.keys)


async def test_no_master_key_goes_while_something_is_being_sealed_with_it(
    place: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed, go_on, add = asyncio.Event(), asyncio.Event(), key_store.add

    async def added(tx: AsyncSession, key: ApiKey) -> bool:
        sealed.set()
        await go_on.wait()
        return await add(tx, key)

    monkeypatch.setattr(key_store, "add", added)
    bringing = asyncio.create_task(place.bring(place.replica()))
    await sealed.wait()
    rotating = asyncio.create_task(place.rotate())
    await place.waits(rotating)
    go_on.set()
    await bringing
    await rotating
    assert await place.opened(place.replica()) == place.secrets


async def test_of_two_rotations_one_makes_the_new_key(place: Vault) -> None:
    """Else the later one overwrites a key that something was sealed with already."""
    await place.bring(place.replica())
    before = place.on_disk
    async with place.database.transaction() as tx:
        await key_store.lock_sealing(tx)  # as another one, which is about to write
        rotating = asyncio.create_task(place.rotate())
        await place.waits(rotating)
        others = before.with_new()
        master_keys.write(place.file, others)
    assert (await rotating).keys.current == others.current
    assert await place.opened(place.replica()) == place.secrets


async def test_nothing_is_sealed_anew_while_master_keys_are_dropped(place: Vault) -> None:
    await place.bring(place.replica())
    before = place.on_disk
    master_keys.write(place.file, before.with_new())
    async with place.database.transaction() as tx:
        await key_store.lock_sealing(tx)
        ring = Ring(partial(master_keys.in_file, place.file))
        resealing = asyncio.create_task(rotation.reseal_all(place.database, ring))
        await place.waits(resealing)
        assert await place.sealed_with() == {before.current}
    assert await resealing == (1, [])


@pytest.mark.parametrize("step", STEPS)
async def test_a_rotation_that_was_killed_goes_on_when_run_again(
    place: Vault, step: str, tmp_path: Path
) -> None:
    replica = place.replica()
    for _ in range(3):
        await place.bring(replica)
    settings = {"database_url": place.url, "master_keys_file": str(place.file)}
    module = "tests.wallet.keys.doomed_rotation"
    async with started(STEPS[step], home=tmp_path, module=module, **settings) as doomed:
        await doomed.says("(stopped)")
        while_it_stands = await _unless_locked(partial(place.opened, place.replica()))
        doomed.kill()
        await doomed.ended()
    assert while_it_stands in (None, place.secrets)
    assert await place.opened(replica) == place.secrets
    await place.bring(replica)
    await place.rotate()
    assert len(place.on_disk.keys) == 1
    assert await place.sealed_with() == {place.on_disk.current}
    assert await place.opened(replica) == place.secrets
    assert [it.name for it in place.file.parent.glob("master-keys*")] == ["master-keys"]


async def test_a_key_that_somebody_changed_stops_nothing(place: Vault) -> None:
    replica = place.replica()
    for _ in range(3):
        await place.bring(replica)
    before = place.on_disk
    async with place.database.transaction() as tx:
        changed = "UPDATE api_keys SET data_key = sha256(data_key) WHERE person_id = :id"
        await tx.execute(text(changed), {"id": next(iter(place.secrets))})
    rotated = await place.rotate()
    assert (rotated.resealed, rotated.broken, rotated.dropped) == (2, 1, [])
    assert list(place.on_disk.keys) == [rotated.keys.current, before.current]


async def test_what_was_sealed_with_a_lost_key_is_told(place: Vault) -> None:
    replica = place.replica()
    await place.bring(replica)
    before = place.on_disk
    master_keys.write(place.file, MasterKeys.new())
    rotated = await place.rotate()
    assert (rotated.resealed, rotated.missing) == (0, [before.current])
    with pytest.raises(MasterKeyMissing):
        await place.opened(place.replica())


async def test_what_can_not_be_sealed_just_now_is_told_as_the_operators_matter(
    place: Vault,
) -> None:
    replica = place.replica()
    await place.bring(replica)
    place.file.chmod(0o644)
    with pytest.raises(MasterKeyMissing):
        await place.bring(replica)
    assert await place.opened(replica) == place.secrets


async def test_master_keys_of_a_variable_are_rotated_in_two_steps(
    place: Vault, tmp_path: Path
) -> None:
    await place.bring(place.replica())
    first = {"master_keys": place.on_disk.written().strip()}
    ended = await run("rotate-keys", home=tmp_path, database_url=place.url, **first)
    assert ended.err == ""
    both = _variable(ended.out)
    assert list(MasterKeys.read(both).keys)[1:] == [place.on_disk.current]
    ended = await run("rotate-keys", home=tmp_path, database_url=place.url, master_keys=both)
    assert ended.out.startswith(f"Sealed anew with {MasterKeys.read(both).current}: 1.")
    after = MasterKeys.read(_variable(ended.out))
    assert list(after.keys) == [MasterKeys.read(both).current]
    master_keys.write(place.file, after)
    assert await place.opened(place.replica()) == place.secrets


async def test_where_there_are_none_the_first_one_is_made_or_said(
    place: Vault, tmp_path: Path
) -> None:
    ended = await run("rotate-keys", home=tmp_path, database_url=place.url)
    assert len(MasterKeys.read(_variable(ended.out)).keys) == 1
    file = tmp_path / "elsewhere"
    named = {"database_url": place.url, "master_keys_file": str(file)}
    assert (await run("rotate-keys", home=tmp_path, **named)).out.startswith(str(file))
    assert len(master_keys.in_file(file).keys) == 1
    await place.bring(place.replica())
    file.unlink()
    ended = await run("rotate-keys", home=tmp_path, **named)  # never beside what needs others
    assert (ended.code, file.exists()) == (2, False)
    assert place.on_disk.current in ended.err


async def test_a_home_is_rotated_beside_its_server(tmp_path: Path) -> None:
    file = tmp_path / "master-keys"
    async with serving("serve", home=tmp_path):
        before = master_keys.in_file(file)
        ended = await run("rotate-keys", home=tmp_path)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.endswith(f"Nothing needs {before.current} any more.\n")
        assert before.current not in master_keys.in_file(file).keys


def _variable(told: str) -> str:
    return told.partition("TZUROT_MASTER_KEYS='")[2].partition("'")[0]


async def _unless_locked(work: Callable[[], Awaitable[dict[UUID, str]]]) -> dict[UUID, str] | None:
    """What comes of it; None if it waits for a row that the doomed one holds."""
    try:
        async with asyncio.timeout(1):
            return await work()
    except TimeoutError:
        return None
