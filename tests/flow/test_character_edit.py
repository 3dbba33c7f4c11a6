"""`character edit`: each section is a form; nothing of anybody else's is written over unseen."""

from typing import Any

import pytest

from tests.calling import Client, request_for
from tests.flow.dialogue import DONE, OPEN, Dialogue, change, create, delete, get, starting
from tests.personality.asking import share
from tzurot.flow.v1 import flow_kind_pb2
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PUBLIC, Visibility

SECTIONS = [
    "identity",
    "biography",
    "personality",
    "conversation",
    "greetings",
    "note",
    "about",
    "visibility",
]


async def test_the_overview_shows_what_is_there_and_a_form_for_each_section(mira: Client) -> None:
    lilith = await create(mira, description="Keeps an archive.", tags=["calm", "old"])
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    assert (edit.view.title, edit.actions) == ("Lilith", [*SECTIONS, "custom_fields", "close"])
    assert edit.item("Description").text == "Keeps an archive."
    assert list(edit.field("tags").values) == ["calm, old"]
    assert all(1 <= len(action.asks) <= 5 for action in edit.view.actions[:-2])
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
    offered = [choice.value for choice in edit.field("visibility").choices]
    assert offered == ["private", "shared", "unlisted", "public"]
    for value in (*offered, "private"):
        await edit.answer("visibility", visibility=value)
        visibility = f"VISIBILITY_{value.upper()}"
        assert (await get(mira, lilith.id)).visibility == Visibility.Value(visibility)
    await edit.answer("visibility", visibility="secret")
    assert edit.field("visibility").error == "Choose from the list."


async def test_the_definition_is_shown_to_all_who_see_it_and_hidden_again(mira: Client) -> None:
    lilith = await create(mira)
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    assert list(edit.field("definition_visible").values) == ["false"]
    for value in ("true", "false"):
        await edit.answer("visibility", definition_visible=value)
        assert (await get(mira, lilith.id)).definition_visible == (value == "true")
    assert "Show its definition" not in edit.items


async def test_more_greetings_are_parted_by_a_line(mira: Client) -> None:
    lilith = await create(mira, alternate_greetings=["Sit.\n---\nDown.", "Go.\n\nNow."])
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    (shown,) = edit.field("alternate_greetings").values
    assert shown == "Sit.\n\\---\nDown.\n---\nGo.\n\nNow."
    await edit.answer("greetings")
    assert list((await get(mira, lilith.id)).alternate_greetings) == list(
        lilith.alternate_greetings
    )
    await edit.answer("greetings", alternate_greetings=f"Hm.\n---\n\n---\n{shown}\n---\n")
    assert list((await get(mira, lilith.id)).alternate_greetings) == [
        "Hm.",
        *lilith.alternate_greetings,
    ]
    await edit.answer("greetings", alternate_greetings="")
    assert list((await get(mira, lilith.id)).alternate_greetings) == []
    await edit.answer("greetings", alternate_greetings="\n---\n".join("abcde" * 21))
    assert edit.field("alternate_greetings").error == "At most 100 greetings."


async def test_greetings_for_groups_are_parted_by_a_line_too(mira: Client) -> None:
    lilith = await create(mira, alternate_greetings=["Sit."], group_greetings=["All."])
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    assert list(edit.field("group_greetings").values) == ["All."]
    await edit.answer("greetings", group_greetings="All of you.\n---\nSit.\n\\---\nDown.")
    saved = await get(mira, lilith.id)
    assert list(saved.group_greetings) == ["All of you.", "Sit.\n---\nDown."]
    assert list(saved.alternate_greetings) == ["Sit."]
    assert edit.item("Greetings for groups").text.startswith("All of you.")
    await edit.answer("greetings", group_greetings="\n---\n".join("abcde" * 21))
    assert edit.field("group_greetings").error == "At most 100 greetings."


async def test_a_character_is_only_for_adults_and_for_all_again(mira: Client) -> None:
    lilith = await create(mira)
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    assert list(edit.field("age_restricted").values) == ["false"]
    await edit.answer("visibility", age_restricted="true")
    assert (await get(mira, lilith.id)).age_restricted
    assert edit.item("Only for adults").text == "It answers adults only."
    await edit.answer("visibility", age_restricted="false")
    assert not (await get(mira, lilith.id)).age_restricted
    assert "Only for adults" not in edit.items


class TestCustomFields:
    async def test_one_is_added_changed_and_removed(self, mira: Client) -> None:
        lilith = await create(mira)
        edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
        view = await edit.answer("custom_fields")
        assert (view.title, edit.items) == ("Custom fields of Lilith", {})
        await edit.answer("add", field_name="  Favorite   lamp ", field_text="Brass.\n\nOld.")
        assert edit.view.body.startswith("Saved.")
        await edit.answer("add", field_name="Keywords", field_text="lamp", field_told="false")
        assert await _custom(mira, lilith) == [
            ("Favorite lamp", "Brass.\n\nOld.", False),
            ("Keywords", "lamp", True),
        ]
        assert edit.item("Keywords").text == "Not told to the model. lamp"
        await edit.choose("Favorite lamp")
        assert list(edit.field("field_text").values) == ["Brass.\n\nOld."]
        assert list(edit.field("field_told").values) == ["true"]
        await edit.answer("save", field_name="Lamp", field_text="Copper.")
        assert (await _custom(mira, lilith))[0] == ("Lamp", "Copper.", False)
        await edit.choose("Lamp")
        await edit.answer("ask")
        assert edit.view.title == "Remove Lamp?"
        await edit.answer("remove")
        assert await _custom(mira, lilith) == [("Keywords", "lamp", True)]
        await edit.answer("back")
        assert edit.item("Custom fields").text == "Keywords: Not told to the model. lamp"
        assert edit.actions[0] == "identity"

    async def test_it_goes_back_as_it_came(self, mira: Client) -> None:
        lilith = await create(mira, custom_fields=[{"name": "Lamp", "text": "Brass."}])
        edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
        await edit.answer("custom_fields")
        await edit.choose("Lamp")
        await edit.answer("ask")
        await edit.answer("back")
        assert edit.view.title == "Lamp"
        await edit.answer("back")
        assert edit.view.title == "Custom fields of Lilith"
        assert await _custom(mira, lilith) == [("Lamp", "Brass.", False)]

    @pytest.mark.parametrize(
        ("name", "error"),
        [("  ", "This is needed."), ("LAMP", "Another one has this name."), ("x" * 101, "At most")],
    )
    async def test_a_name_that_does_not_fit_is_told_and_what_was_typed_is_kept(
        self, name: str, error: str, mira: Client
    ) -> None:
        fields = [{"name": "Lamp", "text": "Brass."}, {"name": "Sea", "text": "Grey."}]
        lilith = await create(mira, custom_fields=fields)
        edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
        await edit.answer("custom_fields")
        for action in ("add", "save"):
            await edit.answer(action, field_name=name, field_text="typed")
            assert edit.field("field_name").error.startswith(error)
            assert list(edit.field("field_text").values) == ["typed"]
            if action == "add":
                await edit.choose("Sea")
        assert await get(mira, lilith.id) == lilith

    async def test_the_letter_case_of_a_name_can_be_changed(self, mira: Client) -> None:
        lilith = await create(mira, custom_fields=[{"name": "lamp", "text": "Brass."}])
        edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
        await edit.answer("custom_fields")
        await edit.choose("lamp")
        await edit.answer("save", field_name="Lamp")
        assert await _custom(mira, lilith) == [("Lamp", "Brass.", False)]

    async def test_what_was_changed_elsewhere_is_shown_first(self, mira: Client) -> None:
        lilith = await create(mira, custom_fields=[{"name": "Lamp", "text": "Brass."}])
        edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
        await edit.answer("custom_fields")
        await edit.choose("Lamp")
        await change(mira, lilith.id, custom_fields=[{"name": "Lamp", "text": "Silver."}])
        view = await edit.answer("save", field_text="Copper.")
        assert view.notice.startswith("This was changed elsewhere")
        assert await _custom(mira, lilith) == [("Lamp", "Silver.", False)]
        await edit.answer("save")
        assert await _custom(mira, lilith) == [("Lamp", "Copper.", False)]

    async def test_one_that_is_gone_is_told(self, mira: Client) -> None:
        lilith = await create(mira, custom_fields=[{"name": "Lamp", "text": "Brass."}])
        edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
        await edit.answer("custom_fields")
        await edit.choose("Lamp")
        await change(mira, lilith.id, custom_fields=[{"name": "Sea", "text": "Grey."}])
        assert (await edit.refused("save", field_text="x")).reason == "FLOW_ACTION_UNKNOWN"
        assert (await edit.look()).body == "That field is gone."
        await edit.answer("back")
        assert edit.items == {"Sea": "0"}

    async def test_a_long_list_has_pages_and_no_room_for_a_fifty_first(self, mira: Client) -> None:
        fields = [{"name": f"Field {number}", "text": "x"} for number in range(50)]
        lilith = await create(mira, custom_fields=fields)
        edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
        await edit.answer("custom_fields")
        assert "add" not in edit.actions
        await edit.answer("next")
        await edit.choose("Field 12")
        assert edit.view.title == "Field 12"
        await edit.answer("save", field_text="y")
        assert (await _custom(mira, lilith))[12] == ("Field 12", "y", False)
        assert "Field 12" in edit.items
        await edit.answer("back")
        shown = edit.item("Custom fields").text.splitlines()
        assert (shown[0], shown[5:]) == ("Field 0: x", ["and 45 more"])

    async def test_who_reads_the_definition_sees_them_in_a_list(
        self, mira: Client, kael: Client
    ) -> None:
        fields = [{"name": "Lamp", "text": "Brass."}]
        mark = (await create(mira)).slug.replace("-", "")
        for shown in (True, False):
            await create(
                mira,
                name=f"{mark} {shown}",
                visibility=VISIBILITY_PUBLIC,
                definition_visible=shown,
                custom_fields=fields,
                age_restricted=True,
            )
        for shown in (True, False):
            browse = await Dialogue.start(kael, "character browse")
            await browse.answer("search", query=f"{mark} {shown}")
            await browse.choose(f"{mark} {shown}")
            assert ("Custom fields" in browse.items) is shown
            assert browse.item("Only for adults").text == "It answers adults only."


async def _custom(client: Client, character: Any) -> list[tuple[str, str, bool]]:
    """The custom fields that are stored."""
    stored = (await get(client, character.id)).custom_fields
    return [(field.name, field.text, field.silent) for field in stored]


async def test_the_note_has_a_place(mira: Client) -> None:
    lilith = await create(mira)
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    assert list(edit.field("depth_prompt_depth").values) == ["4"]
    assert "Messages after the note" not in edit.items
    await edit.answer("note", depth_prompt="Stay calm.", depth_prompt_depth="0")
    saved = await get(mira, lilith.id)
    assert (saved.depth_prompt, saved.depth_prompt_depth) == ("Stay calm.", 0)
    assert edit.item("Messages after the note").text == "0"
    await edit.answer("note", depth_prompt_depth="")
    assert (await get(mira, lilith.id)).depth_prompt_depth == 4


async def test_an_editor_changes_all_but_who_sees_it(mira: Client, kael: Client) -> None:
    lilith = await create(mira)
    await share(mira, lilith, kael, "editor")
    edit = await Dialogue.start(kael, "character edit", character=lilith.slug)
    assert edit.actions == [*SECTIONS[:-1], "custom_fields", "close"]
    owners = {"visibility", "definition_visible", "age_restricted"}
    assert not [it for it in edit.view.fields if it.key in owners]
    await edit.answer("conversation", greeting="Come in.")
    assert (await get(mira, lilith.id)).greeting == "Come in."
    refusal = await edit.refused("visibility", visibility="public")
    assert refusal.reason == "FLOW_ACTION_UNKNOWN"


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
        ("note", "depth_prompt_depth", "many", "A whole number from 0 to 10,000."),
        ("note", "depth_prompt_depth", "10001", "A whole number from 0 to 10,000."),
        ("note", "depth_prompt_depth", "-1", "A whole number from 0 to 10,000."),
        ("note", "depth_prompt_depth", "1" * 30, "At most 5 characters fit"),
    ],
)
async def test_a_value_that_the_contract_does_not_allow_is_told_and_kept(
    section: str, field: str, value: str, error: str, mira: Client
) -> None:
    lilith = await create(mira)
    edit = await Dialogue.start(mira, "character edit", character=lilith.slug)
    other = {"identity": "nickname", "note": "depth_prompt"}.get(section, "history")
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
        first.slug: f"{mark} Ada ({first.slug}, yours)",
        second.slug: f"{mark} Ada ({second.slug}, yours)",
        bea.slug: f"{mark} Bea",
    }


async def test_a_choice_of_a_name_says_whose_and_means_that_one(mira: Client, kael: Client) -> None:
    """A slug that is the name of another one would mean that one: its id is sent instead."""
    name = (await create(mira)).slug.replace("-", "") + "-ada"
    theirs = await create(kael, name=name, slug=name, visibility=VISIBILITY_PUBLIC)
    mine = await create(mira, name=name)
    request = request_for("CompleteFlowArgument", path="memory browse", key="character", typed=name)
    offered = (await mira.call("CompleteFlowArgument", request)).choices
    assert [(choice.value, choice.label) for choice in offered] == [
        (mine.slug, f"{name} ({mine.slug}, yours)"),
        (theirs.id, f"{name} ({theirs.slug}, by {kael.subject})"),
    ]
    for choice, character in zip(offered, (mine, theirs), strict=True):
        browse = await Dialogue.start(mira, "memory browse", character=choice.value)
        assert f"({character.slug})" in browse.view.title


async def test_completion_offers_at_most_twenty_five(mira: Client) -> None:
    for number in range(27):
        await create(mira, name=f"Many {number}")
    request = request_for(
        "CompleteFlowArgument", path="character edit", key="character", typed="many"
    )
    offered = (await mira.call("CompleteFlowArgument", request)).choices
    assert len(offered) == 25
