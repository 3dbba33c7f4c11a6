"""Deleting somebody's part of a conversation, and all that came of it.

Their messages go with all alternatives and branches, and so do their turns, whose traces,
attachments, deliveries and memories go along, and the note if it is theirs. Others' messages follow
what they followed before. What macros and lore have kept can hold anybody's words and goes too; a
conversation in which nothing is left goes as a whole. Of what was said to several characters at
once the others keep their copy.
"""

from collections.abc import Iterator
from uuid import UUID

from tzurot.errors import ConversationNotFound
from tzurot.memory import following
from tzurot.memory.following import Sources
from tzurot.session import archive
from tzurot.session.histories import deletion_store, history_store
from tzurot.session.incognito import letting_go, news
from tzurot.session.incognito.news import Change
from tzurot.session.messages import erase_store, erasing, path_store
from tzurot.session.messages.erasing import Erased
from tzurot.session.rooms import Rooms
from tzurot.session.turns import TurnId
from tzurot.transport.subject import Caller

_AT_ONCE = 1_000  # turns and messages of which memories are forgotten
_PATIENCE = 5.0  # seconds in all until turns that are to be stopped are deleted all the same


async def delete(caller: Caller, conversation_id: UUID, rooms: Rooms) -> Erased:
    """Stop what runs, and delete.

    Raises:
        ConversationNotFound: the caller takes no part in it.
    """
    async with rooms.database.transaction() as tx:
        if await archive.conversation(tx, caller.person_id, conversation_id) is None:
            raise ConversationNotFound(conversation_id)
        running = await deletion_store.running(tx, caller.person_id, conversation_id)
    for turn_id in running:
        await rooms.replicas.silence(TurnId(turn_id), _PATIENCE / len(running))
    async with rooms.database.transaction() as tx:
        held = await path_store.hold(tx, conversation_id)
        found = await archive.conversation(tx, caller.person_id, conversation_id)
        if held is None or found is None:
            raise ConversationNotFound(conversation_id)
        await erase_store.alone(tx, [conversation_id])
        sources = Sources(*await history_store.sources(tx, caller.person_id, conversation_id))
        part = deletion_store.Part(found, caller.person_id)
        words = await deletion_store.words(tx, part)
        forgotten = 0
        for some in _by_parts(sources):
            forgotten += await following.forget(tx, some, rooms.jobs)
        await erase_store.leave_to_twins(tx, sources.turns)
        await deletion_store.erase(tx, part, words.ids)
        if words.since:
            own = found.note and found.note.person_id == caller.person_id
            note = [found.note.text] if found.note and own else []
            told = {erasing.told(it) for it in (*words.texts, *note)}
            await deletion_store.scrub(tx, part, sorted(told), words.since)
        change = Change(caller.person_id, conversation_id=conversation_id)
        await news.tell(rooms.signals, change, tx)
    letting_go.forget(rooms.held, change)
    return Erased(len(words.texts), forgotten)


def _by_parts(sources: Sources) -> Iterator[Sources]:
    """The same, so many at a time that a statement can name them."""
    turns, messages = list(sources.turns), list(sources.messages)
    for start in range(0, max(len(turns), len(messages)), _AT_ONCE):
        end = start + _AT_ONCE
        yield Sources(turns[start:end], messages[start:end])
