"""What macros come to: the vectors in data/, from the specification and from SillyTavern."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tzurot.personality.macros import names
from tzurot.personality.macros.running import Macros
from tzurot.personality.macros.stage import Spoken, Stage

DATA = Path(__file__).parent / "data"
CBS: list[dict[str, Any]] = json.loads((DATA / "cbs.json").read_text())
MORE: list[dict[str, Any]] = json.loads((DATA / "more.json").read_text())

STAGE = Stage(
    char="Marta",
    user="Ida",
    now=datetime(2026, 3, 4, 14, 5, tzinfo=timezone(timedelta(hours=1))),
    last_message_time=datetime(2026, 3, 4, 10, 5, tzinfo=UTC),
    messages=(
        Spoken("Hi."),
        Spoken("Hello {{user}}.", by_character=True),
        Spoken("Are you {{char}}?"),
    ),
    model="small-1",
    context_tokens=8192,
    seed="one",
    texts={
        "description": "{{char}} lights lamps.",
        "personality": "Kind to {{user}}.",
        "scenario": "Night. {{scenario}}",
        "persona": "A baker. {{setvar::p::1}}",
        "charversion": "2",
    },
    outlets={"lamps": "{{Lamps}} burn."},
)


@pytest.mark.parametrize("vector", CBS, ids=lambda it: it["text"] or "empty")
def test_the_specification_is_kept(vector: dict[str, Any]) -> None:
    stage = Stage(
        char=vector.get("nickname") or vector.get("name", ""), user=vector.get("user", "")
    )
    said = {
        Macros(stage).fill(
            vector["text"], slot=vector.get("slot", ""), original=vector.get("default_prompt")
        )
        for _ in range(20)
    }
    if vector.get("stable") or "expect" in vector or "expect_prompt" in vector:
        assert len(said) == 1
    if "int_range" in vector:
        low, high = vector["int_range"]
        assert all(low <= int(number) <= high for number in said)
    elif "one_of" in vector:
        assert said <= set(vector["one_of"])
    else:
        assert said == {vector.get("expect", vector.get("expect_prompt"))}


@pytest.mark.parametrize("vector", MORE, ids=lambda it: it["text"])
def test_macros_come_to_what_they_do_elsewhere(vector: dict[str, Any]) -> None:
    macros = Macros(STAGE, vector.get("variables", {}))
    if "scanned" in vector:
        assert macros.scanned(vector["text"]) == vector["scanned"]
    assert macros.fill(vector["text"], original=vector.get("original")) == vector["expect"]
    if "after" in vector:
        assert macros.variables == vector["after"]
    if "not_run" in vector:
        assert [row.macro for row in macros.not_run] == vector["not_run"]
    else:
        assert macros.not_run == []


def test_there_are_enough_vectors_and_each_says_why() -> None:
    assert len(MORE) >= 40
    assert all(vector["why"] for vector in MORE)


def test_the_page_in_the_docs_names_all_macros() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/macros.md").read_text().lower()
    not_run = [name for row in names.NOT_RUN.values() for name in row.split()]
    for name in (*names.ARGUMENTS, *names.ALIASES):
        assert any(f"{opening}{name}" in page for opening in ("{{", "`")), name
    for name in not_run:
        assert f"`{name}`" in page, name
