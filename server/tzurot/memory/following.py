"""Memories follow what they came from: dormant off the chosen path, with new words once edited.

The session room tells which turns and messages those are; whose memories they are makes no
difference. All of it takes part in the transaction that changes the conversation.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory import following_store
from tzurot.memory.remembering import INDEX_JOB, terms_of
from tzurot.memory.tables import Memory
from tzurot.storage.jobs import Jobs


class Side(StrEnum):
    """Who of both says something."""

    PERSON = "person"
    PERSONALITY = "personality"


@dataclass(frozen=True, slots=True)
class Sources:
    """What memories came from. Of those with a turn the turn counts, else the message."""

    turns: Collection[UUID] = ()
    messages: Collection[UUID] = ()


async def follow(
    tx: AsyncSession, turns: Mapping[UUID, bool], messages: Mapping[UUID, bool], jobs: Jobs
) -> int:
    """Wake the memories of what is on the chosen path, put the others to sleep; how many changed.

    `turns` and `messages` say of each whether it is on the path; messages are those of no turn.
    """
    changed = await following_store.of_turns(tx, turns)
    changed += await following_store.of_messages(tx, messages)
    if changed:
        await jobs.defer(tx, INDEX_JOB)
    return changed


async def reword(
    tx: AsyncSession, sources: Sources, side: Side, words: tuple[str, str], jobs: Jobs
) -> int:
    """Let memories say new words in place of old ones, `words`; returns how many are gone for it.

    One whose side has more words than that keeps them; one that says nothing any more goes.
    """
    gone = 0
    found = await following_store.of(tx, sources.turns, sources.messages)
    for memory in found:
        gone += await _reworded(tx, memory, side, words)
    if found:
        await jobs.defer(tx, INDEX_JOB)
    return gone


async def _reworded(tx: AsyncSession, memory: Memory, side: Side, words: tuple[str, str]) -> int:
    old, new = words
    person, personality = memory.person_text, memory.personality_text
    if side is Side.PERSON:
        person = person.replace(old, new, 1).strip()
    else:
        personality = personality.replace(old, new, 1).strip()
    if not (person or personality):
        await following_store.remove(tx, [memory.id])
        return 1
    name = memory.personality_name if personality else ""  # else it would be the character's note
    texts = {"person_text": person, "personality_text": personality, "personality_name": name}
    stems = sorted(set(terms_of((memory.person_name, person), (name, personality))))
    await following_store.rewrite(tx, memory.id, texts, stems)
    return 0


async def answer_otherwise(
    tx: AsyncSession, sources: Sources, message_id: UUID, text: str, jobs: Jobs
) -> None:
    """Remember an exchange of `sources` with another answer, the message `message_id`."""
    found = await following_store.of(tx, sources.turns, sources.messages)
    memory = next((it for it in found if it.person_text), None)
    if memory is None:
        return
    stems = terms_of((memory.person_name, memory.person_text), (memory.personality_name, text))
    values = {"id": clock.uuid7(), "like": memory.id, "message_id": message_id, "text": text}
    await following_store.copy(tx, values | {"stems": sorted(set(stems)), "now": clock.now()})
    await jobs.defer(tx, INDEX_JOB)


async def forget(tx: AsyncSession, sources: Sources, jobs: Jobs) -> int:
    """Delete the memories of turns and messages; how many there were."""
    found = await following_store.of(tx, sources.turns, sources.messages)
    if found:
        await following_store.remove(tx, [memory.id for memory in found])
        await jobs.defer(tx, INDEX_JOB)
    return len(found)
