import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.shapes.making import SECRETS, config, found, read
from tzurot.formats import caps, documents
from tzurot.formats.found import Character, CustomField, Kind
from tzurot.formats.shapes import placeholders
from tzurot.formats.unreadable import Problem, Unreadable


def test_a_config_becomes_a_character():
    assert found(config()).character == Character(
        name="Marta",
        system_prompt='{{char}} is brief with {{user}}. Format: {"mood": "calm"}',
        description="{{char}} keeps the light on a small island.",
        traits="patient, stubborn",
        tone="calm",
        age="61",
        appearance="grey coat\n\na scar on one hand",
        likes="gulls",
        dislikes="fog",
        history="She came with the 1871 lamp.",
        goals="keep {{user}} company\n\na quiet winter",
        example_dialogues="{{user}}: Storm?\n{{char}}: Soon.",
        greeting="*{{char}} lifts the lantern.* Who is there?",
        error_message="the lamp flickers",
        birthday="02-29",
        tags=("keeper", "sea"),
        creator_notes="A lighthouse keeper.",
        custom_fields=(
            CustomField("Catchphrases", "Mind the step."),
            CustomField("Keywords", "marta, lamp", silent=True),
            CustomField("Favorite reactions", "🕯️", silent=True),
            CustomField("Wack message", "where was I?", silent=True),
            CustomField("Sleep message", "text of sleep_message", silent=True),
            CustomField("Welcome message", "text of onboard_message", silent=True),
        ),
        slug="marta-lamp",
        origin="shapes:3f0c2a9e-6b1d-4c58-9a77-1d2e3f405162",
    )


def test_a_custom_field_says_where_it_came_from_and_what_becomes_of_it():
    told = {it.source: (it.destination, it.note) for it in found(config()).fields}
    assert told["keywords"] == ("custom_fields", "as `Keywords`, not told to the model")
    assert told["personality_catchphrases"] == ("custom_fields", "as `Catchphrases`")


def test_a_custom_field_that_is_no_text_or_too_long_is_kept_aside():
    result = found(config(keywords={"a": 1}, sleep_message="a" * (caps.TEXT + 1)))
    asides = {it.path: it.reason for it in result.kept_aside}
    assert asides["keywords"] == "not a text that can be told"
    assert asides["sleep_message"] == "it has more than 200,000 characters"
    assert result.character is not None
    assert "Keywords" not in {it.name for it in result.character.custom_fields}


def test_a_preview_tells_what_a_config_holds():
    result = found(config())
    assert result.kind is Kind.SHAPES_CONFIG
    assert result.name == "Marta"
    assert result.details == {
        "username": "marta-lamp",
        "keys": 240,
        "keys_with_value": sum(bool(value) for value in config().values()),
        "has_avatar_url": False,
        "engine_model": "lamp-labs/Beacon-8B",
        "keywords": 2,
        "birthday": "02-29",
        "initial_message": "*{shape} lifts the lantern.* Who is there?",
    }


def test_every_field_with_a_value_is_told_of_exactly_once():
    result = found(config())
    told = [it.source for it in result.fields]
    told += [it.path for it in (*result.kept_aside, *result.dropped)]
    sample = config()
    inner = sample.pop("shape_settings")
    assert isinstance(inner, dict)
    filled = {name for name, value in sample.items() if value}
    filled |= {f"shape_settings.{name}" for name, value in inner.items() if value}
    assert sorted(told) == sorted(filled)


def test_what_is_kept_aside_has_a_reason_that_is_known():
    asides = {it.path: it.reason for it in found(config(new_field=1)).kept_aside}
    assert asides.pop("new_field") == "not known here"
    unknown = {path for path, reason in asides.items() if reason == "not known here"}
    assert unknown == set()


def test_nothing_private_is_anywhere_in_what_was_found():
    result = found(config())
    for secret in SECRETS:
        assert secret in json.dumps(config())
        assert secret not in repr(result)
    assert {it.path for it in result.dropped} == {
        "user_id", "blocked_user_id", "fav_author_user_id", "ownership_history", "X-Account",
        "x_auth_url", "x_ignore_list", "auto_moderation_results", "app_info",
    }  # fmt: skip


@pytest.mark.parametrize(
    "private",
    [
        {"discord_bot_token": "SECRET"},
        {"bot": {"verifyKey": "SECRET"}},
        {"shape_settings": {"inner": [{"api_key": "SECRET"}]}},
        {"x_access_token": "SECRET"},
        {"x_debug_results_input": "SECRET"},
        {"session_id": "SECRET"},
        {"cookies": {"a": "SECRET"}},
        {"owner": {"name": "SECRET"}},
    ],
    ids=str,
)
def test_keys_and_owners_are_dropped_at_any_depth(private: dict[str, object]):
    result = found(config(**private))
    assert "SECRET" not in repr(result)
    assert len(result.dropped) == 10


def test_a_number_of_tokens_is_no_key():
    result = found(config(engine_max_tokens=400, discord_bot_token_exist=True))
    kept = documents.loads(result.document)
    assert isinstance(kept, dict)
    assert kept["engine_max_tokens"] == 400
    assert "discord_bot_token_exist" in {it.path for it in result.kept_aside}


def test_the_document_is_the_config_but_for_what_was_dropped():
    result = found(config(big=123456789012345678901234567890, small=0.1))
    kept = documents.loads(result.document)
    expected = documents.loads(documents.dumps(config(big=123456789012345678901234567890)))
    assert isinstance(kept, dict)
    assert isinstance(expected, dict)
    private = expected.keys() - kept.keys()
    assert {it.path for it in result.dropped} <= private
    assert str(kept.pop("small")) == "0.1"
    assert kept == {name: value for name, value in expected.items() if name not in private}


def test_a_document_read_again_gives_the_same_character():
    first = found(config())
    again = found(documents.loads(first.document))
    assert again.character == first.character
    assert again.dropped == ()


def test_the_model_does_not_move_and_is_named():
    assert "The model lamp-labs/Beacon-8B" in found(config()).warnings[0]
    assert found(config(engine_model=None)).warnings == ()


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        ({"deleted": True}, "was deleted"),
        ({"is_sensitive": True}, "marked is_sensitive"),
        ({"self_identified_sensitive": True, "is_high_risk": True}, "self_identified_sensitive, "),
        ({"birthday": "the third of May"}, "`birthday`"),
        ({"birthday": "2023-02-29"}, "`birthday`"),
        ({"user_prompt": {"text": "?"}}, "`user_prompt` isn't text"),
    ],
)
def test_what_needs_a_look_is_a_warning(change: dict[str, object], warning: str):
    result = found(config(**change))
    assert any(warning in told for told in result.warnings)
    assert set(change) <= {it.path for it in result.kept_aside}


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("03-14", "03-14"),
        ("3-4", "03-04"),
        ("1999-12-31", "1999-12-31"),
        ("2024-02-29", "2024-02-29"),
        ("1999-12-31T00:00:00Z", "1999-12-31"),
        ("02-30", ""),
        ("13-01", ""),
        ("0000-01-01", ""),
        (None, ""),
        (314, ""),
    ],
)
def test_birthdays(written: object, read_as: str):
    character = found(config(birthday=written)).character
    assert character is not None
    assert character.birthday == read_as


@pytest.mark.parametrize(
    ("names", "name", "slug"),
    [
        ({"name": "Marta", "username": "m"}, "Marta", "m"),
        ({"name": " ", "username": "marta-x1"}, "marta-x1", "marta-x1"),
        ({"name": None, "username": "marta-x1"}, "marta-x1", "marta-x1"),
        ({"name": "Marta", "username": ""}, "Marta", ""),
    ],
)
def test_a_shape_without_a_name_is_called_by_its_handle(
    names: dict[str, object], name: str, slug: str
):
    character = found(config(**names)).character
    assert character is not None
    assert (character.name, character.slug) == (name, slug)


def test_a_shape_with_neither_is_refused():
    with pytest.raises(Unreadable) as refused:
        read(config(name="", username=None))
    assert refused.value.problem is Problem.BLANK_NAME


def test_without_an_id_the_handle_tells_a_shape_from_others():
    character = found(config(id="")).character
    assert character is not None
    assert character.origin == "shapes:marta-lamp"


def test_a_config_whose_prompts_are_all_empty_is_refused():
    empty = {
        name: ""
        for name in config()
        if name.startswith("personality_") or name in ("jailbreak", "user_prompt")
    }
    with pytest.raises(Unreadable) as refused:
        read(config(**empty, shape_settings={}))
    assert refused.value.problem is Problem.NOTHING_INSIDE


def test_a_public_profile_is_a_preview_only():
    profile = {
        "id": "x1",
        "name": "Marta",
        "username": "marta-lamp",
        "search_description": "A keeper.",
        "search_tags_v2": ["sea"],
        "user_count": 12,
        "avatar_url": "https://files.example/a.png",
    }
    result = found(profile)
    assert result.kind is Kind.SHAPES_PROFILE
    assert result.details["preview_only"] is True
    assert "no prompts" in result.warnings[-1]
    assert result.character is not None
    assert result.character.avatar_url == "https://files.example/a.png"


@pytest.mark.parametrize(
    ("avatars", "url"),
    [
        ({"avatar": "https://a.example/1.png", "avatar_url": ""}, "https://a.example/1.png"),
        ({"avatar": "", "avatar_url": "https://a.example/2.png"}, "https://a.example/2.png"),
        ({"avatar": "avatar_1.png", "avatar_url": None}, ""),
        ({"avatar": "javascript:alert(1)", "avatar_url": "file:///etc/passwd"}, ""),
    ],
)
def test_an_avatar_is_an_address_on_the_web(avatars: dict[str, object], url: str):
    result = found(config(**avatars))
    assert result.character is not None
    assert result.character.avatar_url == url
    assert result.details["has_avatar_url"] is bool(url)


def test_a_text_longer_than_what_can_be_kept_is_refused_and_named():
    with pytest.raises(Unreadable, match="`user_prompt` has 200,001") as refused:
        read(config(user_prompt="a" * (caps.TEXT + 1)))
    assert refused.value.problem is Problem.TOO_LARGE


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("{user} and {shape}", "{{user}} and {{char}}"),
        ("{USER}{Shape}", "{{user}}{{char}}"),
        ("{{user}} {{char}}", "{{user}} {{char}}"),
        ('{"user": 1} {user: 2} {shape.name}', '{"user": 1} {user: 2} {shape.name}'),
        ("{{user} {user}}", "{{user} {user}}"),
        ("{ user } {users}", "{ user } {users}"),
        ("", ""),
    ],
)
def test_placeholders(theirs: str, ours: str):
    assert placeholders.convert(theirs) == ours


@given(st.text(alphabet="{}usershapeUSER \n"))
def test_converting_twice_is_converting_once(text: str):
    once = placeholders.convert(text)
    assert placeholders.convert(once) == once


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(config())), _JSON, max_size=12))
def test_any_config_is_read_or_refused_with_a_sentence(changes: dict[str, object]):
    try:
        result = read(config(**changes))
    except Unreadable as refused:
        assert refused.sentence
    else:
        assert result is not None
        assert result.character is not None
        assert result.character.name.strip()
