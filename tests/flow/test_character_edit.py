"""`character edit`: each section is a form; nothing of anybody else's is written over unseen."""

import pytest

from tests.calling import Client, request_for
from tests.flow.dialogue import DONE, OPEN, Dialogue, change, create, delete, get, starting
from tzurot.flow.v1 import flow_kind_pb2
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PRIVATE, VISIBILITY_PUBLIC

SECTIONS = ["identity", "biography", "personality", "conversation", "about", "visibility"]


async def test_the_overview_shows_what_is_there_and_a_form_for_each_section(mira: Client) -> None:
    lilith = await create(mira, description="Keeps an archive.", tags=["calm", "old"])
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    assert (edit.view.title, edit.actions) == ("Lilith", [*SECTIONS, "close"])
    assert edit.item("Description").text == "Keeps an archive."
    assert list(edit.field("tags").values) == ["calm, old"]
    assert all(1 <= len(action.asks) <= 5 for action in edit.view.actions[:-1])
    assert edit.field("description").kind == flow_kind_pb2.VALUE_KIND_LONG_TEXT
    assert edit.field("description").max_length == 200_000


async def test_a_section_is_saved_at_once(mira: Client) -> None:
    lilith = await create(mira, description="Keeps an archive.")
    edit = await Dialogue.start(mira, "character edit", character=lilith.id)
    view = await edit.answer(
        "identity",
        name="Lilith the Old",
        slug=f"{lilith.slug}-b",
        nickname="Lil",
        birthday="10-31",
        tags=" calm,old , calm,, ",
    )
    assert (view.body.split("\n")[0], view.title) == ("Saved.", "Lilith the Old")
    saved = await get(mira, lilith.id)
    assert (saved.name, saved.slug, saved.nickname) == (
        "Lilith the Old",
        f"{lilith.slug}-b",
        "Lil",
    )
    assert (saved.birthday, list(saved.tags)) == ("10-31", ["calm", "old"])
    assert saved.description == "Keeps an archive."
    await edit.answer("conversation", greeting="Come in.\n\nSit down.")
    await edit.answer("personality", traits="calm", tone="dry", likes="bees", goals="quiet")
    await edit.answer("about", creator="Mira", creator_notes="Mine.", character_version="2")
    saved = await get(mira, lilith.id)
    assert (saved.greeting, saved.traits, saved.creator) == (
        "Come in.\n\nSit down.",
        "calm",
        "Mira",
    )


async def test_what_a_form_leaves_out_stays_and_what_it_empties_is_emptied(mira: Client) -> None:
    lilith = await create(mira, description="x" * 150_000, history="Long.", age="700")
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    await edit.answer("biography", history="", age="701")
    saved = await get(mira, lilith.id)
    assert (len(saved.description), saved.history, saved.age) == (150_000, "", "701")


async def test_a_character_is_shown_to_everybody_and_hidden_again(mira: Client) -> None:
    lilith = await create(mira)
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    for value, visibility in (("public", VISIBILITY_PUBLIC), ("private", VISIBILITY_PRIVATE)):
        await edit.answer("visibility", visibility=value)
        assert (await get(mira, lilith.id)).visibility == visibility
    await edit.answer("visibility", visibility="secret")
    assert edit.field("visibility").error == "Choose from the list."


@pytest.mark.parametrize(
    ("section", "field", "value", "error"),
    [
        ("identity", "name", "", "This is needed."),
        ("identity", "name", "x" * 256, "At most 255 characters fit; these are 256."),
        ("identity", "slug", "Night Owl", "Lowercase letters, digits and single dashes"),
        ("identity", "slug", "", "This is needed."),
        ("identity", "birthday", "31.10.", "MM-DD or YYYY-MM-DD"),
        ("identity", "tags", ",".join(f"tag{n}" for n in range(201)), "At most 200 tags"),
        ("biography", "age", "x" * 1001, "At most 1,000 characters fit"),
    ],
)
async def test_a_value_that_the_contract_does_not_allow_is_told_and_kept(
    section: str, field: str, value: str, error: str, mira: Client
) -> None:
    lilith = await create(mira)
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    other = "nickname" if section == "identity" else "history"
    await edit.answer(section, **{other: "typed", field: value})
    assert edit.field(field).error.startswith(error)
    assert "".join(edit.field(field).values) == value
    assert list(edit.field(other).values) == ["typed"]
    assert await get(mira, lilith.id) == lilith


async def test_a_slug_that_another_character_has_is_told(mira: Client, kael: Client) -> None:
    taken, lilith = await create(kael), await create(mira)
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    await edit.answer("identity", slug=taken.slug, nickname="Lil")
    assert taken.slug in edit.field("slug").error
    assert list(edit.field("nickname").values) == ["Lil"]


async def test_what_was_changed_elsewhere_is_shown_before_it_is_written_over(mira: Client) -> None:
    lilith = await create(mira, greeting="Come in.")
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    await change(mira, lilith.id, greeting="Go away.")
    view = await edit.answer("conversation", greeting="Sit down.")
    assert view.notice.startswith("This was changed elsewhere")
    assert edit.field("greeting").error == "It now says: Go away."
    assert list(edit.field("greeting").values) == ["Sit down."]
    assert (await get(mira, lilith.id)).greeting == "Go away."
    assert (await edit.answer("conversation")).body.startswith("Saved.")
    assert (await get(mira, lilith.id)).greeting == "Sit down."


async def test_only_its_owner_begins_to_edit_a_character(mira: Client, kael: Client) -> None:
    private = await create(kael)
    public = await create(kael, visibility=VISIBILITY_PUBLIC)
    for character, reason in (
        (private, "PERSONALITY_NOT_FOUND"),
        (public, "NOT_EDITOR"),
    ):
        request = starting("character edit", character=character.slug)
        assert (await mira.refused("StartFlow", request)).reason == reason
    request = starting("character edit", character="nobody-at-all")
    assert (await mira.refused("StartFlow", request)).reason == "PERSONALITY_NOT_FOUND"


async def test_a_character_that_is_gone_ends_the_flow(mira: Client) -> None:
    lilith = await create(mira)
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    submission = edit.submission("biography", age="7")
    await delete(mira, lilith.id)
    await edit.look()
    assert (edit.flow.state, edit.actions) == (DONE, [])
    ended = (await mira.call("SubmitFlow", submission)).flow
    assert ended.state == DONE
    assert lilith.id in ended.view.body


async def test_a_character_is_named_by_its_name_too_and_an_own_one_is_meant(
    mira: Client, kael: Client
) -> None:
    name = "Ünïque " + (await create(mira)).slug
    await create(kael, name=name, visibility=VISIBILITY_PUBLIC)
    mine = await create(mira, name=name)
    edit = await Dialogue.start(mira, "character edit", character=f"  {name.upper()} ")
    assert edit.flow.state == OPEN
    assert f"`{mine.slug}`" in edit.view.body


async def test_completion_offers_own_characters_and_tells_those_of_one_name_apart(
    mira: Client, kael: Client
) -> None:
    mark = (await create(mira)).slug[-6:]
    first, second = await create(mira, name=f"{mark} Ada"), await create(mira, name=f"{mark} Ada")
    bea = await create(mira, name=f"{mark} Bea")
    await create(kael, name=f"{mark} Cid", visibility=VISIBILITY_PUBLIC)
    request = request_for(
        "CompleteFlowArgument", path="character edit", key="character", typed=mark.upper()
    )
    offered = (await mira.call("CompleteFlowArgument", request)).choices
    assert {choice.value: choice.label for choice in offered} == {
        first.slug: f"{mark} Ada ({first.slug})",
        second.slug: f"{mark} Ada ({second.slug})",
        bea.slug: f"{mark} Bea",
    }


async def test_completion_offers_at_most_twenty_five(mira: Client) -> None:
    for number in range(27):
        await create(mira, name=f"Many {number}")
    request = request_for(
        "CompleteFlowArgument", path="character edit", key="character", typed="many"
    )
    offered = (await mira.call("CompleteFlowArgument", request)).choices
    assert len(offered) == 25
