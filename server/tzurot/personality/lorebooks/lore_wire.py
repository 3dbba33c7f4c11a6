"""Lorebooks and verdicts on their entries as messages, and back."""

import hashlib
from collections.abc import Sequence

from tzurot.errors import UpdateMaskInvalid
from tzurot.personality.lore.verdicts import Verdict
from tzurot.personality.lorebooks import lore_entry_wire
from tzurot.personality.lorebooks.lore_entries import Numbered
from tzurot.personality.lorebooks.lore_shelf_store import Shelved
from tzurot.personality.lorebooks.lore_trial import Trial
from tzurot.personality.lorebooks.lorebooks import BookChange, new_book
from tzurot.personality.tables import Lorebook
from tzurot.personality.v1 import lorebook_pb2, lorebook_service_pb2
from tzurot.transport.subject import Caller
from tzurot.transport.wire import moment, uuid_or_none

_TEXTS = ("name", "description")
_MAYBE = ("scan_depth", "token_budget", "recursive_scanning")
_FIELDS = (*_TEXTS, *_MAYBE)


def lorebook_to(shelved: Shelved, entries: Sequence[Numbered] = ()) -> lorebook_pb2.Lorebook:
    """A book, with these entries."""
    return lorebook_pb2.Lorebook(
        id=str(shelved.id),
        source_format=shelved.format,
        entry_count=shelved.entry_count,
        entries=[lore_entry_wire.entry_to(entry) for entry in entries],
        personality_ids=[str(personality_id) for personality_id in shelved.personality_ids],
        create_time=moment(shelved.create_time),
        update_time=moment(shelved.update_time),
        editable=shelved.editable,
        owned=shelved.owned,
        etag=str(shelved.version),
        **{name: getattr(shelved, name) for name in _FIELDS},
    )


def new_from(request: lorebook_service_pb2.CreateLorebookRequest, owner: Caller) -> Lorebook:
    """The book that a request describes."""
    return new_book(
        owner.person_id,
        {name: _value(request.lorebook, name) for name in _FIELDS},
        uuid_or_none(request.request_id),
        hashlib.sha256(request.SerializeToString(deterministic=True)).digest(),
    )


def change_from(request: lorebook_service_pb2.UpdateLorebookRequest) -> BookChange:
    """The new values that a request names: those in its mask, or without one those that are set.

    Raises:
        UpdateMaskInvalid: a path is unknown, output only or a wildcard.
    """
    wanted = request.lorebook
    set_fields = [field.name for field, _ in wanted.ListFields() if field.name in _FIELDS]
    paths = list(request.update_mask.paths) or set_fields
    for path in paths:
        if path not in _FIELDS:
            raise UpdateMaskInvalid(path[:80])
    return BookChange({path: _value(wanted, path) for path in paths}, wanted.etag)


def _value(wanted: lorebook_pb2.Lorebook, name: str) -> str | int | bool | None:
    if name in _MAYBE and not wanted.HasField(name):
        return None
    return getattr(wanted, name)


def trial_from(request: lorebook_service_pb2.TestLorebookRequest) -> Trial:
    """The talk that books are held against."""
    return Trial(tuple(request.messages), request.greeting_index)


def match_to(verdict: Verdict) -> lorebook_pb2.LorebookMatch:
    """A verdict."""
    return lorebook_pb2.LorebookMatch(
        position=verdict.position,
        name=verdict.name,
        activated=verdict.activated,
        reason=verdict.reason,
        content=verdict.content,
        entry_id=verdict.entry_id,
        place=lore_entry_wire.PLACES[verdict.placement.where],
        depth=verdict.placement.depth,
        left_out=verdict.left_out,
    )
