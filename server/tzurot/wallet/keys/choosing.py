"""Which models a person's key may ask, and which of them speaks with it.

What a key's provider lists may be for this key alone, so it is told to nobody but its person.
OpenRouter's list is everybody's.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import ApiKeyNotFound, ModelNotListed
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.storage.database import Database
from tzurot.wallet.catalogue import catalogue, list_store, snapshot
from tzurot.wallet.catalogue.catalogue import Catalogue
from tzurot.wallet.catalogue.entry import Entry
from tzurot.wallet.keys import key_store
from tzurot.wallet.keys.checking import called_at
from tzurot.wallet.keys.key_tables import ApiKey
from tzurot.wallet.keys.providers import TERMS, Provider
from tzurot.wallet.plan import Wish


class Choosing:
    """What the servicer and the flow ask."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    async def keys(self, person_id: UUID) -> Sequence[ApiKey]:
        """The person's keys that a model can speak with, newest first."""
        async with self._database.reading() as tx:
            rows = await key_store.keys(tx, person_id)
        return [it for it in rows if TERMS[Provider(it.provider)].kind]

    async def models(self, person_id: UUID) -> Mapping[UUID, Sequence[Entry]]:
        """The models that each of these keys may ask, as far as is known."""
        keys = await self.keys(person_id)
        async with self._database.reading() as tx:
            own = await list_store.of_keys(tx, [it.id for it in keys])
        return {it.id: self._of(it, own.get(it.id)) for it in keys}

    async def choose(self, person_id: UUID, key_id: UUID, model: str) -> ApiKey:
        """Have a model speak with a key, or keep it until models do that at this provider.

        Raises:
            ApiKeyNotFound: the person has no such key.
            ModelNotListed: the provider lists others.
        """
        async with self._database.transaction() as tx:
            row = await key_store.key(tx, person_id, key_id)
            if row is None:
                raise ApiKeyNotFound(key_id)
            await self.require_listed(tx, row, model)
            await key_store.choose(tx, person_id, key_id, model)
            row.model = model
        return row

    async def informed(self, row: ApiKey, speaker: Speaker) -> Speaker:
        """What speaks with a key, with what is known of it."""
        if row.provider == Provider.OPENROUTER:
            return self._catalogue.informed(speaker)
        async with self._database.reading() as tx:
            own = await list_store.of_key(tx, row.id, speaker.model)
        return self._catalogue.informed(speaker, own)

    async def may_ask(self, row: ApiKey, wish: Wish) -> bool:
        """Whether a key may ask a model, as far as is known.

        Where no list is known, it may if its provider is named: the same name elsewhere can be
        another model, or none.
        """
        provider = Provider(row.provider)
        if wish.kind not in (None, TERMS[provider].kind or SpeakerKind.COMPATIBLE):
            return False
        async with self._database.reading() as tx:
            own = (await list_store.of_keys(tx, [row.id])).get(row.id)
        listed = self._listed(row, own)
        if not listed:
            return wish.kind is not None
        return catalogue.same_model(wish.model, {it.id: it for it in listed})

    def _of(self, row: ApiKey, own: Sequence[Entry] | None) -> Sequence[Entry]:
        provider = called_at(Provider(row.provider), row.base_url)
        if own:
            return [it for it in catalogue.completed(own) if it.writes]
        listed = self._catalogue.listed(provider)
        if listed is None or row.provider == Provider.COMPATIBLE:
            known = snapshot.models().get(catalogue.called(provider), {})
            listed = list(known.values())
        return [it for it in listed if it.writes]

    async def require_listed(self, tx: AsyncSession, row: ApiKey, model: str) -> None:
        """Where no list is known any name may be right.

        Raises:
            ModelNotListed: the key's provider lists others.
        """
        provider = called_at(Provider(row.provider), row.base_url)
        own = (await list_store.of_keys(tx, [row.id])).get(row.id)
        listed = self._listed(row, own)
        if listed and not catalogue.same_model(model, {it.id: it for it in listed}):
            raise ModelNotListed(provider, model)

    def _listed(self, row: ApiKey, own: Sequence[Entry] | None) -> Sequence[Entry] | None:
        """What the key's provider lists; None: nobody knows."""
        if row.provider == Provider.OPENROUTER:
            return self._catalogue.listed(called_at(Provider.OPENROUTER, row.base_url))
        return own
