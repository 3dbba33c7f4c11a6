"""Personas out of SillyTavern's settings, and nothing else of them."""

import json
from typing import Any

import pytest

from tzurot.formats import caps, detection
from tzurot.formats.found import Found, Kind
from tzurot.formats.unreadable import Problem, Unreadable

KEY = "https://proxy.invalid/secret"


def settings(personas: Any, descriptions: Any = None, **more: Any) -> bytes:
    user = {"personas": personas, "persona_descriptions": descriptions, **more}
    others = {"username": "User", "main_api": "openai", "oai_settings": {"reverse_proxy": KEY}}
    return json.dumps({**others, "power_user": user}).encode()


def read(*args: Any, **more: Any) -> Found:
    return detection.read(settings(*args, **more))


def test_a_persona_has_the_name_and_description_of_its_avatar() -> None:
    found = read(
        {"a.png": "Mira", "b.png": "Kael", "c.png": "Io"},
        {"a.png": {"description": "A diver.", "position": 0}, "b.png": "A baker."},
        default_persona="b.png",
    )
    assert found.kind is Kind.SILLYTAVERN_SETTINGS
    told = [(face.name, face.description, face.origin) for face in found.personas]
    assert told == [
        ("Mira", "A diver.", "sillytavern:a.png"),
        ("Kael", "A baker.", "sillytavern:b.png"),
        ("Io", "", "sillytavern:c.png"),
    ]
    assert found.details == {"personas": 3, "importable": 3, "default_persona": "Kael"}
    assert all(face.private for face in found.personas)


def test_nothing_else_of_the_settings_is_kept() -> None:
    found = read({"a.png": "Mira"}, {"a.png": {"description": "", "lorebook": "Harbor"}})
    assert KEY not in repr(found)
    assert found.document == b""
    assert [aside.path for aside in found.kept_aside] == [
        "power_user.persona_descriptions.*.lorebook"
    ]
    assert [aside.path for aside in found.dropped] == ["*"]


@pytest.mark.parametrize("name", ["", "  ", None, {}, ["Mira"]])
def test_a_persona_without_a_name_is_left_out_and_told(name: Any) -> None:
    found = read({"a.png": name, "b.png": "Kael"})
    assert [face.name for face in found.personas] == ["Kael"]
    assert found.warnings == ("Personas without a name, left out: 1.",)


def test_settings_without_personas_are_no_error() -> None:
    found = read({})
    assert (found.personas, found.fields) == ((), ())
    assert found.warnings == ("There are no personas in these settings.",)


@pytest.mark.parametrize("odd", [None, 1, "x", [], {"a.png": None}, {"a.png": 3}])
def test_odd_descriptions_stop_nothing(odd: Any) -> None:
    (face,) = read({"a.png": "Mira"}, odd).personas
    assert face.name == "Mira"


def test_more_personas_than_are_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps, "ROWS", 2)
    with pytest.raises(Unreadable) as refused:
        read({"a.png": "A", "b.png": "B", "c.png": "C"})
    assert refused.value.problem is Problem.TOO_MANY
