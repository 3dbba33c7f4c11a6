"""Turning a conversation to another path, and what follows from it: memories sleep and wake.

Everything here takes part in a transaction that holds the conversation.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import TurnInterrupted
from tzurot.memory import following
from tzurot.session.messages import around_store, message_store, path_store
from tzurot.session.messages.path_store import Held
from tzurot.session.turns import Redo, Turn
from tzurot.storage.jobs import Jobs


async def memories_follow(tx: AsyncSession, conversation_id: UUID, jobs: Jobs) -> None:
    """Let those memories be dormant whose reply, or message, is not on the chosen path.

    The paths of earlier epochs are what was chosen then: a reset lets nothing sleep.
    """
    turns, messages = await path_store.sources(tx, conversation_id)
    await following.follow(tx, turns, messages, jobs)


async def turn_to(tx: AsyncSession, held: Held, end: UUID | None, jobs: Jobs) -> None:
    """Let the conversation go on right after a message of its epoch."""
    await path_store.lay(tx, held, end)
    await memories_follow(tx, held.id, jobs)


@dataclass(frozen=True, slots=True)
class Room:
    """Where a reply goes that is given in place of another."""

    parent_id: UUID | None
    head_id: UUID | None
    """Where the conversation must end for the reply to be chosen."""
    epoch: int


async def make_room(tx: AsyncSession, turn: Turn, redo: Redo) -> Room:
    """Take the path back to before the old reply, unless somebody has gone on meanwhile.

    Raises:
        TurnInterrupted: the old reply was deleted meanwhile.
    """
    held = await path_store.hold(tx, turn.conversation_id)
    old = await message_store.by_id(tx, redo.message_id)
    if held is None or old is None:
        raise TurnInterrupted(turn.id)
    if (held.epoch, held.head) != (old.epoch, redo.head_id):
        return Room(old.parent_id, redo.head_id, old.epoch)
    await path_store.lay(tx, held, old.parent_id)
    await around_store.unsay_around(tx, await message_store.alternatives(tx, old))
    return Room(old.parent_id, old.parent_id, old.epoch)
