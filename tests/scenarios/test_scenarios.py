"""Conversations as data: each file is a transcript with what is expected of it."""

from pathlib import Path

import jsonschema
import pytest

from tests.scenarios.playing import FOLDER, SCHEMA, playing, read
from tests.session.stage import Stage

SCENARIOS = sorted(path for path in FOLDER.glob("*.yaml") if path.name != "schema.yaml")


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
async def test_scenario(stage: Stage, path: Path) -> None:
    scenario = read(path)
    async with playing(stage, scenario["given"]) as play:
        for number, line in enumerate(scenario["said"], 1):
            try:
                await play.play(line)
            except Exception as error:
                error.add_note(f"{path.name}, line {number}: {line}")
                raise


def test_there_are_enough_of_them() -> None:
    assert len(SCENARIOS) >= 80


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("expected:", "expects:"),
        ("answers:", "answer:"),
        ("who:", "whom:"),
        ("where:", "were:"),
        ("cites:", "cite:"),
        ('"#meadow"', "meadow"),
        ("contains:", "contain:"),
    ],
)
def test_a_typing_error_fails(tmp_path: Path, right: str, wrong: str) -> None:
    text = (FOLDER / "what_two_people_said_in_one_channel.yaml").read_text()
    assert right in text
    (tmp_path / "typo.yaml").write_text(text.replace(right, wrong, 1))
    with pytest.raises(jsonschema.ValidationError):
        read(tmp_path / "typo.yaml")
