import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.formats import caps, documents, tzurot
from tzurot.formats.found import (
    Asset,
    Character,
    CustomField,
    Document,
    Found,
    Kind,
    Lorebook,
    LoreEntry,
)
from tzurot.formats.tzurot import Export
from tzurot.formats.unreadable import Problem, Unreadable

MARTA = Character(
    name="Márta 雪",
    nickname="Marta",
    description="{{char}} keeps the light.\n",
    greeting="Who is there?",
    alternate_greetings=("", "Come in."),
    group_greetings=("You all?",),
    tags=("sea", "keeper"),
    birthday="02-29",
    depth_prompt="It is cold.",
    depth_prompt_depth=0,
    depth_prompt_role="assistant",
    regex_scripts=({"scriptName": "Hide", "findRegex": "/a/", "placement": [2], "x": [1.5, None]},),
    custom_fields=(
        CustomField("Favorite lamp", "{{char}}'s first.\n"),
        CustomField("Wack message", "", silent=True),
    ),
    age_restricted=True,
    slug="marta-lamp",
    origin="shapes:x",
    avatar=b"\x89PNG\r\n\x1a\n\0\xff",
    avatar_url="https://a.example/m.png",
)
BOOK = Lorebook(
    entries=(
        LoreEntry(keys=("lamp",), content="@@depth 4\nLit in 1871.", name="lamp", priority=3),
        LoreEntry(keys=("fog",), content="Grey.", enabled=False, secondary_keys=("sea",)),
    ),
    name="Island",
    scan_depth=4,
    format="st_world_info",
    document=b'{"entries": {"0": {"key": ["lamp"], "content": "Lit.", "odd": 0.10}}}',
)
STORY = Document(
    text="<p>Lit.</p>",
    title="The lamp",
    kind="general",
    origin="c3",
    url="https://a.example",
    create_time=datetime(2024, 5, 26, 5, 36, 31, 500000, tzinfo=UTC),
)
SOURCE = b'{"spec": "chara_card_v2", "data": {"name": "M", "x": 1.10, "n": 123456789012345678901}}'


def read(data: bytes) -> Found:
    result = tzurot.read_own(data, documents.loads(data))
    assert result is not None
    return result


def test_what_is_written_is_read_back_without_a_loss():
    data = tzurot.write(Export(MARTA, (BOOK,), (STORY, Document("plain")), "chara_card_v2", SOURCE))
    result = read(data)
    assert (result.kind, result.format) == (Kind.TZUROT_CHARACTER, "tzurot_character_v1")
    assert result.character == MARTA
    assert result.documents == (STORY, Document("plain"))
    (book,) = result.lorebooks
    assert book.entries == BOOK.entries
    assert (book.name, book.scan_depth, book.format) == ("Island", 4, "st_world_info")
    assert documents.loads(book.document) == documents.loads(BOOK.document)
    assert documents.loads(result.document) == documents.loads(SOURCE)
    assert b"1.10" in result.document
    assert result.details == {"slug": "marta-lamp", "source_format": "chara_card_v2"}


def test_a_second_writing_is_the_same():
    data = tzurot.write(Export(MARTA, (BOOK,), (STORY,), "chara_card_v2", SOURCE))
    result = read(data)
    assert result.character is not None
    again = Export(
        result.character, result.lorebooks, result.documents, "chara_card_v2", result.document
    )
    assert tzurot.write(again) == data


def test_a_source_as_deep_as_may_be_comes_back():
    source = b"[" * caps.JSON_DEPTH + b"1.10" + b"]" * caps.JSON_DEPTH
    book = Lorebook(entries=(), format="x", document=source)
    result = read(tzurot.write(Export(MARTA, (book,), source_format="x", source_document=source)))
    assert result.document == source
    assert result.lorebooks[0].document == source


def test_a_file_from_before_there_were_notes_and_scripts_is_read():
    told = json.loads(tzurot.write(Export(Character(name="Marta"))))
    later = ("depth_prompt", "depth_prompt_depth", "depth_prompt_role", "regex_scripts")
    for name in (*later, "custom_fields", "age_restricted"):
        del told["character"][name]
    result = read(json.dumps(told).encode())
    assert result.character == Character(name="Marta")
    assert [it.destination for it in result.fields] == ["name"]


def test_nonsense_in_notes_and_scripts_is_not_set_and_scripts_that_do_nothing_are_named():
    told = json.loads(tzurot.write(Export(Character(name="Marta"))))
    look = {"scriptName": "Bar", "findRegex": "a", "placement": [2], "markdownOnly": True}
    told["character"] |= {"depth_prompt_depth": "x", "depth_prompt_role": 9}
    told["character"]["regex_scripts"] = [1, look]
    result = read(json.dumps(told).encode())
    assert result.character == Character(name="Marta", regex_scripts=(look,))
    assert result.warnings == (
        "The regex script `Bar` won't run here: it changes only how messages look.",
    )


def test_custom_fields_that_can_not_be_kept_are_named():
    told = json.loads(tzurot.write(Export(Character(name="Marta"))))
    rows: list[object] = [{"name": " a\n b ", "text": "1", "silent": True}, {"name": "A B"}, 7, {}]
    told["character"]["custom_fields"] = [*rows, {"name": "x" * 101}]
    result = read(json.dumps(told).encode())
    custom = (CustomField("a b", "1", silent=True),)
    assert result.character == Character(name="Marta", custom_fields=custom)
    assert result.warnings == (
        "Custom field 2 is left out: another one has the same name.",
        "Custom field 3 is left out: it is no object.",
        "Custom field 4 is left out: it has no name.",
        "Custom field 5 is left out: its name has more than 100 characters.",
    )


def test_there_are_at_most_fifty_custom_fields():
    told = json.loads(tzurot.write(Export(Character(name="Marta"))))
    told["character"]["custom_fields"] = [{"name": str(number)} for number in range(51)]
    result = read(json.dumps(told).encode())
    assert result.character is not None
    assert len(result.character.custom_fields) == 50
    assert result.warnings == ("Custom field 51 is left out: there can be 50 custom fields.",)


@pytest.mark.parametrize(
    ("said", "restricted"), [(True, True), (False, False), (None, None), ("", None), ("true", True)]
)
def test_a_file_says_whether_a_character_is_for_adults_or_says_nothing(
    said: object, restricted: bool | None
):
    told = json.loads(tzurot.write(Export(Character(name="Marta"))))
    told["character"]["age_restricted"] = said
    result = read(json.dumps(told).encode())
    assert result.character is not None
    assert result.character.age_restricted is restricted


def test_a_character_alone_has_no_source():
    data = tzurot.write(Export(Character(name="Marta")))
    told = json.loads(data)
    assert (told["source"], told["avatar"], told["lorebooks"]) == (None, None, [])
    result = read(data)
    assert result.character == Character(name="Marta")
    assert result.document == b""


def test_assets_stay_in_the_source():
    character = Character(name="Marta", assets=(Asset("icon", "main", "png", "embeded://a"),))
    assert read(tzurot.write(Export(character))).character == Character(name="Marta")


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


_NAME = _TEXT.map(lambda text: " ".join(text.split())).filter(bool)


@given(
    st.builds(
        Character,
        name=_TEXT.filter(str.strip),
        description=_TEXT,
        history=_TEXT,
        slug=_TEXT,
        tags=st.lists(_TEXT, max_size=3).map(tuple),
        alternate_greetings=st.lists(_TEXT, max_size=3).map(tuple),
        custom_fields=st.lists(
            st.builds(CustomField, _NAME, _TEXT, st.booleans()),
            max_size=3,
            unique_by=lambda field: field.name.casefold(),
        ).map(tuple),
        age_restricted=st.sampled_from([None, False, True]),
        avatar=st.none() | st.binary(min_size=1, max_size=40),
    ),
    st.lists(st.builds(Document, text=_TEXT, title=_TEXT, url=_TEXT), max_size=3),
)
def test_any_character_comes_back(character: Character, stories: list[Document]):
    result = read(tzurot.write(Export(character, documents=tuple(stories))))
    assert result.character == character
    assert result.documents == tuple(stories)


@pytest.mark.parametrize("version", [2, "1", None])
def test_another_version_is_refused_and_named(version: object):
    told = json.loads(tzurot.write(Export(MARTA))) | {"version": version}
    with pytest.raises(Unreadable, match="version") as refused:
        read(json.dumps(told).encode())
    assert refused.value.problem is Problem.NOT_SUPPORTED


def test_a_file_without_a_name_is_refused():
    told = json.loads(tzurot.write(Export(MARTA))) | {"character": {}}
    with pytest.raises(Unreadable) as refused:
        read(json.dumps(told).encode())
    assert refused.value.problem is Problem.BLANK_NAME


def test_a_text_longer_than_what_can_be_kept_is_refused():
    data = tzurot.write(Export(Character(name="M", history="a" * (caps.TEXT + 1))))
    with pytest.raises(Unreadable, match="`history`") as refused:
        read(data)
    assert refused.value.problem is Problem.TOO_LARGE


@pytest.mark.parametrize("value", [None, [], {}, {"format": "other"}, {"name": "Marta"}, 7])
def test_what_is_of_something_else_is_nothing(value: object):
    assert tzurot.read_own(b"", value) is None
    assert tzurot.read_v2(b"", value) is None
