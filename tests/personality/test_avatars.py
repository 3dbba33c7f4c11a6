"""Avatars: given and taken away by editors; a picture that nobody has any more is gone."""

import asyncio
import hashlib
import random
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.personality.asking import create, share

CHUNK = 64 * 1024


@pytest.fixture
async def mira(served: Served) -> Client:
    (client,) = served.people("mira")
    return client


@pytest.fixture
async def kael(served: Served) -> Client:
    (client,) = served.people("kael")
    return client


def a_picture(kind: str = "PNG", side: int = 64) -> bytes:
    """One that no other test has."""
    color = tuple(random.randbytes(3))  # noqa: S311 - a color
    mark = Image.frombytes("RGB", (8, 8), random.randbytes(192))  # noqa: S311 - pixels
    image = Image.new("RGB", (side, side), color)
    image.paste(mark.resize((side // 2, side // 2)), (0, 0))
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()


class TestGiving:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
    async def test_a_picture_becomes_the_face_as_a_png(self, kind: str, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        shown = await _give(mira, lilith, a_picture(kind, 700))
        content = await _face(mira, lilith)
        assert shown.avatar_sha256 == hashlib.sha256(content).hexdigest()
        with Image.open(BytesIO(content)) as image:
            assert (image.format, image.size) == ("PNG", (512, 512))

    async def test_it_is_a_new_version_and_the_same_again_is_none(self, mira: Client) -> None:
        lilith, picture = await create(mira, "Lilith"), a_picture()
        first = await _give(mira, lilith, picture)
        assert (lilith.etag, first.etag) == ("1", "2")
        assert await _give(mira, lilith, picture) == first

    async def test_a_large_one_comes_in_parts(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        noise = Image.frombytes("RGB", (1500, 1500), random.randbytes(1500 * 1500 * 3))  # noqa: S311
        file = BytesIO()
        noise.save(file, "PNG")
        assert len(file.getvalue()) > 100 * CHUNK
        assert (await _give(mira, lilith, file.getvalue())).avatar_sha256

    async def test_only_who_may_change_a_character_gives_it_a_face(
        self, served: Served, mira: Client
    ) -> None:
        editor, viewer, stranger = served.people("editor", "viewer", "stranger")
        lilith = await create(mira, "Lilith", "shared")
        await share(mira, lilith, editor, "editor")
        await share(mira, lilith, viewer, "viewer")
        given = await _give(editor, lilith, a_picture())
        assert (given.avatar_sha256 != "", given.editable) == (True, True)
        for who, reason in ((viewer, "NOT_EDITOR"), (stranger, "PERSONALITY_NOT_FOUND")):
            for rpc, request in (
                ("UploadAvatar", _upload(lilith, a_picture())),
                ("DeleteAvatar", _of("DeleteAvatar", lilith)),
            ):
                assert (await who.refused(rpc, request)).reason == reason
        assert await _face(mira, lilith) == await _face(editor, lilith)

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"GIF99a" + bytes(50), "not a picture that can be used"),
            (a_picture()[:-60], "damaged"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture that can be used"),
        ],
    )
    async def test_what_is_no_picture_is_refused_with_what_to_do(
        self, content: bytes, told: str, mira: Client
    ) -> None:
        lilith = await create(mira, "Lilith")
        before = await _give(mira, lilith, a_picture())
        refusal = await mira.refused("UploadAvatar", _upload(lilith, content))
        assert (refusal.code.name, refusal.reason) == ("INVALID_ARGUMENT", "FILE_UNREADABLE")
        assert told in refusal.message
        assert "Save it anew as a PNG of at most 2000 × 2000 pixels" in refusal.message
        assert await _get(mira, lilith) == before

    async def test_what_is_not_what_its_header_says_is_refused(self, mira: Client) -> None:
        lilith, picture = await create(mira, "Lilith"), a_picture()
        other = _upload(lilith, picture)
        other[0].header.sha256 = "0" * 64
        refusal = await mira.refused("UploadAvatar", other)
        assert (refusal.reason, refusal.metadata["problem"]) == ("FILE_UNREADABLE", "checksum")
        longer = [*_upload(lilith, picture), request_for("UploadAvatar", chunk=b"more")]
        refusal = await mira.refused("UploadAvatar", longer)
        assert (refusal.reason, refusal.metadata["problem"]) == ("FILE_UNREADABLE", "too_large")
        headless = _upload(lilith, picture)[1:]
        assert (await mira.refused("UploadAvatar", headless)).fields == ("header",)

    async def test_more_than_ten_mib_is_refused_by_its_header(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        parts = _upload(lilith, a_picture())
        parts[0].header.size_bytes = 10 * 1024 * 1024 + 1
        assert (await mira.refused("UploadAvatar", parts)).fields == ("header.size_bytes",)


class TestTakingAway:
    async def test_a_character_is_left_without_a_face(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        await _give(mira, lilith, a_picture())
        for _ in range(2):
            assert (await _take(mira, lilith)).avatar_sha256 == ""
        refusal = await mira.refused("DownloadAvatar", _of("DownloadAvatar", lilith))
        assert refusal.reason == "AVATAR_NOT_FOUND"


class TestLeftovers:
    """A picture stays as long as a character has it, whoever owns that."""

    async def test_it_is_gone_when_its_last_character_drops_it(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        picture = a_picture()
        first, second = await create(mira, "Lilith"), await create(kael, "Lilith")
        sha256 = (await _give(mira, first, picture)).avatar_sha256
        assert (await _give(kael, second, picture)).avatar_sha256 == sha256
        await _take(mira, first)
        assert await _stored(served, sha256)
        await _take(kael, second)
        assert not await _stored(served, sha256)

    async def test_another_one_takes_its_place(self, served: Served, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        old = (await _give(mira, lilith, a_picture())).avatar_sha256
        new = (await _give(mira, lilith, a_picture())).avatar_sha256
        assert (await _stored(served, old), await _stored(served, new)) == (False, True)

    async def test_it_goes_with_the_last_of_a_character_and_its_copies(
        self, served: Served, mira: Client
    ) -> None:
        lilith = await create(mira, "Lilith")
        sha256 = (await _give(mira, lilith, a_picture())).avatar_sha256
        copy = (await mira.call("ClonePersonality", _of("ClonePersonality", lilith))).personality
        assert copy.avatar_sha256 == sha256
        await mira.call("DeletePersonality", _of("DeletePersonality", lilith))
        assert await _face(mira, copy)
        await mira.call("DeletePersonality", _of("DeletePersonality", copy))
        assert not await _stored(served, sha256)

    async def test_giving_and_taking_one_picture_at_once_loses_none(
        self, served: Served, mira: Client
    ) -> None:
        """Each round drops the picture's last use while others begin to use it."""
        pictures = [a_picture(), a_picture()]
        cast = [await create(mira, f"Lilith {number}") for number in range(6)]
        for turn in range(4):
            await asyncio.gather(
                *(
                    _take(mira, who) if (turn + at) % 3 == 0 else _give(mira, who, pictures[at % 2])
                    for at, who in enumerate(cast)
                )
            )
            shown = [await _get(mira, who) for who in cast]
            assert [bool(it.avatar_sha256) for it in shown] == [
                (turn + at) % 3 != 0 for at in range(len(cast))
            ]
            for who in shown:
                assert not who.avatar_sha256 or await _face(mira, who)
        used = {it.avatar_sha256 for it in [await _get(mira, who) for who in cast]} - {""}
        await asyncio.gather(*(_take(mira, who) for who in cast))
        assert not any([await _stored(served, sha256) for sha256 in used])


def _of(rpc: str, character: Any) -> Any:
    return request_for(rpc, personality={"id": character.id})


def _upload(character: Any, content: bytes) -> list[Any]:
    header = {
        "personality": {"id": character.id},
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    starts = range(0, len(content), CHUNK)
    return [
        request_for("UploadAvatar", header=header),
        *(request_for("UploadAvatar", chunk=content[at : at + CHUNK]) for at in starts),
    ]


async def _give(client: Client, character: Any, content: bytes) -> Any:
    return (await client.call("UploadAvatar", _upload(character, content))).personality


async def _take(client: Client, character: Any) -> Any:
    return (await client.call("DeleteAvatar", _of("DeleteAvatar", character))).personality


async def _get(client: Client, character: Any) -> Any:
    request = _of("GetPersonality", character)
    return (await client.call("GetPersonality", request)).personality


async def _face(client: Client, character: Any) -> bytes:
    _, *rest = await client.call("DownloadAvatar", _of("DownloadAvatar", character))
    return b"".join(part.chunk for part in rest)


async def _stored(served: Served, sha256: str) -> bool:
    async with served.running.parts.database.transaction() as tx:
        query = text("SELECT EXISTS (SELECT FROM avatars WHERE sha256 = :sha256)")
        return bool(await tx.scalar(query, {"sha256": sha256}))
