"""Pictures of Discord's screens, drawn from payloads that were recorded (`make docs`).

`screens/<picture>.json` lists what stands there from top to bottom; `screens/<picture>.svg` is it.
"""

import json
from pathlib import Path
from typing import Any

from docs.pictures.canvas import Canvas
from docs.pictures.forms import draw_form
from docs.pictures.messages import BACK, MARGIN, draw_message, draw_said

SCREENS = Path(__file__).parent / "screens"
WIDTH = 640.0  # pixels

Json = dict[str, Any]  # Any: a payload as Discord defines it


def drawn(shown: list[Json]) -> Canvas:
    """The picture of these messages and forms."""
    canvas = Canvas(WIDTH)
    for one in shown:
        if "said" in one:
            draw_said(canvas, one["said"])
        elif "form" in one:
            draw_form(canvas, one["form"])
        else:
            draw_message(canvas, one["message"], one.get("used"))
    canvas.height += MARGIN
    return canvas


def svg(shown: list[Json]) -> str:
    """The picture as it is kept; the same for the same payloads."""
    return drawn(shown).svg(BACK)


def recorded() -> dict[str, list[Json]]:
    """What each picture shows."""
    files = sorted(SCREENS.glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def draw_all() -> None:
    """Write each picture beside what it shows."""
    for picture, shown in recorded().items():
        (SCREENS / f"{picture}.svg").write_text(svg(shown), encoding="utf-8")


if __name__ == "__main__":
    draw_all()
