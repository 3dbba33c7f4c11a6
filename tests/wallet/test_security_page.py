"""What docs/reference/security.md says is proven by tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "security.md"
_ROW = re.compile(r"^\| (t\d+) \| \[`(\w+)`\]\((\S+)\) \|$", re.MULTILINE)


def test_every_test_that_the_page_names_exists() -> None:
    rows = _ROW.findall(PAGE.read_text())
    lost = [
        f"{mark}: {name}"
        for mark, name, path in rows
        if not re.search(rf"^(async )?def {name}\(", (PAGE.parent / path).read_text(), re.MULTILINE)
    ]
    assert lost == []


def test_every_mark_has_its_test_and_every_test_a_sentence() -> None:
    said, _, table = PAGE.read_text().partition("## Tests")
    listed = [mark for mark, *_ in _ROW.findall(table)]
    assert listed == [f"t{number}" for number in range(1, len(listed) + 1)]
    assert set(re.findall(r"\[(t\d+)\]\(#tests\)", said)) == set(listed)
