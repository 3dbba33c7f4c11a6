"""Pictures that people bring: decoded within bounds and written anew, so that only pixels remain.

Read `avatar` and `pixels`. What a file is, its first bytes say: never its name or what a server
claims.
"""

import asyncio
import hashlib
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from tzurot.formats import caps

MEDIA_TYPE = "image/png"
SIDES = (512, 448, 384, 320, 256)  # pixels, tried in this order until the file is small enough
MAX_BYTES = 200 * 1024  # of what is stored
_COLORS = 256  # of the last resort: 256 × 256 pixels of one byte always fit

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_GIF = (b"GIF87a", b"GIF89a")
_BEGINNINGS = (_PNG, _JPEG, *_GIF)
# Texts, color profiles and frames of animations are left out before anything inflates them.
_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"IDAT", b"IEND"})

_JPEG_SCAN = b"\xff\xda"
_JPEG_SCANS = 100  # some ten in the field; each goes over all pixels, however few bytes it has

_ORIENTATION = 0x0112  # EXIF 2.32, 4.6.4
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# What Pillow's readers raise at broken files.
_BROKEN = (
    ArithmeticError,
    AssertionError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class PictureRefused(Exception):
    """A file that is no picture for us. `sentence` tells a person why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is stored. `sha256` is of `content`, in hexadecimal digits."""

    media_type: str
    content: bytes
    sha256: str
    width: int
    height: int


def avatar(content: bytes) -> Picture:
    """A PNG of at most 512 × 512 pixels and `MAX_BYTES`; the same for the same file.

    Takes PNG, JPEG, GIF and WebP; of moving ones the first frame. The largest that are allowed take
    seconds and 600 MB for a moment: a server calls `avatar_in_thread`, for few files at once.

    Raises:
        PictureRefused: it is too large, not a picture, or damaged.
    """
    if len(content) > caps.PICTURE:
        raise PictureRefused(f"The picture has more than {caps.PICTURE // 1024**2} MB.")
    try:
        return _stored(_bare(content, SIDES[0]))
    except _BROKEN as error:
        raise PictureRefused("The picture is damaged.") from error


def is_picture(content: bytes) -> bool:
    """Whether a file says that it is a picture of a kind that is taken here."""
    return content.startswith(_BEGINNINGS) or _is_webp(content)


def pixels(content: bytes, side: int) -> Image.Image:
    """A picture's pixels in RGB or RGBA, upright, at most `side` × `side`.

    As `avatar` in what it takes, and in what it costs.

    Raises:
        PictureRefused: it has too many pixels, is not a picture, or damaged.
    """
    try:
        return _bare(content, side)
    except _BROKEN as error:
        raise PictureRefused("The picture is damaged.") from error


def _bare(content: bytes, side: int) -> Image.Image:
    """The pixels and nothing else. Raises also what Pillow's readers raise."""
    try:
        with _opened(content) as image:
            _check_size(image)
            drawn = _upright(_scaled(image, side), image)
            return Image.frombytes(drawn.mode, drawn.size, drawn.tobytes())  # no metadata
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error


async def avatar_in_thread(content: bytes) -> Picture:
    """`avatar`, while the server goes on with something else. Raises: PictureRefused."""
    return await asyncio.to_thread(avatar, content)


def blank() -> bytes:
    """A plain PNG, for a card whose character has no picture."""
    out = BytesIO()
    Image.new("RGB", (400, 600), (88, 101, 112)).save(out, "PNG")
    return out.getvalue()


def _opened(content: bytes) -> ImageFile.ImageFile:
    """The header, read by the one reader that is meant; `Image.open` would ask all of Pillow's."""
    if content.startswith(_PNG):
        return PngImageFile(BytesIO(_without_extras(content)))
    if content.startswith(_JPEG):
        if content.count(_JPEG_SCAN) > _JPEG_SCANS:
            raise PictureRefused("The picture is drawn over too many times.")
        return JpegImageFile(BytesIO(content))
    if content.startswith(_GIF):
        return GifImageFile(BytesIO(content))
    if _is_webp(content):
        return WebPImageFile(BytesIO(content))
    # No AVIF: its header may say 64 × 64 pixels and its decoder allocate gigabytes all the same.
    raise PictureRefused("This is not a picture that can be used: take PNG, JPEG, GIF or WebP.")


def _is_webp(content: bytes) -> bool:
    return content.startswith(b"RIFF") and content[8:12] == b"WEBP"


def _without_extras(png: bytes) -> bytes:
    """The chunks that hold the picture; whatever follows its end is gone (PNG, 5.3)."""
    parts = [_PNG]
    start, name = len(_PNG), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", png, start)
        end = start + 12 + length  # length, name, content, checksum
        if end > len(png):
            raise PictureRefused("The picture is damaged: its end is missing.")
        if name in _CHUNKS:
            parts.append(png[start:end])
        start = end
    return b"".join(parts)


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > caps.PIXELS:
        raise _too_many_pixels()
    if not image.width or not image.height:
        raise PictureRefused("The picture is empty.")


def _too_many_pixels() -> PictureRefused:
    return PictureRefused(f"The picture has more than {caps.PIXELS // 1_000_000} million pixels.")


def _scaled(image: ImageFile.ImageFile, side: int) -> Image.Image:
    """The pixels in RGB or RGBA, at most `side` × `side`."""
    # A JPEG can be decoded smaller at once. Thrice the size: no difference can be seen (Pillow).
    image.draft(None, (side * 3, side * 3))
    image.load()
    plain = _plain(image)
    plain.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if plain.mode == "RGBA" and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    return plain


def _plain(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # gray in 16 bits, which a conversion would cut off at 255
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _upright(pixels: Image.Image, image: Image.Image) -> Image.Image:
    """As the camera was held. A broken note about that does not break the picture."""
    try:
        turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        return pixels
    return pixels if turn is None else pixels.transpose(turn)


def _stored(bare: Image.Image) -> Picture:
    """The largest of `SIDES` that fits in full color; else the smallest, in fewer colors."""
    longest = max(bare.size)
    for side in sorted({min(side, longest) for side in SIDES}, reverse=True):
        picture = _written(_within(bare, side))
        if len(picture.content) <= MAX_BYTES:
            return picture
    return _written(_within(bare, SIDES[-1]).quantize(_COLORS))


def _within(pixels: Image.Image, side: int) -> Image.Image:
    smaller = pixels.copy()
    smaller.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=None)
    return smaller


def _written(pixels: Image.Image) -> Picture:
    file = BytesIO()
    pixels.save(file, "PNG", optimize=True)
    content = file.getvalue()
    return Picture(MEDIA_TYPE, content, hashlib.sha256(content).hexdigest(), *pixels.size)
