"""Deleting messages, and all that was derived from them.

A message goes with its alternatives, in each conversation that it stands in; what follows it stays
and follows what it followed. So a reply stays when what it answers is deleted. What is remembered
of an exchange goes with what the person said in it; with the reply only the reply's words go. A
turn goes with the last of its messages; one that runs is stopped.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory import following
from tzurot.memory.following import Side, Sources
from tzurot.session.channels.place_tables import ChannelLine
from tzurot.session.messages import around_store, erase_store, message_store, path_store, paths
from tzurot.session.prompt import marks
from tzurot.session.rooms import Rooms
from tzurot.session.tables import Conversation, Message
from tzurot.session.turns import TurnId
from tzurot.storage.jobs import Jobs
from tzurot.transport.subject import Caller

_PATIENCE = 5.0  # seconds until a turn that is to be stopped elsewhere is deleted all the same


@dataclass(frozen=True, slots=True)
class Erased:
    """What is gone."""

    messages: int = 0
    memories: int = 0


async def erase(message: Message, rooms: Rooms) -> Erased:
    """Delete a message of the caller's."""
    async with rooms.database.transaction() as tx:
        copies = await message_store.copies(tx, message)
        running = [await _running(tx, await _doomed(tx, it)) for it in copies]
    for turn_id in (turn_id for turns in running for turn_id in turns):
        await rooms.replicas.silence(turn_id, _PATIENCE)
    messages = memories = 0
    async with rooms.database.transaction() as tx:
        for copy in await held(tx, message):
            doomed = await _doomed(tx, copy)
            memories += await _erase(tx, doomed, rooms.jobs)
            messages += len(doomed)
    return Erased(messages, memories)


async def let_go(caller: Caller, turns: Sequence[TurnId], rooms: Rooms) -> Erased:
    """Stop turns in which something was said incognito, and let go of what is held of them."""
    for turn_id in turns:
        await rooms.replicas.silence(turn_id, _PATIENCE)
    return Erased(rooms.held.drop(caller.person_id, lambda it: it.turn_id in turns))


async def held(tx: AsyncSession, message: Message) -> Sequence[Message]:
    """The message in each conversation that it stands in, which are locked; as it is then."""
    copies = await message_store.copies(tx, message)
    for copy in copies:
        await path_store.hold(tx, copy.conversation_id)
    await erase_store.alone(tx, [it.conversation_id for it in copies])
    return await message_store.copies(tx, message)


async def scrub(tx: AsyncSession, message: Message) -> None:
    """Take a message's words out of what is told of later turns."""
    there = await tx.get_one(Conversation, message.conversation_id)
    since = min(message.turn_id or message.id, message.id)
    await erase_store.scrub(tx, there, since, [told(message.text)])


async def erase_line(tx: AsyncSession, line: ChannelLine) -> None:
    """Delete what was said in passing."""
    await scrub_line(tx, line)
    await tx.delete(line)


async def scrub_line(tx: AsyncSession, line: ChannelLine) -> None:
    """The same for what was said in passing."""
    await erase_store.scrub(tx, line, line.id, [told(line.text)])


def told(words: str) -> str:
    """Words as prompts have them."""
    return marks.harmless(words.strip())


async def _running(tx: AsyncSession, doomed: Sequence[Message]) -> list[TurnId]:
    turns = await erase_store.turns(tx, doomed)
    return [TurnId(turn_id) for turn_id, runs in turns.items() if runs]


async def _doomed(tx: AsyncSession, message: Message) -> Sequence[Message]:
    """The message and its alternatives: not what a platform shows as a message of its own."""
    own = ("", message.platform_message_id)
    beside = await message_store.alternatives(tx, message)
    return [it for it in beside if it.platform_message_id in own]


async def _erase(tx: AsyncSession, doomed: Sequence[Message], jobs: Jobs) -> int:
    """Delete messages of one place; how many memories went with them."""
    by_person = doomed[0].author == "person"
    forgotten = await (_forget if by_person else _forget_answers)(tx, doomed, jobs)
    await around_store.unsay_around(tx, doomed)
    for message in doomed:
        await scrub(tx, message)
    turns = await erase_store.turns(tx, doomed)
    await erase_store.detach(tx, doomed, turns)
    await erase_store.erase(tx, doomed[0].conversation_id, [it.id for it in doomed])
    await erase_store.end_empty(tx, turns)
    await paths.memories_follow(tx, doomed[0].conversation_id, jobs)
    return forgotten


async def _forget(tx: AsyncSession, doomed: Sequence[Message], jobs: Jobs) -> int:
    """Forget exchanges with what the person said in them."""
    forgotten = 0
    for message in doomed:
        known = await message_store.remembered_with(tx, message)
        together = await message_store.was_said_with_others(tx, message, known.turns)
        if together or message.turn_id is None:  # others of an imported round may stay
            forgotten += await following.reword(tx, known, Side.PERSON, (message.text, ""), jobs)
        if together:
            continue
        if message.turn_id is None:
            known = Sources(known.turns, [message.id])
        forgotten += await following.forget(tx, known, jobs)
    return forgotten


async def _forget_answers(tx: AsyncSession, doomed: Sequence[Message], jobs: Jobs) -> int:
    """Keep of exchanges what the person said, once: with the turn in which they said it."""
    forgotten, parent_id = 0, doomed[0].parent_id
    said = await message_store.by_id(tx, parent_id) if parent_id else None
    for message in doomed:
        known, gone = await message_store.remembered_with(tx, message), Sources((), [message.id])
        if message.turn_id is None or (said and said.turn_id == message.turn_id):
            words = (message.text, "")
            forgotten += await following.reword(tx, known, Side.PERSONALITY, words, jobs)
        else:
            gone = Sources(known.turns, [message.id])
        forgotten += await following.forget(tx, gone, jobs)
    return forgotten
