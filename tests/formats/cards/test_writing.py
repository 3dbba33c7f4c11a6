"""Cards that go out again: nothing is lost, and only what was changed here differs."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.formats.cards.making import (
    SAMPLES,
    SIGNATURE,
    book,
    character,
    png,
    read,
    text,
    v1,
    v2,
    v3,
)
from tzurot.formats import documents
from tzurot.formats.cards import charx
from tzurot.formats.cards import png as pictures
from tzurot.formats.cards.writing import Base, CardVersion, card
from tzurot.formats.found import Character, Container, CustomField, Found, Lorebook, LoreEntry

NOW = datetime(2026, 1, 2, tzinfo=UTC)
READABLE = sorted(
    path
    for path in SAMPLES.iterdir()
    if path.name not in {"README.md", "tk_invalid_missing_name.json", "quirk_no_card.png"}
)
VERSIONS = {"chara_card_v2": CardVersion.V2, "chara_card_v3": CardVersion.V3}


def base(found: Found) -> Base:
    return Base(found.format, found.document, character(found), book(found))


def written(found: Found, version: CardVersion, **changes: object) -> bytes:
    """The card of what was found, with changes to its character."""
    current = replace(character(found), **changes)
    return card(version, current, book=book(found), base=base(found), now=NOW)


def said(found: Found) -> Character:
    """The character without what only a container gives it."""
    return replace(character(found), avatar=None, avatar_url="", assets=())


def data(document: bytes) -> dict[str, Any]:
    return json.loads(document)["data"]


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.name)
def test_a_sample_comes_back_byte_for_byte_in_its_own_version(path: Path) -> None:
    found = read(path.read_bytes())
    assert written(found, VERSIONS[found.format]) == found.document


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.name)
def test_a_sample_survives_a_change_and_its_undoing(path: Path) -> None:
    found = read(path.read_bytes())
    version = VERSIONS[found.format]
    changed = read(written(found, version, traits="Changed.", goals="A goal."))
    assert (character(changed).traits, character(changed).goals) == ("Changed.", "A goal.")
    undone = read(written(changed, version, traits=character(found).traits, goals=""))
    after, before = documents.loads(undone.document), documents.loads(found.document)
    assert isinstance(after, dict)
    assert isinstance(before, dict)
    for card_data in (after["data"], before["data"]):
        card_data.pop("modification_date", None)
        card_data["personality"] = card_data.get("personality") or ""
        card_data["extensions"] = card_data.get("extensions") or {}
    assert after == before
    assert (said(undone), book(undone)) == (said(found), book(found))


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.name)
def test_a_sample_survives_a_picture_and_a_zip(path: Path) -> None:
    source = path.read_bytes()
    found = read(source)
    two, three = written(found, CardVersion.V2), written(found, CardVersion.V3)
    picture = source if source.startswith(SIGNATURE) else png()
    in_picture = read(pictures.write(picture, two, three))
    original = source if found.container in {Container.CHARX, Container.PNG} else b""
    in_zip = read(charx.write(three, original=original))
    assert in_picture.document == in_zip.document == three
    for again in (in_picture, in_zip, read(three)):
        assert (said(again), book(again)) == (said(found), book(found))
    assert said(read(two)) == said(found)


json_values = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.decimals(allow_nan=False, allow_infinity=False)
    | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
    max_leaves=8,
)
names = some.text(min_size=1).map(lambda name: f"x/{name}")  # none that a specification knows


@given(
    root=some.dictionaries(names, json_values, max_size=4),
    inside=some.dictionaries(names, json_values, max_size=4),
    settings_of_others=some.dictionaries(names, json_values, max_size=4),
    version=some.sampled_from(CardVersion),
    traits=some.sampled_from(["patient", "Changed."]),
)
@settings(max_examples=150)
def test_unknown_fields_survive_with_every_digit(
    root: dict[str, object],
    inside: dict[str, object],
    settings_of_others: dict[str, object],
    version: CardVersion,
    traits: str,
) -> None:
    source = {**v2(extensions=settings_of_others, **inside), **root}
    found = read(documents.dumps(source))
    again = documents.loads(written(found, version, traits=traits))
    before = documents.loads(found.document)
    assert isinstance(again, dict)
    assert isinstance(before, dict)
    assert {key: again[key] for key in root} == {key: before[key] for key in root}
    assert {key: again["data"][key] for key in inside} == {
        key: before["data"][key] for key in inside
    }
    assert again["data"]["extensions"] == before["data"]["extensions"]


def test_only_what_differs_is_changed() -> None:
    found = read(text({**v2(odd=1, first_mes="Hi."), "first_mes": "Hi.", "name": "Stale"}))
    document = json.loads(written(found, CardVersion.V2, greeting="Hello."))
    assert document["data"] == {**data(text(v2(odd=1))), "first_mes": "Hello."}
    assert document["first_mes"] == "Hello."  # a copy follows what it copies
    assert document["name"] == "Stale"
    assert list(document["data"]) == list(data(found.document))


def test_a_change_keeps_big_numbers_digit_for_digit() -> None:
    found = read((SAMPLES / "quirk_future_number.json").read_bytes())
    assert b"12345678901234567890.5" in written(found, CardVersion.V2, traits="Changed.")


def test_a_changed_book_keeps_what_its_other_entries_say() -> None:
    found = read((SAMPLES / "quirk_bom.json").read_bytes())
    lore = book(found)
    assert lore is not None
    first = replace(lore.entries[0], content="Changed.")
    changed = replace(lore, entries=(first, *lore.entries[1:]))
    out = card(CardVersion.V2, character(found), book=changed, base=base(found), now=NOW)
    assert book(read(out)) == changed
    entries = data(out)["character_book"]["entries"]
    assert entries[0]["unknown_entry_field"] == "keep me"
    assert entries[1:] == data(found.document)["character_book"]["entries"][1:]
    without = card(CardVersion.V2, character(found), book=None, base=base(found), now=NOW)
    assert "character_book" not in data(without)


@pytest.mark.parametrize("version", CardVersion)
def test_a_v1_card_becomes_a_later_one(version: CardVersion) -> None:
    found = read(text(v1(chat="Mira - 2023", tags=["sea"], creatorcomment="Mine.")))
    out = written(found, version)
    again = read(out)
    assert said(again) == said(found)
    assert again.format == version.spec
    assert again.warnings == ()
    assert json.loads(out).keys() == {"spec", "spec_version", "data", "chat"}
    assert data(out)["creator_notes"] == "Mine."


def test_a_pygmalion_card_becomes_a_later_one() -> None:
    found = read(text({"char_name": "Chiharu", "char_persona": "An engineer.", "odd": 1}))
    out = written(found, CardVersion.V2, description="A pilot.")
    assert said(read(out)) == replace(said(found), description="A pilot.")
    assert json.loads(out).keys() == {"spec", "spec_version", "data", "odd"}


LORE = {
    "entries": [
        {"keys": ["lamp"], "content": "@@depth 2\n@@@role system\n\nThe lamp.", "enabled": True},
        {"keys": ["gull"], "content": "Gulls.", "enabled": True},
    ]
}


def test_v2_has_no_decorators_and_says_so_until_it_is_read_again() -> None:
    found = read(text(v3(character_book=LORE, nickname="Mi", creator_notes="Mine.")))
    out = written(found, CardVersion.V2)
    entries = data(out)["character_book"]["entries"]
    assert [entry["content"] for entry in entries] == ["The lamp.", "Gulls."]
    assert str(data(out)["creator_notes"]).startswith("Mine.\n\n(Made from a Character Card V3")
    assert said(read(out)) == said(found)  # the nickname too, which V2 doesn't know
    assert data(written(read(out), CardVersion.V3))["creator_notes"] == "Mine."


def test_decorators_that_a_v2_card_has_of_its_own_stay_in_it() -> None:
    found = read(text(v2(character_book=LORE)))
    assert data(written(found, CardVersion.V2, traits="x"))["character_book"] == LORE


def test_v3_says_when_a_change_was_made_but_not_of_an_unchanged_card() -> None:
    found = read(text(v3(creation_date=5, modification_date=6)))
    changed = data(written(found, CardVersion.V3, traits="Changed."))
    assert (changed["creation_date"], changed["modification_date"]) == (5, NOW.timestamp())
    assert data(written(found, CardVersion.V3))["modification_date"] == 6
    assert "modification_date" not in data(written(read(text(v2())), CardVersion.V3))


WHOLE = Character(
    name="Mira",
    nickname="Mi",
    description="A lamp keeper.",
    traits="patient",
    tone="dry",
    age="40",
    appearance="grey coat",
    likes="storms",
    dislikes="gulls",
    goals="to keep the light",
    history="born at sea",
    scenario="A coast.",
    greeting="Hi.",
    example_dialogues="{{user}}: Hello",
    system_prompt="Stay.",
    post_history_instructions="Short.",
    error_message="The lamp flickers.",
    birthday="03-14",
    creator="tests",
    creator_notes="Mine.",
    character_version="1",
    alternate_greetings=("Storm.",),
    group_greetings=("All of you.",),
    tags=("sea",),
    depth_prompt="It is cold.",
    depth_prompt_depth=2,
    depth_prompt_role="user",
    regex_scripts=({"scriptName": "Hide", "findRegex": "/a/", "placement": [2]},),
    custom_fields=(CustomField("Lamp", "Brass."), CustomField("Keywords", "lamp", silent=True)),
    age_restricted=True,
)
BOOK = Lorebook((LoreEntry(keys=("lamp",), content="It burns."),), format="character_book_v2")


@pytest.mark.parametrize("version", CardVersion)
def test_a_character_that_was_no_card_becomes_one_with_nothing_lost(version: CardVersion) -> None:
    source = b'{"username": "mira", "id": 12345678901234567890.50}'
    came_from = Base("shapes_config", source, Character("Old"))
    out = card(version, WHOLE, book=BOOK, base=came_from, now=NOW)
    found = read(out)
    assert (character(found), found.warnings) == (WHOLE, ())
    lore = book(found)
    assert lore is not None
    assert lore.entries == BOOK.entries
    assert b'"id": 12345678901234567890.50' in out
    assert {"data.extensions.tzurot.source"} <= {aside.path for aside in found.kept_aside}


@pytest.mark.parametrize("source", [b"plain words", b"[" * 62 + b"]" * 62])
def test_a_source_that_fits_into_no_card_as_json_goes_in_as_text(source: bytes) -> None:
    out = card(CardVersion.V3, WHOLE, book=None, base=Base("x", source, WHOLE), now=NOW)
    inside = data(out)["extensions"]["tzurot"]["source"]
    assert inside == {"format": "x", "document": source.decode()}
    assert character(read(out)) == WHOLE


@pytest.mark.parametrize("version", CardVersion)
def test_a_character_of_our_own_needs_no_source(version: CardVersion) -> None:
    out = card(version, Character("Mira"), book=None, base=None, now=NOW)
    found = read(out)
    assert (character(found), found.warnings) == (Character("Mira"), ())
    assert found.format == version.spec
    assert data(out)["extensions"] == {}


def test_a_field_of_our_own_leaves_with_its_value() -> None:
    found = read(text(v2(extensions={"tzurot": {"tone": "dry"}, "fav": True})))
    assert data(written(found, CardVersion.V2, tone=""))["extensions"] == {"fav": True}


def test_custom_fields_are_written_into_a_card_and_leave_it_again() -> None:
    source = text(v2(extensions={"tzurot": {"tone": "dry", "x": 1}, "fav": True}))
    found = read(source)
    fields = (CustomField("Lamp", "Brass."), CustomField("Keywords", "lamp", silent=True))
    changed = read(written(found, CardVersion.V2, custom_fields=fields, age_restricted=True))
    assert data(changed.document)["extensions"]["tzurot"] == {
        "tone": "dry",
        "x": 1,
        "custom_fields": [
            {"name": "Lamp", "text": "Brass."},
            {"name": "Keywords", "text": "lamp", "silent": True},
        ],
        "age_restricted": True,
    }
    assert said(changed) == replace(said(found), custom_fields=fields, age_restricted=True)
    places = {it.source: it.destination for it in changed.fields}
    assert places["data.extensions.tzurot.custom_fields"] == "custom_fields"
    assert places["data.extensions.tzurot.age_restricted"] == "age_restricted"
    undone = written(changed, CardVersion.V2, custom_fields=(), age_restricted=False)
    assert data(undone) == data(found.document)


def test_a_card_that_says_nothing_of_adults_stays_as_it_is_for_a_character_for_all() -> None:
    found = read(text(v2()))
    assert character(found).age_restricted is None
    assert written(found, CardVersion.V2, age_restricted=False) == found.document


def test_nonsense_in_our_own_fields_of_a_card_stays_in_it() -> None:
    mine = {"custom_fields": [7, {"name": "a", "text": "A"}, {"name": "A"}], "age_restricted": "x"}
    found = read(text(v2(extensions={"tzurot": mine})))
    assert character(found).custom_fields == (CustomField("a", "A"),)
    assert character(found).age_restricted is None
    at = "data.extensions.tzurot."
    assert [(it.path.removeprefix(at), it.reason) for it in found.kept_aside] == [
        ("custom_fields[0]", "It is no object."),
        ("custom_fields[2]", "Another one has the same name."),
        ("age_restricted", "It is neither true nor false."),
    ]
    assert written(found, CardVersion.V2) == found.document
