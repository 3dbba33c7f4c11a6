"""Channels: which characters answer there without being named, and how.

A thread that decided nothing is as its parent; with the first decision it gets what the parent has,
and from then on its own. Who moderates a channel only its platform knows: clients vouch for that
(docs/decisions/0021). A moderator sees all that is active; others only what they may see anyway.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import (
    InvalidField,
    LimitReached,
    PersonalityNotActive,
    PlaceNotAgeRestricted,
    SubjectDenied,
)
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Label, Ref
from tzurot.personality.names import resolving
from tzurot.session.channels import changes, channel_store
from tzurot.session.channels.addressing import Mode
from tzurot.session.channels.channel_store import Position
from tzurot.session.channels.place_tables import Activation
from tzurot.session.channels.place_tables import Channel as Row
from tzurot.session.limits import ages
from tzurot.session.rooms import Rooms
from tzurot.session.said import Place
from tzurot.transport.subject import Caller

MODERATES = "channel.write"  # the scope of clients that vouch for moderators
MAX_ACTIVE = 10  # characters of a channel


@dataclass(frozen=True, slots=True)
class Rule:
    """What is decided of an active character. Talkativeness: 0 to 1."""

    mode: Mode = Mode.EVERY
    talkativeness: float = 1.0
    proactive: bool = False


@dataclass(frozen=True, slots=True)
class Active:
    """A character that is active in a channel."""

    personality_id: UUID
    label: Label
    rule: Rule
    create_time: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as somebody sees it."""

    place: Place
    active: tuple[Active, ...] = ()
    inherited: bool = False
    next_speaker_id: UUID | None = None
    update_time: datetime | None = None


class Channels:
    """What is asked about channels, and decided. Direct places are none."""

    def __init__(self, rooms: Rooms) -> None:
        self._database = rooms.database
        self._characters = rooms.characters
        self._signals = rooms.signals

    async def get(self, me: Caller, place: Place) -> Channel:
        """A channel as it is.

        Raises:
            InvalidField, SubjectDenied: by their names.
        """
        _require_channel(me, place)
        async with self._database.transaction() as tx:
            return await self._channel(tx, me, place)

    async def list(
        self, me: Caller, platform: str, space_id: str, after: Position | None, limit: int
    ) -> Sequence[tuple[Channel, Position]]:
        """Channels of a server that decided something, those changed last first.

        Raises:
            SubjectDenied: the caller is of another platform.
        """
        if platform != me.platform:
            raise SubjectDenied(me.subject)
        async with self._database.transaction() as tx:
            rows = await channel_store.page(tx, platform, space_id, after, limit)
            active = await channel_store.activations(tx, [row.id for row in rows])
            labels = await self._labels(tx, me, [it for each in active.values() for it in each])
        return [
            (_channel(row, _place(row), active[row.id], labels), (row.update_time, row.id))
            for row in rows
        ]

    async def activate(self, me: Caller, place: Place, ref: Ref, rule: Rule) -> Channel:
        """Let a character answer there, or change how.

        Of one that is active the caller needs to see nothing: a moderator may always mute it.

        Raises:
            InvalidField, SubjectDenied, PersonalityNotFound, PlaceNotAgeRestricted, LimitReached:
                by their names.
        """
        _require_channel(me, place)
        async with self._database.transaction() as tx:
            row_id = await channel_store.hold(tx, place)
            active = {it.personality_id for it in await _active(tx, row_id)}
            if ref not in active:
                access = await self._characters.seen(tx, me.person_id, ref)
                if access.personality.age_restricted and not ages.is_for_adults(place):
                    raise PlaceNotAgeRestricted(access.personality.slug)
                ref = access.personality.id
            if ref not in active and len(active) >= MAX_ACTIVE:
                raise LimitReached("active characters in a channel", MAX_ACTIVE)
            values = {"channel_row_id": row_id, "personality_id": ref, "activator_id": me.person_id}
            await channel_store.put(tx, values | _columns(rule))
            return await self._changed(tx, me, place)

    async def deactivate(self, me: Caller, place: Place, personality_id: UUID | None) -> Channel:
        """Take a character out, or all: then nobody answers, whoever does in the parent.

        Raises:
            InvalidField, SubjectDenied, PersonalityNotActive: by their names.
        """
        _require_channel(me, place)
        async with self._database.transaction() as tx:
            row_id = await channel_store.hold(tx, place)
            dropped = await channel_store.drop(tx, row_id, personality_id)
            if personality_id and not dropped:
                raise PersonalityNotActive(personality_id)
            return await self._changed(tx, me, place)

    async def set_next(self, me: Caller, place: Place, personality_id: UUID | None) -> Channel:
        """Decide who alone answers the next message that names nobody; None: whoever would.

        Raises:
            InvalidField, SubjectDenied, PersonalityNotActive: by their names.
        """
        _require_channel(me, place)
        async with self._database.transaction() as tx:
            row_id = await channel_store.hold(tx, place)
            active = {it.personality_id for it in await _active(tx, row_id)}
            if personality_id and personality_id not in active:
                raise PersonalityNotActive(personality_id)
            await channel_store.set_next(tx, row_id, personality_id)
            return await self._changed(tx, me, place)

    async def reset(self, me: Caller, place: Place) -> Channel:
        """Forget who is active: a thread is as its parent again.

        Raises:
            InvalidField, SubjectDenied: by their names.
        """
        _require_channel(me, place)
        async with self._database.transaction() as tx:
            await channel_store.reset(tx, place)
            return await self._changed(tx, me, place)

    async def _changed(self, tx: AsyncSession, me: Caller, place: Place) -> Channel:
        """The channel as it is now; who watches channels is told once this commits."""
        await changes.tell(self._signals, place, tx)
        return await self._channel(tx, me, place)

    async def _channel(self, tx: AsyncSession, me: Caller, place: Place) -> Channel:
        row = await channel_store.counting(tx, place)
        if row is None:
            return Channel(place, inherited=bool(place.parent_channel_id))
        active = await _active(tx, row.id)
        return _channel(row, place, active, await self._labels(tx, me, active))

    async def _labels(
        self, tx: AsyncSession, me: Caller, active: Sequence[Activation]
    ) -> Mapping[UUID, Label]:
        """What those are called that the caller may know of."""
        ids = {it.personality_id for it in active}
        if MODERATES in me.scopes:
            return await self._characters.labels(tx, ids) if ids else {}
        seen = await resolving.seen(tx, me.person_id, ids)
        return {id_: Label(it.personality.name, it.personality.slug) for id_, it in seen.items()}


async def _active(tx: AsyncSession, row_id: UUID) -> Sequence[Activation]:
    return (await channel_store.activations(tx, [row_id]))[row_id]


def _require_channel(me: Caller, place: Place) -> None:
    if place.venue is Venue.DIRECT:
        raise InvalidField([("place.venue", "place.channel", "must not be a direct one")])
    place.require_own(me)


def _columns(rule: Rule) -> dict[str, object]:
    return {
        "mode": rule.mode,
        "talkativeness": rule.talkativeness,
        "proactive": rule.proactive,
        "create_time": clock.now(),
    }


def _channel(
    row: Row, place: Place, active: Sequence[Activation], labels: Mapping[UUID, Label]
) -> Channel:
    """A channel with those who are in `labels`. What is inherited is the parent's row."""
    own = row.channel_id == place.channel_id
    turn = row.next_speaker_id if own and row.next_request_id is None else None
    return Channel(
        place,
        tuple(
            Active(it.personality_id, labels[it.personality_id], _rule(it), it.create_time)
            for it in active
            if it.personality_id in labels
        ),
        inherited=not own,
        next_speaker_id=turn if turn in labels else None,
        update_time=row.update_time if own else None,
    )


def _rule(it: Activation) -> Rule:
    return Rule(Mode(it.mode), it.talkativeness, it.proactive)


def _place(row: Row) -> Place:
    return Place(
        row.platform, row.space_id, row.channel_id, Venue(row.venue), row.parent_channel_id
    )
