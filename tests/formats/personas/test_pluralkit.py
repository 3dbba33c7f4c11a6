"""PluralKit's export: members as personas, one by one, and nothing about them in remarks."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.formats import caps, personas
from tzurot.formats.found import Face, Found, Kind, ProxyTag
from tzurot.formats.unreadable import Problem, Unreadable

DATA = Path(__file__).parents[1] / "data" / "personas"
PUBLIC = {
    "visibility": "public",
    "name_privacy": "public",
    "description_privacy": "public",
    "birthday_privacy": "public",
    "pronoun_privacy": "public",
    "avatar_privacy": "public",
    "metadata_privacy": "private",
    "proxy_privacy": "public",
}


def system(*members: object, **more: object) -> Found:
    value = {"version": 2, "id": "abcde", "name": "Tide", "members": members, **more}
    data = json.dumps(value).encode()
    read = personas.read(data, json.loads(data))
    assert read is not None
    return read


def face(**member: object) -> Face:
    (only,) = system({"id": "mmmmm", "name": "Mira", **member}).personas
    return only


def test_a_version_1_export_is_read_whole() -> None:
    data = (DATA / "syn_pk_export_v1_legacy.json").read_bytes()
    read = personas.read(data, json.loads(data))
    assert read is not None
    assert (read.kind, read.spec_version, read.name) == (Kind.PLURALKIT, "1", "Old")
    told = ("members", "proxy_tags", "groups", "switches", "keep_proxy", "members_without_name")
    assert [read.details[name] for name in told] == [1, 1, 0, 1, 0, 0]
    (craig,) = read.personas
    assert (craig.name, craig.display_name, craig.pronouns, craig.birthday) == (
        "Craig Johnson",
        "Craig",
        "he/him or they/them",
        "1997-07-14",
    )
    assert (craig.proxy_tags, craig.origin) == ((ProxyTag("[", "]"),), "pluralkit:craig")
    assert [each.path for each in read.dropped] == ["accounts"]
    assert b"123456789012345678" not in read.document


@pytest.mark.parametrize(
    ("member", "tags"),
    [
        ({"proxy_tags": [{"prefix": "m:"}, {"suffix": "-m"}, {"prefix": "[", "suffix": "]"}]},
         (ProxyTag("m:"), ProxyTag("", "-m"), ProxyTag("[", "]"))),
        ({"proxy_tags": [{"prefix": None, "suffix": ""}]}, ()),
        ({"prefix": "m:", "suffix": None}, (ProxyTag("m:"),)),  # before there were several
        ({"prefix": "old:", "proxy_tags": []}, ()),
        ({"proxy_tags": None}, ()),
        ({}, ()),
    ],
)  # fmt: skip
def test_proxy_tags_of_every_age(member: dict[str, object], tags: tuple[ProxyTag, ...]) -> None:
    assert face(**member).proxy_tags == tags


@pytest.mark.parametrize(
    ("written", "birthday"),
    [
        ("1997-07-14", "1997-07-14"),
        ("0004-02-29", "02-29"),  # year 4: PluralKit's "no year"
        ("0001-12-24", "12-24"),
        ("1997-02-29", ""),  # no leap year
        ("July 14", ""),
        (None, ""),
    ],
)
def test_a_hidden_year_is_no_year(written: str | None, birthday: str) -> None:
    assert face(birthday=written).birthday == birthday


@pytest.mark.parametrize(
    ("member", "private"),
    [
        ({"privacy": PUBLIC}, False),
        ({"privacy": {**PUBLIC, "visibility": "private"}}, True),
        ({"privacy": {**PUBLIC, "description_privacy": "private"}}, True),
        ({"visibility": "public", "description_privacy": "public"}, False),  # flat, as it was
        ({"visibility": "public", "name_privacy": "private"}, True),
        ({"privacy": None}, True),  # nobody said that others may see it
        ({}, True),
    ],
)
def test_what_others_may_not_see_stays_private(member: dict[str, object], private: bool) -> None:
    assert face(**member).private is private


def test_a_bad_member_is_reported_without_its_name_and_the_others_go_on() -> None:
    read = system(
        {"id": "aaaaa"},
        {"id": "bbbbb", "name": "  "},
        "odd",
        {
            "id": "ccccc",
            "name": "Secret",
            "birthday": "never",
            "avatar_url": "javascript:alert(1)",
            "proxy_tags": [{}, 7, {"prefix": "p" * 96}],
            "description": "d" * 1001,
        },
        {"name": "Mira"},
    )
    assert [persona.name for persona in read.personas] == ["Secret", "Mira"]
    assert read.personas[0].avatar_url == ""
    assert len(read.personas[0].description) == 1001  # a limit of PluralKit, not of ours
    assert read.details["rejected_rows"] == [0, 1, 2]
    assert read.details["members_without_name"] == 2
    assert "Member 1 (id aaaaa) has no name: left out." in read.warnings
    assert len([said for said in read.warnings if "ccccc" in said]) == 6
    assert not any("Secret" in said or "Mira" in said for said in read.warnings)


def test_tags_may_have_99_characters_with_a_text_between() -> None:
    # 95 + "text" is 99; one more is too long for PluralKit.
    assert not system({"id": "a", "name": "A", "proxy_tags": [{"prefix": "p" * 95}]}).warnings
    assert system({"id": "a", "name": "A", "proxy_tags": [{"prefix": "p" * 96}]}).warnings


def test_what_is_no_persona_is_kept_aside_and_secrets_are_dropped() -> None:
    read = system(
        {"id": "mmmmm", "name": "Mira", "color": "ff0000", "webhook_avatar_url": None},
        groups=[{"id": "g"}],
        switches=[{"timestamp": "x", "members": []}],
        config={"case_sensitive_proxy_tags": False},
        webhook_url="https://example.invalid/secret",
    )
    aside = {each.path for each in read.kept_aside}
    assert {"groups", "switches", "config", "members.*.color"} <= aside
    assert "config.case_sensitive_proxy_tags" in aside
    assert "members.*.webhook_avatar_url" not in aside
    assert [each.path for each in read.dropped] == ["webhook_url"]
    assert b"secret" not in read.document
    assert json.loads(read.personas[0].source)["color"] == "ff0000"


@pytest.mark.parametrize(
    "value", [{"members": []}, {"id": "a", "members": []}, {"version": 2, "id": "a"}, [], None]
)
def test_something_else_is_left_to_other_readers(value: object) -> None:
    assert personas.read(b"", value) is None


def test_too_many_switches_are_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        system(switches=[0] * (caps.ROWS + 1))
    assert refused.value.problem is Problem.TOO_MANY


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "name", "proxy_tags", "privacy", "birthday", "prefix"]),
            st.none() | st.text() | st.integers() | st.lists(st.just({"prefix": 1}) | st.none()),
        )
    )
)
def test_no_member_breaks_the_reader(members: list[dict[str, object]]) -> None:
    read = system(*members)
    rejected = read.details["rejected_rows"]
    assert isinstance(rejected, list)
    assert len(read.personas) + len(rejected) == len(members)
