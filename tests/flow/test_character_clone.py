"""`character clone`: a copy of what one may read, under a name and a slug of one's own."""

import asyncio
from typing import Any
from uuid import uuid4

import grpc.aio
import pytest

from tests.calling import Client, request_for
from tests.flow.dialogue import DONE, OPEN, Dialogue, change, create, get, starting
from tests.personality.asking import share
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PRIVATE, VISIBILITY_PUBLIC


async def test_a_copy_is_made_and_its_slug_is_told(mira: Client) -> None:
    lilith = await create(mira, name=f"Lilith {uuid4().hex}", description="Keeps an archive.")
    clone = await Dialogue.start(mira, "character clone", character=lilith.slug)
    assert clone.view.title == f"Copy {lilith.name}"
    assert f"`{lilith.slug}`" in clone.view.body
    assert list(clone.field("name").values) == [lilith.name]
    await clone.answer("clone", name=(name := f"Kael {uuid4().hex}"), slug="")
    assert (clone.flow.state, clone.view.title) == (DONE, f"{name} is here")
    made, original = await _mine(mira)
    assert original == lilith
    assert (made.name, made.description) == (name, "Keeps an archive.")
    assert f"Its handle is `{made.slug}`." in clone.view.body
    assert f"`@{name} hello`" in clone.view.body


async def test_the_same_name_is_told_apart_and_a_slug_can_be_chosen(mira: Client) -> None:
    lilith = await create(mira, name=f"Lilith {uuid4().hex}")
    clone = await Dialogue.start(mira, "character clone", character=lilith.slug)
    await clone.answer("clone", slug=(slug := f"copy-{uuid4().hex[:12]}"))
    assert clone.view.title == f"{lilith.name} ({slug}) is here"
    assert f"`@{slug} hello`" in clone.view.body


async def test_whoever_may_read_it_copies_it(mira: Client, kael: Client) -> None:
    lilith = await create(mira, visibility=VISIBILITY_PUBLIC, description="Keeps an archive.")
    request = starting("character clone", character=lilith.slug)
    assert (await kael.refused("StartFlow", request)).reason == "DEFINITION_HIDDEN"
    await share(mira, lilith, kael, "viewer")
    clone = await Dialogue.start(kael, "character clone", character=lilith.slug)
    await clone.answer("clone")
    (made,) = [it for it in await _mine(kael) if it.id != lilith.id]
    assert (made.description, made.visibility) == ("Keeps an archive.", VISIBILITY_PRIVATE)


async def test_a_definition_that_is_hidden_meanwhile_is_not_copied(
    mira: Client, kael: Client
) -> None:
    lilith = await create(mira, visibility=VISIBILITY_PUBLIC, definition_visible=True)
    clone = await Dialogue.start(kael, "character clone", character=lilith.slug)
    hidden = request_for(
        "UpdatePersonality",
        ref={"id": lilith.id},
        personality={"definition_visible": False},
        update_mask={"paths": ["definition_visible"]},
    )
    await mira.call("UpdatePersonality", hidden)
    await clone.answer("clone", name="Mine")
    assert clone.flow.state == DONE
    assert await _mine(kael) == []


@pytest.mark.parametrize(
    ("entered", "field", "error"),
    [
        ({"name": ""}, "name", "This is needed."),
        ({"name": "x" * 256}, "name", "At most 255 characters fit"),
        ({"slug": "Night Owl"}, "slug", "Lowercase letters, digits and single dashes"),
    ],
)
async def test_what_does_not_fit_is_told_by_field(
    entered: dict[str, str], field: str, error: str, mira: Client
) -> None:
    lilith = await create(mira)
    clone = await Dialogue.start(mira, "character clone", character=lilith.slug)
    await clone.answer("clone", **entered)
    assert clone.field(field).error.startswith(error)
    assert len(await _mine(mira)) == 1


async def test_a_slug_that_is_taken_is_told_and_nothing_is_lost(mira: Client) -> None:
    lilith = await create(mira)
    clone = await Dialogue.start(mira, "character clone", character=lilith.slug)
    await clone.answer("clone", name="Kael", slug=lilith.slug)
    assert lilith.slug in clone.field("slug").error
    assert (list(clone.field("name").values), clone.flow.state) == (["Kael"], OPEN)
    await clone.answer("clone", slug="")
    assert [it.name for it in await _mine(mira)] == ["Kael", "Lilith"]


async def test_one_flow_makes_one_copy(mira: Client) -> None:
    lilith = await create(mira)
    clone = await Dialogue.start(mira, "character clone", character=lilith.slug)
    request = clone.submission("clone", name="Kael")
    answers = await asyncio.gather(
        *(mira.call("SubmitFlow", request) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(it, grpc.aio.AioRpcError) for it in answers) == 3
    assert len(await _mine(mira)) == 2


async def test_it_is_offered_for_what_one_may_read(mira: Client, kael: Client) -> None:
    mark = f"Copy{uuid4().hex[:8]}"
    lilith = await create(mira, name=mark, visibility=VISIBILITY_PUBLIC)
    asked = request_for("CompleteFlowArgument", path="character clone", key="character", typed=mark)
    assert (await kael.call("CompleteFlowArgument", asked)).choices == []
    await change(mira, lilith.id, definition_visible=True)
    offered = (await kael.call("CompleteFlowArgument", asked)).choices
    assert [it.value for it in offered] == [(await get(kael, lilith.id)).slug]


async def _mine(client: Client) -> list[Any]:
    listed = await client.call("ListPersonalities", request_for("ListPersonalities", mine=True))
    return list(listed.personalities)
