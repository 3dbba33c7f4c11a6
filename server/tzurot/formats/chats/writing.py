"""A chat as SillyTavern's JSON Lines: rows that came from there as they came, others anew."""

from tzurot.formats import documents
from tzurot.formats.chats import rows, sillytavern
from tzurot.formats.chats.rows import Row
from tzurot.formats.found import History, Said
from tzurot.formats.narrowing import members
from tzurot.formats.unreadable import Unreadable

_UNUSED = "unused"  # SillyTavern's own word for a name that the header doesn't tell


def write_jsonl(history: History) -> bytes:
    """A file that reads as this chat again: a header and a line for each message, in UTF-8."""
    lines = [_header(history), *map(_line, history.messages)]
    return b"\n".join(lines) + b"\n"


def _line(message: Said) -> bytes:
    row = _parsed(message.source)
    if not sillytavern.ROW_WORDS & row.keys():
        return documents.dumps(rows.new(message))
    changed = rows.written(message, row)
    return message.source if changed is row else documents.dumps(changed)


def _header(history: History) -> bytes:
    header = _parsed(history.header)
    if not header:
        return documents.dumps(_new_header(history))
    character, person = sillytavern.names(header, history.messages)
    said = {"character_name": history.character_name, "user_name": history.person_name}
    changed = {
        name: value
        for (name, value), told in zip(said.items(), (character, person), strict=True)
        if value != told
    }
    return documents.dumps({**header, **changed}) if changed else history.header


def _new_header(history: History) -> Row:
    times = (said.time for said in history.messages if said.time)
    created = next(times, None)
    return {
        "user_name": history.person_name or _UNUSED,
        "character_name": history.character_name or _UNUSED,
        **({"create_date": rows.iso(created)} if created else {}),
        "chat_metadata": {},
    }


def _parsed(source: bytes) -> Row:
    try:
        return members(documents.loads(source)) if source else {}
    except Unreadable:
        return {}
