"""`character avatar`: a picture is sent, drawn and shown to be there; and taken away."""

import random
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from tests.calling import Client, request_for
from tests.flow.dialogue import DONE, OPEN, WORKING, Dialogue, create, delete, get, starting
from tests.personality.asking import share
from tzurot.flow.v1 import flow_kind_pb2
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PUBLIC


def a_picture(kind: str = "PNG") -> bytes:
    """One that no other test has."""
    file = BytesIO()
    pixels = random.randbytes(32 * 32 * 3)  # noqa: S311 - pixels
    Image.frombytes("RGB", (32, 32), pixels).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_a_picture_is_sent_and_then_it_is_there(kind: str, mira: Client) -> None:
    lilith = await create(mira, name=f"Lilith {uuid4().hex}")
    avatar = await _begun(mira, lilith)
    assert avatar.view.title == f"The picture of {lilith.name}"
    assert avatar.view.body.startswith(f"`{lilith.slug}` has no picture yet.")
    assert avatar.actions == ["set", "close"]
    assert avatar.field("file").kind == flow_kind_pb2.VALUE_KIND_FILE
    await _send(avatar, a_picture(kind))
    sha256 = (await get(mira, lilith.id)).avatar_sha256
    assert sha256
    assert avatar.view.body.startswith("That is its picture now.")
    assert f"sha256 {sha256[:12]}…" in avatar.view.body
    assert "KiB" in avatar.view.body
    assert avatar.actions == ["set", "remove", "close"]


async def test_a_picture_is_taken_away_after_a_question(mira: Client) -> None:
    lilith = await create(mira, name=f"Lilith {uuid4().hex}")
    avatar = await _begun(mira, lilith)
    await _send(avatar, a_picture())
    await avatar.answer("remove")
    assert avatar.view.title == f"Take away the picture of {lilith.name}?"
    await avatar.answer("back")
    assert (await get(mira, lilith.id)).avatar_sha256
    await avatar.answer("remove")
    await avatar.answer("sure")
    assert avatar.view.body.startswith("The picture is taken away.")
    assert avatar.actions == ["set", "close"]
    assert (await get(mira, lilith.id)).avatar_sha256 == ""


@pytest.mark.parametrize("content", [b"no picture", b"\x89PNG\r\n\x1a\n", a_picture()[:200]])
async def test_a_file_that_is_no_picture_is_told_and_another_one_can_be_sent(
    content: bytes, mira: Client
) -> None:
    lilith = await create(mira)
    avatar = await _begun(mira, lilith)
    await _send(avatar, content)
    assert "Save it anew as a PNG" in avatar.view.notice
    assert avatar.actions == ["set", "close"]
    await _send(avatar, a_picture())
    assert avatar.view.notice == ""
    assert (await get(mira, lilith.id)).avatar_sha256


async def test_a_file_is_needed(mira: Client) -> None:
    avatar = await _begun(mira, await create(mira))
    await avatar.answer("set")
    assert avatar.field("file").error == "This is needed."
    await avatar.answer("set", file=str(uuid4()))
    assert avatar.field("file").error == "Send the file again."


async def test_a_picture_that_was_changed_elsewhere_is_not_taken_away_unseen(mira: Client) -> None:
    lilith = await create(mira)
    avatar = await _begun(mira, lilith)
    await _send(avatar, a_picture())
    await avatar.answer("remove")
    other = await _begun(mira, lilith)
    await _send(other, a_picture())
    await avatar.answer("sure")
    assert avatar.view.notice.startswith("This was changed elsewhere")
    assert (await get(mira, lilith.id)).avatar_sha256


async def test_editors_give_pictures_and_others_do_not(mira: Client, kael: Client) -> None:
    lilith = await create(mira, visibility=VISIBILITY_PUBLIC)
    request = starting("character avatar", character=lilith.slug)
    assert (await kael.refused("StartFlow", request)).reason == "NOT_EDITOR"
    await share(mira, lilith, kael, "editor")
    avatar = await _begun(kael, lilith)
    await _send(avatar, a_picture())
    assert (await get(mira, lilith.id)).avatar_sha256
    await share(mira, lilith, kael, "viewer")
    await avatar.answer("remove")
    assert avatar.flow.state == DONE
    assert (await get(mira, lilith.id)).avatar_sha256


async def test_a_character_that_is_gone_when_its_picture_is_drawn_ends_the_flow(
    mira: Client,
) -> None:
    lilith = await create(mira)
    avatar = await _begun(mira, lilith)
    request = avatar.submission("set", file=await avatar.upload(a_picture(), name="a.png"))
    await delete(mira, lilith.id)
    avatar.flow = (await mira.call("SubmitFlow", request)).flow
    assert (avatar.flow.state, avatar.actions) == (DONE, [])


async def test_it_is_offered_for_what_one_may_change(mira: Client, kael: Client) -> None:
    mark = f"Face{uuid4().hex[:8]}"
    lilith = await create(mira, name=mark, visibility=VISIBILITY_PUBLIC)
    asked = request_for(
        "CompleteFlowArgument", path="character avatar", key="character", typed=mark
    )
    assert [it.value for it in (await mira.call("CompleteFlowArgument", asked)).choices] == [
        lilith.slug
    ]
    assert (await kael.call("CompleteFlowArgument", asked)).choices == []


async def _begun(client: Client, character: Any) -> Dialogue:
    return await Dialogue.start(client, "character avatar", character=character.slug)


async def _send(avatar: Dialogue, content: bytes) -> None:
    await avatar.answer("set", file=await avatar.upload(content, name="face"))
    assert (avatar.flow.state, avatar.actions) == (WORKING, [])
    await avatar.watch()
    assert avatar.flow.state == OPEN
