"""How wide a text is: by the widths that Helvetica, Arial and Liberation Sans share.

Every text is drawn with its measured length (`textLength`), so that whatever font a reader has
fills the same room.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

UNKNOWN = 1000  # thousandths of the font size; wide enough for any sign
CODE = 602  # every sign of Menlo and DejaVu Sans Mono, nearly that of the others


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks; `size` in pixels."""

    size: float
    color: str
    bold: bool = False
    italic: bool = False
    code: bool = False


def width(text: str, style: Style) -> float:
    """Pixels that the text takes."""
    if style.code:
        return round(len(text) * CODE * style.size / 1000, 2)
    table = _BOLD if style.bold else _PLAIN
    return round(sum(table.get(sign, UNKNOWN) for sign in text) * style.size / 1000, 2)


def _table(by_width: Mapping[str, str]) -> dict[str, int]:
    return {sign: int(wide) for wide, signs in by_width.items() for sign in signs}


_WIDTHS = json.loads((Path(__file__).parent / "widths.json").read_text())
_PLAIN, _BOLD = _table(_WIDTHS["plain"]), _table(_WIDTHS["bold"])
