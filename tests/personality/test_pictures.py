"""Avatars: what is taken, what remains of it, and what is refused before it costs anything."""

import asyncio
import hashlib
import random
import struct
import tracemalloc
import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from tzurot.formats import caps
from tzurot.personality.avatars import pictures
from tzurot.personality.avatars.pictures import Picture, PictureRefused, avatar, avatar_in_thread

RED, BLUE = (250, 10, 10), (10, 10, 250)
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def halves(width: int = 64, height: int = 32, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image.convert(mode)


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    size = width * height * len(mode)
    return Image.frombytes(mode, (width, height), random.Random(7).randbytes(size))  # noqa: S311 - pixels


def file_of(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def pixels_of(picture: Picture) -> Image.Image:
    image = Image.open(BytesIO(picture.content), formats=["PNG"])
    image.load()
    return image


def is_near(color: object, other: tuple[int, ...]) -> bool:
    assert isinstance(color, tuple)
    return all(abs(one - two) < 40 for one, two in zip(color, other, strict=True))


def chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def chunks_of(png: bytes) -> list[bytes]:
    names, start = [], 8
    while start < len(png):
        length, name = struct.unpack_from(">I4s", png, start)
        names.append(name)
        start += 12 + length
    return names


def header_only(width: int, height: int) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


# What is taken


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_of_any_kind_becomes_a_png(kind: str) -> None:
    picture = avatar(file_of(halves(), kind))
    image = pixels_of(picture)
    assert picture.media_type == "image/png"
    assert picture.sha256 == hashlib.sha256(picture.content).hexdigest()
    assert (picture.width, picture.height) == image.size == (64, 32)
    assert is_near(image.getpixel((5, 16)), RED)
    assert is_near(image.getpixel((60, 16)), BLUE)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_every_kind_of_pixel_becomes_rgb(mode: str) -> None:
    image = pixels_of(avatar(file_of(halves().convert("L").convert(mode))))
    assert image.mode == "RGB"


def test_gray_in_16_bits_keeps_its_shades() -> None:
    gray = Image.new("I;16", (8, 8), 0x8000)
    assert pixels_of(avatar(file_of(gray))).getpixel((0, 0)) == (128, 128, 128)


def test_print_colors_become_screen_colors() -> None:
    image = pixels_of(avatar(file_of(halves(mode="CMYK"), "JPEG")))
    assert is_near(image.getpixel((5, 16)), RED)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_what_is_transparent_stays_so(kind: str) -> None:
    seen = Image.new("RGBA", (32, 32), (*RED, 255))
    seen.paste((0, 0, 0, 0), (0, 0, 16, 32))
    image = pixels_of(avatar(file_of(seen, kind)))
    assert image.mode == "RGBA"
    assert image.getchannel("A").getpixel((2, 16)) == 0
    assert image.getchannel("A").getpixel((30, 16)) == 255


@pytest.mark.parametrize(
    ("size", "becomes"),
    [
        ((1, 1), (1, 1)),
        ((512, 512), (512, 512)),
        ((513, 513), (512, 512)),
        ((1024, 512), (512, 256)),
        ((300, 900), (171, 512)),
        ((20_000, 1), (512, 1)),
        ((1, 20_000), (1, 512)),
    ],
)
def test_a_picture_keeps_its_shape_and_is_at_most_512_pixels_long(
    size: tuple[int, int], becomes: tuple[int, int]
) -> None:
    picture = avatar(file_of(halves(*size)))
    assert (picture.width, picture.height) == becomes


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_taken(kind: str) -> None:
    first, second = Image.new("RGB", (32, 32), RED), Image.new("RGB", (32, 32), BLUE)
    moving = file_of(first, kind, save_all=True, append_images=[second, first, second])
    picture = avatar(moving)
    assert is_near(pixels_of(picture).getpixel((16, 16)), RED)
    assert b"acTL" not in picture.content


# Turned as the camera was held: 6 means that the top of the scene is at the right (EXIF 2.32).
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (64, 32), (5, 16)),
        (2, (64, 32), (60, 16)),
        (3, (64, 32), (60, 16)),
        (4, (64, 32), (5, 16)),
        (5, (32, 64), (16, 5)),
        (6, (32, 64), (16, 5)),
        (7, (32, 64), (16, 60)),
        (8, (32, 64), (16, 60)),
        (0, (64, 32), (5, 16)),
        (99, (64, 32), (5, 16)),
    ],
)
def test_a_picture_is_turned_as_the_camera_was_held(
    kind: str, orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = pixels_of(avatar(file_of(halves(), kind, exif=exif)))
    assert image.size == size
    assert is_near(image.getpixel(red_at), RED)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says what it found
def test_a_broken_note_about_the_camera_does_not_break_the_picture() -> None:
    jpeg = file_of(halves(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert avatar(jpeg).width == 64


def test_the_same_file_gives_the_same_bytes() -> None:
    file = file_of(noise(700, 500, "RGBA"), "WEBP", lossless=True)
    assert avatar(file) == avatar(file)


async def test_the_server_goes_on_meanwhile() -> None:
    file = file_of(noise(900, 900), "PNG")
    made = asyncio.ensure_future(avatar_in_thread(file))
    turns = 0
    while not made.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10
    assert await made == avatar(file)


# How large it becomes


@pytest.mark.parametrize(
    "image",
    [noise(512, 512), noise(512, 512, "RGBA"), noise(2000, 1500), noise(256, 256, "RGBA")],
    ids=["512", "512 and alpha", "2000", "256 and alpha"],
)
def test_the_noisiest_picture_fits(image: Image.Image) -> None:
    picture = avatar(file_of(image))
    assert len(picture.content) <= pictures.MAX_BYTES
    assert max(picture.width, picture.height) >= 256


def test_a_picture_gets_smaller_before_it_loses_colors() -> None:
    rough = noise(40, 40).resize((512, 512), Image.Resampling.BICUBIC)
    picture = avatar(file_of(rough))
    assert 256 <= picture.width < 512
    assert pixels_of(picture).mode == "RGB"


# What remains


def test_nothing_remains_but_pixels() -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("chara", "a card")
    note.add_itxt("Author", "somebody", zip=True)
    exif = Image.Exif()
    exif[0x010E] = "a place"
    exif[0x0112] = 6
    file = file_of(
        halves(), pnginfo=note, exif=exif, icc_profile=b"a profile", dpi=(300, 300), gamma=0.5
    )
    assert {b"tEXt", b"iTXt", b"eXIf", b"iCCP", b"pHYs"} <= set(chunks_of(file))
    assert chunks_of(avatar(file).content) == [b"IHDR", b"IDAT", b"IEND"]


def test_a_palette_s_transparency_is_no_leftover() -> None:
    file = file_of(halves(mode="P"), transparency=0)
    assert chunks_of(avatar(file).content) == [b"IHDR", b"IDAT", b"IEND"]


def test_an_archive_behind_a_picture_is_gone() -> None:
    archive = BytesIO(file_of(halves()))
    archive.seek(0, 2)
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("run.js", "alert(1)")
    assert zipfile.is_zipfile(archive)
    picture = avatar(archive.getvalue())
    assert not zipfile.is_zipfile(BytesIO(picture.content))
    assert picture == avatar(file_of(halves()))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_script_in_or_behind_a_picture_is_gone(kind: str) -> None:
    script = b"<script>alert(1)</script>"
    options: dict[str, object] = {"comment": script} if kind in {"JPEG", "GIF"} else {}
    file = file_of(halves(), kind, **options) + script
    assert b"<script" not in avatar(file).content


def test_a_card_s_long_text_is_not_inflated() -> None:
    bomb = chunk(b"zTXt", b"chara\0\0" + zlib.compress(bytes(100_000_000)))
    plain = file_of(halves())
    tracemalloc.start()
    picture = avatar(plain[:33] + bomb + plain[33:])  # behind the header
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert picture == avatar(plain)
    assert most < 10_000_000


# What is refused


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG",
        b"hello",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<?xml version="1.0"?><svg/>',
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"%PDF-1.7",
        b"PK\x03\x04" + bytes(100),
        b"RIFF\x10\0\0\0WAVE" + bytes(100),
        b"\0\0\0\x18ftypmp42" + bytes(100),
        b"\0" + b"\x89PNG\r\n\x1a\n",
        file_of(halves(), "BMP"),
        file_of(halves(), "TIFF"),
        file_of(halves(), "ICO"),
        file_of(halves(), "PPM"),
        file_of(halves(), "TGA"),
        file_of(halves(), "JPEG2000"),
        file_of(halves(), "AVIF"),
    ],
    ids=lambda content: repr(content[:16]),
)
def test_what_is_not_one_of_four_formats_is_refused(content: bytes) -> None:
    with pytest.raises(PictureRefused, match="not a picture"):
        avatar(content)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_a_picture_that_is_cut_off_is_refused(kind: str, share: float) -> None:
    file = file_of(noise(200, 200), kind)
    with pytest.raises(PictureRefused):
        avatar(file[: int(len(file) * share)])


def test_a_png_whose_end_alone_is_missing_is_refused() -> None:
    with pytest.raises(PictureRefused, match="damaged"):
        avatar(file_of(halves())[:-12])


@pytest.mark.parametrize("size", [(20_000, 20_000), (8_000, 5_001), (2**31 - 1, 2**31 - 1)])
def test_too_many_pixels_are_refused_by_the_header(size: tuple[int, int]) -> None:
    with pytest.raises(PictureRefused, match="more than 20 million pixels"):
        avatar(header_only(*size))


@pytest.mark.parametrize("kind", ["JPEG", "GIF", "WEBP"])
def test_a_header_that_promises_too_much_is_refused(kind: str) -> None:
    file = bytearray(file_of(halves(), kind, **({"lossless": True} if kind == "WEBP" else {})))
    huge = struct.pack(">HH", 20_000, 20_000)
    match kind:
        case "JPEG":
            start = file.index(b"\xff\xc0") + 5
        case "GIF":
            start, huge = 6, struct.pack("<HH", 20_000, 20_000)
        case _:
            start = file.index(b"VP8L") + 9
            huge = struct.pack("<I", 16_383 | 16_383 << 14)
    file[start : start + 4] = huge
    with pytest.raises(PictureRefused, match="more than 20 million pixels"):
        avatar(bytes(file))


def test_a_jpeg_that_is_drawn_over_and_over_is_refused() -> None:
    file = file_of(noise(64, 64), "JPEG", progressive=True)
    assert avatar(file).width == 64
    last = file[file.rindex(b"\xff\xda") : -2]
    with pytest.raises(PictureRefused, match="too many times"):
        avatar(file[:-2] + last * 100 + file[-2:])


def test_a_picture_that_inflates_beyond_its_size_stops_at_its_size() -> None:
    bomb = zlib.compress(bytes(200_000_000))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
    file = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", bomb) + chunk(b"IEND", b"")
    tracemalloc.start()
    picture = avatar(file)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (picture.width, picture.height) == (8, 8)
    assert most < 10_000_000


@pytest.mark.parametrize("size", [(0, 0), (0, 10), (10, 0)])
def test_a_picture_of_nothing_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(PictureRefused):
        avatar(header_only(*size))


def test_a_file_above_the_cap_is_refused() -> None:
    with pytest.raises(PictureRefused, match="more than 16 MB"):
        avatar(file_of(halves()) + bytes(caps.PICTURE))


def test_a_wrong_checksum_is_refused() -> None:
    file = bytearray(file_of(halves()))
    file[30] ^= 1
    with pytest.raises(PictureRefused, match="damaged"):
        avatar(bytes(file))


ORIGINALS = [
    file_of(halves(), kind, **options)
    for kind in FORMATS
    for options in ({}, {"save_all": True, "append_images": [halves(mode="RGB")]})
    if not (kind == "JPEG" and options)
]


@settings(max_examples=300)
@given(
    st.sampled_from(ORIGINALS),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    st.floats(0.5, 1),
)
@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says what it found
def test_a_damaged_file_is_refused_or_still_a_picture(
    original: bytes, damages: list[tuple[float, int]], share: float
) -> None:
    file = bytearray(original[: int(len(original) * share)])
    for place, value in damages:
        file[int(place * len(file))] = value
    try:
        picture = avatar(bytes(file))
    except PictureRefused:
        return
    assert pixels_of(picture).size == (picture.width, picture.height)
