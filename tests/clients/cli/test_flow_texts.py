"""The Markdown of flows as it is drawn, and long texts on their way through an editor."""

import sys
from pathlib import Path

import pytest
from rich.text import Text

from tzurot_cli.asking import Unusable, edited
from tzurot_cli.views import marked


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("**b** *i* `c`", "[b:bold] [i:italic] [c:cyan]"),
        ("- one\n- two - three", "• one\n• two - three"),
        ("2 * 3 * 4 and a*b*c and ** and `", "2 * 3 * 4 and a*b*c and ** and `"),
        ("*waves at [Ada]*", "[waves at [Ada]:italic]"),
        ("`**plain**`", "[**plain**:cyan]"),
        ("*one\ntwo*", "*one\ntwo*"),
    ],
)
def test_the_markdown_of_the_contract_is_drawn_and_nothing_else(text: str, drawn: str) -> None:
    made: Text = marked(text)
    told, at = "", 0
    for span in made.spans:
        inside = made.plain[span.start : span.end]
        told += f"{made.plain[at : span.start]}[{inside}:{span.style}]"
        at = span.end
    assert told + made.plain[at:] == drawn


def editor(tmp_path: Path, script: str) -> str:
    """An editor that does this to its `file`."""
    program = tmp_path / "editor.py"
    program.write_text(f"import sys, pathlib\nfile = pathlib.Path(sys.argv[1])\n{script}\n")
    return f"{sys.executable} {program}"


@pytest.mark.parametrize(
    ("before", "script", "after"),
    [
        (["one"], "", ["one"]),
        (["one\n"], "", ["one\n"]),
        (["one\r\n\x1b[2Jtwo"], "", ["one\r\n\x1b[2Jtwo"]),  # left alone: as it was
        (["one\x1b[2J"], "assert file.read_text() == 'one\\n'", ["one\x1b[2J"]),
        (["one"], "file.write_text(file.read_text() + 'two\\n')", ["one\ntwo"]),
        ([], "file.write_text('new')", ["new"]),
        (["one"], "file.write_text('')", []),
    ],
)
def test_a_text_comes_back_as_its_editor_left_it(
    tmp_path: Path, before: list[str], script: str, after: list[str]
) -> None:
    assert edited(before, editor(tmp_path, script)) == after


@pytest.mark.parametrize("script", ["sys.exit(1)", "file.unlink()"])
def test_an_editor_that_fails_changes_nothing(tmp_path: Path, script: str) -> None:
    with pytest.raises(Unusable, match="nothing was changed"):
        edited(["one"], editor(tmp_path, script))
    with pytest.raises(Unusable, match="nothing was changed"):
        edited(["one"], str(tmp_path / "no-such-editor"))
