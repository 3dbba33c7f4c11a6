"""Previews and results of imports as messages, and what people say about an import."""

from uuid import UUID

from tzurot.formats import documents
from tzurot.formats.found import Aside
from tzurot.formats.memories.writing import Format as MemoryFormat
from tzurot.personality.v1 import personality_pb2
from tzurot.transfer.exporting import Format
from tzurot.transfer.plans import Action, Change, Options, Preview, Sender
from tzurot.transfer.v1 import import_pb2, transfer_service_pb2
from tzurot.transport.wire import moment

_ACTIONS = {
    Action.CREATE: import_pb2.IMPORT_ACTION_CREATE,
    Action.UPDATE: import_pb2.IMPORT_ACTION_UPDATE,
    Action.KEEP: import_pb2.IMPORT_ACTION_KEEP,
}
_FORMATS: dict[int, Format] = {
    transfer_service_pb2.EXPORT_FORMAT_TZUROT: Format.TZUROT,
    transfer_service_pb2.EXPORT_FORMAT_CARD_V2: Format.CARD_V2,
    transfer_service_pb2.EXPORT_FORMAT_CARD_V3: Format.CARD_V3,
    transfer_service_pb2.EXPORT_FORMAT_PNG: Format.PNG,
    transfer_service_pb2.EXPORT_FORMAT_CHARX: Format.CHARX,
}
_MEMORY_FORMATS: dict[int, MemoryFormat] = {
    transfer_service_pb2.MEMORY_FORMAT_JSON_LINES: MemoryFormat.JSON_LINES,
    transfer_service_pb2.MEMORY_FORMAT_MEM0: MemoryFormat.MEM0,
    transfer_service_pb2.MEMORY_FORMAT_OPENMEMORY: MemoryFormat.OPENMEMORY,
}


def options_from(header: transfer_service_pb2.ImportHeader) -> Options:
    """What the person says about an import."""
    named = header.HasField("personality")
    return Options(
        personality=ref_from(header.personality) if named else None,
        as_copy=header.as_copy,
        overwrite_own_edits=header.overwrite_own_edits,
        caller_sender_ids=tuple(header.caller_sender_ids),
        digest=header.digest,
    )


def ref_from(ref: personality_pb2.PersonalityRef) -> UUID | str:
    """Which personality a request names."""
    return UUID(ref.id) if ref.WhichOneof("ref") == "id" else ref.slug


def format_from(number: int) -> Format:
    """The format that an export is to have."""
    return _FORMATS[number]


def memory_format_from(number: int) -> MemoryFormat:
    """The format that memories are to have."""
    return _MEMORY_FORMATS[number]


def preview_to(preview: Preview) -> import_pb2.ImportPreview:
    """What an import does."""
    found = preview.found
    return import_pb2.ImportPreview(
        digest=preview.digest,
        kind=found.kind,
        format=found.format,
        spec_version=found.spec_version,
        container=found.container,
        name=found.name,
        alternate_greeting_count=preview.alternate_greeting_count,
        lorebook_entry_count=preview.entry_count,
        has_avatar=preview.has_avatar,
        fields=[
            import_pb2.ImportedField(source=m.source, destination=m.destination, note=m.note)
            for m in found.fields
        ],
        kept_aside=[_part(aside) for aside in found.kept_aside],
        dropped=[_part(aside) for aside in found.dropped],
        warnings=preview.warnings,
        changes=[_change(change) for change in preview.changes],
        own_edits=[
            import_pb2.OwnEdit(field=e.field, current=e.current, imported=e.imported)
            for e in preview.own_edits
        ],
        senders=[_sender(sender) for sender in preview.senders],
        details_json=documents.dumps(dict(found.details)).decode(),
    )


def progress_to(label: str, done: int, total: int) -> transfer_service_pb2.ImportProgress:
    """How far an import is."""
    return transfer_service_pb2.ImportProgress(label=label, done_count=done, total_count=total)


def _part(aside: Aside) -> import_pb2.ImportedPart:
    return import_pb2.ImportedPart(path=aside.path, reason=aside.reason)


def _change(change: Change) -> import_pb2.ImportedChange:
    return import_pb2.ImportedChange(
        action=_ACTIONS[change.action],
        resource=change.resource,
        name=change.name,
        count=change.count,
        size_bytes=change.size_bytes,
        slug=change.slug,
    )


def _sender(sender: Sender) -> import_pb2.ImportedSender:
    return import_pb2.ImportedSender(
        sender_id=sender.sender_id,
        memory_count=sender.memory_count,
        group_memory_count=sender.group_memory_count,
        first_time=moment(sender.first_time) if sender.first_time else None,
        last_time=moment(sender.last_time) if sender.last_time else None,
        is_caller=sender.is_caller,
    )
