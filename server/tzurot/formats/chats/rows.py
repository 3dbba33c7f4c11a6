"""One row of SillyTavern's JSON Lines, both ways, and what a whole chat is known by."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tzurot.formats import dates, documents
from tzurot.formats.documents import Json
from tzurot.formats.found import Said
from tzurot.formats.narrowing import count, flag, is_list, text

Row = dict[str, Json]


def said(row: Row, source: bytes = b"") -> Said:
    """What a row says. `mes` is what was shown, even where its swipe was not kept up with it."""
    shown = text(row.get("mes"))
    alternatives, chosen = _alternatives(row, shown)
    return Said(
        by_person=flag(row.get("is_user")),
        name=text(row.get("name")),
        text=shown,
        alternatives=alternatives,
        chosen=chosen,
        hidden=flag(row.get("is_system")),
        time=dates.moment(row.get("send_date")),
        source=source,
    )


def written(message: Said, row: Row) -> Row:
    """A row that says `message`: the same one where it does already, else with what differs."""
    was = said(row)
    if was == replace(message, source=b""):
        return row
    row = dict(row)
    if was.name != message.name:
        row["name"] = message.name
    if was.by_person != message.by_person:
        row["is_user"] = message.by_person
    if was.hidden != message.hidden:
        row["is_system"] = message.hidden
    if was.time != message.time:
        row["send_date"] = iso(message.time) if message.time else ""
    row["mes"] = message.text
    _put_alternatives(row, was, message)
    return row


def new(message: Said) -> Row:
    """A row for a message that came from elsewhere."""
    row: Row = {
        "name": message.name,
        "is_user": message.by_person,
        "is_system": message.hidden,
        "send_date": iso(message.time) if message.time else "",
        "mes": message.text,
        "extra": {},
    }
    if len(message.alternatives) > 1:
        row |= {"swipe_id": message.chosen, "swipes": list(message.alternatives)}
    return row


def iso(time: datetime) -> str:
    """A time as SillyTavern writes it now: `2026-03-01T10:00:00.000Z`, finer only if need be."""
    time = time.astimezone(UTC)
    unit = "microseconds" if time.microsecond % 1000 else "milliseconds"
    return time.isoformat(timespec=unit).replace("+00:00", "Z")


def key(first: Sequence[tuple[str, Json, str]]) -> str:
    """What a chat is known by: SHA-256 in hex of its first message's name, date as written, text.

    A message without a date says too little: then the second one is counted in.
    """
    counted = first[:1] if first and first[0][1] not in (None, "") else first[:2]
    said: Json = [[name, None if date == "" else date, shown] for name, date, shown in counted]
    return hashlib.sha256(documents.dumps(said)).hexdigest()


def _alternatives(row: Row, shown: str) -> tuple[tuple[str, ...], int]:
    swipes = row.get("swipes")
    texts = [text(swipe) for swipe in swipes] if is_list(swipes) else []
    if len(texts) < 2:
        return (), 0
    chosen = count(row.get("swipe_id"))
    if chosen is None or chosen >= len(texts):
        if shown not in texts:
            texts.append(shown)
        chosen = texts.index(shown)
    texts[chosen] = shown
    return tuple(texts), chosen


def _put_alternatives(row: Row, was: Said, message: Said) -> None:
    """The swipes, if there are any or were; a text alone is edited in its only swipe as well."""
    alternatives = message.alternatives if len(message.alternatives) > 1 else (message.text,)
    if len(alternatives) > 1 or row.get("swipes"):
        row["swipes"] = list(alternatives)
        row["swipe_id"] = message.chosen if len(alternatives) > 1 else 0
    notes = row.get("swipe_info")
    if is_list(notes) and len(notes) > len(alternatives):
        row["swipe_info"] = notes[: len(alternatives)] if was.alternatives else notes
