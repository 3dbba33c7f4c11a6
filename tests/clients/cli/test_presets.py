"""Presets on the command line, with a real server."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.clients.cli.people import Person
from tests.conftest import Served
from tests.wallet.presets.presetting import published
from tests.wallet.presets.test_files import SILLYTAVERN
from tests.wallet.spending import character, said


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("ada")[0], tmp_path)


def given(preset: dict[str, Any]) -> dict[str, Any]:
    """What it sets."""
    return {name: it for name, it in preset["parameters"].items() if it not in (None, [], {})}


SETTING = ("--set", "temperature=0", "--set", "stop=END|\\n\\n", "--set", "logit_bias=50256:-100")


async def test_a_preset_is_made_shown_changed_cloned_and_deleted(ada: Person) -> None:
    made = (await ada.document("preset", "create", "Warm", *SETTING, "--off", "top_k"))["preset"]
    assert given(made) == {
        "temperature": 0.0,
        "stop": ["END", "\n\n"],
        "logit_bias": {"50256": -100.0},
        "off": ["top_k"],
    }
    shown = (await ada.run("preset", "show", "warm")).out
    assert "logit_bias=50256:-100, stop=END|\\n\\n, temperature=0, top_k=off" in shown
    edited = ("--set", "top_k=40", "--unset", "stop", "--off", "logit_bias", "--model", "m")
    changed = (await ada.document("preset", "edit", "Warm", *edited))["preset"]
    assert given(changed) == {"temperature": 0.0, "top_k": 40, "off": ["logit_bias"]}
    assert (changed["model"], changed["name"]) == ("m", "Warm")
    ended = await ada.run("preset", "clone", "Warm")
    assert ended.out.splitlines()[0].split() == ["preset", "Warm", "2"]
    rows = [line.split()[:3] for line in (await ada.run("preset", "list")).out.splitlines()]
    assert ["Warm", "2", "m"] in rows
    assert (await ada.run("preset", "delete", "Warm 2")).out == "Warm 2 is deleted.\n"
    listed = (await ada.document("preset", "list"))["presets"]
    assert [it["name"] for it in listed if it.get("owned")] == ["Warm"]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("create", "Warm", "--set", "warmth=1"), "There is no parameter `warmth`"),
        (("create", "Warm", "--set", "top_k=some"), "`top_k` can't be some."),
        (("create", "Warm", "--set", "top_p=2"), "preset.parameters.top_p: must be"),
        (("show", "Cold"), "There is no preset called Cold"),
        (("default",), "Name a preset, or take a decision back with --unset."),
        (("edit", "Cold"), "There is no preset called Cold"),
    ],
)
async def test_what_is_wrong_is_said(command: tuple[str, ...], sentence: str, ada: Person) -> None:
    ended = await ada.run("preset", *command)
    assert ended.code != 0
    assert sentence in ended.err


async def test_a_preset_counts_where_it_is_chosen_and_the_trace_says_so(ada: Person) -> None:
    lilith = await character(ada.client)
    await ada.run("preset", "create", "Warm", "--set", "temperature=0.25")
    ended = await ada.run("preset", "default", "Warm")
    assert ended.out == "preset is Warm (by: you).\n"
    ada.served.provider.reset()
    await said(ada.client, "Hi.", lilith)
    assert ada.served.provider.requests[-1].body["temperature"] == 0.25
    explained = (await ada.run("setting", "explain", "preset")).out
    assert "Warm" in explained
    ended = await ada.run("preset", "default", "off", "--personality", lilith)
    assert ended.out == "preset is off (by: you with it).\n"
    await said(ada.client, "Hi.", lilith)
    assert "temperature" not in ada.served.provider.requests[-1].body
    await ada.run("preset", "default", "--unset", "--personality", lilith)
    await said(ada.client, "Hi.", lilith)
    traced = (await ada.run("turn", "inspect", "last")).out
    assert "preset Warm\n  temperature: 0.25\n" in traced
    await ada.run("preset", "delete", "Warm")
    explained = (await ada.run("setting", "explain", "preset")).out
    assert "gone, or not yours" in explained


async def test_what_is_everybodys_is_listed_and_ones_own_of_that_name_goes_first(
    ada: Person, served: Served
) -> None:
    (keeper,) = served.people("keeper")
    name = f"House {uuid4().hex[:8]}"
    shared = await published(keeper, name=name, parameters={"top_k": 4})
    assert f"{name}" in (await ada.run("preset", "list")).out
    assert (await ada.document("preset", "show", name))["preset"]["id"] == shared.id
    own = (await ada.document("preset", "create", name))["preset"]
    assert (await ada.document("preset", "show", name))["preset"]["id"] == own["id"]
    assert (await ada.document("preset", "publish", name))["preset"]["published"] is True
    private = await ada.document("preset", "publish", name, "--private")
    assert not private["preset"].get("published")
    person = Person(served, keeper, ada.home)
    assert (await person.run("preset", "delete", name)).code == 0


async def test_files_come_in_with_what_has_no_counterpart_and_go_out(ada: Person) -> None:
    theirs = ada.home / "Cosy.json"
    theirs.write_text(json.dumps(SILLYTAVERN))
    ended = await ada.run("preset", "import", str(theirs), "--preview")
    assert "left out: prompts: prompts are the character's here" in ended.out
    listed = (await ada.document("preset", "list"))["presets"]
    assert not any(it.get("owned") for it in listed)
    ended = await ada.run("preset", "import", str(theirs))
    assert ended.out.splitlines()[0].split() == ["preset", "Cosy"]
    out = ada.home / "out.json"
    ended = await ada.run("preset", "export", "cosy", "--output", str(out))
    assert ended.out == f"{out} is written.\n"
    again = await ada.document("preset", "import", str(out), "--name", "Cosy too")
    assert again["preset"]["name"] == "Cosy too"
    assert given(again["preset"])["temperature"] == 0.85
    ended = await ada.run("preset", "import", str(ada.home / "none.json"))
    assert "can't be read" in ended.err
