"""What a card's JSON means: its version, its odd values, and what becomes of each part."""

import pytest

from tests.formats.cards.making import character, problem, read, text, v1, v2, v3
from tzurot.formats import caps, cards
from tzurot.formats.found import Found
from tzurot.formats.unreadable import Problem


def kept(found: Found) -> set[str]:
    return {aside.path for aside in found.kept_aside}


def mapped(found: Found) -> dict[str, str]:
    return {field.source: field.destination for field in found.fields}


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        (v1(), "chara_card_v1"),
        (v2(), "chara_card_v2"),
        (v3(), "chara_card_v3"),
        ({**v3(), "spec_version": 3.5}, "chara_card_v3"),
        ({**v2(), "spec": "chara_card_v9"}, "chara_card_v2"),
        ({"data": v1()}, "chara_card_v2"),
        ({**v1(), "spec": "chara_card_v2"}, "chara_card_v1"),  # says V2, but has no `data`
        ({"char_name": "Mira", "char_persona": "x"}, "pygmalion"),
        ({**v1(), "char_name": "Old", "char_persona": "Old."}, "chara_card_v1"),
    ],
)
def test_the_document_itself_says_what_it_is(card: dict[str, object], expected: str) -> None:
    found = read(text(card))
    assert (found.format, found.name) == (expected, "Mira")


@pytest.mark.parametrize(
    "document",
    [
        [],
        "card",
        {"name": "World", "entries": []},
        {"name": "Marta", "slug": "marta", "personalityTraits": "calm"},
        {"version": 1, "name": "System", "description": "x", "members": []},
        {"data": {"entries": []}, "spec": "lorebook_v3"},
    ],
)
def test_other_json_is_no_card(document: object) -> None:
    assert cards.read_json(text(document), document) is None


def test_pygmalions_names_are_those_of_v1() -> None:
    old = {
        "char_name": "Chiharu",
        "char_persona": "An engineer.",
        "char_greeting": "Hey!",
        "world_scenario": "A lab.",
        "example_dialogue": "You: Hi",
    }
    found = read(text(old))
    who = character(found)
    assert (who.description, who.greeting, who.scenario) == ("An engineer.", "Hey!", "A lab.")
    assert mapped(found)["char_persona"] == "description"
    assert found.warnings == ()


def test_of_both_sets_of_names_the_newer_counts_where_it_says_something() -> None:
    both = {**v1(scenario=""), "char_persona": "Old.", "world_scenario": "An old coast."}
    who = character(read(text(both)))
    assert (who.description, who.scenario) == ("A lamp keeper.", "An old coast.")


def test_copies_at_the_root_are_kept_but_never_read() -> None:
    found = read(text({**v2(), "description": "Stale.", "creatorcomment": "Stale."}))
    assert character(found).description == "A lamp keeper."
    assert {"description", "creatorcomment"} <= kept(found)


def test_a_null_is_the_same_as_nothing() -> None:
    found = read(text(v2(tags=None, extensions=None, character_book=None, creator=None)))
    assert (character(found).tags, found.lorebooks) == ((), ())
    assert found.warnings == ("`data.creator` is missing and stays empty.",)


def test_a_sparse_card_is_read_with_a_warning_for_each_missing_text() -> None:
    found = read(text({"spec": "chara_card_v2", "data": {"name": "Mira", "first_mes": "Hi."}}))
    assert character(found).greeting == "Hi."
    assert "`data.scenario` is missing and stays empty." in found.warnings


def test_numbers_are_read_as_the_texts_that_they_look_like() -> None:
    found = read(b'{"spec": "chara_card_v2", "data": {"name": 2, "character_version": 1.10}}')
    assert (found.name, character(found).character_version) == ("2", "1.10")
    assert "`data.character_version` is a number and was read as text." in found.warnings


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": " \n"}, Problem.BLANK_NAME),
        ({"name": None}, Problem.BLANK_NAME),
        ({"description": {}}, Problem.WRONG_TYPE),
        ({"description": True}, Problem.WRONG_TYPE),
        ({"tags": {"a": 1}}, Problem.WRONG_TYPE),
        ({"alternate_greetings": [["x"]]}, Problem.WRONG_TYPE),
        ({"character_book": "Lore"}, Problem.WRONG_TYPE),
        ({"assets": "x"}, Problem.WRONG_TYPE),
        ({"description": "x" * (caps.TEXT + 1)}, Problem.TOO_LARGE),
        ({"tags": ["x"] * (caps.ENTRIES + 1)}, Problem.TOO_MANY),
        ({"extensions": {str(n): n for n in range(caps.ENTRIES + 1)}}, Problem.TOO_MANY),
    ],
)
def test_what_cannot_be_meant_is_refused(fields: dict[str, object], expected: Problem) -> None:
    assert problem(text(v2(**fields))) == expected


def test_a_text_where_a_list_should_be_is_a_list_of_one() -> None:
    found = read(text(v2(alternate_greetings="Storm tonight.", tags=[])))
    assert character(found).alternate_greetings == ("Storm tonight.",)


def test_greetings_keep_their_numbers() -> None:
    """`@@is_greeting 2` means the second alternative, whatever the first is."""
    found = read(text(v2(alternate_greetings=[None, "Second"])))
    assert character(found).alternate_greetings == ("", "Second")


def test_a_later_version_is_read_with_a_warning() -> None:
    later = read(text({**v3(), "spec_version": "3.1"}))
    assert any("later version" in warning for warning in later.warnings)
    assert later.spec_version == "3.1"
    assert read(text(v3())).warnings == ()


def test_what_editors_wrote_into_empty_notes_is_no_note() -> None:
    found = read(text(v2(creator_notes="Creator's notes go here.")))
    assert character(found).creator_notes == ""
    assert "data.creator_notes" not in mapped(found)


def test_old_placeholders_stay_for_the_prompt_to_replace() -> None:
    assert character(read(text(v1(first_mes="<BOT> waves.")))).greeting == "<BOT> waves."


def test_what_no_database_takes_is_replaced() -> None:
    found = read(b'{"spec": "chara_card_v2", "data": {"name": "A\\u0000", "creator": "\\ud83d"}}')
    who = character(found)
    assert "\0" not in who.name
    assert who.creator.encode()


def test_every_part_without_a_place_is_kept_and_named() -> None:
    card = v3(
        extensions={"chub": {"id": 88, "full_path": "a/b"}, "fav": False, "empty": {}},
        creator_notes_multilingual={"de": "Hinweise"},
        source=["https://example.invalid"],
        creation_date=1717000000,
        odd={"keep": 1},
        character_book={"entries": [{"keys": ["a"], "content": "b", "uid": 3}], "odd": 1},
    )
    found = read(text({**card, "unknown": [1], "nothing": None}))
    assert kept(found) == {
        "data.creator_notes_multilingual",
        "data.source",
        "data.creation_date",
        "data.odd",
        "data.extensions.chub",
        "data.extensions.fav",
        "data.character_book.odd",
        "data.character_book.entries[].uid",
        "unknown",
    }
    assert all(aside.reason.endswith(".") for aside in found.kept_aside)
    assert found.dropped == ()


def test_every_field_with_a_value_says_where_it_went() -> None:
    found = read(text(v2(creator="tests", extensions={"chub": {"id": 88}})))
    assert mapped(found)["data.first_mes"] == "greeting"
    assert mapped(found)["data.extensions.chub.id"] == "origin"
    assert "data.system_prompt" not in mapped(found)
    assert character(found).origin == "chub:88"


def test_a_preview_stays_small_however_many_parts_there_are() -> None:
    found = read(text(v2(extensions={f"x{n}": n for n in range(2_000)})))
    assert len(found.kept_aside) == 501
    assert found.kept_aside[-1].reason == "1500 more parts have no place here."


def test_the_document_is_kept_as_it_came_but_for_its_mark_of_byte_order() -> None:
    document = b'{"spec" : "chara_card_v2","data":{"name":"Mira","big":12345678901234567890.50}}'
    assert read(b"\xef\xbb\xbf" + document).document == document


def test_deep_nesting_is_refused() -> None:
    deep = b'{"spec":"chara_card_v2","data":{"x":' + b"[" * 100_000
    assert problem(deep) == Problem.TOO_DEEP


PIXEL = "data:image/png;base64,iVBORw0KGgo="
CDN = "https://example.invalid/1.png"


@pytest.mark.parametrize(
    ("icons", "picture", "url"),
    [
        ([("main", PIXEL)], True, ""),
        ([("alt", PIXEL), ("main", CDN)], False, CDN),  # `main` first, wherever it stands
        ([("main", "embeded://gone.png"), ("alt", PIXEL)], True, ""),
        ([("main", "http://example.invalid/1.png")], False, ""),
        ([("main", "x-own:1")], False, ""),
        ([("main", "ccdefault:")], False, ""),
        ([("main", "data:image/png;base64,???")], False, ""),
    ],
)
def test_the_main_icon_is_the_avatar(icons: list[tuple[str, str]], picture: bool, url: str) -> None:
    listed = [{"type": "icon", "name": n, "uri": uri, "ext": "png"} for n, uri in icons]
    who = character(read(text(v3(assets=listed))))
    assert (who.avatar == b"\x89PNG\r\n\x1a\n", who.avatar_url) == (picture, url)


def test_several_icons_need_exactly_one_main() -> None:
    icon = {"type": "icon", "name": "main", "uri": CDN, "ext": "png"}
    found = read(text(v3(assets=[icon, icon])))
    assert any("exactly one" in warning for warning in found.warnings)


def test_an_address_in_data_is_the_last_resort_for_an_avatar() -> None:
    assert character(read(text(v2(avatar=CDN)))).avatar_url == CDN
    assert character(read(text(v2(avatar="none")))).avatar_url == ""


def test_an_asset_that_is_none_does_not_make_a_card_unreadable() -> None:
    found = read(text(v3(assets=["x", {"type": "icon"}])))
    assert found.details["assets"] == 2
    assert len(found.warnings) == 2


def test_fields_of_our_own_come_back_from_the_extensions() -> None:
    mine = {"tone": "dry", "birthday": "03-14", "source": {"format": "x"}, "odd": 1}
    found = read(text(v2(extensions={"tzurot": mine})))
    assert (character(found).tone, character(found).birthday) == ("dry", "03-14")
    assert kept(found) == {"data.extensions.tzurot.source", "data.extensions.tzurot.odd"}
    wrong = read(text(v2(extensions={"tzurot": {"birthday": "spring"}})))
    assert character(wrong).birthday == ""
    assert kept(wrong) == {"data.extensions.tzurot.birthday"}
