"""Uploads that lie, addresses that lead astray, exploding pictures, texts that can't be stored."""

import asyncio
import hashlib
import json
import ssl
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.conftest import Served
from tests.fetching.conftest import NAME, Authority, Net, Site
from tests.transfer import library
from tests.transfer.handing import Mover, Part, done, mover, parts, sample
from tzurot.errors import AddressRefused
from tzurot.fetching.fetcher import Fetcher
from tzurot.llm.embeddings import Embedder
from tzurot.memory.meaning import Meaning
from tzurot.memory.reading.slots import Slots
from tzurot.personality.characters import Characters
from tzurot.personality.knowledge.knowledge import Knowledge
from tzurot.personality.lorebooks.lorebooks import Lorebooks
from tzurot.transfer.arriving import Arriving
from tzurot.transfer.companions import Companions
from tzurot.transfer.importing import Importing
from tzurot.transfer.plans import Options, Preview, Result, Upload
from tzurot.transfer.v1.transfer_service_pb2 import ImportHeader
from tzurot.transport.subject import Caller

CARD = sample("cards/tk_minimal_v2.json")
PNG = library.picture()


def lying(**header: Any) -> list[Part]:
    return parts(CARD, **header)


@pytest.mark.parametrize(
    ("upload", "problem"),
    [
        (lying(sha256=hashlib.sha256(b"another").hexdigest()), "checksum"),
        (lying(size_bytes=len(CARD) + 1), "checksum"),
        (lying(size_bytes=len(CARD) - 1), "too_large"),
        (lying()[:-1], "checksum"),
        ([*lying(), Part(chunk=b" ")], "too_large"),
    ],
    ids=["another hash", "less than said", "more than said", "nothing", "one byte more"],
)
async def test_a_file_that_is_not_what_its_header_says_is_refused(
    upload: list[Part], problem: str, served: Served
) -> None:
    me = mover(served)
    refusal = await me.client.refused("ImportPersonality", upload)
    assert (refusal.reason, refusal.metadata["problem"]) == ("FILE_UNREADABLE", problem)
    assert await me.lists("ListPersonalities", mine=True) == []


@pytest.mark.parametrize(
    ("upload", "field"),
    [
        (lying()[1:], "header"),
        ([], "header"),
        ([*lying(), lying()[0]], "header"),
        ([lying()[0], *lying()], "header"),
        (lying(size_bytes=0), "header"),
        (lying(size_bytes=128 * 1024 * 1024 + 1), "header.size_bytes"),
        (lying(sha256="x"), "header.sha256"),
        (lying(url="https://files.example.org/a.json"), "header"),
        ([lying()[0], Part(chunk=b"x" * (64 * 1024 + 1))], "chunk"),
        ([lying()[0], Part()], "part"),
    ],
    ids=[
        "a chunk first", "nothing", "a header last", "two headers", "0 bytes", "too large",
        "no hash", "bytes and an address", "a chunk that is too large", "an empty part",
    ],
)  # fmt: skip
async def test_an_upload_that_breaks_the_rules_is_refused_by_naming_them(
    upload: list[Part], field: str, served: Served
) -> None:
    me = mover(served)
    refusal = await me.client.refused("ImportPersonality", upload)
    assert (refusal.code.name, refusal.reason) == ("INVALID_ARGUMENT", "INVALID_FIELD")
    assert field in refusal.fields


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://files.example.org/a.json", "not_https"),
        ("https://127.0.0.1/a.json", "bad_address"),
        ("https://[::1]/a.json", "bad_address"),
        ("https://169.254.169.254/latest/meta-data", "bad_address"),
        ("https://localhost/a.json", "bad_address"),
        ("https://files.example.org:8443/a.json", "bad_address"),
        ("file:///etc/passwd", "not_https"),
        ("https://user:secret@files.example.org/a", "bad_address"),
    ],
)
async def test_an_address_that_leads_astray_is_refused_with_its_problem(
    url: str, problem: str, served: Served
) -> None:
    me = mover(served)
    header = ImportHeader(url=url, validate_only=True)
    refusal = await me.client.refused("ImportPersonality", [Part(header=header)])
    assert (refusal.code.name, refusal.reason) == ("INVALID_ARGUMENT", "ADDRESS_REFUSED")
    assert refusal.metadata["problem"] == problem


async def test_what_can_not_be_stored_is_stored_without_it(served: Served) -> None:
    me = mover(served)
    entry = {"keys": ["k\0ey"], "content": "lo\0re \ud800", "enabled": True, "insertion_order": 1}
    data = {
        "name": "I\0o",
        "description": "one\0two \ud83d three",
        "first_mes": "Hi\0.",
        "alternate_greetings": ["a\0b", "\udc00"],
        "tags": ["x\0y"],
        "character_book": {"name": "Bo\0ok", "entries": [entry], "extensions": {}},
        "extensions": {"odd": "\0\ud800"},
    }
    card = json.dumps({"spec": "chara_card_v2", "spec_version": "2.0", "data": data}).encode()
    result = await me.imports(card)
    now = await me.character(result.personality.id)
    assert (now.name, now.greeting) == ("Io", "Hi.")
    assert now.description.startswith("onetwo ")
    assert now.description.endswith(" three")
    assert list(now.tags) == ["xy"]
    (book,) = await me.lists("ListLorebooks")
    assert (book.name, book.entry_count) == ("Book", 1)
    left = json.loads(await me.exports(result.personality.id, "CARD_V2"))
    assert left["data"]["extensions"]["odd"] == "\0\ud800", "the source comes back as it was"
    assert set(done(await me.imports(card))) == {("keep", "personality"), ("keep", "lorebook")}


async def test_a_picture_that_would_explode_is_left_out_with_a_warning(served: Served) -> None:
    me = mover(served)
    bomb = _enlarged(library.card("Io"), 60_000)
    preview = await me.previews(bomb)
    assert any("million pixels" in warning for warning in preview.warnings)
    result = await me.imports(bomb, digest=preview.digest)
    now = await me.character(result.personality.id)
    assert (now.name, now.avatar_sha256) == ("Io", "")


class Home:
    """Moving in where the only site is a test's."""

    def __init__(self, importing: Importing, who: Caller, mover: Mover, net: Net) -> None:
        self._importing = importing
        self._who = who
        self.mover = mover
        self.net = net

    async def previews(self, content: bytes) -> Preview:
        return await self._importing.preview(self._who, Upload(content))

    async def imports(self, content: bytes, digest: str = "") -> Result:
        upload = Upload(content, options=Options(digest=digest))
        return await self._importing.apply(self._who, upload, _silent)

    async def fetches(self, url: str) -> bytes:
        return await self._importing.fetch(url)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def site(authority: Authority) -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=authority.server(NAME))
    site.port = server.sockets[0].getsockname()[1]
    async with server:
        yield site


@pytest.fixture
async def home(site: Site, authority: Authority, served: Served) -> AsyncIterator[Home]:
    running, me, net = served.running, mover(served), Net(site)
    database, jobs = running.parts.database, running.parts.jobs
    trust = ssl.create_default_context(cafile=authority.file)
    fetcher = Fetcher(resolve=net.resolve, connect=net.connect, ssl_context=trust)
    characters, embedder = Characters(database), Embedder()
    lorebooks = Lorebooks(database, characters)
    meaning = Meaning(embedder)
    knowledge = Knowledge(database, characters, Slots(database, meaning), jobs)
    arriving = Arriving(characters, Companions(lorebooks, knowledge, jobs))
    who = await running.parts.tokens.authenticate(running.token, me.client.subject)
    yield Home(Importing(database, arriving, fetcher, meaning), who, me, net)
    embedder.close()


def faced(url: str) -> bytes:
    """A card whose picture is at an address."""
    asset = {"type": "icon", "name": "main", "uri": url, "ext": "png"}
    data = {"name": "Io", "description": "A moon.", "assets": [asset]}
    return json.dumps({"spec": "chara_card_v3", "spec_version": "3.0", "data": data}).encode()


def answer(content: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


async def test_a_picture_at_an_address_is_taken_once(home: Home, site: Site) -> None:
    card = faced(site.gives("/io.png", answer(PNG)))
    preview = await home.previews(card)
    assert site.requests == [], "a preview fetches nothing"
    result = await home.imports(card, preview.digest)
    assert (result.preview.digest, result.warnings) == (preview.digest, ())
    first = (await home.mover.character(str(result.personality_id))).avatar_sha256
    assert first
    again = await home.previews(card)
    assert {change.action for change in again.changes} == {"keep"}
    await home.imports(card, again.digest)
    assert (await home.mover.character(str(result.personality_id))).avatar_sha256 == first


async def test_another_address_brings_another_picture(home: Home, site: Site) -> None:
    first = await home.imports(faced(site.gives("/io.png", answer(PNG))))
    was = (await home.mover.character(str(first.personality_id))).avatar_sha256
    other = faced(site.gives("/new.png", answer(library.picture(gray=9))))
    preview = await home.previews(other)
    second = await home.imports(other, preview.digest)
    assert second.personality_id == first.personality_id
    assert (await home.mover.character(str(second.personality_id))).avatar_sha256 != was


@pytest.mark.parametrize(
    "told",
    [
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        answer(b"<html>gone</html>"),
        b"HTTP/1.1 302 Moved\r\nLocation: https://127.0.0.1/io.png\r\n\r\n",
    ],
    ids=["dead", "no picture", "into the house"],
)
async def test_a_dead_picture_is_a_warning_and_no_failure(
    told: bytes, home: Home, site: Site
) -> None:
    card = faced(site.gives("/io.png", told))
    preview = await home.previews(card)
    result = await home.imports(card, preview.digest)
    (warning,) = result.warnings
    assert warning.startswith("The avatar was not taken from https://files.example.org/io.png: ")
    now = await home.mover.character(str(result.personality_id))
    assert (now.name, now.avatar_sha256) == ("Io", "")


async def test_a_file_is_fetched_from_its_address(home: Home, site: Site) -> None:
    assert await home.fetches(site.gives("/card.json", answer(CARD))) == CARD


async def test_a_name_that_leads_into_a_private_network_is_refused(home: Home) -> None:
    home.net.addresses["inside.example.org"] = ["10.0.0.1"]
    with pytest.raises(AddressRefused) as refused:
        await home.fetches("https://inside.example.org/card.json")
    assert refused.value.metadata["problem"] == "private_address"
    result = await home.imports(faced("https://inside.example.org/io.png"))
    assert "not taken" in result.warnings[0]
    assert home.net.connected == []


async def _silent(label: str, done: int, total: int) -> None:
    """Nobody watches."""


def _enlarged(png: bytes, side: int) -> bytes:
    """The picture with a header that promises more pixels than it has."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    at = png.index(b"IHDR")
    checksum = struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return png[: at + 4] + header + checksum + png[at + 4 + len(header) + 4 :]
