import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.formats import caps, documents, tzurot
from tzurot.formats.found import Aside, Character, Container, CustomField, Found, Kind
from tzurot.formats.unreadable import Problem, Unreadable

PNG = b"\x89PNG\r\n\x1a\n and so on"


def marta(**changes: object) -> dict[str, object]:
    """What `/character export` of Tzurot v2 wrote; an empty text means "clear this"."""
    return {
        "name": "Marta",
        "slug": "marta-lamp",
        "displayName": "Marta of the Lamp",
        "isPublic": True,
        "definitionPublic": False,
        "characterInfo": "Keeps the light.",
        "personalityTraits": "patient",
        "personalityTone": "calm",
        "personalityAge": "61",
        "personalityAppearance": "grey coat",
        "personalityLikes": "gulls",
        "personalityDislikes": "",
        "conversationalGoals": "a quiet winter",
        "conversationalExamples": "{{user}}: Storm?",
        "errorMessage": "the lamp flickers",
        "customFields": {"birthday": "02-29", "initialMessage": "Who is there?", "keywords": ["l"]},
        "tags": ["sci-fi", "keeper"],
    } | changes


def read(**changes: object) -> Found:
    data = documents.dumps(marta(**changes))
    result = tzurot.read_v2(data, documents.loads(data))
    assert result is not None
    return result


def character(**changes: object) -> Character:
    result = read(**changes).character
    assert result is not None
    return result


def test_an_export_of_version_2_becomes_a_character():
    result = read()
    assert (result.kind, result.format, result.container) == (
        Kind.TZUROT_CHARACTER,
        "tzurot_v2",
        Container.JSON,
    )
    assert result.character == Character(
        name="Marta",
        nickname="Marta of the Lamp",
        description="Keeps the light.",
        traits="patient",
        tone="calm",
        age="61",
        appearance="grey coat",
        likes="gulls",
        goals="a quiet winter",
        example_dialogues="{{user}}: Storm?",
        error_message="the lamp flickers",
        greeting="Who is there?",
        birthday="02-29",
        tags=("sci-fi", "keeper"),
        slug="marta-lamp",
        origin="tzurot:marta-lamp",
        custom_fields=(CustomField("Keywords", "l", silent=True),),
    )
    assert result.details == {"slug": "marta-lamp", "errors_in": []}
    assert result.warnings == ()
    assert documents.loads(result.document) == documents.loads(documents.dumps(marta()))


def test_what_has_no_place_is_kept_aside_with_a_reason():
    result = read(voiceReferenceData="data:audio/wav;base64,AAAA")
    assert result.kept_aside == (
        Aside("isPublic", "imported characters are private until you share them"),
        Aside("voiceReferenceData", "characters have no voice here"),
    )


def test_what_it_was_asked_to_keep_becomes_custom_fields():
    kept = {
        "searchDescription": "A keeper.",
        "favoriteReacts": ["a", "b"],
        "wackMessage": "",
        "shapesId": "3f0c2a9e",
        "Favorite  color": "blue",
        "favorite color": "red",
        "shoes": 43,
        "odd": {"a": 1},
    }
    result = read(customFields=kept)
    assert result.character is not None
    assert result.character.creator_notes == "A keeper."
    assert result.character.custom_fields == (
        CustomField("Favorite reactions", "a, b", silent=True),
        CustomField("Favorite color", "blue"),
        CustomField("shoes", "43"),
    )
    told = {it.source: it.note for it in result.fields if it.destination == "custom_fields"}
    assert told == {
        "customFields.favoriteReacts": "as `Favorite reactions`, not told to the model",
        "customFields.Favorite  color": "as `Favorite color`",
        "customFields.shoes": "as `shoes`",
    }
    asides = {it.path: it.reason for it in result.kept_aside}
    assert asides["customFields.favorite color"] == "another one has the same name"
    assert asides["customFields.odd"] == "not a text that can be told"
    assert asides["customFields.shapesId"] == "what the shape was called by its platform"


def test_every_field_with_a_value_is_told_of_exactly_once():
    result = read(future=1)
    told = [it.source for it in result.fields] + [it.path for it in result.kept_aside]
    custom = {f"customFields.{name}" for name in ("birthday", "initialMessage", "keywords")}
    filled = {name for name, value in marta(future=1).items() if value} - {"customFields"}
    assert sorted(told) == sorted(filled | custom)


def test_a_shown_name_that_is_the_name_is_no_nickname():
    assert character(displayName="Marta").nickname == ""
    assert character(displayName="").nickname == ""


def test_a_history_that_came_from_shapes_moves_on():
    assert character(customFields={"personalityHistory": "Since 1871."}).history == "Since 1871."


@pytest.mark.parametrize("tags", [["sci-fi", "keeper"], "sci-fi, keeper", "sci-fi,keeper,"])
def test_tags_are_a_list_or_a_comma_text(tags: object):
    assert character(tags=tags).tags == ("sci-fi", "keeper")


@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,"])
def test_a_picture_in_base64_is_the_avatar(prefix: str):
    assert character(avatarData=prefix + base64.b64encode(PNG).decode()).avatar == PNG


def test_a_picture_that_is_none_is_a_warning():
    result = read(avatarData="not base64!")
    assert result.character is not None
    assert result.character.avatar is None
    assert "avatarData" in result.warnings[0]
    assert "avatarData" in {it.path for it in result.kept_aside}


def test_a_picture_larger_than_may_be_is_a_warning(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(caps, "PICTURE", 8)
    result = read(avatarData=base64.b64encode(PNG).decode())
    assert result.character is not None
    assert result.character.avatar is None
    assert "larger" in result.warnings[0]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"slug": ""}, ["slug"]),
        ({"slug": "No Slug"}, ["slug"]),
        ({"characterInfo": None}, ["characterInfo"]),
        ({"personalityTraits": "  "}, ["personalityTraits"]),
        ({"personalityTone": 7}, ["personalityTone"]),
        ({"characterInfo": "", "slug": None}, ["slug", "characterInfo"]),
        ({"characterInfo": "a" * 4001}, []),
    ],
)
def test_what_version_2_would_refuse_is_a_warning_here(
    changes: dict[str, object], errors: list[str]
):
    result = read(**changes)
    assert result.details["errors_in"] == errors
    assert len(result.warnings) == len(errors)


@pytest.mark.parametrize("name", ["", "  ", None])
def test_a_blank_name_is_refused(name: object):
    with pytest.raises(Unreadable) as refused:
        read(name=name)
    assert refused.value.problem is Problem.BLANK_NAME


@pytest.mark.parametrize("birthday", ["02-30", "soon", 314, {"month": 3}])
def test_a_birthday_that_is_no_date_is_kept_aside(birthday: object):
    result = read(customFields={"birthday": birthday})
    assert result.character is not None
    assert result.character.birthday == ""
    assert "customFields.birthday" in {it.path for it in result.kept_aside}
    assert len(result.warnings) == 1


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*marta(), "avatarData"]), _JSON))
def test_any_value_of_a_field_is_read_or_refused_with_a_sentence(changes: dict[str, object]):
    try:
        result = read(**changes)
    except Unreadable as refused:
        assert refused.sentence
    else:
        assert result.name.strip()
