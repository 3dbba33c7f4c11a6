"""Pictures that people bring: decoded within bounds and written anew, so that only pixels remain.

Read `avatar`. What a file is, its first bytes say: never its name or what a server claims.
"""

import asyncio
import hashlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageFile
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from tzurot.formats import caps

SIDES = (512, 448, 384, 320, 256)  # pixels, tried in this order until the file is small enough
MAX_BYTES = 200 * 1024  # of what is stored
_COLORS = 256  # of the last resort: 256 × 256 pixels of one byte fit always

_PNG = b"\x89PNG\r\n\x1a\n"
_PIXELS_OF_PNG = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_ORIENTATION = 0x0112  # EXIF 2.32, 4.6.4
_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# What Pillow's readers raise on broken files, found by breaking files.
_BROKEN = (
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Image.DecompressionBombError,
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

    Takes PNG, JPEG, GIF, WebP and AVIF; of moving ones the first frame. Takes up to a second and,
    for the largest picture allowed, some 400 MB for a moment: call it by `avatar_in_thread`.

    Raises:
        PictureRefused: it is too large, not a picture, or damaged.
    """
    if len(content) > caps.PICTURE:
        raise PictureRefused(f"The picture has more than {caps.PICTURE // 1024**2} MB.")
    opened = _reader(content)
    try:
        with opened(BytesIO(content)) as image:
            _check_size(image)
            return _smallest_loss(_upright(_scaled(image), _orientation(image)))
    except _BROKEN as error:
        raise PictureRefused("The picture is damaged.") from error


async def avatar_in_thread(content: bytes) -> Picture:
    """`avatar`, while the server goes on with something else. Raises: PictureRefused."""
    return await asyncio.to_thread(avatar, content)
