"""The contracts break nobody who speaks an older version of them.

`baseline.binpb` is the image of the contracts that clients rely on. Until 1.0 a change that breaks
is allowed with a line in CHANGELOG.md and, in the same commit, a new baseline:

    buf build --path proto/tzurot --exclude-source-info -o tests/contract/baseline.binpb
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BASELINE = Path(__file__).with_name("baseline.binpb")


def test_the_contracts_break_no_client_of_the_baseline(tmp_path: Path) -> None:
    image = _image(ROOT, tmp_path)
    result = _buf("breaking", str(image), "--against", str(BASELINE))
    assert result.returncode == 0, f"{result.stdout}\n{__doc__}"


def test_the_contracts_are_linted_and_formatted() -> None:
    for command in (["lint"], ["format", "-d", "--exit-code"]):
        result = _buf(*command)
        assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("string excerpt = 2;", "int32 excerpt = 2;"),
        ("string excerpt = 2;", "string quote = 2;"),
        ("string excerpt = 2;", "string excerpt = 9;"),
    ],
    ids=["type", "name", "number"],
)
def test_a_changed_field_is_noticed(before: str, after: str, tmp_path: Path) -> None:
    subprocess.run(["cp", "-r", ROOT / "proto", ROOT / "buf.yaml", tmp_path], check=True)
    changed = tmp_path / "proto/tzurot/session/v1/chat_event.proto"
    assert before in changed.read_text()
    changed.write_text(changed.read_text().replace(before, after))
    result = _buf("breaking", str(_image(tmp_path, tmp_path)), "--against", str(BASELINE))
    assert result.returncode != 0
    assert "chat_event.proto" in result.stdout


def _image(root: Path, folder: Path) -> Path:
    image = folder / "now.binpb"
    result = _buf("build", "--path", "proto/tzurot", "-o", str(image), root=root)
    assert result.returncode == 0, result.stderr
    return image


def _buf(*arguments: str, root: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    buf = Path(sys.executable).with_name("buf")
    return subprocess.run([buf, *arguments], cwd=root, capture_output=True, text=True, check=False)
