"""Chats that are one JSON document: Agnai, Character.AI and Oobabooga's text generation web UI."""

import html
from collections.abc import Iterator, Sequence

from tzurot.formats import caps, dates
from tzurot.formats.chats import rows, sillytavern
from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Container, Found, History, Kind, Mapped, Said
from tzurot.formats.narrowing import flag, is_empty, is_list, items, members, text
from tzurot.formats.narrowing import rows as objects
from tzurot.formats.unreadable import Problem, Unreadable

_BOM = b"\xef\xbb\xbf"
_BEGINNING = "<|BEGIN-VISIBLE-CHAT|>"  # Oobabooga's first question, which nobody asked

_AGNAI = {"handle": "name", "userId": "by_person", "msg": "text", "createdAt": "time"}
_CHARACTER_AI = {"src.name": "name", "src.is_human": "by_person", "text": "text", "created": "time"}


def read_json(data: bytes, document: Json) -> Found | None:
    """The chats that a document holds; none if it is something else.

    Raises:
        Unreadable: TOO_MANY or NOTHING_INSIDE.
    """
    root = members(document)
    if _is_agnai(root):
        return _found("agnai", data, [_agnai(root)], fields=_AGNAI, root=root)
    if is_list(members(root.get("histories")).get("histories")):
        chats = [
            _character_ai(chat) for chat in objects(members(root["histories"]).get("histories"))
        ]
        return _found("character_ai", data, chats, fields=_CHARACTER_AI, root=root)
    for word in ("data_visible", "visible"):
        pairs = root.get(word)
        if is_list(pairs) and all(is_list(pair) for pair in pairs):
            fields = {f"{word}.0": "text", f"{word}.1": "text"}
            return _found("oobabooga", data, [_oobabooga(pairs)], fields=fields, root=root)
    return None


def _found(
    form: str,
    data: bytes,
    chats: Sequence[list[tuple[Said, Json]]],
    *,
    fields: dict[str, str],
    root: dict[str, Json],
) -> Found:
    histories = tuple(_history(chat) for chat in chats if chat)
    messages = [said for history in histories for said in history.messages]
    if not messages:
        raise Unreadable(Problem.NOTHING_INSIDE, f"This {form} chat has no messages.")
    if len(messages) > caps.ROWS:
        raise Unreadable(Problem.TOO_MANY, f"More than {caps.ROWS:,} messages: {len(messages):,}.")
    undated = sum(said.time is None for said in messages)
    return Found(
        kind=Kind.CHAT,
        format=form,
        container=Container.JSON,
        name=text(root.get("name")) or histories[0].character_name,
        histories=histories,
        fields=tuple(Mapped(source, f"message.{name}") for source, name in fields.items()),
        kept_aside=tuple(_beside(root)),
        warnings=(f"Messages without a date that can be read: {undated:,}.",) if undated else (),
        details={
            "histories": len(histories),
            **sillytavern.counts(messages),
            "speakers": sillytavern.speakers(messages),
        },
        document=data.removeprefix(_BOM),
    )


def _history(chat: list[tuple[Said, Json]]) -> History:
    messages = tuple(said for said, _ in chat)
    character, person = sillytavern.names({}, messages)
    return History(
        messages=messages,
        key=rows.key([(said.name, date, said.text) for said, date in chat[:2]]),
        character_name=character,
        person_name=person,
        group=len(sillytavern.speakers(messages)) > 1,
    )


def _is_agnai(root: dict[str, Json]) -> bool:
    return any("msg" in row for row in objects(root.get("messages")))


def _agnai(root: dict[str, Json]) -> list[tuple[Said, Json]]:
    return [
        _said(row.get("msg"), text(row.get("handle")), row.get("createdAt"), by_person=by_person)
        for row in objects(root.get("messages"))
        for by_person in [bool(row.get("userId")) and not row.get("characterId")]
        if "msg" in row
    ]


def _character_ai(chat: dict[str, Json]) -> list[tuple[Said, Json]]:
    return [
        _said(
            row.get("text"),
            text(source.get("name")),
            row.get("created"),
            by_person=flag(source.get("is_human")),
        )
        for row in objects(chat.get("msgs"))
        for source in [members(row.get("src"))]
        if "text" in row
    ]


def _oobabooga(pairs: list[Json]) -> list[tuple[Said, Json]]:
    """Questions and answers in turn; what is shown there is escaped for HTML."""
    return [
        _said(html.unescape(cell), "", None, by_person=place == 0)
        for pair in pairs
        for place, cell in enumerate(map(text, items(pair)[:2]))
        if cell not in {"", _BEGINNING}
    ]


def _said(shown: Json, name: str, date: Json, *, by_person: bool) -> tuple[Said, Json]:
    said = Said(by_person=by_person, name=name, text=text(shown), time=dates.moment(date))
    return said, date


def _beside(root: dict[str, Json]) -> Iterator[Aside]:
    for word, value in root.items():
        if word not in {"messages", "histories", "visible", "data_visible"} and not is_empty(value):
            yield Aside(word, "kept in the source")
