"""What is attached to a message, as the model is told it. Pure.

    [picture "bees.jpg"]                                       a model that sees is shown it
    [picture "bees.jpg": "A hive with its lid off."]           one that doesn't is told of it
    [picture "bees.jpg", which you can't see]                  there is nobody to describe it
    [file "notes.txt"]                                         a text, each line behind a mark
    | Monday: two frames of honey.

They have half of the room that the character and the message leave. Pictures that are shown come
first, in order; the others share what is left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from tzurot.llm import tokens
from tzurot.llm.fallback import Attempt
from tzurot.llm.streaming import ModelFinished, SeenPicture
from tzurot.session.delivery.events import Notice
from tzurot.session.prompt import marks
from tzurot.session.prompt.sections import Section, section
from tzurot.session.prompt.shortening import cost, fitted, more, shares

_SHARE = 0.5  # of the room that is free
_LONGEST_NAME = 80  # characters
_DESCRIPTION = 450  # tokens, as they are guessed, of the longest description
_LEAST_WORDS = 60  # tokens: a description of fewer is not worth its price


@dataclass(frozen=True, slots=True)
class Piece:
    """An attachment. Of an earlier turn it has no `content`."""

    name: str
    media_type: str
    sha256: str
    description: str
    content: bytes | None = field(default=None, repr=False)

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture and not a text."""
        return self.media_type.startswith("image/")

    @property
    def picture(self) -> SeenPicture:
        """It, as a model is shown it."""
        return SeenPicture(self.media_type, self.content or b"")

    @property
    def called(self) -> str:
        """Its name in quotation marks."""
        return marks.quoted(self.name[:_LONGEST_NAME])


@dataclass(frozen=True, slots=True)
class Attached:
    """What is told of a message's attachments, and what it took to tell it."""

    sections: tuple[Section, ...] = ()
    pictures: tuple[SeenPicture, ...] = ()
    """What the model is shown."""
    notices: tuple[Notice, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    """Calls of a model that described pictures."""
    usage: tuple[ModelFinished, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """An attachment and the tokens that it has."""

    piece: Piece
    room: int
    is_shown: bool = False
    for_eyes: bool = False
    """Whether whoever is told of it could see."""

    @property
    def wants_words(self) -> bool:
        """Whether a description of it would be told, and there is none yet."""
        piece = self.piece
        blind = piece.is_picture and not (self.is_shown or self.for_eyes or piece.description)
        return blind and self.room >= cost(_framed(piece, "", more(9_999))) + _LEAST_WORDS

    def described(self, description: str) -> "Planned":
        """The same with a description."""
        return replace(self, piece=replace(self.piece, description=description))

    @property
    def section(self) -> Section:
        """What is told of it; cut, as the trace shows it, if it has no room at all."""
        told = section("attachment", self._told())
        if self.is_shown:
            told = replace(told, tokens=told.tokens + tokens.TOKENS_PER_PICTURE)
        return replace(told, cut=told.tokens > self.room)

    def _told(self) -> str:
        piece = self.piece
        if not piece.is_picture:
            text = (piece.content or b"").decode(errors="replace")
            return fitted(text, self.room, lambda words, mark: _framed(piece, words, mark))
        if self.is_shown:
            return f"[picture {piece.called}]"
        if self.for_eyes:
            return f"[picture {piece.called}, left out: too little room]"
        if not piece.description:
            return _unseen(piece)
        whole = fitted(piece.description, self.room, lambda it, mark: _framed(piece, it, mark))
        return whole if cost(whole) <= self.room else _unseen(piece)


def planned(pieces: Sequence[Piece], room: int, *, sees: bool) -> list[Planned]:
    """How much room each has of the `room` that is free, for a model that sees or doesn't."""
    left = int(max(room, 0) * _SHARE)
    shown: dict[int, int] = {}
    for place, piece in enumerate(pieces):
        need = cost(f"[picture {piece.called}]") + tokens.TOKENS_PER_PICTURE
        if sees and piece.is_picture and need <= left:
            left -= need
            shown[place] = need
    others = [place for place in range(len(pieces)) if place not in shown]
    given = dict(zip(others, shares([_need(pieces[it], sees) for it in others], left), strict=True))
    return [
        Planned(piece, shown.get(place, given.get(place, 0)), place in shown, sees)
        for place, piece in enumerate(pieces)
    ]


def note(pieces: Iterable[Piece]) -> str:
    """What is told of an earlier message's attachments: their names, and what was on pictures."""
    return "\n".join(
        _framed(it, it.description, "") if it.description else f"[{_kind(it)} {it.called}]"
        for it in pieces
    )


def _need(piece: Piece, sees: bool) -> int:
    if not piece.is_picture:
        return cost(_framed(piece, (piece.content or b"").decode(errors="replace"), ""))
    if sees:
        return cost(f"[picture {piece.called}, left out: too little room]")
    if piece.description:
        return max(cost(_framed(piece, piece.description, "")), cost(_unseen(piece)))
    return cost(_framed(piece, "", more(9_999))) + _DESCRIPTION


def _framed(piece: Piece, words: str, mark: str) -> str:
    """A file's text line by line behind a mark, a description as a quotation."""
    if piece.is_picture:
        return f"[picture {piece.called}: {marks.quoted(words)}{' ' if mark else ''}{mark}]"
    lines = "\n".join(f"| {line}" for line in marks.lines(words))
    return "\n".join(filter(None, (f"[file {piece.called}]", lines, mark)))


def _unseen(piece: Piece) -> str:
    return f"[picture {piece.called}, which you can't see]"


def _kind(piece: Piece) -> str:
    return "picture" if piece.is_picture else "file"
