"""The SQL of channels: who is active where, whose turn it is to speak, what clients listen to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.session.channels.place_tables import Activation, Channel
from tzurot.session.said import Place

# Who could answer in a place: of a thread that decided nothing, who could in its parent. Whose turn
# it is counts where it was said, and, once a request had it, for a repeat of that request alone.
_HEARD = text("""
    SELECT here.id, a.personality_id, a.mode, a.talkativeness,
        CASE WHEN here.channel_id = :channel_id
                AND coalesce(here.next_request_id, CAST(:request_id AS uuid)) = :request_id
            THEN here.next_speaker_id END
    FROM (
        SELECT * FROM channels
        WHERE platform = :platform AND channel_id IN (:channel_id, :parent_channel_id)
        ORDER BY channel_id = :channel_id DESC LIMIT 1
    ) here JOIN activations a ON a.channel_row_id = here.id
    ORDER BY a.create_time, a.personality_id
""")

# The row is locked either way; xmax is 0 where it was not there before.
_HOLD = text("""
    INSERT INTO channels (id, platform, space_id, channel_id, parent_channel_id, venue,
        create_time, update_time)
    VALUES (:id, :platform, :space_id, :channel_id, :parent_channel_id, :venue, :now, :now)
    ON CONFLICT ON CONSTRAINT channels_channel_key DO UPDATE
        SET space_id = :space_id, parent_channel_id = :parent_channel_id, venue = :venue,
            update_time = :now
    RETURNING id, xmax = 0
""")

_COPY = text("""
    INSERT INTO activations (channel_row_id, personality_id, mode, talkativeness, proactive,
        activator_id, create_time)
    SELECT :row_id, a.personality_id, a.mode, a.talkativeness, a.proactive, a.activator_id,
        a.create_time
    FROM channels c JOIN activations a ON a.channel_row_id = c.id
    WHERE c.platform = :platform AND c.channel_id = :parent_channel_id
""")

_LISTENED = text("""
    SELECT c.channel_id, count(a.personality_id) > 0, coalesce(bool_or(a.mode = 'every'), false),
        (SELECT s.value FROM settings s WHERE s.key = 'ambient_limit' AND s.platform = c.platform
            AND s.channel_id = c.channel_id)
    FROM channels c LEFT JOIN activations a ON a.channel_row_id = c.id
    WHERE c.platform = :platform
        AND c.channel_id = coalesce(CAST(:channel_id AS text), c.channel_id)
    GROUP BY c.id ORDER BY c.channel_id
""")

Position = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Heard:
    """A character that is active in a place, and whose turn it is there."""

    row_id: UUID
    personality_id: UUID
    mode: str
    talkativeness: float
    next_speaker_id: UUID | None


@dataclass(frozen=True, slots=True)
class Listened:
    """A channel that decided something, as far as clients listen to it."""

    channel_id: str
    active: bool
    answers: bool
    ambient_limit: object
    """As it is stored for the channel; None: nothing is."""


async def heard(tx: AsyncSession, place: Place, request_id: UUID) -> Sequence[Heard]:
    """Who is active in a place, in the order in which they answer. One statement."""
    asked = _named(place) | {"request_id": request_id}
    return [Heard(*row) for row in await tx.execute(_HEARD, asked)]


async def take_turn(tx: AsyncSession, row_id: UUID, personality_id: UUID, request_id: UUID) -> bool:
    """Let a request have the next speaker's turn; False if another one was faster."""
    free = (Channel.next_request_id.is_(None)) | (Channel.next_request_id == request_id)
    taken = await tx.execute(
        update(Channel)
        .where(Channel.id == row_id, Channel.next_speaker_id == personality_id, free)
        .values(next_request_id=request_id, update_time=Channel.update_time)
        .returning(Channel.id)
        .execution_options(synchronize_session=False)
    )
    return taken.scalar_one_or_none() is not None


async def counting(tx: AsyncSession, place: Place) -> Channel | None:
    """The row that counts in a place: its own, else its parent's."""
    query = (
        select(Channel)
        .where(
            Channel.platform == place.platform,
            Channel.channel_id.in_((place.channel_id, place.parent_channel_id)),
        )
        .order_by((Channel.channel_id == place.channel_id).desc())
        .limit(1)
    )
    return (await tx.scalars(query)).one_or_none()


async def page(
    tx: AsyncSession, platform: str, space_id: str, after: Position | None, limit: int
) -> Sequence[Channel]:
    """Rows of a server, those changed last first."""
    position = tuple_(Channel.update_time, Channel.id)
    query = select(Channel).where(Channel.platform == platform, Channel.space_id == space_id)
    if after:
        query = query.where(position < after)
    query = query.order_by(Channel.update_time.desc(), Channel.id.desc()).limit(limit)
    return (await tx.scalars(query)).all()


async def activations(
    tx: AsyncSession, row_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[Activation]]:
    """Who is active, by row, in the order in which they answer."""
    query = (
        select(Activation)
        .where(Activation.channel_row_id.in_(row_ids))
        .order_by(Activation.create_time, Activation.personality_id)
    )
    found: dict[UUID, list[Activation]] = {row_id: [] for row_id in row_ids}
    for activation in await tx.scalars(query):
        found[activation.channel_row_id].append(activation)
    return found


async def hold(tx: AsyncSession, place: Place) -> UUID:
    """The place's own row, locked. A new one begins with what its parent has."""
    values = _named(place) | {
        "id": clock.uuid7(),
        "space_id": place.space_id,
        "venue": place.venue,
        "now": clock.now(),
    }
    row_id, is_new = (await tx.execute(_HOLD, values)).one()
    if is_new:
        await tx.execute(_COPY, _named(place) | {"row_id": row_id})
    return row_id


async def put(tx: AsyncSession, values: dict[str, Any]) -> None:
    """A new activation, or other rules for one that is there."""
    new = insert(Activation).values(**values)
    rules = {key: values[key] for key in ("mode", "talkativeness", "proactive")}
    keys = ["channel_row_id", "personality_id"]
    await tx.execute(new.on_conflict_do_update(index_elements=keys, set_=rules))


async def drop(tx: AsyncSession, row_id: UUID, personality_id: UUID | None) -> Sequence[UUID]:
    """Take one out, or all; who was."""
    gone = delete(Activation).where(Activation.channel_row_id == row_id)
    if personality_id:
        gone = gone.where(Activation.personality_id == personality_id)
    dropped = (await tx.scalars(gone.returning(Activation.personality_id))).all()
    await tx.execute(
        update(Channel)
        .where(Channel.id == row_id, Channel.next_speaker_id.in_(dropped))
        .values(next_speaker_id=None)
        .execution_options(synchronize_session=False)
    )
    return dropped


async def set_next(tx: AsyncSession, row_id: UUID, personality_id: UUID | None) -> None:
    """Whose turn it is from now on."""
    values = {"next_speaker_id": personality_id, "next_request_id": None}
    changed = update(Channel).where(Channel.id == row_id).values(values)
    await tx.execute(changed.execution_options(synchronize_session=False))


async def reset(tx: AsyncSession, place: Place) -> None:
    """Forget the place's own row, if there is one."""
    own = (Channel.platform == place.platform, Channel.channel_id == place.channel_id)
    await tx.execute(delete(Channel).where(*own).execution_options(synchronize_session=False))


async def listened(
    tx: AsyncSession, platform: str, channel_id: str | None = None
) -> Sequence[Listened]:
    """The channels of a platform that decided something, or one of them."""
    asked = {"platform": platform, "channel_id": channel_id}
    return [Listened(*row) for row in await tx.execute(_LISTENED, asked)]


def _named(place: Place) -> dict[str, Any]:
    return {
        "platform": place.platform,
        "channel_id": place.channel_id,
        "parent_channel_id": place.parent_channel_id,
    }
