"""`character aliases`: other names of a character, for one person or for everybody."""

from typing import Any
from uuid import uuid4

import pytest

from tests.calling import Client, request_for
from tests.flow.dialogue import DONE, OPEN, Dialogue, change, create, delete, starting
from tests.personality.asking import call_it, meant, share
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PRIVATE, VISIBILITY_PUBLIC


@pytest.fixture
def other() -> str:
    """A name that nothing has."""
    return f"Old One {uuid4().hex}"


async def test_a_name_is_given_and_taken_away(other: str, mira: Client) -> None:
    lilith = await create(mira, name=f"Lilith {uuid4().hex}")
    names = await Dialogue.start(mira, "character aliases", character=lilith.slug)
    assert (names.view.title, list(names.items)) == (f"Other names of {lilith.name}", [])
    assert names.view.body == f"`{lilith.slug}`. There is none yet."
    await names.answer("add", alias=other)
    assert names.view.body.startswith(f"“{other}” is a name of {lilith.name} ({lilith.slug}) now.")
    assert names.view.notice == ""
    assert names.item(other).text == "for you alone"
    assert await meant(mira, other) == [lilith.id]

    await names.choose(other)
    assert names.view.title == f"“{other}”"
    assert names.view.body == f"A name of {lilith.name} ({lilith.slug}). Only you call it so."
    await names.answer("delete")
    assert list(names.items) == []
    assert await meant(mira, other) == []


async def test_editors_give_names_for_everybody(other: str, mira: Client, kael: Client) -> None:
    lilith = await create(mira, visibility=VISIBILITY_PUBLIC)
    names = await Dialogue.start(mira, "character aliases", character=lilith.slug)
    await names.answer("add", alias=other, whose="everybody")
    assert names.item(other).text == "for everybody"
    assert await meant(kael, other) == [lilith.id]
    theirs = await Dialogue.start(kael, "character aliases", character=lilith.slug)
    assert [field.key for field in theirs.view.fields] == ["alias"]
    assert theirs.item(other).key == ""  # shown, but not theirs to take away
    await theirs.answer("add", alias=f"{other} b")
    assert theirs.item(f"{other} b").text == "for you alone"
    assert await meant(mira, f"{other} b") == []


async def test_all_names_of_a_person_are_listed_without_a_character(
    other: str, mira: Client, kael: Client
) -> None:
    lilith = await create(mira)
    lost = await create(kael, visibility=VISIBILITY_PUBLIC)
    await call_it(mira, lost, f"{other} lost")
    await change(kael, lost.id, visibility=VISIBILITY_PRIVATE)
    names = await Dialogue.start(mira, "character aliases")
    assert names.item(f"{other} lost").text == "a character that you don't see any more"
    await names.answer("add", alias=other, character=lilith.slug)
    assert names.item(other).text == f"Lilith ({lilith.slug})"
    assert await meant(mira, other) == [lilith.id]
    await names.choose(f"{other} lost")
    await names.answer("delete")
    assert list(names.items) == [other]


async def test_what_a_name_means_besides_is_told(other: str, mira: Client) -> None:
    first, second = await create(mira, name=other), await create(mira)
    names = await Dialogue.start(mira, "character aliases", character=second.slug)
    await names.answer("add", alias=other)
    assert f"is also the name of {other} ({first.slug}, yours)" in names.view.notice
    assert f"now means {other} ({first.slug}, yours)" in names.view.notice


async def test_what_cannot_be_is_told_by_field_and_nothing_is_lost(
    other: str, mira: Client, kael: Client
) -> None:
    lilith = await create(mira)
    foreign = await create(kael, visibility=VISIBILITY_PUBLIC)
    names = await Dialogue.start(mira, "character aliases")
    await names.answer("add", alias="", character=lilith.slug)
    assert names.field("alias").error == "This is needed."
    await names.answer("add", alias="x" * 101, character=lilith.slug)
    assert names.field("alias").error.startswith("At most 100 characters fit")
    await names.answer("add", alias=other, character="nobody-at-all")
    assert "nobody-at-all" in names.field("character").error
    await names.answer("add", alias=other, character=foreign.slug, whose="everybody")
    assert names.field("whose").error.startswith("Only its owner and its editors")
    assert list(names.field("alias").values) == [other]
    assert names.flow.state == OPEN
    await names.answer("add", alias=other, character=lilith.slug, whose="me")
    await names.answer("add", alias=other, character=lilith.slug, whose="me")
    assert names.field("alias").error == f"The alias `{other}` is there already."


async def test_an_answer_that_is_given_twice_gives_one_name(other: str, mira: Client) -> None:
    lilith = await create(mira)
    names = await Dialogue.start(mira, "character aliases", character=lilith.slug)
    request = names.submission("add", alias=other)
    await mira.call("SubmitFlow", request)
    assert (await mira.refused("SubmitFlow", request)).reason == "ETAG_MISMATCH"
    assert [it.alias for it in await _aliases(mira, lilith.id)] == [other]


async def test_a_name_that_is_gone_already_is_told(other: str, mira: Client) -> None:
    lilith = await create(mira)
    alias = (await call_it(mira, lilith, other)).alias
    names = await Dialogue.start(mira, "character aliases", character=lilith.slug)
    await names.choose(other)
    gone = request_for("DeletePersonalityAlias", alias_id=alias.id)
    await mira.call("DeletePersonalityAlias", gone)
    await names.look()
    assert (names.view.body, names.actions) == ("That alias is gone.", ["back", "close"])
    await names.answer("back")
    assert list(names.items) == []


async def test_a_co_owner_who_is_no_editor_gives_names_for_themselves_only(
    other: str, mira: Client, kael: Client
) -> None:
    lilith = await create(mira)
    await share(mira, lilith, kael, "editor")
    names = await Dialogue.start(kael, "character aliases", character=lilith.slug)
    request = names.submission("add", alias=other, whose="everybody")
    await share(mira, lilith, kael, "viewer")
    refusal = await kael.refused("SubmitFlow", request)
    assert refusal.reason == "FLOW_ACTION_UNKNOWN"  # it is not asked any more
    await names.answer("add", alias=other)
    assert names.item(other).text == "for you alone"


async def test_the_list_has_pages(other: str, mira: Client) -> None:
    lilith = await create(mira)
    given = [f"{other} {number:02}" for number in range(11)]
    for name in given:
        await call_it(mira, lilith, name)
    names = await Dialogue.start(mira, "character aliases")
    assert list(names.items) == given[:0:-1]
    await names.answer("next")
    assert list(names.items) == given[:1]


async def test_a_character_out_of_sight_has_no_names(mira: Client, kael: Client) -> None:
    private = await create(kael)
    refusal = await mira.refused("StartFlow", starting("character aliases", character=private.slug))
    assert refusal.reason == "PERSONALITY_NOT_FOUND"
    lilith = await create(mira)
    names = await Dialogue.start(mira, "character aliases", character=lilith.slug)
    await delete(mira, lilith.id)
    await names.answer("add", alias="Old One")
    assert (names.flow.state, names.actions) == (DONE, [])


async def _aliases(client: Client, personality_id: str) -> list[Any]:
    request = request_for("ListPersonalityAliases", personality={"id": personality_id})
    return list((await client.call("ListPersonalityAliases", request)).aliases)
