"""A conversation as chats that other programs read: its chosen path, and the branches beside it.

What was imported goes out as it came in: beside its words stands the row that it was. Imported in
the order in which they come, the files grow into the same tree again (see grafting.py).
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tzurot.errors import ConversationNotFound
from tzurot.formats import documents
from tzurot.formats.chats import sillytavern, write_jsonl
from tzurot.formats.found import History, Said
from tzurot.formats.narrowing import members
from tzurot.personality.characters import Label
from tzurot.session import archive
from tzurot.session.archive import Link
from tzurot.session.chats.branches import Tree, row_of
from tzurot.session.rooms import Rooms
from tzurot.session.tables import Conversation, Message
from tzurot.transport.subject import Caller


@dataclass(frozen=True, slots=True)
class Stored:
    """A conversation with all its links, and one person's messages, alternatives included."""

    conversation: Conversation
    personality: Label
    links: Sequence[Link]
    messages: Sequence[Message]


async def read(rooms: Rooms, caller: Caller, conversation_id: UUID) -> Stored:
    """The caller's part of a conversation.

    Raises:
        ConversationNotFound: the caller takes no part in it.
    """
    async with rooms.database.transaction() as tx:
        found = await archive.conversation(tx, caller.person_id, conversation_id)
        if found is None:
            raise ConversationNotFound(conversation_id)
        names = await rooms.characters.labels(tx, [found.personality_id])
        links = await archive.links(tx, conversation_id)
        messages = await archive.all_messages(tx, caller.person_id, conversation_id)
    return Stored(found, names[found.personality_id], links, messages)


@dataclass(frozen=True, slots=True)
class File:
    """A chat as SillyTavern keeps it."""

    name: str
    content: bytes


def files(stored: Stored) -> Iterator[File]:
    """The chosen path as SillyTavern's JSONL, then each branch; their headers name the first.

    Files are called by the character's slug: two of one name can lie in one folder.
    """
    stem, chats = stored.personality.slug, _chats(stored)
    main = write_jsonl(next(chats))
    yield File(f"{stem}.jsonl", main)
    header = row_of(main.partition(b"\n")[0])
    header["chat_metadata"] = {**members(header.get("chat_metadata")), "main_chat": stem}
    for number, chat in enumerate(chats, 1):
        character, person = sillytavern.names(header, chat.messages)  # nothing else is changed
        branch = replace(
            chat,
            header=documents.dumps(header),
            character_name=character,
            person_name=person,
        )
        yield File(f"{stem} - Branch #{number}.jsonl", write_jsonl(branch))


def _chats(stored: Stored) -> Iterator[History]:
    """The chosen path, then each branch in the order in which they began."""
    tree = Tree(stored.links, stored.messages)
    yield _history(stored, tree.tell(tree.path))
    waiting = tree.leaving(tree.path, [None, *tree.path])
    heapq.heapify(waiting)
    while waiting:
        *_, start = heapq.heappop(waiting)
        line = tree.line(start)
        if any(not tree.is_told(message_id) for message_id in line):
            yield _history(stored, tree.tell([*tree.before(start), *line]))
        for began in tree.leaving(line, line):
            heapq.heappush(waiting, began)


def _history(stored: Stored, said: tuple[Said, ...]) -> History:
    header = stored.conversation.source or b""
    character, person = stored.personality.name, ""
    if header:  # its names are those of the file
        character, person = sillytavern.names(row_of(header), said)
    return History(
        messages=said,
        key=stored.conversation.channel_id,
        character_name=character,
        person_name=person or next((it.name for it in said if it.by_person), ""),
        group=len(sillytavern.speakers(said)) > 1,
        header=header,
    )
