"""What a shape knew of the person who moves in: how they want to be called, and their chat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tzurot.formats import caps, documents
from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Face, History, Mapped, Said
from tzurot.formats.shapes import placeholders, privacy, values
from tzurot.formats.shapes.part import Part
from tzurot.formats.unreadable import Problem, Unreadable

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
    kept = values.members(scrubbed)
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
            Mapped(at + theirs, f"persona.{ours}") for theirs, ours in _MAPPED.items() if texts[ours]
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
    if len(rows) > caps.ROWS:
        raise Unreadable(
            Problem.TOO_MANY, f"There are {len(rows):,} chat rows; at most {caps.ROWS:,} can move."
        )
    remarks = values.Remarks()
    turns, dropped = _turns(rows, at, remarks)
    messages = tuple(said for turn in turns for said in turn.said(shape.name, person))
    history = History(
        messages=messages,
        key=_key(turns, shape),
        character_name=shape.name,
        person_name=person,
    )
    return Part(
        histories=(history,) if messages else (),
        fields=(Mapped(f"{at}[]", "conversation", f"{len(messages):,} messages"),)
        if messages
        else (),
        kept_aside=_asides(turns, at),
        dropped=dropped,
        warnings=remarks.sentences(),
        details={"chat_messages": len(rows), "chat_importable": len(messages)},
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """A row: what the person said, what the shape replied, or both."""

    row: dict[str, Json]
    time: datetime | None

    def said(self, shape_name: str, person: str) -> tuple[Said, ...]:
        """Its messages; the first of them carries the row."""
        row = self.row
        message = values.text(row.get("message"))
        replies, chosen = self._replies()
        if not (message.strip() or replies):  # a picture or a voice alone is told as its address
            message = values.name(row.get("attachment_url"))
        if not replies and (voice := values.name(row.get("voice_reply_url"))):
            replies = (voice,)
        said: list[Said] = []
        if message.strip():
            said.append(Said(by_person=True, name=person, text=message, time=self.time))
        if replies:
            others = replies if len(replies) > 1 else ()
            said.append(Said(False, shape_name, replies[chosen], others, chosen, time=self.time))
        return tuple(
            Said(
                it.by_person, it.name, it.text, it.alternatives, it.chosen, time=it.time,
                source=b"" if index else documents.dumps(row),
            )
            for index, it in enumerate(said)
        )  # fmt: skip

    def _replies(self) -> tuple[tuple[str, ...], int]:
        """All replies to the row, and which of them is the one that counts."""
        reply = values.text(self.row.get("reply"))
        others = (_reply(it) for it in values.rows(self.row.get("regenerated_replies")))
        replies = tuple(dict.fromkeys(it for it in (*others, reply) if it.strip()))
        return replies, replies.index(reply) if reply in replies else max(len(replies) - 1, 0)


def _reply(value: Json) -> str:
    row = values.members(value)
    words = ("reply", "message", "content", "text")
    return values.text(value) or next((it for key in words if (it := values.text(row.get(key)))), "")


def _turns(
    rows: Sequence[Json], at: str, remarks: values.Remarks
) -> tuple[list[_Turn], tuple[Aside, ...]]:
    scrubbed, dropped = privacy.scrub(list(rows), at)
    turns: list[tuple[float, _Turn]] = []
    seen: set[str] = set()
    last = 0.0
    for position, value in enumerate(values.rows(scrubbed), start=1):
        row = values.members(value)
        turn = _Turn(row, values.moment(row.get("ts")))
        identity = values.name(row.get("id"))
        if not turn.said("", ""):
            remarks.add("Chat rows without any text were skipped", position)
        elif not identity or identity not in seen:
            # One without a time stays behind the row before it.
            last = turn.time.timestamp() if turn.time else last
            turns.append((last, turn))
        seen.add(identity)
    turns.sort(key=lambda timed: timed[0])
    return [turn for _, turn in turns], dropped


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
        name for turn in turns for name, value in turn.row.items() if value and name not in _NO_ROWS_USED
    )
    return tuple(Aside(f"{at}[].{name}", reasons.get(name, unknown)) for name in names)
