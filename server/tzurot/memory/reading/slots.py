"""Which model reads what is remembered and asked, and where its readings are kept.

There are two slots. One is live: a search reads that one only, and asks its model only, so scores
of two models are never mixed. While another model takes over, the other slot is filled beside it
(refilling.py); then that one is live, and the first is emptied.

Nothing of this is kept in a process for longer than `LIVE_SECONDS`, and a slot that was live stays
whole for `GRACE` after: so a search that began before the change ends with what it began with.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.llm.embedding_endpoint import EmbeddingUnavailable
from tzurot.memory.meaning import WORDS_ONLY, Asked, Model, Reader
from tzurot.memory.reading import slot_store
from tzurot.memory.reading.holding import Holding, SlotState
from tzurot.storage.database import Database

log = logging.getLogger(__name__)

LIVE_SECONDS = 5.0
GRACE = timedelta(seconds=60)

# One turn asks for memories and for knowledge with the same words. Longer nothing is kept: what
# people say is to be gone when they delete it.
_KEPT_SECONDS = 10.0


class SlotsChanged(Exception):
    """What was read was meant for slots that are used otherwise by now: it is to be done again."""


def _nobody(_: Model) -> Reader | None:
    return None


class Slots:
    """The slots, and the readers of their models as far as this process can ask them."""

    def __init__(
        self,
        database: Database,
        configured: Reader,
        other: Callable[[Model], Reader | None] = _nobody,
    ) -> None:
        """`configured` is what should read; `other` makes the reader of another model if it can."""
        self.configured = configured
        self._database = database
        self._other = other
        self._readers: dict[Model, Reader | None] = {configured.model: configured}
        self._live: tuple[float, Holding] | None = None
        self._asked: dict[str, Asked] = {}

    async def prepare(self) -> None:
        """Let the live model do what the first question would wait for."""
        live = await self.live()
        if reader := self.reader(live):
            await reader.dimensions()

    async def of_question(self, text: str) -> Asked:
        """What something that is looked for means to the live model; words only while it is away.

        Of a long text its end counts.
        """
        if text in self._asked:
            return self._asked[text]
        asked = await self._ask(text)
        if asked.vector is not None:
            self._asked[text] = asked
            asyncio.get_running_loop().call_later(_KEPT_SECONDS, self._asked.pop, text, None)
        return asked

    async def holdings(self) -> Sequence[Holding]:
        """The slots as they are now that are to be read into, the live one first."""
        async with self._database.reading() as tx:
            return in_use(await slot_store.all_of(tx))

    async def live(self) -> Holding:
        """The slot that searches read, as it is or was a moment ago."""
        now = asyncio.get_running_loop().time()
        if self._live is None or self._live[0] < now:
            live, *_ = await self.holdings()
            self._live = now + LIVE_SECONDS, live
        return self._live[1]

    def reader(self, holding: Holding) -> Reader | None:
        """Who reads for a slot; None if this process can't ask that model."""
        if holding.model not in self._readers:
            self._readers[holding.model] = self._other(holding.model)
            if self._readers[holding.model] is None:
                log.warning(
                    "the model %s, which read what is remembered, can't be asked any more: until"
                    " another one has read all of it, it is found by words only",
                    holding.model.name,
                )
        return self._readers[holding.model]

    @asynccontextmanager
    async def keeping(self, holdings: Sequence[Holding]) -> AsyncGenerator[AsyncSession]:
        """A transaction that writes what was read for `holdings`.

        Raises:
            SlotsChanged: these are not the slots to be read into any more.
        """
        async with self._database.transaction() as tx:
            if in_use(await slot_store.all_of(tx, held=True)) != list(holdings):
                raise SlotsChanged
            yield tx

    async def _ask(self, text: str) -> Asked:
        live = await self.live()
        reader, words_only = self.reader(live), replace(WORDS_ONLY, slot=live.slot)
        if reader is None:
            return words_only
        try:
            asked = await reader.of_question(text)
        except EmbeddingUnavailable:
            return words_only
        if asked.vector is None or len(asked.vector) != live.dimensions:
            return words_only
        return replace(asked, slot=live.slot)


def in_use(holdings: Sequence[Holding]) -> list[Holding]:
    """Those that are to be read into, in order."""
    return [it for it in holdings if it.state is not SlotState.LEAVING]
