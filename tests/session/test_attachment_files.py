"""What is kept of an attached file, and what is refused before it costs anything."""

import io
import random
import zipfile
from collections.abc import Callable

import pytest
from PIL import Image

from tests.personality.test_pictures import chunk, file_of, halves, noise
from tzurot.errors import FileUnreadable
from tzurot.personality.avatars import pictures
from tzurot.session.attachments import attachment_files
from tzurot.session.attachments.attachment_files import MAX_CHARACTERS, PICTURE_BYTES, kept

_PNG = b"\x89PNG\r\n\x1a\n"


def picture_of(content: bytes) -> Image.Image:
    made = kept(content)
    image = Image.open(io.BytesIO(made.content))
    image.load()
    assert made.media_type == f"image/{(image.format or '').lower()}"
    assert len(made.content) <= PICTURE_BYTES
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_each_kind_of_picture_is_kept_as_one_that_models_take(kind: str) -> None:
    image = picture_of(file_of(halves(640, 320), kind)).convert("RGB")
    assert image.size == (640, 320)
    red = image.getpixel((10, 10))
    assert isinstance(red, tuple)
    assert red[0] > 200


def test_a_large_picture_is_made_smaller() -> None:
    assert picture_of(file_of(halves(3000, 1000), "JPEG")).size == (1568, 523)


def test_what_can_be_seen_through_stays_so_where_it_fits() -> None:
    clear = Image.new("RGBA", (64, 64), (250, 10, 10, 0))
    assert picture_of(file_of(clear)).mode == "RGBA"
    rough = noise(1500, 1500, "RGBA")
    assert picture_of(file_of(rough, compress_level=0)).mode == "RGB"


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    first, second = halves(), Image.new("RGB", (64, 32), "green")
    moving = file_of(first, "GIF", save_all=True, append_images=[second])
    assert getattr(picture_of(moving), "n_frames", 1) == 1


def test_nothing_but_pixels_is_left_of_a_picture() -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET PLACE"
    for mode in ("RGB", "RGBA"):
        photo = file_of(halves(mode=mode), "WEBP", exif=exif)
        assert b"SECRET PLACE" in photo
        assert b"SECRET" not in kept(photo).content


def test_what_hides_behind_a_picture_is_gone() -> None:
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("evil.html", "<script>SECRET</script>")
    for front in (file_of(halves()), file_of(halves(), "JPEG"), file_of(halves(), "GIF")):
        content = kept(front + hidden.getvalue() + b"<script>SECRET</script>").content
        assert b"SECRET" not in content
        assert b"PK\x03\x04" not in content


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfBees\r\nand honey", "Bees\nand honey"),
        ("Grüße".encode("utf-16"), "Grüße"),
        (b'{"bees": [1, 2]}', '{"bees": [1, 2]}'),
        (b"<html><p>Bees</p></html>", "<html><p>Bees</p></html>"),
        (b"def bees():\n    return 1\n", "def bees():\n    return 1"),
        (b"# Bees\n\n*and* honey", "# Bees\n\n*and* honey"),
    ],
)
def test_texts_are_kept_as_they_are_written(content: bytes, text: str) -> None:
    made = kept(content)
    assert (made.media_type, made.content.decode()) == ("text/plain", text)


def refused(content: bytes) -> FileUnreadable:
    with pytest.raises(FileUnreadable) as error:
        kept(content)
    assert error.value.message.endswith(".")
    return error.value


def test_a_long_text_is_refused_with_its_limit() -> None:
    assert kept(b"x" * MAX_CHARACTERS).content
    assert "100,000 characters" in refused(b"x " * MAX_CHARACTERS).message
    assert "100,000 characters" in refused(b"x" * 3_000_000).message


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: b" \n\t",
        lambda: b"PK\x03\x04" + b"\0" * 100,
        lambda: random.Random(7).randbytes(5_000),  # noqa: S311 - bytes of no meaning
        lambda: b"MZ\x90\0" + b"\0" * 99,
        lambda: b"%PDF-1.7 and nothing more",
        lambda: file_of(halves())[:80],
        lambda: file_of(halves(), "JPEG")[:200],
        lambda: b"\xff\xd8\xff" + b"\xff\xda" * 101,
        lambda: b"GIF89a<script>alert(1)</script>",
        lambda: b"RIFF\0\0\0\0WEBP" + b"\0" * 40,
        lambda: _PNG + chunk(b"IHDR", b"\0\0\xff\xff\0\0\xff\xff\x08\x06\0\0\0"),
    ],
    ids=[
        *("empty", "blank", "zip", "noise", "program", "not-a-pdf", "half-a-png", "half-a-jpeg"),
        *("many-scans", "gif-and-script", "no-webp", "sixty-five-thousand-squared"),
    ],
)
def test_what_is_no_picture_and_no_text_is_refused(make: Callable[[], bytes]) -> None:
    refused(make())


def test_a_bomb_is_refused_by_its_header() -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 100_000
    assert "million pixels" in refused(bomb.getvalue()).message


def test_a_document_is_never_read_as_one_that_a_character_knows() -> None:
    message = refused(b"PK\x03\x04" + b"\0" * 100).message
    assert message == (
        "The file is of a kind that can't be used. Attach a picture (PNG, JPEG, GIF, WebP), a text "
        "(plain, Markdown) or a PDF."
    )


def test_the_noisiest_picture_is_small_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert picture_of(file_of(noise(1568, 1568), compress_level=0)).size[0] >= 768
    monkeypatch.setattr(attachment_files, "PICTURE_BYTES", 10)  # nothing is: the smallest is kept
    made = kept(file_of(noise(800, 800), compress_level=0))
    assert max(Image.open(io.BytesIO(made.content)).size) == 768
    assert pictures.is_picture(made.content)
