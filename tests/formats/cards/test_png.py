"""Cards in PNG chunks: every way in which programs have put them there, and the one way of ours."""

import base64
import io
import struct
import zlib

import pytest
from PIL import Image

from tests.formats.cards.making import (
    SAMPLES,
    SIGNATURE,
    character,
    chunk,
    png,
    problem,
    read,
    text,
    text_chunk,
    v2,
    v3,
    wrapped,
)
from tzurot.formats import caps
from tzurot.formats.cards import png as pictures
from tzurot.formats.unreadable import Problem, Unreadable

V2 = wrapped(v2(name="Two"))
V3 = wrapped(v3(name="Three"))
BOM = b"\xef\xbb\xbf"


def international(keyword: bytes, content: bytes, *, packed: bool) -> bytes:
    body = zlib.compress(content) if packed else content
    return chunk(b"iTXt", keyword + b"\0" + bytes([packed, 0]) + b"en\0\0" + body)


def deflated(keyword: bytes, content: bytes) -> bytes:
    return chunk(b"zTXt", keyword + b"\0\0" + zlib.compress(content, 9))


@pytest.mark.parametrize(
    ("picture", "name"),
    [
        (png(text_chunk(b"chara", V2)), "Two"),
        (png(after=(text_chunk(b"chara", V2),)), "Two"),  # as SillyTavern writes it
        (png(text_chunk(b"Chara", V2)), "Two"),  # as the specification of V1 spells it
        (png(text_chunk(b"Software", b"x"), text_chunk(b"chara", V2)), "Two"),
        (png(deflated(b"ccv3", V3)), "Three"),
        (png(international(b"ccv3", V3, packed=False)), "Three"),
        (png(international(b"ccv3", V3, packed=True)), "Three"),
        (png(text_chunk(b"chara", V2), text_chunk(b"ccv3", V3)), "Three"),
        (png(text_chunk(b"ccv3", V3), text_chunk(b"chara", V2)), "Three"),
        (png(text_chunk(b"ccv3", b"####"), text_chunk(b"chara", V2)), "Two"),
        (png(text_chunk(b"ccv3", wrapped([])), text_chunk(b"chara", V2)), "Two"),
        (png(*[text_chunk(b"ccv3", b"####")] * 9, text_chunk(b"chara", V2)), "Two"),
        (png(text_chunk(b"chara", V3)), "Three"),  # its text says V3, whatever the keyword
        (png(text_chunk(b"chara", text(v2(name="Two")))), "Two"),  # not in base64
        (png(text_chunk(b"chara", text(v2(name="Zoë")).decode().encode("latin-1"))), "Zoë"),
        (
            png(text_chunk(b"chara", base64.b64encode(b"\xef\xbb\xbf" + text(v2(name="Two"))))),
            "Two",
        ),
        (png(text_chunk(b"chara", base64.encodebytes(text(v2(name="Two"))))), "Two"),
        (png(text_chunk(b"chara", V2.rstrip(b"=") + b"\0")), "Two"),
    ],
)
def test_a_card_is_found_wherever_and_however_it_is_written(picture: bytes, name: str) -> None:
    found = read(picture)
    assert found.name == name
    assert character(found).avatar == picture


def test_of_two_cards_of_the_same_kind_the_first_counts_and_a_person_is_told() -> None:
    found = read(png(text_chunk(b"chara", V2), text_chunk(b"chara", wrapped(v2(name="Later")))))
    assert found.name == "Two"
    assert found.details["chunks"] == ["tEXt:chara", "tEXt:chara"]
    assert "The PNG has 2 cards of the same kind; the first counts." in found.warnings


def test_a_better_card_that_cannot_be_read_is_told_of() -> None:
    found = read(png(text_chunk(b"ccv3", b"####"), text_chunk(b"chara", V2)))
    assert found.details["chunk_used"] == "chara"
    assert any("can't be read" in warning for warning in found.warnings)


def test_a_wrong_checksum_is_noted_and_forgiven() -> None:
    broken = text_chunk(b"chara", V2)[:-4] + b"\0\0\0\0"
    found = read(png(broken))
    assert found.details["crc_errors"] == ["tEXt:chara"]
    assert "1 chunks of the PNG have a wrong checksum." in found.warnings


def test_a_cut_off_picture_still_gives_the_card_before_the_cut() -> None:
    whole = png(text_chunk(b"chara", V2))
    found = read(whole[:-10])
    assert found.name == "Two"
    assert "The PNG is cut off at its end." in found.warnings


def test_a_moving_picture_keeps_its_frames() -> None:
    frames = [Image.new("L", (4, 4), shade) for shade in (0, 255)]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    written = pictures.write(out.getvalue(), text(v2()), text(v3()))
    assert read(written).name == "Mira"
    with Image.open(io.BytesIO(written)) as moving:
        moving.seek(1)
        assert moving.getpixel((0, 0)) == 255


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (png(), Problem.NO_CARD),
        (png(text_chunk(b"chara", wrapped({"name": "World"}))), Problem.NO_CARD),
        (png(text_chunk(b"chara", b"A")), Problem.CORRUPT),
        (png(text_chunk(b"chara", b"AAAA")), Problem.NOT_JSON),
        (png(text_chunk(b"chara", b"rcc||rccv1||x")), Problem.ENCRYPTED),
        (png(text_chunk(b"chara", wrapped(v2(name="")))), Problem.BLANK_NAME),
        (png(deflated(b"chara", bytes(caps.INFLATED_CHUNK + 1))), Problem.TOO_LARGE),
        (png(chunk(b"zTXt", b"chara\0\0no zlib")), Problem.CORRUPT),
        (png(chunk(b"iTXt", b"chara\0")), Problem.CORRUPT),
        (SIGNATURE + chunk(b"nOPe", b"") * 100_001, Problem.TOO_MANY),
        (SIGNATURE, Problem.NO_CARD),
    ],
)
def test_a_picture_without_a_usable_card_says_why(picture: bytes, expected: Problem) -> None:
    assert problem(picture) == expected


@pytest.mark.parametrize("keyword", [b"chara-ext-asset_:0", b"chara-ext-asset_0"])
def test_assets_of_risu_are_found_in_their_chunks(keyword: bytes) -> None:
    asset = {"type": "emotion", "name": "joy", "uri": "__asset:0", "ext": "png"}
    card = text_chunk(b"ccv3", wrapped(v3(assets=[asset])))
    found = read(png(text_chunk(keyword, base64.b64encode(b"joyful")), card))
    assert character(found).assets[0].content == b"joyful"


def test_a_written_picture_holds_both_cards_and_no_older_one() -> None:
    old = wrapped(v2(name="Stale"))
    picture = png(
        text_chunk(b"Software", b"kept"),
        deflated(b"chara", old),
        text_chunk(b"chara-ext-asset_:0", b"AAAA"),
        after=(international(b"ccv3", old, packed=True), text_chunk(b"Chara", old)),
    )
    written = pictures.write(picture, text(v2(name="Two")), text(v3(name="Three")))
    found = read(written)
    assert found.name == "Three"
    assert found.details["chunks"] == ["tEXt:chara", "tEXt:ccv3"]
    assert found.warnings == ()
    assert b"chara-ext-asset_" not in written
    with Image.open(io.BytesIO(written)) as shown:  # which stops looking at the picture's data
        assert base64.b64decode(shown.info["chara"]) == text(v2(name="Two"))
        assert shown.info["Software"] == "kept"
        assert shown.getpixel((0, 0)) == 0x80


def test_assets_that_the_card_still_names_stay_in_the_picture() -> None:
    asset = {"type": "emotion", "name": "joy", "uri": "__asset:0", "ext": "png"}
    card = text(v3(assets=[asset]))
    picture = png(
        text_chunk(b"chara-ext-asset_:0", base64.b64encode(b"joyful")),
        text_chunk(b"chara-ext-asset_:1", base64.b64encode(b"unnamed")),
    )
    written = pictures.write(picture, text(v2()), card)
    assert pictures.assets(written) == {"__asset:0": b"joyful"}


def test_writing_again_changes_nothing() -> None:
    once = pictures.write((SAMPLES / "quirk_after_idat.png").read_bytes(), text(v2()), text(v3()))
    assert pictures.write(once, text(v2()), text(v3())) == once


@pytest.mark.parametrize("picture", [b"GIF89a", b"", SIGNATURE, SIGNATURE + struct.pack(">I", 9)])
def test_only_a_png_can_be_written_into(picture: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        pictures.write(picture, text(v2()), text(v3()))
    assert refused.value.problem == Problem.CORRUPT
