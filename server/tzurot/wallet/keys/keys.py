"""People's own keys: stored once their provider lets them in, listed, checked, deleted.

A key is opened for the one call that needs it, and told to nobody.
"""

import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import (
    ApiKeyNameTaken,
    ApiKeyNotFound,
    LimitReached,
    MasterKeyMissing,
    RequestIdReused,
    TzurotError,
)
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller
from tzurot.wallet import refusal_store
from tzurot.wallet.catalogue import list_store
from tzurot.wallet.keys import key_store, master_keys
from tzurot.wallet.keys.checking import Checked, Checking, called_at, held_against, normal
from tzurot.wallet.keys.key_tables import ApiKey
from tzurot.wallet.keys.master_keys import MasterKeysUnusable, Ring
from tzurot.wallet.keys.providers import TERMS, Provider
from tzurot.wallet.keys.sealing import SealBroken, seal, unseal

log = logging.getLogger(__name__)

MAX_KEYS = 20  # of one person

# Below so many characters, four and a fingerprint leave too little to guess.
_LONG_ENOUGH = 20
_USE_PRECISION = timedelta(minutes=1)
_MAX_MODELS = 500  # of a key, that are remembered
_SPEAKING = tuple(provider.value for provider, terms in TERMS.items() if terms.kind)


TakeCheck = Callable[[Caller], Awaitable[None]]
"""Lets somebody ask a provider once more about a key, or raises RateLimited."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """What somebody wants to be stored."""

    provider: Provider
    name: str
    secret: SecretStr
    base_url: str = ""
    model: str = ""
    request_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A key to pay with, for one turn."""

    row: ApiKey
    secret: SecretStr = field(repr=False)


class Keys:
    """The keys of everybody; each call is about those of one person."""

    def __init__(
        self, database: Database, ring: Ring | None, checking: Checking, take_check: TakeCheck
    ) -> None:
        """`ring` None: nobody has told the server a master key."""
        self._database = database
        self._ring = ring
        self._checking = checking
        self._take_check = take_check

    async def create(self, who: Caller, new: NewKey) -> ApiKey:
        """Store a key, if its provider lets it in.

        Raises:
            MasterKeyMissing: it could not be sealed.
            LimitReached, ApiKeyNameTaken, RequestIdReused, RateLimited: by their names.
            ApiKeyRejected, ApiKeyLacksPermission, ApiKeyLacksCredit, AddressRefused,
                ProviderTimeout, ProviderUnavailable, ProviderQuota: it is not stored.
        """
        ring, person_id = self._require_ring(), who.person_id
        base_url = normal(new.base_url) if new.provider is Provider.COMPATIBLE else ""
        async with self._database.reading() as tx:
            if first := await self._first(tx, person_id, new, base_url):
                return first
            await _require_room(tx, person_id, new)
        await self._take_check(who)
        found = await self._checking.check(new.provider, new.secret, base_url)
        async with self._database.transaction() as tx:
            await key_store.lock(tx, person_id)
            await key_store.share_sealing(tx)
            if first := await self._first(tx, person_id, new, base_url):
                return first
            await _require_room(tx, person_id, new)
            row = _sealed_row(person_id, new, base_url, new.model or found.model, ring)
            if not await key_store.add(tx, row):
                raise ApiKeyNameTaken(new.name)
            await _keep_models(tx, row, found)
        return row

    async def list(self, person_id: UUID) -> Sequence[ApiKey]:
        """The person's keys, newest first."""
        async with self._database.reading() as tx:
            return await key_store.keys(tx, person_id)

    async def check(self, who: Caller, key_id: UUID) -> ApiKey:
        """Ask the provider once more; what it holds against the key, or lists, is remembered.

        Raises:
            ApiKeyNotFound, MasterKeyMissing, RateLimited: by their names.
            ApiKeyRejected and the others of `create`: what the provider said.
        """
        person_id = who.person_id
        async with self._database.reading() as tx:
            row = await key_store.key(tx, person_id, key_id)
        if row is None:
            raise ApiKeyNotFound(key_id)
        secret = self._open(row)
        await self._take_check(who)
        try:
            found = await self._checking.check(Provider(row.provider), secret, row.base_url)
        except TzurotError as error:
            await self.failed(person_id, key_id, error)
            raise
        async with self._database.transaction() as tx:
            await key_store.let_in(tx, person_id, key_id, clock.now())
            await refusal_store.forget(tx, key_id)
            checked = await key_store.key(tx, person_id, key_id)
            if checked is None:  # deleted meanwhile
                raise ApiKeyNotFound(key_id)
            await _keep_models(tx, checked, found)
        return checked

    async def delete(self, person_id: UUID, key_id: UUID) -> None:
        """Delete a key.

        Raises:
            ApiKeyNotFound: the person has no such key.
        """
        async with self._database.transaction() as tx:
            if not await key_store.remove(tx, person_id, key_id):
                raise ApiKeyNotFound(key_id)

    async def held_at(self, provider: Provider) -> bool:
        """Whether anybody keeps a key of this provider's here."""
        async with self._database.reading() as tx:
            return await key_store.any_at(tx, provider)

    async def speaking(self, person_id: UUID) -> ApiKey | None:
        """The key that pays for the person's turns: their newest that a model speaks with."""
        async with self._database.reading() as tx:
            return await key_store.newest(tx, person_id, _SPEAKING)

    async def pays(self, tx: AsyncSession, person_id: UUID) -> bool:
        """Whether there is one."""
        return await key_store.newest(tx, person_id, _SPEAKING) is not None

    async def pay(self, person_id: UUID) -> Opened | None:
        """The same, opened; that it pays is remembered, to the minute.

        Raises:
            MasterKeyMissing: it can't be opened. Nobody else's key takes its place.
        """
        row = await self.speaking(person_id)
        return await self.pay_with(row) if row else None

    async def pay_with(self, row: ApiKey) -> Opened:
        """A key that was found to pay, opened; that it pays is remembered, to the minute.

        Raises:
            MasterKeyMissing: it can't be opened.
        """
        secret, now = self._open(row), clock.now()
        if row.last_use_time is None or now - row.last_use_time > _USE_PRECISION:
            async with self._database.transaction() as tx:
                await key_store.used(tx, row.person_id, row.id, now)
        return Opened(row, secret)

    async def failed(self, person_id: UUID, key_id: UUID, error: TzurotError) -> None:
        """Remember what an error holds against a key, if it does."""
        if verdict := held_against(error):
            async with self._database.transaction() as tx:
                await key_store.failed(tx, person_id, key_id, verdict, clock.now())

    async def let_in(self, person_id: UUID, key_id: UUID) -> None:
        """Its provider let it in: nothing is held against it any more."""
        async with self._database.transaction() as tx:
            await key_store.let_in(tx, person_id, key_id, clock.now())

    async def _first(
        self, tx: AsyncSession, person_id: UUID, new: NewKey, base_url: str
    ) -> ApiKey | None:
        """What the same request stored before.

        Raises:
            RequestIdReused: it was another key.
        """
        if new.request_id is None:
            return None
        first = await key_store.of_request(tx, person_id, new.request_id)
        if first is None:
            return None
        alike = (first.provider, first.name, first.base_url) == (new.provider, new.name, base_url)
        same_model = new.model in ("", first.model)
        if not (alike and same_model and _same(self._open(first), new.secret)):
            raise RequestIdReused(new.request_id)
        return first

    def _require_ring(self) -> Ring:
        if self._ring is None:
            raise MasterKeyMissing
        return self._ring

    def _open(self, row: ApiKey) -> SecretStr:
        try:
            return SecretStr(unseal(row.sealed, row.bound, self._require_ring()))
        except (master_keys.MasterKeyMissing, SealBroken) as error:
            log.warning("the API key %s can't be opened: %s", row.id, type(error).__name__)
            raise MasterKeyMissing from None


async def _keep_models(tx: AsyncSession, row: ApiKey, found: Checked) -> None:
    """Remember which models a key may ask; where nothing is said of that, what was said before."""
    if found.models:
        provider = called_at(Provider(row.provider), row.base_url)
        models = found.models[:_MAX_MODELS]
        await list_store.put_for_key(tx, row.id, provider, models, found.read_time)


def _sealed_row(person_id: UUID, new: NewKey, base_url: str, model: str, ring: Ring) -> ApiKey:
    try:
        return _row(person_id, new, base_url, model, ring)
    except MasterKeysUnusable as unusable:
        log.warning("an API key can't be sealed: %s", unusable)
        raise MasterKeyMissing from None


async def _require_room(tx: AsyncSession, person_id: UUID, new: NewKey) -> None:
    known = await key_store.keys(tx, person_id)
    if any((it.provider, it.name) == (new.provider, new.name) for it in known):
        raise ApiKeyNameTaken(new.name)
    if len(known) >= MAX_KEYS:
        raise LimitReached("API keys", MAX_KEYS)


def _row(person_id: UUID, new: NewKey, base_url: str, model: str, ring: Ring) -> ApiKey:
    secret, now = new.secret.get_secret_value(), clock.now()
    long_enough = len(secret) >= _LONG_ENOUGH
    row = ApiKey(
        id=clock.uuid7(),
        person_id=person_id,
        provider=new.provider.value,
        name=new.name,
        last_four=secret[-4:] if long_enough else "",
        fingerprint=_fingerprint(secret) if long_enough else "",
        base_url=base_url,
        model=model if TERMS[new.provider].kind else "",
        request_id=new.request_id,
        create_time=now,
        check_time=now,
    )
    sealed = seal(secret, row.bound, ring)
    row.master_key_id, row.data_key, row.secret = (
        sealed.master_key_id,
        sealed.data_key,
        sealed.secret,
    )
    return row


def _fingerprint(secret: str) -> str:
    """What `printf %s KEY | sha256sum` begins with: its person can tell which key it is.

    Without a key of ours, so that it stays the same through rotations. Thirty-two bits of the hash
    of a provider's key, which is of chance, help nobody to find it.
    """
    return hashlib.sha256(secret.encode()).hexdigest()[:8]


def _same(one: SecretStr, other: SecretStr) -> bool:
    return secrets.compare_digest(
        one.get_secret_value().encode(), other.get_secret_value().encode()
    )
