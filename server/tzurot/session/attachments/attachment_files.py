"""What an attached file is, told by its content, and what of it is kept.

Pictures are drawn anew within bounds, so that only pixels remain; texts are decoded, PDFs read. A
file's name and what its client says of it count for nothing.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from tzurot.errors import FileUnreadable
from tzurot.formats import texts
from tzurot.formats.texts import decoding
from tzurot.formats.unreadable import Problem, Unreadable
from tzurot.personality.avatars import pictures
from tzurot.personality.avatars.pictures import PictureRefused

MAX_BYTES = 25 * 1024 * 1024  # of a file that is brought
MAX_CHARACTERS = 100_000  # of a text
SIDES = (1568, 1280, 1024, 768)  # pixels: larger ones are made smaller by the models' providers
PICTURE_BYTES = 1_500_000  # of a picture as it is stored
_QUALITIES = (88, 75, 60)  # of a JPEG

_KINDS = "Attach a picture (PNG, JPEG, GIF, WebP), a text (plain, Markdown) or a PDF."
_SMALLER = "Save it anew as a PNG or JPEG of at most 4000 × 4000 pixels, and send that one."
_SHORTER = f"A text can have at most {MAX_CHARACTERS:,} characters: send a part of it."


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is stored."""

    media_type: str
    content: bytes


def kept(content: bytes) -> Kept:
    """What is kept of a file. It can take seconds: call it in a thread.

    Raises:
        FileUnreadable: it can't be used, and what to do.
    """
    if pictures.is_picture(content):
        return _picture(content)
    try:
        text = _text(content)
    except Unreadable as error:
        raise _unreadable(error) from error
    if not text.strip():
        raise FileUnreadable(Problem.NOTHING_INSIDE, "The file is empty: there is no text in it.")
    if len(text) > MAX_CHARACTERS:
        raise FileUnreadable(Problem.TOO_LARGE, _SHORTER)
    return Kept("text/plain", text.encode())


def _text(content: bytes) -> str:
    if content.lstrip()[:5] == b"%PDF-":
        return texts.read(content, "file.pdf").text
    return decoding.decoded(content)


def _unreadable(error: Unreadable) -> FileUnreadable:
    """In the words of this place: there documents are meant that a character knows."""
    match error.problem:
        case Problem.TOO_LARGE:
            return FileUnreadable(error.problem, _SHORTER)
        case Problem.NOT_SUPPORTED:
            return FileUnreadable(
                error.problem, f"The file is of a kind that can't be used. {_KINDS}"
            )
        case _:
            return FileUnreadable(error.problem, error.sentence)


def _picture(content: bytes) -> Kept:
    try:
        drawn = pictures.pixels(content, SIDES[0])
    except PictureRefused as refused:
        raise FileUnreadable(Problem.CORRUPT, f"{refused.sentence} {_SMALLER}") from refused
    if drawn.mode == "RGBA":
        as_png = _written(drawn, "PNG", optimize=True)
        if len(as_png) <= PICTURE_BYTES:
            return Kept("image/png", as_png)
        drawn = _on_white(drawn)
    return Kept("image/jpeg", _jpeg(drawn))


def _jpeg(drawn: Image.Image) -> bytes:
    """The largest and best that is small enough; the smallest always is: three bytes a pixel."""
    for side in SIDES:
        drawn.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in _QUALITIES:
            written = _written(drawn, "JPEG", quality=quality)
            if len(written) <= PICTURE_BYTES:
                return written
    return _written(drawn, "JPEG", quality=_QUALITIES[-1])


def _on_white(drawn: Image.Image) -> Image.Image:
    plain = Image.new("RGB", drawn.size, "white")
    plain.paste(drawn, mask=drawn.getchannel("A"))
    return plain


def _written(drawn: Image.Image, kind: str, **options: int) -> bytes:
    file = BytesIO()
    drawn.save(file, kind, **options)
    return file.getvalue()
