"""Tupperbox's export, both generations, and what only looks like it."""

import json

import pytest

from tzurot.formats import personas
from tzurot.formats.found import Face, Found, Kind, ProxyTag
from tzurot.formats.unreadable import Problem, Unreadable

OLD = {
    "id": 49492335,
    "user_id": "246813579",
    "name": "Mira",
    "position": 0,
    "avatar_url": "https://example.invalid/mira.png",
    "brackets": ["m:", "", "[", "]"],
    "posts": 3,
    "show_brackets": True,
    "birthday": "2000-02-29T00:00:00.000Z",
    "description": "Keeps the lamp.",
    "tag": None,
    "group_id": None,
    "group_pos": None,
    "created_at": "2021-12-21T00:00:00.000Z",
    "nick": "Mi",
}
NEW = {
    "id": 7,
    "name": "𝓚𝓪𝓮𝓵 {sea}",
    "avatar": "a1b2",
    "avatar_url": "",
    "banner": None,
    "brackets": [],
    "show_brackets": False,
    "last_used": "2024-05-01T00:00:00.000Z",
    "group_id": 1,
}


def export(*tuppers: object, groups: object = ()) -> Found:
    data = json.dumps({"tuppers": tuppers, "groups": groups}).encode()
    read = personas.read(data, json.loads(data))
    assert read is not None
    return read


def face(**more: object) -> Face:
    (only,) = export({**OLD, **more}).personas
    return only


@pytest.mark.parametrize(
    ("tupper", "shown_as"),
    [
        ({"nick": None}, "Mira"),
        ({"nick": "Mi"}, "Mi"),
        ({"nick": None, "tag": "★"}, "Mira ★"),
        ({"nick": "Mi", "tag": "★", "group_id": 1}, "Mi ★ | Coast"),
        ({"nick": None, "group_id": 2}, "Mira"),
    ],
)
def test_it_is_known_by_what_tupperbox_shows(tupper: dict[str, object], shown_as: str) -> None:
    read = export({**OLD, **tupper}, groups=[{"id": 1, "name": "Coast", "tag": "| Coast"}, {}])
    assert read.personas[0].shown_as == shown_as


def test_both_generations_are_read_whole() -> None:
    read = export(OLD, NEW, groups=[{"id": 1, "name": "Coast"}])
    mira, kael = read.personas
    assert (mira.name, mira.display_name, mira.description) == ("Mira", "Mi", "Keeps the lamp.")
    assert mira.proxy_tags == (ProxyTag("m:", ""), ProxyTag("[", "]"))
    assert (mira.birthday, mira.keep_proxy, mira.private) == ("02-29", True, True)
    assert (mira.origin, kael.origin) == ("tupperbox:49492335", "tupperbox:7")
    assert (kael.name, kael.avatar_url, kael.proxy_tags) == ("𝓚𝓪𝓮𝓵 {sea}", "", ())
    assert read.kind is Kind.TUPPERBOX
    assert read.details == {
        "tuppers": 2,
        "importable": 2,
        "rejected_rows": [],
        "bracket_pairs": 2,
        "without_avatar": 1,
        "groups": 1,
    }
    assert {"groups", "tuppers.*.group_id", "tuppers.*.avatar"} <= {a.path for a in read.kept_aside}


def test_the_account_is_dropped() -> None:
    read = export(OLD)
    assert [each.path for each in read.dropped] == ["tuppers.*.user_id"]
    assert b"246813579" not in read.document + read.personas[0].source
    assert b"created_at" in read.document
    assert export(NEW).dropped == ()


@pytest.mark.parametrize(
    ("brackets", "tags", "warnings"),
    [
        ([], (), 0),
        (["m:", ""], (ProxyTag("m:"),), 0),
        (["", "-m"], (ProxyTag("", "-m"),), 0),
        (["m:"], (), 1),  # odd
        (["m:", "", "["], (), 1),
        (["", "", "m:", ""], (ProxyTag("m:"),), 1),
        (None, (), 0),
    ],
)
def test_brackets_are_pairs(brackets: object, tags: tuple[ProxyTag, ...], warnings: int) -> None:
    read = export({**OLD, "brackets": brackets})
    assert (read.personas[0].proxy_tags, len(read.warnings)) == (tags, warnings)


def test_years_are_made_up() -> None:
    assert face(birthday="1970-07-14T00:00:00.000Z").birthday == "07-14"
    assert face(birthday="soon").birthday == ""


def test_a_bad_row_is_reported_without_its_name_and_the_others_go_on() -> None:
    read = export({"id": 5, "name": ""}, 7, {**OLD, "brackets": ["x"]}, NEW)
    assert len(read.personas) == 2
    assert read.details["rejected_rows"] == [0, 1]
    assert "Tupper 1 (id 5) has no name: left out." in read.warnings
    assert not any("Mira" in said for said in read.warnings)


@pytest.mark.parametrize(
    "value",
    [
        [{"uid": "1", "name": "Mira", "prefix": "m:", "avatar": ""}],
        {"tuppers": [{"name": "Mira", "prefix": "m:"}]},
    ],
)
def test_lists_of_other_bots_are_refused_with_a_hint(value: object) -> None:
    with pytest.raises(Unreadable, match="brackets") as refused:
        personas.read(b"", value)
    assert refused.value.problem is Problem.NOT_SUPPORTED


@pytest.mark.parametrize("value", [{"tuppers": "no"}, [{"name": "a"}], [], {}, "text"])
def test_something_else_is_left_to_other_readers(value: object) -> None:
    assert personas.read(b"", value) is None
