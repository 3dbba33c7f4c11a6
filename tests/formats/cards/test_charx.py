"""Cards in ZIPs: their assets by exact paths, what lies beside them, and ZIPs that mean harm."""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping

import pytest
from PIL import Image

from tests.formats.cards.making import (
    character,
    members,
    png,
    problem,
    read,
    text,
    text_chunk,
    v2,
    v3,
    zipped,
)
from tzurot.formats import caps, cards
from tzurot.formats.cards import charx
from tzurot.formats.found import Container
from tzurot.formats.unreadable import Problem

PIXEL = png()


def icon(uri: str, **fields: str) -> dict[str, str]:
    return {"type": "icon", "name": "main", "uri": uri, "ext": "png", **fields}


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("L", (1, 1)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("scheme", ["embeded://", "embedded://"])
def test_an_icon_is_found_under_either_spelling(scheme: str) -> None:
    card = v3(assets=[icon(f"{scheme}assets/icon/images/main.png")])
    found = read(zipped({"card.json": text(card), "assets/icon/images/main.png": PIXEL}))
    assert found.container == Container.CHARX
    assert character(found).avatar == PIXEL
    assert found.details["embedded_ok"] == 1


def test_paths_differ_by_case() -> None:
    card = v3(assets=[icon("embeded://assets/A.png")])
    found = read(zipped({"card.json": text(card), "assets/a.png": PIXEL}))
    assert character(found).avatar is None
    assert found.details["embedded_missing"] == ["assets/A.png"]
    assert found.details["unlisted_members"] == ["assets/a.png"]
    assert any("assets/A.png" in warning for warning in found.warnings)


def test_all_that_lies_beside_a_card_is_kept_and_named() -> None:
    beside = {"module.risum": b"x", "x_meta/a.json": b"{}", "app.json": b"{}", "assets/b.png": b""}
    found = read(zipped({"card.json": text(v3()), **beside}))
    assert {aside.path for aside in found.kept_aside} == beside.keys()
    assert len({aside.reason for aside in found.kept_aside}) == 4


def test_a_zip_behind_a_jpeg_is_a_card_with_that_picture() -> None:
    picture = jpeg()
    found = read(picture + zipped({"card.json": text(v3(assets=[icon("ccdefault:")]))}))
    assert (found.container, found.name) == (Container.JPEG, "Mira")
    assert character(found).avatar == picture


def test_a_v2_card_in_a_zip_is_a_v2_card() -> None:
    assert read(zipped({"card.json": b"\xef\xbb\xbf" + text(v2())})).format == "chara_card_v2"


def test_a_zip_without_a_card_is_left_to_others() -> None:
    assert cards.read_zip(zipped({"manifest.json": b"{}"})) is None


def encrypted() -> bytes:
    """A ZIP whose only member says that it is encrypted, in both of its headers."""
    data = bytearray(zipped({"card.json": text(v3())}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying() -> bytes:
    """A ZIP whose member inflates to 1 MiB and says that it were one byte."""
    data = zipped({"card.json": bytes(1024 * 1024)})
    return data.replace(struct.pack("<I", 1024 * 1024), struct.pack("<I", 1))


def overlapping() -> bytes:
    """300 times the same member of 1 MiB; a later Python notices by itself."""
    data = zipped({"a": bytes(1024 * 1024)})
    start = data.index(b"PK\x01\x02")
    directory = data[start : data.index(b"PK\x05\x06")] * 300
    record = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 300, 300, len(directory), start, 0)
    return data[:start] + directory + record


def inflating() -> bytes:
    """A small ZIP that inflates to more than a ZIP may hold."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        target.writestr("card.json", text(v3()))
        with target.open("x", "w") as member:
            for _ in range(caps.ZIP_TOTAL // 1024 // 1024 + 1):
                member.write(bytes(1024 * 1024))
    return out.getvalue()


def beside(name: str) -> bytes:
    return zipped({"card.json": text(v3()), name: b""})


def many(count: int) -> bytes:
    return zipped({str(n): b"" for n in range(count)})


HARMFUL: Mapping[str, tuple[Callable[[], bytes], set[Problem]]] = {
    "high ratio": (inflating, {Problem.TOO_LARGE}),
    "large card": (lambda: zipped({"card.json": bytes(caps.DOCUMENT + 1)}), {Problem.TOO_LARGE}),
    "many members": (lambda: many(caps.ZIP_MEMBERS + 1), {Problem.TOO_MANY}),
    "very many members": (lambda: many(4 * caps.ZIP_MEMBERS + 1), {Problem.TOO_MANY}),
    "lying sizes": (lying, {Problem.CORRUPT}),
    "overlapping members": (overlapping, {Problem.TOO_LARGE, Problem.CORRUPT}),
    "encrypted": (encrypted, {Problem.ENCRYPTED}),
    "unusual packing": (
        lambda: zipped({"card.json": text(v3())}, zipfile.ZIP_BZIP2),
        {Problem.NOT_SUPPORTED},
    ),
    "outside": (lambda: beside("../x"), {Problem.CORRUPT}),
    "outside, in Windows": (lambda: beside("a\\..\\x"), {Problem.CORRUPT}),
    "absolute": (lambda: beside("/etc/x"), {Problem.CORRUPT}),
    "cut off": (lambda: zipped({"card.json": text(v3())})[:-30], {Problem.CORRUPT}),
    "no card": (lambda: zipped({"card.json": b"[]"}), {Problem.NO_CARD}),
    "no JSON": (lambda: zipped({"card.json": b"nothing"}), {Problem.NOT_JSON}),
    "just a picture": (jpeg, {Problem.NO_CARD}),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_a_zip_that_means_harm_is_refused(name: str) -> None:
    make, expected = HARMFUL[name]
    assert problem(make()) in expected


def test_a_broken_member_makes_the_zip_unreadable() -> None:
    data = zipped({"card.json": text(v3()), "a": b"x" * 9}, zipfile.ZIP_STORED)
    assert problem(data.replace(b"x" * 9, b"y" * 9)) == Problem.CORRUPT


def test_a_written_card_keeps_all_that_lay_beside_the_old_one() -> None:
    beside = {"module.risum": b"x", "assets/icon/images/main.png": PIXEL, "x_meta/a.json": b"{}"}
    original = zipped({"card.json": text(v3()), **beside})
    written = charx.write(text(v3(name="New")), original=original)
    assert members(written) == {"card.json": text(v3(name="New")), **beside}


def test_a_picture_becomes_the_main_icon_of_a_card_without_one() -> None:
    written = charx.write(text(v3()), icon=PIXEL)
    found = read(written)
    assert character(found).avatar == PIXEL
    assert (found.details["embedded_ok"], found.details["unlisted_members"]) == (1, [])


def test_a_new_picture_takes_the_place_of_the_old_one() -> None:
    card = text(v3(assets=[icon("embeded://old.png", note="kept"), icon("x:", name="alt")]))
    written = charx.write(card, original=zipped({"card.json": card, "old.png": b"old"}), icon=PIXEL)
    assert character(read(written)).avatar == PIXEL
    assert members(written)["old.png"] == b"old"
    listed = json.loads(members(written)["card.json"])["data"]["assets"]
    assert listed == [
        icon("embeded://assets/icon/images/main.png", note="kept"),
        icon("x:", name="alt"),
    ]


def test_only_the_spelling_of_the_specification_is_written() -> None:
    card = text(v3(assets=[icon("embedded://a.png")]))
    written = charx.write(card, original=zipped({"card.json": card, "a.png": PIXEL}))
    assert b"embeded://a.png" in members(written)["card.json"]
    assert character(read(written)).avatar == PIXEL


def test_assets_from_the_chunks_of_a_picture_become_members() -> None:
    card = text(v3(assets=[{"type": "emotion", "name": "joy", "uri": "__asset:0", "ext": "png"}]))
    written = charx.write(card, original=png(text_chunk(b"chara-ext-asset_:0", b"am95")))
    found = read(written)
    assert character(found).assets[0].content == b"joy"
    assert found.details["embedded_missing"] == []


def test_the_same_card_gives_the_same_bytes() -> None:
    assert charx.write(text(v3()), icon=PIXEL) == charx.write(text(v3()), icon=PIXEL)
