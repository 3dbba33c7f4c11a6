"""Presets as people keep them, and as turns go by them.

One is its owner's, and everybody's to use while it is published. Which one counts is a setting
(session/settings); who pays is for plan.py to say, whatever a preset asks for.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import (
    EtagMismatch,
    LimitReached,
    PresetNameTaken,
    PresetNotFound,
    RequestIdReused,
)
from tzurot.llm import parameters
from tzurot.llm.parameters import Parameters
from tzurot.llm.speaker import SpeakerKind
from tzurot.storage.database import Database
from tzurot.wallet.paying import Payer, Wallet
from tzurot.wallet.plan import Wish
from tzurot.wallet.presets import preset_store
from tzurot.wallet.presets.preset_tables import PresetRow

MAX_PRESETS = 100  # of one person
MAX_NAME = 100  # characters

_Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset as whoever may use it sees it."""

    id: UUID
    owner_id: UUID
    name: str
    wish: Wish | None
    """The model that it asks for; None: whichever answers otherwise."""
    parameters: Parameters
    published: bool
    version: int
    create_time: datetime
    update_time: datetime


@dataclass(frozen=True, slots=True)
class NewPreset:
    """A preset that is about to be stored."""

    name: str
    wish: Wish | None = None
    parameters: Parameters = field(default_factory=dict[str, Any])
    request_id: UUID | None = None
    request_hash: bytes = b""


@dataclass(frozen=True, slots=True)
class PresetChange:
    """New values by column, and the etag that must still be the current one."""

    values: _Columns
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What of a preset comes to nothing for a person, and why; no parameter: it is the model."""

    parameter: str
    message: str


class Presets:
    """What the servicer, dialogues and turns ask."""

    def __init__(self, database: Database, wallet: Wallet) -> None:
        self._database = database
        self._wallet = wallet

    async def create(self, person_id: UUID, new: NewPreset) -> Preset:
        """Store a preset; a repeat of its request gives it as it is now.

        Raises:
            PresetNameTaken, LimitReached, RequestIdReused: by their names.
        """
        async with self._database.transaction() as tx:
            await preset_store.lock(tx, person_id)
            if first := await _made_before(tx, person_id, new):
                return preset_of(first)
            names = await preset_store.names(tx, person_id)
            return preset_of(await _add(tx, person_id, new, names))

    async def clone(self, person_id: UUID, preset_id: UUID, new: NewPreset) -> Preset:
        """Store one that says the same as another; without a name it is called like that.

        Raises:
            PresetNotFound, PresetNameTaken, LimitReached, RequestIdReused: by their names.
        """
        async with self._database.transaction() as tx:
            await preset_store.lock(tx, person_id)
            if first := await _made_before(tx, person_id, new):
                return preset_of(first)
            it = preset_of(await _usable(tx, person_id, preset_id))
            names = await preset_store.names(tx, person_id)
            name = new.name or _beside(it.name, names)
            copy = NewPreset(name, it.wish, it.parameters, new.request_id, new.request_hash)
            return preset_of(await _add(tx, person_id, copy, names))

    async def get(self, person_id: UUID, preset_id: UUID) -> Preset:
        """One that the person may use.

        Raises:
            PresetNotFound: there is none.
        """
        async with self._database.reading() as tx:
            return preset_of(await _usable(tx, person_id, preset_id))

    async def list(self, person_id: UUID, *, before: UUID | None, limit: int) -> Sequence[Preset]:
        """At most `limit` that the person may use, older than `before`, newest first."""
        async with self._database.reading() as tx:
            rows = await preset_store.page(tx, person_id, before=before, limit=limit)
        return [preset_of(row) for row in rows]

    async def change(self, person_id: UUID, preset_id: UUID, change: PresetChange) -> Preset:
        """Give one of the person's new values.

        Raises:
            PresetNotFound, PresetNameTaken, EtagMismatch: by their names.
        """
        async with self._database.transaction() as tx:
            await preset_store.lock(tx, person_id)
            row = await _owned(tx, person_id, preset_id)
            if change.etag and change.etag != str(row.version):
                raise EtagMismatch(str(row.version))
            name = str(change.values.get("name", row.name))
            if name.lower() != row.name.lower():
                _require_free(name, await preset_store.names(tx, person_id))
            await preset_store.change(tx, row, dict(change.values))
            return preset_of(row)

    async def publish(self, person_id: UUID, preset_id: UUID, *, published: bool) -> Preset:
        """Make one of the person's everybody's to use, or theirs alone.

        Raises:
            PresetNotFound: they have none.
        """
        return await self.change(person_id, preset_id, PresetChange({"published": published}))

    async def delete(self, person_id: UUID, preset_id: UUID) -> None:
        """Delete one of the person's.

        Raises:
            PresetNotFound: they have none.
        """
        async with self._database.transaction() as tx:
            if not await preset_store.remove(tx, person_id, preset_id):
                raise PresetNotFound(preset_id)

    async def shortfalls(self, preset: Preset, payer: Payer) -> Sequence[Shortfall]:
        """What of it would come to nothing in the turns of a person, as things stand."""
        plan = await self._wallet.plan(payer, wish=preset.wish)
        if plan.taken is None or plan.taken.candidate is None:
            return ()
        speaker, found = plan.taken.candidate.speaker, list[Shortfall]()
        if plan.replaces_wish:
            found.append(
                Shortfall(
                    "", f"{_wanted(preset)} is not yours to ask: {speaker.model} answers you."
                )
            )
        for name in parameters.not_known(speaker, preset.parameters):
            message = f"`{name}` is not sent: {speaker.model} at {speaker.provider} takes none."
            found.append(Shortfall(name, message))
        return found

    async def tell_replaced(self, preset: Preset, person_id: UUID) -> bool:
        """Whether a person is to be told that the model is not theirs: the first time they are."""
        async with self._database.transaction() as tx:
            if not await preset_store.usable(tx, None, [preset.id], [preset.owner_id]):
                return False  # deleted meanwhile
            model = preset.wish.model if preset.wish else ""
            return await preset_store.tell(tx, preset.id, person_id, model)


async def usable(
    tx: AsyncSession,
    person_id: UUID | None,
    ids: Collection[UUID],
    lenders: Collection[UUID] = (),
) -> Mapping[UUID, Preset]:
    """Those of `ids` that a person may use: their own, everybody's, and those of `lenders`."""
    rows = await preset_store.usable(tx, person_id, ids, lenders)
    return {row.id: preset_of(row) for row in rows}


def preset_of(row: PresetRow) -> Preset:
    """A stored preset; of its parameters those that there still are."""
    kind = SpeakerKind(row.provider) if row.provider in set(SpeakerKind) else None
    return Preset(
        id=row.id,
        owner_id=row.owner_id,
        name=row.name,
        wish=Wish(row.model, kind) if row.model else None,
        parameters=parameters.read(row.parameters),
        published=row.published,
        version=row.version,
        create_time=row.create_time,
        update_time=row.update_time,
    )


def columns_of(wish: Wish | None) -> _Columns:
    """A wish as it is stored."""
    provider = wish.kind.value if wish and wish.kind else ""
    return {"model": wish.model if wish else "", "provider": provider}


def stored(values: Parameters) -> dict[str, Any]:
    """Parameters as they are stored."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }


def _wanted(preset: Preset) -> str:
    return preset.wish.model if preset.wish else ""


def _beside(name: str, names: Collection[str]) -> str:
    """The same name with the first number that is free."""
    taken = {it.lower() for it in names}
    for number in range(2, MAX_PRESETS + 3):
        ending = f" {number}"
        beside = name[: MAX_NAME - len(ending)] + ending
        if beside.lower() not in taken:
            return beside
    raise PresetNameTaken(name)


def _require_free(name: str, names: Collection[str]) -> None:
    if name.lower() in {it.lower() for it in names}:
        raise PresetNameTaken(name)


async def _add(
    tx: AsyncSession, person_id: UUID, new: NewPreset, names: Sequence[str]
) -> PresetRow:
    if len(names) >= MAX_PRESETS:
        raise LimitReached("presets", MAX_PRESETS)
    _require_free(new.name, names)
    now = clock.now()
    row = PresetRow(
        id=clock.uuid7(),
        owner_id=person_id,
        name=new.name,
        parameters=stored(new.parameters),
        published=False,
        version=1,
        request_id=new.request_id,
        request_hash=new.request_hash,
        create_time=now,
        update_time=now,
        **columns_of(new.wish),
    )
    tx.add(row)
    await tx.flush()
    return row


async def _made_before(tx: AsyncSession, person_id: UUID, new: NewPreset) -> PresetRow | None:
    if new.request_id is None:
        return None
    first = await preset_store.of_request(tx, person_id, new.request_id)
    if first and first.request_hash != new.request_hash:
        raise RequestIdReused(new.request_id)
    return first


async def _usable(tx: AsyncSession, person_id: UUID, preset_id: UUID) -> PresetRow:
    found = await preset_store.usable(tx, person_id, [preset_id])
    if not found:
        raise PresetNotFound(preset_id)
    return found[0]


async def _owned(tx: AsyncSession, person_id: UUID, preset_id: UUID) -> PresetRow:
    row = await preset_store.owned(tx, person_id, preset_id)
    if row is None:
        raise PresetNotFound(preset_id)
    return row
