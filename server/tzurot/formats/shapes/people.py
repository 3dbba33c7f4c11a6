"""What a shape knew of the person who moves in: how they want to be called, and their chat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tzurot.formats import documents, narrowing
from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Face, History, Mapped, Said
from tzurot.formats.shapes import placeholders, privacy, values
from tzurot.formats.shapes.part import Part, counted, require_few

_MAPPED = {"preferred_name": "name", "backstory": "description", "pronouns": "pronouns"}
_UNNAMED = "Me"
_NO_ROWS_USED = frozenset(("id", "message", "reply", "ts", "regenerated_replies"))


@dataclass(frozen=True, slots=True)
class Shape:
    """Whose chat and person it is: `origin` as in `Character.origin`, or empty."""

    name: str = ""
    origin: str = ""


def read_personalization(row: Mapping[str, Json], shape: Shape, *, at: str = "") -> Part:
    """The person's persona for this one shape, if anything about them was written."""
    scrubbed, dropped = privacy.scrub(dict(row), at)
    kept = narrowing.members(scrubbed)
    texts = {ours: values.name(kept.get(theirs)) for theirs, ours in _MAPPED.items()}
    if not any(texts.values()):
        return Part(dropped=dropped, details={"has_personalization": False})
    face = Face(
        name=texts["name"] or _UNNAMED,
        description=placeholders.convert(texts["description"]),
        pronouns=texts["pronouns"],
        origin=f"{shape.origin}:me" if shape.origin else "",
        for_character=True,
        source=documents.dumps(kept),
    )
    ids = ("id", "shape_id")
    return Part(
        personas=(face,),
        fields=tuple(
            Mapped(at + theirs, f"persona.{ours}")
            for theirs, ours in _MAPPED.items()
            if texts[ours]
        ),
        kept_aside=tuple(
            Aside(at + name, "a setting of yours for this shape; personas have none here")
            for name, value in kept.items()
            if value and name not in _MAPPED and name not in ids
        ),
        dropped=dropped,
        warnings=()
        if texts["name"]
        else (f"You had told the shape no name; your persona for it is called {_UNNAMED}.",),
        details={"has_personalization": True},
    )


def read_chat(rows: Sequence[Json], shape: Shape, *, at: str = "chat", person: str = "") -> Part:
    """The chat in the order of time; rows that came twice count once.

    Raises:
        Unreadable: TOO_MANY.
    """
    require_few(rows, "chat rows")
    remarks = values.Remarks()
    scrubbed, dropped = privacy.scrub(list(rows), at)
    turns = _turns(narrowing.items(scrubbed), (shape.name, person), remarks)
    messages = tuple(said for turn in turns for said in turn.messages)
    history = History(
        messages=messages,
        key=_key(turns, shape),
        character_name=shape.name,
        person_name=person,
    )
    return Part(
        histories=(history,) if messages else (),
        fields=counted(f"{at}[]", "conversation", len(turns), len(rows)),
        kept_aside=_asides(turns, at),
        dropped=dropped,
        warnings=remarks.sentences(),
        details={"chat_messages": len(rows), "chat_importable": len(messages)},
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """A row: what the person said, what the shape replied, or both. The first carries the row."""

    row: dict[str, Json]
    time: float  # seconds since 1970; of the row before it if it says none
    messages: tuple[Said, ...]


def _turns(rows: Sequence[Json], names: tuple[str, str], remarks: values.Remarks) -> list[_Turn]:
    turns: list[_Turn] = []
    seen: set[str] = set()
    last = 0.0
    for position, value in enumerate(rows, start=1):
        row = narrowing.members(value)
        identity = values.name(row.get("id"))
        if identity and identity in seen:
            continue
        seen.add(identity)
        time = values.moment(row.get("ts"))
        if messages := _messages(row, time, names):
            last = time.timestamp() if time else last
            turns.append(_Turn(row, last, messages))
        else:
            remarks.add("Chat rows without any text were skipped", position)
    return sorted(turns, key=lambda turn: turn.time)


def _messages(
    row: dict[str, Json], time: datetime | None, names: tuple[str, str]
) -> tuple[Said, ...]:
    shape_name, person = names
    message = narrowing.text(row.get("message"))
    replies, chosen = _replies(row)
    if not (message.strip() or replies):  # a picture or a voice alone is told as its address
        message = values.name(row.get("attachment_url"))
    if not replies and (voice := values.name(row.get("voice_reply_url"))):
        replies = (voice,)
    if not (message.strip() or replies):
        return ()
    source = documents.dumps(row)
    said: list[Said] = []
    if message.strip():
        said.append(Said(by_person=True, name=person, text=message, time=time, source=source))
    if replies:
        said.append(
            Said(
                by_person=False,
                name=shape_name,
                text=replies[chosen],
                alternatives=replies if len(replies) > 1 else (),
                chosen=chosen,
                time=time,
                source=b"" if said else source,
            )
        )
    return tuple(said)


def _replies(row: dict[str, Json]) -> tuple[tuple[str, ...], int]:
    """All replies to the row, and which of them is the one that counts."""
    reply = narrowing.text(row.get("reply"))
    others = (_reply(it) for it in narrowing.items(row.get("regenerated_replies")))
    replies = tuple(dict.fromkeys(it for it in (*others, reply) if it.strip()))
    return replies, replies.index(reply) if reply in replies else max(len(replies) - 1, 0)


def _reply(value: Json) -> str:
    row = narrowing.members(value)
    words = ("reply", "message", "content", "text")
    return narrowing.text(value) or next(
        (it for key in words if (it := narrowing.text(row.get(key)))), ""
    )


def _key(turns: Sequence[_Turn], shape: Shape) -> str:
    """The shape, else what its rows say of it, else the oldest row."""
    if shape.origin or not turns:
        return shape.origin
    row = turns[0].row
    shape_id = values.name(row.get("shape_id")).lower()
    return f"shapes:{shape_id or 'chat:' + values.name(row.get('id'))}"


def _asides(turns: Sequence[_Turn], at: str) -> tuple[Aside, ...]:
    reasons = {
        "attachment_url": "files at shapes.inc are not fetched; the address is kept",
        "voice_reply_url": "files at shapes.inc are not fetched; the address is kept",
    }
    unknown = "kept with the message"
    names = dict.fromkeys(
        name
        for turn in turns
        for name, value in turn.row.items()
        if value and name not in _NO_ROWS_USED
    )
    return tuple(Aside(f"{at}[].{name}", reasons.get(name, unknown)) for name in names)
