"""The vectors of `data`, read by the product's readers and judged."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.personality.lore.books import up, volumes
from tzurot.formats import documents, lorebooks
from tzurot.formats.found import Lorebook
from tzurot.personality.lore.judging import judge
from tzurot.personality.lore.scene import Heard, Scene, Timed
from tzurot.personality.lore.verdicts import Placement

DATA = Path(__file__).parent / "data"
PLACES = {"after_desc": "after_character", "before_desc": "before_character"}


def read(data: bytes) -> Lorebook:
    found = lorebooks.read(data, documents.loads(data))
    assert found
    return found.lorebooks[0]


def vectors(name: str) -> list[Any]:
    rows = json.loads((DATA / name).read_text("utf-8"))
    return [pytest.param(row, id=f"{row['id']}: {row['why']}") for row in rows]


def scene(row: dict[str, Any]) -> Scene:
    names = row.get("names", [""] * len(row["messages"]))
    heard = [
        Heard(message["text"], message["role"] == "assistant", name)
        for message, name in zip(row["messages"], names, strict=True)
    ]
    fields = {name: row[name] for name in Scene.__dataclass_fields__ if name in row}
    timings = {f"b0:{number}": Timed(**it) for number, it in row.get("timings", {}).items()}
    return Scene(**{**fields, "messages": heard, "timings": timings})


def check(row: dict[str, Any], book: Lorebook) -> None:
    judgement = judge(volumes(book), scene(row))
    assert up(judgement) == row["active"]
    assert [it.position for it in judgement.verdicts if it.left_out] == row.get("left_out", [])
    for number, wanted in row.get("placement", {}).items():
        placed = said(judgement.verdicts[int(number)].placement)
        assert placed | wanted == placed, number


def said(placement: Placement) -> dict[str, object]:
    return {name: getattr(placement, name) for name in ("where", "depth", "role", "outlet")}


@pytest.mark.parametrize("row", vectors("lorebook_activation.json"))
def test_the_vectors_of_the_specification(row: dict[str, Any]) -> None:
    for wanted in row.get("placement", {}).values():
        if "position" in wanted:
            wanted["where"] = PLACES[wanted.pop("position")]
    check(row, read((DATA / Path(row["book"]).name).read_bytes()))


@pytest.mark.parametrize("row", vectors("more_activation.json"))
def test_more_vectors(row: dict[str, Any]) -> None:
    check(row, read(json.dumps(row["book"]).encode()))


@pytest.mark.parametrize(
    ("said", "count", "reason"),
    [
        ("A gale, on a winter night.", 9, "key `/storm|gale/i` in the last message"),
        ("A gale, at night.", 9,
         "key `/storm|gale/i` in the last message, but not all of `night`, `winter`"),
        ("Calm.", 9, "no key came up"),
    ],
)  # fmt: skip
def test_a_world_with_each_field(said: str, count: int, reason: str) -> None:
    book = read((DATA / "syn_st_world_full_fields.json").read_bytes())
    lucky = next(
        str(seed)
        for seed in range(99)
        if judge(
            volumes(book), Scene([Heard("gale night winter")], message_count=9, seed=str(seed))
        )
        .verdicts[0]
        .activated
    )
    at = Scene([Heard(said)], message_count=count, seed=lucky)
    first, second = judge(volumes(book), at).verdicts
    assert first.reason == reason
    assert (first.placement.where, first.placement.depth) == ("at_depth", 2)
    assert second.reason == "switched off"
