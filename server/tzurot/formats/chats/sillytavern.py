"""SillyTavern's JSON Lines: a header, then one message a line; broken lines are counted.

A file with another first line is still read if that line is a message. The word `unused` in newer
headers is meant so: names then come from the rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tzurot.formats import lines
from tzurot.formats.chats import rows
from tzurot.formats.chats.rows import Row
from tzurot.formats.found import Aside, Container, Found, History, Kind, Mapped, Said
from tzurot.formats.narrowing import flag, is_empty, members, text
from tzurot.formats.unreadable import Problem, Unreadable

FORMAT = "sillytavern_jsonl"
ROW_WORDS = frozenset({"mes", "is_user", "is_system"})  # a line with none of them is a header

_UNUSED = {"", "unused"}
_HEADER_WORDS = frozenset({"chat_metadata", "user_name", "character_name"})
_PICTURE = 1_000  # characters; an address is shorter, a picture in a text longer
_MAPPED = (
    Mapped("name", "message.name"),
    Mapped("is_user", "message.by_person"),
    Mapped("is_system", "message.hidden", "kept, never told to the model"),
    Mapped("send_date", "message.time", "UTC where no zone is given"),
    Mapped("mes", "message.text"),
    Mapped("swipes", "message.alternatives"),
    Mapped("swipe_id", "message.chosen"),
)
_MAPPED_ROW = frozenset(each.source for each in _MAPPED)
_OTHERS = {
    "extra.image": "pictures inside messages",
    "extra.bookmark_link": "checkpoints",
}


@dataclass(slots=True)
class _Chat:
    """What the lines gave so far."""

    header: bytes = b""
    names: Row = field(default_factory=Row)
    messages: list[Said] = field(default_factory=list[Said])
    first: list[tuple[str, object, str]] = field(default_factory=list[tuple[str, object, str]])
    broken: int = 0
    grouped: bool = False
    undated: int = 0
    aside: dict[str, int] = field(default_factory=dict[str, int])
    picture_characters: int = 0


def read(data: bytes) -> Found | None:
    """The chat that a file is; none if it is something else.

    Raises:
        Unreadable: TOO_LARGE, TOO_MANY, or NOTHING_INSIDE (a header without messages).
    """
    objects = lines.objects(data)
    chat = _begin(objects)
    if chat is None:
        return None
    for line, row in objects:
        if row is None or not ROW_WORDS & row.keys():
            chat.broken += 1
        else:
            _add(chat, row, line)
    if not chat.messages:
        return _nothing(chat)
    return _found(chat)


def names(header: Row, messages: Sequence[Said]) -> tuple[str, str]:
    """The character's and the person's name: as the header says, else as the rows do."""
    person = text(header.get("user_name"))
    character = text(header.get("character_name"))
    if person.strip() in _UNUSED:
        person = next((said.name for said in messages if said.by_person), "")
    if character.strip() in _UNUSED:
        character = next(iter(speakers(messages)), "")
    return character, person


def speakers(messages: Sequence[Said]) -> list[str]:
    """The characters that speak, in the order of their first message."""
    return list(
        {said.name: None for said in messages if not (said.by_person or said.hidden) and said.name}
    )


def _begin(objects: Iterator[tuple[bytes, Row | None]]) -> _Chat | None:
    """The chat after its first good line; none if that isn't one of a chat."""
    chat = _Chat()
    for line, row in objects:
        if row is None:
            chat.broken += 1
            if chat.broken > lines.TRIES:
                return None
        elif ROW_WORDS & row.keys():
            if "mes" not in row:
                return None
            _add(chat, row, line)
            return chat
        elif _HEADER_WORDS & row.keys():
            chat.header, chat.names = line, row
            return chat
        else:
            return _after_strange_header(line, *next(objects, (b"", None)))
    return None


def _after_strange_header(header: bytes, line: bytes, row: Row | None) -> _Chat | None:
    """A first line that says nothing that is known is a header if a message follows."""
    if row is None or "mes" not in row:
        return None
    chat = _Chat(header=header)
    _add(chat, row, line)
    return chat


def _add(chat: _Chat, row: Row, line: bytes) -> None:
    message = rows.said(row, line)
    chat.messages.append(message)
    if len(chat.first) < 2:
        chat.first.append((message.name, row.get("send_date"), message.text))
    chat.grouped = chat.grouped or flag(row.get("is_group"))
    chat.undated += message.time is None
    _count_aside(chat, row)


def _count_aside(chat: _Chat, row: Row) -> None:
    for word, value in row.items():
        if word == "extra":
            for name, inner in members(value).items():
                if not is_empty(inner):
                    _count(chat, f"extra.{name}")
        elif word not in _MAPPED_ROW and not is_empty(value) and value is not False:
            _count(chat, word)
    picture = members(row.get("extra")).get("image")
    if isinstance(picture, str) and len(picture) > _PICTURE:
        chat.picture_characters += len(picture)


def _count(chat: _Chat, path: str) -> None:
    chat.aside[path] = chat.aside.get(path, 0) + 1


def _found(chat: _Chat) -> Found:
    character, person = names(chat.names, chat.messages)
    speaking = speakers(chat.messages)
    history = History(
        messages=tuple(chat.messages),
        key=rows.key(chat.first),
        character_name=character,
        person_name=person,
        group=chat.grouped or len(speaking) > 1,
        header=chat.header,
    )
    return Found(
        kind=Kind.CHAT,
        format=FORMAT,
        container=Container.JSONL,
        name=character,
        histories=(history,),
        fields=_MAPPED,
        kept_aside=tuple(_asides(chat)),
        warnings=tuple(_warnings(chat)),
        details={
            "header": bool(chat.header),
            "user_name": text(chat.names.get("user_name")) or None,
            "character_name": text(chat.names.get("character_name")) or None,
            **counts(chat.messages),
            "speakers": speaking,
            "bad_lines": chat.broken,
        },
    )


def counts(messages: Sequence[Said]) -> dict[str, object]:
    """How many messages there are of which kind."""
    return {
        "messages": len(messages),
        "user_messages": sum(said.by_person for said in messages),
        "system_messages": sum(said.hidden for said in messages),
        "messages_with_swipes": sum(len(said.alternatives) > 1 for said in messages),
    }


def _asides(chat: _Chat) -> Iterator[Aside]:
    for name, value in chat.names.items():
        if name not in {"user_name", "character_name"} and not is_empty(value):
            yield Aside(name, "of the header: kept for export")
    for path, number in chat.aside.items():
        what = _OTHERS.get(path, "kept for export")
        size = ""
        if path == "extra.image" and chat.picture_characters:
            size = f", {chat.picture_characters:,} characters of them in the file itself"
        yield Aside(path, f"{what}; messages: {number:,}{size}")


def _warnings(chat: _Chat) -> Iterator[str]:
    if chat.broken:
        yield f"Lines that could not be read, left out: {chat.broken:,}."
    if chat.undated:
        yield f"Messages without a date that can be read: {chat.undated:,}."


def _nothing(chat: _Chat) -> None:
    """A header that is surely one of a chat, but nobody says anything."""
    if "chat_metadata" in chat.names or _HEADER_WORDS - {"chat_metadata"} <= chat.names.keys():
        raise Unreadable(Problem.NOTHING_INSIDE, "This chat has a header, but no messages.")
