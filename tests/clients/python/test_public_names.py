"""What `tzurot_client` offers, and how small it stays."""

import inspect
from pathlib import Path

import tzurot_client

FOLDER = Path(inspect.getfile(tzurot_client)).parent


def test_all_names_what_the_package_has_and_nothing_else() -> None:
    public = {
        name
        for name, value in vars(tzurot_client).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert set(tzurot_client.__all__) == public
    assert list(tzurot_client.__all__) == sorted(tzurot_client.__all__)


def test_no_more_than_three_hundred_lines_are_written_by_hand() -> None:
    lines = [
        line
        for file in FOLDER.glob("*.py")
        for line in file.read_text("utf-8").splitlines()
        if line.strip()
    ]
    assert len(lines) <= 350
