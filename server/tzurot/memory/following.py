"""Memories follow what they came from: dormant off the chosen path, with new words once edited.

The session room tells which turns and messages those are; whose memories they are makes no
difference, nor whether they are locked: who takes their words back where they said them wants them
gone here, too. All of it takes part in the transaction that changes the conversation.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory import following_store, waypoint_store
from tzurot.memory.facts import fact_store
from tzurot.memory.reflection import reflection_store
from tzurot.memory.remembering import INDEX_JOB, Kind, MemoryId, terms_of, told_by
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

    One whose side has more words than that keeps them; one that says nothing any more goes. A side
    of which its person had made something else gives way as a whole: nothing tells what of it
    stands for the old words.
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
    edited = memory.edit_time is not None and side is _edited_side(memory)
    if side is Side.PERSON:
        person = (new if edited else person.replace(old, new, 1)).strip()
    else:
        personality = (new if edited else personality.replace(old, new, 1)).strip()
    if not (person or personality):
        await following_store.remove(tx, [memory.id])
        return 1
    name = memory.personality_name if personality else ""  # else it would be the character's note
    columns = {
        "person_text": person,
        "personality_text": personality,
        "personality_name": name,
        "edit_time": None if edited else memory.edit_time,
    }
    stems = sorted(set(terms_of((memory.person_name, person), (name, personality))))
    await waypoint_store.forget_meaning(tx, memory.id)
    await following_store.rewrite(tx, memory.id, columns | told_by(person, personality), stems)
    return 0


async def edit(tx: AsyncSession, memory: Memory, text: str) -> bool:
    """Let a memory, which is held, say what its person has made of it; False: it says that already.

    A reflection stays one; dreams that tell its old words go. What was gathered or learnt from the
    old words of an exchange goes by triggers.
    """
    side = _edited_side(memory)
    person, personality = memory.person_text, memory.personality_text
    if text == (person if side is Side.PERSON else personality):
        return False
    if side is Side.PERSON:
        person = text
    else:
        personality = text
    columns: dict[str, object] = {"person_text": person, "personality_text": personality}
    if memory.kind == Kind.REFLECTION:
        await reflection_store.forget_words(tx, MemoryId(memory.id))
    else:
        columns |= told_by(person, personality)
    sides = ((memory.person_name, person), (memory.personality_name, personality))
    await waypoint_store.forget_meaning(tx, memory.id)
    await following_store.rewrite(
        tx, memory.id, columns | {"edit_time": clock.now()}, sorted(set(terms_of(*sides)))
    )
    return True


def _edited_side(memory: Memory) -> Side:
    """Which side its person's words of it are: the person's, unless only the character spoke."""
    return Side.PERSON if memory.person_text else Side.PERSONALITY


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
    values |= told_by(memory.person_text, text)
    await following_store.copy(tx, values | {"stems": sorted(set(stems)), "now": clock.now()})
    await jobs.defer(tx, INDEX_JOB)


async def forget(tx: AsyncSession, sources: Sources, jobs: Jobs) -> int:
    """Delete the memories of turns and messages; how many there were."""
    found = await following_store.of(tx, sources.turns, sources.messages)
    if found:
        await following_store.remove(tx, [memory.id for memory in found])
        await jobs.defer(tx, INDEX_JOB)
    return len(found)


async def learnt(tx: AsyncSession, sources: Sources) -> int:
    """How many facts were learnt from memories of turns and messages alone: they go with them."""
    found = await following_store.of(tx, sources.turns, sources.messages)
    return await fact_store.learnt_from_alone(tx, [memory.id for memory in found])


async def count(tx: AsyncSession, sources: Sources) -> int:
    """How many memories came of turns and messages."""
    return await following_store.count(tx, sources.turns, sources.messages)
