"""Lorebooks and verdicts on their entries as messages."""

from tzurot.formats.found import Lorebook, LoreEntry
from tzurot.personality.activation import Verdict
from tzurot.personality.lore_store import Shelved
from tzurot.personality.v1 import lorebook_pb2
from tzurot.transport.wire import moment


def lorebook_to(shelved: Shelved, book: Lorebook | None = None) -> lorebook_pb2.Lorebook:
    """A book; its entries if `book` is given."""
    entries = book.entries if book else ()
    return lorebook_pb2.Lorebook(
        id=str(shelved.id),
        name=shelved.name,
        description=shelved.description,
        source_format=shelved.format,
        entry_count=shelved.entry_count,
        entries=[_entry_to(number, entry) for number, entry in enumerate(entries)],
        personality_ids=[str(personality_id) for personality_id in shelved.personality_ids],
        create_time=moment(shelved.create_time),
        update_time=moment(shelved.update_time),
    )


def match_to(verdict: Verdict) -> lorebook_pb2.LorebookMatch:
    """A verdict."""
    return lorebook_pb2.LorebookMatch(
        position=verdict.position,
        name=verdict.name,
        activated=verdict.activated,
        reason=verdict.reason,
        content=verdict.content,
    )


def _entry_to(number: int, entry: LoreEntry) -> lorebook_pb2.LorebookEntry:
    return lorebook_pb2.LorebookEntry(
        position=number,
        name=entry.name,
        keys=entry.keys,
        secondary_keys=entry.secondary_keys,
        content=entry.content,
        enabled=entry.enabled,
        constant=entry.constant,
    )
