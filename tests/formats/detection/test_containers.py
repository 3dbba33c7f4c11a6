"""Pictures and ZIPs are told by their bytes, and a ZIP is never believed."""

import io
import json
import zipfile
from collections.abc import Mapping

import pytest

from tests.formats.shapes.making import backup, config
from tzurot.formats import caps, detection, documents
from tzurot.formats.found import Container, Kind
from tzurot.formats.unreadable import Problem, Unreadable

CARD = json.dumps(
    {
        "spec": "chara_card_v3",
        "spec_version": "3.0",
        "data": {"name": "Marta", "description": "A keeper.", "first_mes": "Hi", "assets": []},
    }
).encode()
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0 and so on \xff\xd9"


def zipped(members: Mapping[str, bytes], before: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return before + out.getvalue()


def refusal(data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        detection.read(data)
    return refused.value


@pytest.mark.parametrize(
    ("before", "container"),
    [(b"", Container.CHARX), (JPEG, Container.JPEG), (b"junk before it", Container.CHARX)],
)
def test_a_zip_with_a_card_is_one(before: bytes, container: Container):
    found = detection.read(zipped({"card.json": CARD}, before))
    assert (found.kind, found.container, found.name) == (Kind.CHARACTER_CARD, container, "Marta")


def test_a_card_wins_over_a_backup_beside_it():
    found = detection.read(zipped({**backup(), "card.json": CARD}))
    assert found.kind is Kind.CHARACTER_CARD


@pytest.mark.parametrize("before", [b"", b"junk before it"])
def test_a_zip_with_a_backup_is_one(before: bytes):
    found = detection.read(zipped(backup(), before))
    assert (found.kind, found.container, found.name) == (
        Kind.SHAPES_BACKUP,
        Container.ZIP,
        "Marta",
    )


def test_names_with_backslashes_and_additions_of_macos_are_understood():
    members = {path.replace("/", "\\"): data for path, data in backup().items()}
    added = {"__MACOSX/marta-lamp/._marta-lamp.json": b"\0\5\x16\7", "._x.json": b"\0"}
    found = detection.read(zipped(members | added))
    assert found.details["memories"] == 7


def test_other_files_of_a_zip_are_told_of():
    pictures = {f"pictures/{number}.png": b"x" for number in range(12)}
    found = detection.read(zipped({**backup(), **pictures}))
    assert found.warnings[-1].startswith("Left out of the ZIP: pictures/0.png, pictures/1.png")
    assert found.warnings[-1].endswith("and 2 more.")


def test_a_config_alone_in_a_zip_is_a_config():
    found = detection.read(zipped({"marta.json": documents.dumps(config())}))
    assert (found.kind, found.container) == (Kind.SHAPES_CONFIG, Container.ZIP)


@pytest.mark.parametrize(
    ("members", "problem", "words"),
    [
        ({"manifest.json": b'{"schemaVersion": 1}', "characters/a.json": b"{}"},
         Problem.NOT_SUPPORTED, "BYAF"),
        ({"package.json": b"{}", "Characters/a/character.json": b"{}"},
         Problem.NOT_SUPPORTED, "voxpkg"),
        ({"a.txt": b"hello"}, Problem.NOT_RECOGNIZED, "one by one"),
        ({"a.json": b'{"a": 1}'}, Problem.NOT_RECOGNIZED, "one by one"),
        ({}, Problem.NOT_RECOGNIZED, "one by one"),
        ({"../../etc/passwd.json": b"{}"}, Problem.CORRUPT, "outside"),
        ({"/etc/passwd.json": b"{}"}, Problem.CORRUPT, "outside"),
        ({"a.json": documents.dumps(config(id="1", username="a")),
          "b.json": documents.dumps(config(id="2", username="b"))}, Problem.SEVERAL, "a, b"),
    ],
)  # fmt: skip
def test_a_zip_that_can_not_be_read_is_named(
    members: dict[str, bytes], problem: Problem, words: str
):
    refused = refusal(zipped(members))
    assert refused.problem is problem
    assert words in refused.sentence


def test_a_zip_that_holds_more_than_it_may_is_refused(monkeypatch: pytest.MonkeyPatch):
    data = zipped({"a_memories.json": b"[" + b" " * 100_000 + b"]"})
    assert len(data) < 1_000
    monkeypatch.setattr(caps, "ZIP_TOTAL", 50_000)
    assert refusal(data).problem is Problem.TOO_LARGE


def test_a_zip_with_more_json_than_may_be_is_refused(monkeypatch: pytest.MonkeyPatch):
    data = zipped(backup() | {"x.json": b" " * 100_000})
    monkeypatch.setattr(caps, "DOCUMENT", 100_000)
    assert refusal(data).problem is Problem.TOO_LARGE


def test_a_zip_that_lies_about_its_sizes_is_refused(monkeypatch: pytest.MonkeyPatch):
    data = zipped({"a_memories.json": b"[" + b" " * 100_000 + b"]"})
    lying = data.replace((100_002).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    monkeypatch.setattr(caps, "ZIP_TOTAL", 50_000)
    assert refusal(lying).problem in (Problem.TOO_LARGE, Problem.CORRUPT)


def test_a_zip_with_more_files_than_it_may_have_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(caps, "ZIP_MEMBERS", 3)
    assert refusal(zipped(backup())).problem is Problem.TOO_MANY


def test_an_encrypted_zip_is_named():
    data = bytearray(zipped({"a.json": b"{}"}))
    directory = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[directory + 8] |= 1
    assert refusal(bytes(data)).problem is Problem.ENCRYPTED


def test_a_zip_that_is_cut_off_is_corrupt():
    data = zipped(backup())
    assert refusal(data[: len(data) // 2]).problem is Problem.CORRUPT


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GIF89a\1\0", "GIF"),
        (b"RIFF\1\0\0\0WEBPVP8 ", "WebP"),
        (b"\0\0\0\x1cftypavif", "AVIF"),
        (b"BM\1\2\3\4\0\0\0\0", "BMP"),
        (JPEG, "PNG"),
        (b"\x89PNG\r\n\x1a\n", "card"),
    ],
)
def test_a_picture_without_a_card_says_what_to_do(data: bytes, words: str):
    refused = refusal(data)
    assert refused.problem in (Problem.NO_CARD, Problem.CORRUPT)
    assert words in refused.sentence or refused.problem is Problem.CORRUPT


def test_a_file_larger_than_may_be_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(caps, "FILE", 100)
    assert refusal(b"{" + b" " * 100 + b"}").problem is Problem.TOO_LARGE
