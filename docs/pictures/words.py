"""Sets a text: Discord's Markdown (bold, italics, code, lists) in lines no wider than the room."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from docs.pictures.measure import Style, width

SIGNS = ("⚠️", "⏳")  # drawn, not written: fonts differ too much in them
SIGN_WIDTH = 1.3  # times the size of the font
INDENT = 20.0  # pixels before the words of a list's line
PAD = 3.0  # pixels between code and the edge of its box

_TOKEN = re.compile(
    r"\\(?P<escaped>[^a-zA-Z0-9\s])"
    r"|`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<bold>\S|\S.*?\S)\*\*"
    r"|\*(?P<italics>[^*\s]|[^*\s][^*]*[^*\s])\*"
    rf"|(?P<sign>{'|'.join(SIGNS)})"
)
_ITEM = re.compile(r"\s*- (?P<text>.*)")


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row that look the same, `x` pixels from the beginning of their line."""

    text: str
    style: Style
    x: float
    width: float

    @property
    def is_sign(self) -> bool:
        """Whether it is to be drawn."""
        return self.text in SIGNS


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text; `bullet` if a list's item begins with it."""

    runs: tuple[Run, ...] = ()
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a word; `part` tells one code or sign from the next."""

    text: str
    style: Style
    part: int

    @property
    def width(self) -> float:
        if self.text in SIGNS:
            return self.style.size * SIGN_WIDTH
        return width(self.text, self.style)


_Word = list[_Piece]


def set_markdown(text: str, style: Style, room: float) -> list[Line]:
    """The lines of a text in Discord's Markdown; an empty one has no runs."""
    lines: list[Line] = []
    for source in text.split("\n"):
        item = _ITEM.fullmatch(source)
        indent = INDENT if item else 0.0
        pieces = _pieces(item["text"] if item else source, style)
        lines += _set(pieces, room, indent, bullet=item is not None)
    return lines


def set_plain(text: str, style: Style, room: float) -> list[Line]:
    """The lines of a text in which nothing is markup."""
    return [
        line
        for source in text.split("\n")
        for line in _set([_Piece(source, style, 0)], room, 0.0, bullet=False)
    ]


def _pieces(text: str, style: Style) -> list[_Piece]:
    found: list[_Piece] = []
    at = 0
    for token in _TOKEN.finditer(text):
        found.append(_Piece(text[at : token.start()], style, 0))
        found += _marked(token, style)
        at = token.end()
    return [piece for piece in [*found, _Piece(text[at:], style, 0)] if piece.text]


def _marked(token: re.Match[str], style: Style) -> list[_Piece]:
    match token.lastgroup:
        case "bold":
            return _pieces(token["bold"], replace(style, bold=True))
        case "italics":
            return _pieces(token["italics"], replace(style, italic=True))
        case "code":
            code = replace(style, code=True, size=style.size * 0.875)
            return [_Piece(token["code"], code, token.end())]
        case "sign":
            return [_Piece(token["sign"], style, token.end())]
        case _:
            return [_Piece(token["escaped"], style, 0)]


def _set(pieces: list[_Piece], room: float, indent: float, *, bullet: bool) -> list[Line]:
    rows: list[list[_Word]] = [[]]
    left = room - indent
    for word in _words(pieces, room - indent):
        taken = _width(word) + (_space(word) if rows[-1] else 0)
        if rows[-1] and taken > left:
            rows.append([])
            left, taken = room - indent, _width(word)
        rows[-1].append(word)
        left -= taken
    return [
        Line(tuple(_runs(row, indent)), bullet=bullet and place == 0)
        for place, row in enumerate(rows)
    ]


def _words(pieces: list[_Piece], room: float) -> Iterator[_Word]:
    """What stands between spaces; what is wider than the room in parts that are not."""
    word: _Word = []
    for piece in pieces:
        for place, text in enumerate(piece.text.split(" ")):
            if place and word:
                yield from _broken(word, room)
                word = []
            if text:
                word.append(replace(piece, text=text))
    if word:
        yield from _broken(word, room)


def _broken(word: _Word, room: float) -> Iterator[_Word]:
    if _width(word) <= room:
        yield word
        return
    part: _Word = []
    for piece in word:
        for sign in piece.text:
            one = replace(piece, text=sign)
            if part and _width([*part, one]) > room:
                yield part
                part = []
            if part and part[-1].part == one.part and part[-1].style == one.style:
                part[-1] = replace(one, text=part[-1].text + sign)
            else:
                part.append(one)
    yield part


def _runs(row: list[_Word], indent: float) -> Iterator[Run]:
    """The words of a line, those that look the same in one run."""
    run: Run | None = None
    part, end = -1, indent
    for number, word in enumerate(row):
        gap = _space(word) if number else 0.0
        for piece in word:
            same = run is not None and (run.style, part) == (piece.style, piece.part)
            if run is not None and same and piece.text not in SIGNS:
                text = f"{run.text}{' ' if gap else ''}{piece.text}"
                run = Run(text, run.style, run.x, width(text, run.style))
            else:
                if run is not None:
                    yield run
                pad = PAD if piece.style.code else 0.0
                run = Run(piece.text, piece.style, end + gap + pad, piece.width)
            end = run.x + run.width + (PAD if run.style.code else 0.0)
            part, gap = piece.part, 0.0
    if run is not None:
        yield run


def _width(word: _Word) -> float:
    return sum(piece.width + (2 * PAD if piece.style.code else 0) for piece in word)


def _space(word: _Word) -> float:
    """What stands before the word; between words of one code it is wider, its padding not there."""
    return width(" ", replace(word[0].style, code=False))
