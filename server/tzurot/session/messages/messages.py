"""Single messages as their people change them: read, edit, delete, choose, go back to one.

A person's own messages are what they said and what they were answered. What they change on the
chosen path never puts aside what others said. How a conversation turns to another path: paths.py.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import MessageNotFound, OthersFollowed
from tzurot.memory import following
from tzurot.memory.following import Side
from tzurot.personality.characters import Label
from tzurot.session.channels.place_tables import ChannelLine
from tzurot.session.messages import (
    around_store,
    erasing,
    message_store,
    path_store,
    paths,
    shown_store,
)
from tzurot.session.messages.erasing import Erased
from tzurot.session.messages.path_store import Held
from tzurot.session.messages.shown_store import Shown
from tzurot.session.rooms import Rooms
from tzurot.session.said import MessageRef
from tzurot.session.tables import Message
from tzurot.transport.subject import Caller


class Messages:
    """What the servicer and the flows ask: MessageNotFound where a message is not the caller's.

    MessageNotKept where it was said incognito.
    """

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def get(self, caller: Caller, ref: MessageRef) -> Shown:
        """One message."""
        async with self._rooms.database.transaction() as tx:
            return await _shown(tx, await _named(tx, caller, ref))

    async def shown(self, messages: Sequence[Message]) -> Sequence[Shown]:
        """Messages of the caller's with what is told beside them."""
        async with self._rooms.database.transaction() as tx:
            return await shown_store.shown(tx, messages)

    async def newest(self, caller: Caller, limit: int) -> Sequence[Message]:
        """What was last said by the person or to them, wherever, on chosen paths, newest first."""
        async with self._rooms.database.transaction() as tx:
            return await message_store.newest(tx, caller.person_id, limit)

    async def with_whom(self, messages: Sequence[Message]) -> dict[UUID, Label]:
        """Names and slugs of the characters that messages were said to or by, by conversation."""
        async with self._rooms.database.transaction() as tx:
            whose = await message_store.with_whom(tx, {it.conversation_id for it in messages})
            labels = await self._rooms.characters.labels(tx, whose.values())
        return {conversation_id: labels[it] for conversation_id, it in whose.items()}

    async def alternatives(self, caller: Caller, ref: MessageRef) -> Sequence[Shown]:
        """What stands in a message's place, itself included, oldest first."""
        async with self._rooms.database.transaction() as tx:
            message = await _named(tx, caller, ref)
            return await shown_store.shown(tx, await message_store.alternatives(tx, message))

    async def edit(self, caller: Caller, ref: MessageRef, text: str) -> Shown | None:
        """Give a message other words, in each conversation that it stands in.

        None: it stands in none, but a platform's id names what was said in passing.
        """
        async with self._rooms.database.transaction() as tx:
            message = await message_store.named(tx, caller.person_id, ref)
            if message is None:
                line = await _in_passing(tx, caller, ref)
                await erasing.scrub_line(tx, line)
                line.text = text
                return None
            copies = await erasing.held(tx, message)
            for it in copies:
                await self._remember(tx, it, text)
                await erasing.scrub(tx, it)
                await _say_around(tx, it, text)
            await message_store.reword(tx, [it.id for it in copies], text, clock.now())
            return await _shown(tx, await _named(tx, caller, message.id))

    async def delete(self, caller: Caller, ref: MessageRef) -> Erased:
        """Delete a message with its alternatives, in each conversation that it stands in.

        What was said in passing, to nobody, is deleted too if a platform's id names it. What was
        said incognito is in no database, but in this server's memory.
        """
        gone = await self._let_go(caller, ref)
        async with self._rooms.database.transaction() as tx:
            message = await message_store.named(tx, caller.person_id, ref)
            if message is None:
                if not gone.messages:
                    await erasing.erase_line(tx, await _in_passing(tx, caller, ref))
                return gone
        more = await erasing.erase(message, self._rooms)
        return Erased(gone.messages + more.messages, more.memories)

    async def _let_go(self, caller: Caller, ref: MessageRef) -> Erased:
        """Let go of what was said incognito to some characters; others can have kept it."""
        turns = self._rooms.held.meant(caller.person_id, ref)
        if not turns:
            async with self._rooms.database.reading() as tx:
                shown = await message_store.incognito(tx, caller.person_id, ref)
            turns = [it for it in shown if self._rooms.held.round(caller.person_id, it)]
        return await erasing.let_go(caller, turns, self._rooms) if turns else Erased()

    async def add(self, caller: Caller, ref: MessageRef, text: str) -> Shown:
        """Put other words in a message's place and choose them.

        Raises:
            OthersFollowed: others have spoken since.
        """
        async with self._rooms.database.transaction() as tx:
            message, held = await self._here(tx, caller, ref)
            await _require_alone(tx, caller, held, message.parent_id)
            new = clock.uuid7()
            await message_store.add(tx, message, new, text, clock.now())
            if message.author == "personality":
                known = await message_store.remembered_with(tx, message)
                await following.answer_otherwise(tx, known, new, text, self._rooms.jobs)
            await self._turn_to(tx, held, new)
            added = await _named(tx, caller, new)
            await _say_around(tx, added, text)
            return await _shown(tx, added)

    async def choose(self, caller: Caller, ref: MessageRef) -> Shown:
        """Go on with a message and what was last said after it.

        Raises:
            OthersFollowed: others have spoken since.
        """
        async with self._rooms.database.transaction() as tx:
            message, held = await self._here(tx, caller, ref)
            if not message.chosen:
                end = await path_store.newest_below(tx, caller.person_id, message.id)
                await _require_alone(tx, caller, held, end)
                await self._turn_to(tx, held, end)
                await _say_around(tx, await _named(tx, caller, message.id), message.text)
            return await _shown(tx, await _named(tx, caller, message.id))

    async def branch(self, caller: Caller, ref: MessageRef) -> Shown:
        """Go on right after a message.

        Raises:
            OthersFollowed: others have spoken since.
        """
        async with self._rooms.database.transaction() as tx:
            message, held = await self._here(tx, caller, ref)
            await _require_alone(tx, caller, held, message.id)
            await self._turn_to(tx, held, message.id)
            return await _shown(tx, await _named(tx, caller, message.id))

    async def _here(
        self, tx: AsyncSession, caller: Caller, ref: MessageRef
    ) -> tuple[Message, Held]:
        """A message of what is said since the last reset, and its conversation, locked."""
        found = await _named(tx, caller, ref)
        held = await path_store.hold(tx, found.conversation_id)
        message = await _named(tx, caller, found.id)  # as it is behind the lock
        if held is None or held.epoch != message.epoch:
            raise MessageNotFound(ref)
        return message, held

    async def _turn_to(self, tx: AsyncSession, held: Held, end: UUID) -> None:
        await paths.turn_to(tx, held, end, self._rooms.jobs)

    async def _remember(self, tx: AsyncSession, message: Message, text: str) -> None:
        """Let what is remembered of a message say its new words."""
        side, words = Side(message.author), (message.text, text)
        known = await message_store.remembered_with(tx, message)
        await following.reword(tx, known, side, words, self._rooms.jobs)


async def _named(tx: AsyncSession, caller: Caller, ref: MessageRef) -> Message:
    found = await message_store.named(tx, caller.person_id, ref)
    if found is None:
        raise await message_store.missing(tx, caller.person_id, ref)
    return found


async def _in_passing(tx: AsyncSession, caller: Caller, ref: MessageRef) -> ChannelLine:
    line = await around_store.in_passing(tx, caller, ref)
    if line is None:
        raise await message_store.missing(tx, caller.person_id, ref)
    return line


async def _shown(tx: AsyncSession, message: Message) -> Shown:
    (shown,) = await shown_store.shown(tx, [message])
    return shown


async def _require_alone(tx: AsyncSession, caller: Caller, held: Held, end: UUID | None) -> None:
    """Raises OthersFollowed if a path that ends at `end` would put others' words aside."""
    if await path_store.others_followed(tx, caller.person_id, held.head, end):
        raise OthersFollowed


async def _say_around(tx: AsyncSession, message: Message, text: str) -> None:
    """Let other characters see the words of what a person said, or of the reply that counts."""
    if message.author == "person":
        await around_store.say_around(tx, [message], text)
    elif message.chosen:
        await around_store.say_around(tx, await message_store.alternatives(tx, message), text)
